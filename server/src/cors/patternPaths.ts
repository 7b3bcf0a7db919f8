import type { AST } from '@eslint-community/regexpp';
import { acceptsCharacter } from './patternCharacters';
import { type ParsedPattern, parsePattern } from './patternTree';
import type { OriginTest } from './policy';

/**
 * One way through a test: what it reads, character by character, with every alternative and option decided. Several
 * paths together show what a test was meant for, and where it is looser than that.
 */
export interface Path {
  readonly items: readonly PathItem[];
  /** Anything may stand before, after. */
  readonly startOpen: boolean;
  readonly endOpen: boolean;
  /** Part of an alternation at the top of a pattern some of whose branches are anchored and some not. */
  readonly uneven: boolean;
}

export type PathItem =
  | { readonly kind: 'text'; readonly text: string }
  /** A single unescaped dot, which reads any character and looks like one that reads a dot. */
  | { readonly kind: 'dot' }
  /** One character out of a set. */
  | { readonly kind: 'set'; readonly accepts: (code: number) => boolean }
  /** Several characters out of a set: `.*`, `[a-z]+`. */
  | { readonly kind: 'gap'; readonly accepts: (code: number) => boolean; readonly min: number; readonly max: number };

/** Of a pattern with more ways through it than this, only so many are looked at. */
const MOST_PATHS = 64;
/** Longer ones are no origin. */
const MOST_ITEMS = 300;

type TextTest = Exclude<OriginTest, { kind: 'all' | 'some' | 'not' | 'unknown' | 'inside' }>;

/** The ways through a test on text; none when the pattern is not understood. */
export function pathsOf(test: TextTest): readonly Path[] {
  switch (test.kind) {
    case 'regex':
      return regexPaths(test);
    case 'equals':
      return [literalPath(test.text, false, false)];
    case 'prefix':
      return [literalPath(test.text, false, true)];
    case 'suffix':
      return [literalPath(test.text, true, false)];
    case 'contains':
      return [literalPath(test.text, true, true)];
  }
}

const cache = new Map<string, readonly Path[]>();
const MOST_CACHED = 500;

function regexPaths(test: Extract<OriginTest, { kind: 'regex' }>): readonly Path[] {
  const key = `${test.dialect}/${test.flags}/${test.source}`;
  const known = cache.get(key);
  if (known) return known;
  const parsed = parsePattern(test);
  const paths = parsed ? patternPaths(parsed) : [];
  if (cache.size >= MOST_CACHED) cache.clear();
  cache.set(key, paths);
  return paths;
}

function literalPath(text: string, startOpen: boolean, endOpen: boolean): Path {
  return {
    items: [...text].map((character) => ({ kind: 'text', text: character })),
    startOpen,
    endOpen,
    uneven: false,
  };
}

type Draft = (PathItem | { readonly kind: 'start' } | { readonly kind: 'end' })[];

function patternPaths(parsed: ParsedPattern): Path[] {
  const branches = parsed.tree.alternatives.map((alternative) =>
    alternativeDrafts(alternative, parsed)
      .map((draft) => finish(draft, parsed.sticky))
      .filter((path) => path !== undefined),
  );
  const paths = branches.flat();
  const uneven =
    branches.length > 1 &&
    (new Set(paths.map((path) => path.startOpen)).size > 1 || new Set(paths.map((path) => path.endOpen)).size > 1);
  return paths.slice(0, MOST_PATHS).map((path) => ({ ...path, uneven }));
}

/** Undefined for a path that cannot match: an anchor in the middle. */
function finish(draft: Draft, sticky: boolean): Path | undefined {
  const items: PathItem[] = [];
  let startOpen = !sticky;
  let endOpen = true;
  for (const item of draft) {
    if (item.kind === 'start') {
      if (items.length > 0) return undefined;
      startOpen = false;
    } else if (item.kind === 'end') {
      endOpen = false;
    } else {
      if (!endOpen) return undefined;
      items.push(item);
    }
  }
  return items.length > MOST_ITEMS ? undefined : { items, startOpen, endOpen, uneven: false };
}

function alternativeDrafts(alternative: AST.Alternative, parsed: ParsedPattern): Draft[] {
  let drafts: Draft[] = [[]];
  for (const element of alternative.elements) {
    const ways = elementDrafts(element, parsed);
    drafts = drafts.flatMap((draft) => ways.map((way) => [...draft, ...way])).slice(0, MOST_PATHS);
  }
  return drafts;
}

function elementDrafts(element: AST.Element, parsed: ParsedPattern): Draft[] {
  switch (element.type) {
    case 'Group':
    case 'CapturingGroup':
      return element.alternatives.flatMap((alternative) => alternativeDrafts(alternative, parsed)).slice(0, MOST_PATHS);
    case 'Quantifier':
      return quantifierDrafts(element, parsed);
    case 'Assertion':
      return [element.kind === 'start' || element.kind === 'end' ? [{ kind: element.kind }] : []];
    case 'Character':
      return [[{ kind: 'text', text: letter(element.value, parsed.ignoreCase) }]];
    case 'CharacterSet':
    case 'CharacterClass': {
      if (element.type === 'CharacterSet' && element.kind === 'any') return [[{ kind: 'dot' }]];
      const accepts = acceptsCharacter(element, parsed);
      return accepts ? [[{ kind: 'set', accepts }]] : [];
    }
    default:
      return [];
  }
}

function quantifierDrafts({ element, min, max }: AST.Quantifier, parsed: ParsedPattern): Draft[] {
  if (element.type === 'CharacterSet' || element.type === 'CharacterClass') {
    const accepts = acceptsCharacter(element, parsed);
    if (!accepts) return [];
    return [[{ kind: 'gap', accepts, min, max }]];
  }
  const once = element.type === 'Assertion' ? [[]] : elementDrafts(element, parsed);
  const times = Math.min(Math.max(min, 1), MOST_ITEMS);
  const repeated = once.map((draft) => Array.from({ length: times }, () => draft).flat());
  return min === 0 ? [[], ...(max === 0 ? [] : repeated)] : repeated;
}

function letter(code: number, ignoreCase: boolean): string {
  const text = String.fromCodePoint(code);
  return ignoreCase ? text.toLowerCase() : text;
}
