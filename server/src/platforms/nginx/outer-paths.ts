import type { Level } from './config/level';
import { matcherOf } from './evaluate/locate';

/**
 * Paths that a location may pass on as an application's own path: whether one of them is, is for a run to tell. First
 * come those that follow from how the path is passed on, then guesses.
 */
export function outerPaths(server: Level, level: Level, path: string): string[] {
  const matcher = level.node && matcherOf(level.node);
  const passed = passedFrom(level, path).flatMap((each) => rewrittenTo(level, each));
  const guesses =
    matcher !== undefined && 'path' in matcher ? [matcher.path.replace(/\/$/, '') + path, matcher.path] : [];
  const outer = [...passed, ...guesses].flatMap((each) => rewrittenTo(server, each));
  return [...new Set(outer)].filter((each) => each.startsWith('/')).slice(0, MOST_TRIED);
}

/** More would be played for nothing where a server rewrites everything. */
const MOST_TRIED = 16;
const MOST_REWRITTEN = 6;

/** What the path is when the directives of the rewrite module are through, for `proxy_pass` to ask for this one. */
function passedFrom(level: Level, path: string): string[] {
  const target = level.own.get('proxy_pass')?.at(-1)?.args[0]?.value ?? '';
  const [, uri] = /^\w+:\/\/[^/]+?((?:\/|\$(?:request_)?uri\b).*)$/.exec(target) ?? [];
  if (uri === undefined) {
    return [path];
  }
  const [, before, name] = /^([^$]*)\$(\w+)(?:\$is_args\$args)?$/.exec(uri) ?? [];
  if (before === undefined || name === undefined) {
    const matcher = level.node && matcherOf(level.node);
    const isCut = matcher !== undefined && 'path' in matcher && path.startsWith(uri);
    return isCut ? [matcher.path + path.slice(uri.length), path] : [path];
  }
  if (!path.startsWith(before)) {
    return [];
  }
  const rest = path.slice(before.length);
  return name === 'uri' || name === 'request_uri' ? [rest] : withGroup(level, name, rest);
}

/** Paths of which the location's own pattern, or that of one of its rewrites, keeps the text in the group. */
function withGroup(level: Level, group: string, text: string): string[] {
  const matcher = level.node && matcherOf(level.node);
  const own = matcher?.kind === 'pattern' ? [matcher.source] : [];
  const rewrites = level.program.flatMap(({ kind, node }) => (kind === 'rewrite' ? [node.args[0]?.value ?? ''] : []));
  return [...rewrites.toReversed(), ...own].flatMap((source) => {
    const pattern = readPattern(source);
    return pattern !== undefined && (group === '1' || group === pattern.name) ? fill(pattern, text) : [];
  });
}

/** Paths that a level's `rewrite ^/v1/(.*)$ /api/$1` makes this one of, several of them one after the other. */
function rewrittenTo(level: Level, path: string): string[] {
  let paths = [path];
  for (const step of level.program.toReversed()) {
    if (step.kind !== 'rewrite') continue;
    const pattern = readPattern(step.node.args[0]?.value ?? '');
    const [, after] = /^((?:\/[\w/.-]*)?)\$1\??$/.exec(step.node.args[1]?.value ?? '') ?? [];
    if (pattern === undefined || after === undefined) continue;
    const sources = paths.flatMap((each) => (each.startsWith(after) ? fill(pattern, each.slice(after.length)) : []));
    paths = [...sources, ...paths].slice(0, MOST_REWRITTEN);
  }
  return paths;
}

/** `^/api/(.*)$`: a beginning, and all the rest in a group. */
interface Beginning {
  readonly path: string;
  /** The slash that the group begins with, if it does. */
  readonly slash: string;
  readonly name: string | undefined;
}

function readPattern(source: string): Beginning | undefined {
  const [, path, optional = '', name, slash = ''] =
    /^\^?((?:\/[\w-]+)*\/?)(\?)?\((?:\?P?<(\w+)>)?(\/?)\.[*+]\??\)\$?$/.exec(source) ?? [];
  // `^/(.*)$` says no more than that there is a path, and `/?` may have one slash or none: one is taken.
  return path === undefined || (optional !== '' && !path.endsWith('/')) ? undefined : { path, slash, name };
}

function fill({ path, slash }: Beginning, text: string): string[] {
  return text.startsWith(slash) ? [path + text] : [];
}
