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

/** An application's routes that are judged on their own go on being that: of many alike, some show what a proxy does. */
const MOST_ALIKE = 6;
const MOST_ROUTES = 30;

/** The routes through which a location is seen: of those with the same methods and headers the first few. */
export function shownRoutes(upstream: Upstream | undefined): Endpoint[] {
  const seen = new Map<string, number>();
  const shown: Endpoint[] = [];
  for (const route of upstream?.endpoints ?? []) {
    const kind = [...(route.methods ?? ['*']), ...route.requestHeaders].join();
    const before = seen.get(kind) ?? 0;
    seen.set(kind, before + 1);
    if (before < MOST_ALIKE && shown.length < MOST_ROUTES) {
      shown.push(route);
    }
  }
  return shown;
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
  return [...new Set([...cut, path, base + path, matcher.path])];
}
