import { CONFIGURATION_FILE } from '../../server/src/config/loader';
import { parseConfiguration } from '../../server/src/config/parse';
import type { Place } from '../../server/src/cors/place';
import type { LintInput } from '../../server/src/lint/engine';
import { platforms, rules } from '../../server/src/lint/registry';
import { DEFAULT_SETTINGS } from '../../server/src/lint/settings';
import type { Arrival, Finding, Platform } from '../../server/src/lint/types';
import { type Content, GONE } from '../../server/src/workspace/disk';
import type { Links } from '../../server/src/workspace/system/links';
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
  const { links, arrivals } = await around(file, files);
  const upstream = platform.passesOn?.(text) === true ? links?.upstream : undefined;
  const own = [...rules, ...platform.rules].find((rule) => rule.meta.id === ruleId)?.meta;
  const turnedOn = own?.off ? { rules: new Map([[ruleId, own.severity]]) } : {};
  const base = { ...DEFAULT_SETTINGS, ...turnedOn, origins: originsIn(files) };
  const settings = upstream === undefined ? base : { ...base, platform: { ...base.platform, upstream } };
  const onCrash: NonNullable<LintInput['onCrash']> = ({ error }) => {
    throw error;
  };
  return { platform, file, text, host, settings, rules, arrivals, onCrash };
}

/** Who answers a file of the example, and who calls it, as a workspace of its files has it. */
async function around(
  file: string,
  files: ReadonlyMap<string, string>,
): Promise<{ links: Links | undefined; arrivals: Arrival[] }> {
  if (files.size < 2) return { links: undefined, arrivals: [] };
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
  for (const page of system.forwarders()) {
    const called = host.read(page) ?? '';
    const reading = platforms.filter((platform) => platform.claims(page, called));
    system.learn(
      page,
      reading.flatMap((platform) => platform.analyse(page, called, host, {}).outgoing ?? []),
    );
  }
  const arrivals = system.arrivalsAt(`/${file}`).map(
    ({ caller, at }): Arrival => ({
      caller: { ...caller, place: relative(caller.place) },
      at: { ...at, place: relative(at.place) },
    }),
  );
  return { links: system.linksOf(`/${file}`), arrivals };
}

function relative(place: Place): Place {
  return { ...place, file: place.file.slice(1) };
}

/** What a configuration file among the example's expects of front ends. */
function originsIn(files: ReadonlyMap<string, string>): readonly string[] {
  const text = files.get(CONFIGURATION_FILE) ?? '';
  return parseConfiguration(CONFIGURATION_FILE, text, new Set()).configuration.origins ?? [];
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
