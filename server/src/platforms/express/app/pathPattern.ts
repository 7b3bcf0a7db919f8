import { matchIn, searches } from '../../../cors/pattern';
import type { JsValue } from '../../../javascript';

/** Express's major version, as far as it is known; it decides what `*` and `{…}` in a path mean. */
export type ExpressVersion = 4 | 5 | null;

/** The path of a route or a mount. */
export type PathPattern =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'regexp'; readonly source: string; readonly flags: string }
  | { readonly kind: 'any-of'; readonly of: readonly PathPattern[] }
  | { readonly kind: 'unknown' };

export const ROOT: PathPattern = { kind: 'text', text: '/' };

export function pathPattern(value: JsValue): PathPattern {
  switch (value.kind) {
    case 'string':
      return { kind: 'text', text: value.value };
    case 'regexp':
      return { kind: 'regexp', source: value.pattern, flags: value.flags };
    case 'array':
      return value.rest === null ? { kind: 'any-of', of: value.items.map(pathPattern) } : { kind: 'unknown' };
    default:
      return { kind: 'unknown' };
  }
}

/** How a pattern meets a path: `rest` is what a router mounted there sees. Undefined when it cannot be told. */
export type PathMatch = { readonly rest: string } | null | undefined;

/**
 * Whether a request's path (no query) meets the pattern. Case and a slash at the end do not count, as in Express
 * without `strict` and `caseSensitive`.
 * @param whole a route wants the whole path, a mount (`use`) its beginning, up to a slash
 */
export function matchPath(pattern: PathPattern, path: string, whole: boolean, version: ExpressVersion): PathMatch {
  switch (pattern.kind) {
    case 'unknown':
      return undefined;
    case 'any-of': {
      let unsure = false;
      for (const one of pattern.of) {
        const match = matchPath(one, path, whole, version);
        if (match) return match;
        if (match === undefined) unsure = true;
      }
      return unsure ? undefined : null;
    }
    case 'regexp': {
      const test = { kind: 'regex', source: pattern.source, flags: pattern.flags, dialect: 'ecmascript' } as const;
      const isMet = searches(test, path);
      if (!isMet) return isMet === false ? null : undefined;
      if (whole) return { rest: '/' };
      const found = matchIn(test, path);
      return found && behind(path, path.slice(found.start, found.end), version);
    }
    case 'text':
      return matchText(pattern.text, path, whole, version);
  }
}

/** What is left when a mount takes off what its pattern has matched (`trimPrefix` of router/index.js). */
function behind(path: string, taken: string, version: ExpressVersion): PathMatch {
  if (!path.startsWith(taken)) return null;
  const rest = path.slice(taken.length);
  if (taken === '' || rest === '' || rest.startsWith('/')) return { rest: rest === '' ? '/' : rest };
  // Express 4 takes a dot for the end of a part, too (express/lib/router/index.js).
  if (!rest.startsWith('.') || version === 5) return null;
  return version === 4 ? { rest: `/${rest}` } : undefined;
}

function matchText(text: string, path: string, whole: boolean, version: ExpressVersion): PathMatch {
  if (!whole && (text === '/' || text === '')) return { rest: path };
  if (text === '*' || text === '/*') return { rest: '/' };
  const tokens = tokensOf(text, version);
  if (tokens === null) return undefined;
  const trimmed = dropEndSlash(path);
  const lower = path.toLowerCase();
  const ends = whole ? [trimmed.length, path.length] : slashes(trimmed);
  for (const end of ends) {
    if (consumes(tokens, 0, lower.slice(0, end), 0)) return { rest: path.slice(end) || '/' };
  }
  return null;
}

function dropEndSlash(path: string): string {
  return path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path;
}

/** Where a mount may end: before each slash, and at the end; the longest first. */
function slashes(path: string): number[] {
  const ends = [path.length];
  for (let i = path.length - 1; i > 0; i--) if (path[i] === '/') ends.push(i);
  return ends;
}

type Token =
  | { readonly kind: 'text'; readonly text: string }
  /** One or more characters other than a slash. */
  | { readonly kind: 'param' }
  /** Anything, slashes too; `least` characters. */
  | { readonly kind: 'wild'; readonly least: 0 | 1 }
  | { readonly kind: 'optional'; readonly of: readonly Token[] };

/** More patterns than this, and they are taken apart anew. */
const MOST_KNOWN = 2000;
const known: ReadonlyMap<ExpressVersion, Map<string, readonly Token[] | null>> = new Map(
  ([4, 5, null] as const).map((version) => [version, new Map()]),
);

function tokensOf(text: string, version: ExpressVersion): readonly Token[] | null {
  const ofVersion = known.get(version);
  const before = ofVersion?.get(text);
  if (before !== undefined) return before;
  const tokens = tokenise(text, version);
  if ((ofVersion?.size ?? 0) >= MOST_KNOWN) ofVersion?.clear();
  ofVersion?.set(text, tokens);
  return tokens;
}

/** The pieces of a path string; null for syntax that is not worked out (groups, parameters with patterns). */
function tokenise(text: string, version: ExpressVersion): readonly Token[] | null {
  const isNew = version === 5 || (version === null && /[{]|\*[A-Za-z_$]/.test(text));
  const tokens: Token[] = [];
  const source = dropEndSlash(text);
  for (let i = 0; i < source.length; ) {
    const rest = source.slice(i);
    const param = /^:[A-Za-z_$][\w$]*/.exec(rest)?.[0];
    if (param !== undefined) {
      i += param.length;
      if (source[i] === '(') return null;
      if (!isNew && source[i] === '?') {
        i++;
        tokens.push(optionalParam(tokens));
      } else tokens.push({ kind: 'param' });
      continue;
    }
    if (isNew && source[i] === '{') {
      const close = source.indexOf('}', i);
      const inner = close < 0 ? null : tokenise(source.slice(i + 1, close), version);
      if (inner === null) return null;
      tokens.push({ kind: 'optional', of: inner });
      i = close + 1;
      continue;
    }
    if (isNew && source[i] === '*') {
      const name = /^\*[A-Za-z_$][\w$]*/.exec(rest)?.[0];
      if (name === undefined) return null;
      tokens.push({ kind: 'wild', least: 1 });
      i += name.length;
      continue;
    }
    if (!isNew && source[i] === '*') {
      tokens.push({ kind: 'wild', least: 0 });
      i++;
      continue;
    }
    // Express 4 takes `.` in a group for a dot, as everywhere: `(.*)` wants a path that begins with one, and none does.
    const group = isNew ? undefined : /^\(([\w.*-]+)\)(?![?*+])/.exec(rest);
    const grouped = group?.[1] === undefined ? null : tokenise(group[1], version);
    if (group && grouped !== null) {
      tokens.push(...grouped);
      i += group[0].length;
      continue;
    }
    if (/[()?+[\]!\\{}]/.test(source[i] ?? '')) return null;
    tokens.push({ kind: 'text', text: (source[i] ?? '').toLowerCase() });
    i++;
  }
  return tokens;
}

/** In Express 4 the slash before an optional parameter is optional with it. */
function optionalParam(tokens: Token[]): Token {
  const before = tokens.at(-1);
  if (before?.kind !== 'text' || before.text !== '/') return { kind: 'optional', of: [{ kind: 'param' }] };
  tokens.pop();
  return { kind: 'optional', of: [{ kind: 'text', text: '/' }, { kind: 'param' }] };
}

/** Whether the tokens from `index` on eat up the rest of the path. Paths are short. */
function consumes(tokens: readonly Token[], index: number, path: string, at: number): boolean {
  const token = tokens[index];
  if (token === undefined) return at === path.length;
  switch (token.kind) {
    case 'text':
      return path[at] === token.text && consumes(tokens, index + 1, path, at + 1);
    case 'param':
    case 'wild': {
      const least = token.kind === 'param' ? 1 : token.least;
      for (let end = at + least; end <= path.length; end++) {
        if (token.kind === 'param' && path.slice(at, end).includes('/')) return false;
        if (consumes(tokens, index + 1, path, end)) return true;
      }
      return false;
    }
    case 'optional':
      return consumes([...token.of, ...tokens.slice(index + 1)], 0, path, at) || consumes(tokens, index + 1, path, at);
  }
}

/** A path that meets the pattern; null when none is easily found. */
export function samplePath(pattern: PathPattern, version: ExpressVersion): string | null {
  switch (pattern.kind) {
    case 'unknown':
      return null;
    case 'any-of':
      return pattern.of.map((one) => samplePath(one, version)).find((path) => path !== null) ?? null;
    case 'regexp':
      return sampleOfRegexp(pattern, version);
    case 'text': {
      const sample = sampleOfText(pattern.text);
      return matchPath(pattern, sample, true, version) ? sample : null;
    }
  }
}

function sampleOfText(text: string): string {
  const filled = withoutGroups(text)
    .replace(/\/?:[A-Za-z_$][\w$]*(?:\([^)]*\))?\?/g, '')
    .replace(/:[A-Za-z_$][\w$]*/g, '1')
    .replace(/\*[A-Za-z_$]*/g, 'x');
  return filled.startsWith('/') ? filled : `/${filled}`;
}

/** The groups of Express 5, which may be left out: `/users{/:id}`. */
function withoutGroups(text: string): string {
  let depth = 0;
  let kept = '';
  for (const character of text) {
    if (character === '{') depth++;
    else if (character === '}') depth--;
    else if (depth === 0) kept += character;
  }
  return kept;
}

/** The literal text of a simple pattern such as `/^\/api\//`, or a few paths that broad patterns meet. */
function sampleOfRegexp(pattern: Extract<PathPattern, { kind: 'regexp' }>, version: ExpressVersion): string | null {
  const plain = pattern.source.replace(/^\^/, '').replace(/\\\//g, '/');
  const start = /^[\w/-]*/.exec(plain)?.[0] ?? '';
  const candidates = ['/', start.startsWith('/') ? start : `/${start}`, `/${start}/1`, '/1'];
  return candidates.find((path) => matchPath(pattern, path, true, version)) ?? null;
}
