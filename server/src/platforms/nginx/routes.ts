import type { Endpoint } from '../../cors/endpoint';
import type { PlatformOptions, Upstream } from '../../lint/types';
import type { Level } from './config/level';
import { addressFor } from './evaluate/forward';
import { rewrite } from './evaluate/rewrite';
import type { Run } from './evaluate/run';

/**
 * The application that a location passes its requests on to, where that is known.
 *
 * @param run at its beginning: what the location sets is set in it, for an address may be made of variables
 */
export function upstreamOf(run: Run, level: Level, { upstream }: PlatformOptions): Upstream | undefined {
  const pass = level.own.get('proxy_pass')?.at(-1);
  if (pass === undefined) {
    return undefined;
  }
  rewrite(run.server, run);
  run.level = level;
  rewrite(level, run);
  const address = addressFor(run, pass);
  return address && upstream?.(address);
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
