import type { Endpoint } from '../../cors/endpoint';
import type { PlatformOptions, Upstream } from '../../lint/types';
import type { Level } from './config/level';
import { outgoing } from './evaluate/forward';
import { matcherOf } from './evaluate/locate';
import type { Run } from './evaluate/run';

/** The application that a location passes its requests on to, where that is known. */
export function upstreamOf(run: Run, level: Level, { upstream }: PlatformOptions): Upstream | undefined {
  const pass = level.own.get('proxy_pass')?.at(-1);
  run.level = level;
  const sent = pass && outgoing(run, pass);
  return sent && upstream?.(sent.address);
}

/** An application's routes are judged on their own too: of many alike, some show what a proxy does to them. */
const MOST_ALIKE = 6;
const MOST_ROUTES = 30;

/** Says of one route after the other whether a location still is to be seen through it: enough like it may have been. */
export function routeSampler(): { isEnough(): boolean; wants(route: Endpoint): boolean; take(route: Endpoint): void } {
  const taken = new Map<string, number>();
  let all = 0;
  const countOf = (route: Endpoint) => taken.get(kindOf(route)) ?? 0;
  return {
    isEnough: () => all >= MOST_ROUTES,
    wants: (route) => countOf(route) < MOST_ALIKE,
    take(route) {
      taken.set(kindOf(route), countOf(route) + 1);
      all += 1;
    },
  };
}

function kindOf({ methods, requestHeaders }: Endpoint): string {
  return [...(methods ?? ['*']), ...requestHeaders].join();
}

/** Paths at the location that may be passed on as an application's own path: whether they are is for the run to tell. */
export function outerPaths(level: Level, path: string): string[] {
  const matcher = level.node && matcherOf(level.node);
  if (matcher === undefined || !('path' in matcher)) {
    return [path];
  }
  const base = matcher.path.replace(/\/$/, '');
  const uri = /^https?:\/\/[^/]+(\/.*)$/.exec(level.own.get('proxy_pass')?.at(-1)?.args[0]?.value ?? '')?.[1];
  const cut = uri !== undefined && path.startsWith(uri) ? [matcher.path + path.slice(uri.length)] : [];
  return [...new Set([...cut, ...rewrittenTo(level, path), base + path, matcher.path])];
}

/** Paths that a location's `rewrite ^/v1/(.*)$ /api/$1` makes this one of, several of them one after the other. */
function rewrittenTo(level: Level, path: string): string[] {
  let paths = [path];
  for (const step of level.program.toReversed()) {
    if (step.kind !== 'rewrite') continue;
    const [, before] = /^\^(\/[\w/-]*)\(\.[*+]\)\$?$/.exec(step.node.args[0]?.value ?? '') ?? [];
    const [, after] = /^(\/[\w/.-]*)\$1$/.exec(step.node.args[1]?.value ?? '') ?? [];
    if (before === undefined || after === undefined) continue;
    const sources = paths.flatMap((each) => (each.startsWith(after) ? [before + each.slice(after.length)] : []));
    paths = [...sources, ...paths].slice(0, MOST_ALIKE);
  }
  return paths;
}
