import type { Level } from '../config/level';
import type { Node } from '../config/node';
import type { Word } from '../syntax/tree';
import { capture } from './condition';
import { cannotMatch, compilePattern } from './pattern';
import type { Run } from './run';

/** What a `location` matches. */
export type Matcher =
  | { readonly kind: 'exact' | 'prefix'; readonly path: string; readonly word: Word; readonly noRegex: boolean }
  | { readonly kind: 'pattern'; readonly source: string; readonly ignoreCase: boolean; readonly word: Word }
  | { readonly kind: 'named'; readonly name: string; readonly word: Word };

/** The modifier may stand by itself or be glued to the name (`ngx_http_core_location`). */
export function matcherOf(node: Node): Matcher | undefined {
  const [first, second] = node.args;
  if (first === undefined || node.args.length > 2) {
    return undefined;
  }
  const split = second === undefined ? /^(\^~|~\*|~|=|)([\s\S]*)$/.exec(first.value) : null;
  const modifier = second === undefined ? (split?.[1] ?? '') : first.value;
  const path = second?.value ?? split?.[2] ?? '';
  const word = second ?? first;
  switch (modifier) {
    case '=':
      return { kind: 'exact', path, word, noRegex: false };
    case '^~':
      return { kind: 'prefix', path, word, noRegex: true };
    case '~':
    case '~*':
      return { kind: 'pattern', source: path, ignoreCase: modifier === '~*', word };
    case '':
      return path.startsWith('@')
        ? { kind: 'named', name: path, word }
        : { kind: 'prefix', path, word, noRegex: false };
    default:
      return undefined;
  }
}

interface Entry<M extends Matcher = Matcher> {
  readonly level: Level;
  readonly matcher: M;
}
type PathMatcher = Extract<Matcher, { path: string }>;

interface Index {
  readonly exact: ReadonlyMap<string, Level>;
  /** Longest first. */
  readonly prefixes: readonly Entry<PathMatcher>[];
  readonly patterns: readonly Entry<Extract<Matcher, { kind: 'pattern' }>>[];
  readonly named: ReadonlyMap<string, Level>;
}

const indexes = new WeakMap<Level, Index>();

function indexOf(level: Level): Index {
  const known = indexes.get(level);
  if (known !== undefined) {
    return known;
  }
  const exact = new Map<string, Level>();
  const prefixes: Entry<PathMatcher>[] = [];
  const patterns: Entry<Extract<Matcher, { kind: 'pattern' }>>[] = [];
  const named = new Map<string, Level>();
  for (const location of level.locations) {
    const matcher = location.node && matcherOf(location.node);
    switch (matcher?.kind) {
      case 'exact':
        exact.set(matcher.path, location);
        break;
      case 'prefix':
        prefixes.push({ level: location, matcher });
        break;
      case 'pattern':
        patterns.push({ level: location, matcher });
        break;
      case 'named':
        named.set(matcher.name, location);
        break;
      default:
    }
  }
  prefixes.sort((a, b) => b.matcher.path.length - a.matcher.path.length);
  const index = { exact, prefixes, patterns, named };
  indexes.set(level, index);
  return index;
}

export function namedLocation(server: Level, name: string): Level | undefined {
  return indexOf(server).named.get(name);
}

export interface Located {
  readonly level: Level;
  /** nginx redirects `/api` to `/api/` when a location of that name passes requests on: that name. */
  readonly addSlash: string | undefined;
}

/** The location for the run's path (`ngx_http_core_find_location`); the server itself when none matches. */
export function locate(run: Run, uri: string): Located {
  return find(run.server, uri, run) ?? { level: run.server, addSlash: undefined };
}

type Found = Located & { /** No pattern further out may take over. */ readonly final: boolean };

function find(outer: Level, uri: string, run: Run): Found | undefined {
  const index = indexOf(outer);
  const exact = index.exact.get(uri);
  if (exact !== undefined) {
    return { level: exact, addSlash: undefined, final: true };
  }
  const best = index.prefixes.find(({ matcher }) => uri.startsWith(matcher.path));
  if (best?.matcher.path !== uri) {
    const redirecting = slashLocation(index, uri);
    if (redirecting !== undefined) {
      return { level: redirecting, addSlash: `${uri}/`, final: true };
    }
  }
  let found: Found | undefined;
  if (best !== undefined) {
    found = find(best.level, uri, run) ?? { level: best.level, addSlash: undefined, final: false };
    if (found.final || best.matcher.noRegex) {
      return found;
    }
  }
  for (const { level, matcher } of index.patterns) {
    if (matchesPattern(matcher, uri, level.node?.file ?? '', run)) {
      const nested = find(level, uri, run);
      return { level: nested?.level ?? level, addSlash: nested?.addSlash, final: true };
    }
  }
  return found;
}

function matchesPattern(matcher: Extract<Matcher, { kind: 'pattern' }>, uri: string, file: string, run: Run): boolean {
  const pattern = compilePattern(matcher.source, matcher.ignoreCase);
  if (pattern === undefined) {
    if (!cannotMatch(matcher.source, matcher.ignoreCase, uri)) {
      run.undecided = `the pattern \`${matcher.source}\` cannot be read`;
    }
    return false;
  }
  const groups = pattern.exec(uri);
  if (groups === undefined) {
    return false;
  }
  capture(pattern.names, groups, { file, ...matcher.word.range }, run);
  return true;
}

const PASSES_ON = ['proxy_pass', 'fastcgi_pass', 'uwsgi_pass', 'scgi_pass', 'memcached_pass', 'grpc_pass'];

/** The exact location answers where there are both, whichever of the two passes requests on (`auto_redirect`). */
function slashLocation(index: Index, uri: string): Level | undefined {
  const withSlash = `${uri}/`;
  const exact = index.exact.get(withSlash);
  const prefix = index.prefixes.find(({ matcher }) => matcher.path === withSlash)?.level;
  return passesOn(exact) || passesOn(prefix) ? (exact ?? prefix) : undefined;
}

function passesOn(level: Level | undefined): boolean {
  return level !== undefined && PASSES_ON.some((name) => level.own.has(name));
}
