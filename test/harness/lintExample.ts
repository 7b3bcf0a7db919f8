import type { LintInput } from '../../server/src/lint/engine';
import { platforms, rules } from '../../server/src/lint/registry';
import { DEFAULT_SETTINGS } from '../../server/src/lint/settings';
import type { Finding, Platform, PlatformOptions } from '../../server/src/lint/types';
import { type Content, GONE } from '../../server/src/workspace/disk';
import { openSystem } from '../../server/src/workspace/system/openSystem';
import { memoryHost } from './memoryHost';
import type { Block, Example, Mark } from './pages';

/** The files of an example as they stand when this block is looked at: the `with` files and the block itself. */
export function filesOf(example: Example, block: Block): Map<string, string> {
  const files = new Map<string, string>();
  for (const other of example.blocks) if (other.role === 'with') files.set(other.file, other.text);
  files.set(block.file, block.text);
  return files;
}

/** The platform that a file belongs to. */
export function platformOf(block: Block, file = block.file, text = block.text): Platform {
  const platform = platforms.find(({ claims }) => claims(file, text));
  if (!platform) throw new Error(`no platform claims ${file} (line ${block.line})`);
  return platform;
}

/**
 * What the engine is given for a block, with a rule that is off by default turned on for its own page. A block with
 * `main=NAME` is looked at by way of that other file, which names it.
 */
export async function inputFor(example: Example, block: Block, ruleId: string): Promise<LintInput> {
  const files = filesOf(example, block);
  const file = block.attributes.get('main') ?? block.file;
  const text = files.get(file);
  if (text === undefined) throw new Error(`no block of the example is ${file} (line ${block.line})`);
  const ofRule = platforms.find((each) => each.rules.some(({ meta }) => meta.id === ruleId));
  const platform = ofRule?.claims(file, text) ? ofRule : platformOf(block, file, text);
  await platform.prepare?.();
  const host = memoryHost(files);
  const upstream = await upstreamOf(file, text, platform, files);
  const own = [...rules, ...platform.rules].find((rule) => rule.meta.id === ruleId)?.meta;
  const base = own?.off ? { ...DEFAULT_SETTINGS, rules: new Map([[ruleId, own.severity]]) } : DEFAULT_SETTINGS;
  const settings = upstream === undefined ? base : { ...base, platform: { ...base.platform, upstream } };
  const onCrash: NonNullable<LintInput['onCrash']> = ({ error }) => {
    throw error;
  };
  return { platform, file, text, host, settings, rules, onCrash };
}

/** What of the example's files answers at an address, as a workspace of them has it. */
async function upstreamOf(
  file: string,
  text: string,
  platform: Platform,
  files: ReadonlyMap<string, string>,
): Promise<PlatformOptions['upstream']> {
  if (files.size < 2 || platform.passesOn?.(text) !== true) return undefined;
  // The system tells folders from each other by absolute names.
  const host = memoryHost(new Map([...files].map(([name, each]) => [`/${name}`, each])));
  const content = (name: string): Content => {
    const found = host.read(name);
    return found === undefined
      ? { kind: 'none', reason: GONE }
      : { kind: 'text', text: found, bom: false, version: '1' };
  };
  const system = openSystem({
    host: { ...host, content },
    platforms,
    files: async () => [...files.keys()].map((name) => `/${name}`),
    shown: (name) => name.slice(1),
  });
  await system.ready();
  return system.linksOf(`/${file}`)?.upstream;
}

/** The findings as marks, in order, for comparing with what a page promises. */
export function asMarks(findings: readonly Finding[], file: string): Mark[] {
  return findings
    .filter(({ place }) => place.file === file)
    .map(({ rule, place }) => ({ rule: rule.id, start: place.start, end: place.end }));
}

/** The block's text with `^^^^ rule` lines below what the marks cover: what a page would say. */
export function withMarks(text: string, marks: readonly Mark[]): string {
  let offset = 0;
  return text
    .split('\n')
    .flatMap((line) => {
      const start = offset;
      offset += line.length + 1;
      const here = marks.filter((mark) => mark.start >= start && mark.start <= start + line.length);
      const drawn = here.map(
        ({ rule, start: from, end }) =>
          `${' '.repeat(from - start)}${'^'.repeat(Math.max(1, Math.min(end, start + line.length) - from))} ${rule}`,
      );
      return [line, ...drawn];
    })
    .join('\n');
}
