import type { PlatformOptions } from '../../../lint/types';
import { describeLevel, type Level, ownDirectives, setting } from '../config/level';
import { innerRange, type Node } from '../config/node';
import type { Word } from '../syntax/tree';

/** A header that the configuration sets on responses. */
export interface HeaderLine {
  readonly node: Node;
  /** Where the line stands: its own level, not the one that inherits it. */
  readonly level: Level;
  readonly name: Word;
  readonly value: Word;
  /** `add_header … always`. */
  readonly always: boolean;
  /** "location /api". */
  readonly layer: string;
}

const effective = new WeakMap<Level, Map<boolean, readonly HeaderLine[]>>();

/**
 * The `add_header` lines that count at a level.
 *
 * A level with any `add_header` of its own has none of its parents', unless `add_header_inherit merge` (nginx 1.29.3)
 * appends them. https://nginx.org/en/docs/http/ngx_http_headers_module.html#add_header
 */
export function effectiveHeaders(level: Level, options: PlatformOptions): readonly HeaderLine[] {
  const merges = knowsHeaderInherit(options);
  const known = effective.get(level)?.get(merges);
  if (known !== undefined) {
    return known;
  }
  const own = ownHeaders(level);
  const parents = level.parent === undefined ? [] : effectiveHeaders(level.parent, options);
  const mode = merges ? setting(level, 'add_header_inherit') : undefined;
  const lines = mode === 'merge' ? [...own, ...parents] : mode === 'off' || own.length > 0 ? own : parents;
  const byVersion = effective.get(level) ?? new Map<boolean, readonly HeaderLine[]>();
  byVersion.set(merges, lines);
  effective.set(level, byVersion);
  return lines;
}

const own = new WeakMap<Level, readonly HeaderLine[]>();

/** The level's own `add_header` lines, those that nginx would load. */
export function ownHeaders(level: Level): readonly HeaderLine[] {
  const known = own.get(level);
  if (known !== undefined) {
    return known;
  }
  const lines: HeaderLine[] = [];
  for (const node of ownDirectives(level, 'add_header')) {
    const [name, value, always] = node.args;
    const accepted = node.args.length === 2 || (node.args.length === 3 && always?.value === 'always');
    if (name !== undefined && value !== undefined && accepted) {
      lines.push({ node, level, name, value, always: always !== undefined, layer: describeLevel(level) });
    }
  }
  own.set(level, lines);
  return lines;
}

/** `add_header_inherit` exists from nginx 1.29.3 on. */
export function knowsHeaderInherit({ nginxVersion }: PlatformOptions): boolean {
  const [major = 0, minor = 0, patch = 0] = (nginxVersion ?? '').split('.').map(Number);
  return major > 1 || (major === 1 && (minor > 29 || (minor === 29 && patch >= 3)));
}

/** One step of the headers-more module: every matching header is removed, then the new one added, if any. */
export interface MoreStep {
  readonly node: Node;
  readonly level: Level;
  /** `X-*` stands for a prefix; only when clearing. */
  readonly name: Word;
  /** Undefined when the header is cleared. */
  readonly value: Word | undefined;
  /** Undefined for every status. */
  readonly statuses: readonly number[] | undefined;
  /** Set for some content types only. */
  readonly limited: boolean;
  readonly layer: string;
}

const more = new WeakMap<Level, readonly MoreStep[]>();

/**
 * What headers-more does at a level, its parents' steps first.
 * https://github.com/openresty/headers-more-nginx-module#more_set_headers
 */
export function moreSteps(level: Level): readonly MoreStep[] {
  const known = more.get(level);
  if (known !== undefined) {
    return known;
  }
  const steps = [...(level.parent === undefined ? [] : moreSteps(level.parent)), ...ownMoreSteps(level)];
  more.set(level, steps);
  return steps;
}

export function ownMoreSteps(level: Level): MoreStep[] {
  const sets = ownDirectives(level, 'more_set_headers');
  const clears = ownDirectives(level, 'more_clear_headers');
  if (sets.length + clears.length === 0) {
    return [];
  }
  const nodes = [...sets, ...clears];
  if (clears.length > 0 && nodes.every((node) => node.file === nodes[0]?.file)) {
    nodes.sort((a, b) => a.directive.range.start - b.directive.range.start);
  }
  return nodes.flatMap((node) => readMore(node, level));
}

function readMore(node: Node, level: Level): MoreStep[] {
  const steps: MoreStep[] = [];
  let statuses: number[] | undefined;
  let limited = false;
  for (let i = 0; i < node.args.length; i += 1) {
    const word = node.args[i];
    if (word === undefined) {
      break;
    }
    if (word.value === '-s' || word.value === '-t') {
      i += 1;
      const list = (node.args[i]?.value ?? '').split(/\s+/);
      if (word.value === '-s') {
        statuses = [...(statuses ?? []), ...list.map(Number)];
      } else {
        limited = true;
      }
      continue;
    }
    if (word.value === '-r' || word.value === '-a') {
      continue;
    }
    steps.push({ node, level, ...splitHeader(word, node.name), statuses, limited, layer: describeLevel(level) });
  }
  return steps.map((step) => ({ ...step, statuses, limited }));
}

/** `Name: value` in one word. A value that is missing clears the header. */
function splitHeader(word: Word, directive: string): Pick<MoreStep, 'name' | 'value'> {
  const colon = word.value.indexOf(':');
  if (directive === 'more_clear_headers' || colon === -1) {
    return { name: part(word, 0, colon === -1 ? word.value.length : colon), value: undefined };
  }
  const text = word.value.slice(colon + 1);
  const start = colon + 1 + (text.length - text.trimStart().length);
  const end = word.value.trimEnd().length;
  return { name: part(word, 0, colon), value: end > start ? part(word, start, end) : undefined };
}

/** A stretch of a word as a word of its own. Only for words whose escapes stand after the stretch, or nowhere. */
function part(word: Word, start: number, end: number): Word {
  const value = word.value.slice(start, end);
  const { start: base } = innerRange(word);
  return { value, raw: value, quote: 'none', range: { start: base + start, end: base + end } };
}
