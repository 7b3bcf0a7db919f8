import type { Browser } from './browser';
import { type Caller, callBy } from './caller';
import type { Way } from './effectivePolicy';
import { frontEndOf } from './frontEnd';
import { placeKey } from './place';

/** What becomes of one call that a page of the workspace makes. */
export interface CallerFact {
  readonly method: string;
  readonly credentials: boolean;
  readonly result: 'allowed' | 'blocked' | 'unknown';
}

/**
 * The calls of pages that are known to reach the endpoint, each with what a browser makes of it. A call that may be made
 * with further headers is told once, unless they decide. Empty: none is known.
 */
export function callersFact(browser: Browser): readonly Way<CallerFact>[] {
  const { origin } = frontEndOf(browser);
  const said = new Map<string, Way<CallerFact>>();
  for (const caller of browser.callers) {
    const way = wayOf(browser, caller, origin);
    const key = `${placeKey(caller.place)}\0${way.words}`;
    const before = said.get(key);
    said.set(key, before === undefined ? way : { ...before, when: shared(before.when, way.when) });
  }
  return [...said.values()];
}

function wayOf(browser: Browser, caller: Caller, origin: string): Way<CallerFact> {
  const { method, credentials, place, when } = caller;
  const results = new Set(browser.fetch(callBy(caller, origin)).map(({ verdict }) => verdict.result));
  const [only, ...others] = results;
  const result = only === undefined || others.length > 0 ? 'unknown' : only;
  const end = result === 'unknown' ? 'cannot be told' : result === 'allowed' ? 'allowed' : 'refused';
  const words = `${method}${credentials ? ' with credentials' : ''} (${end})`;
  return { value: { method, credentials, result }, words, when, at: [place] };
}

function shared(first: readonly string[], second: readonly string[]): readonly string[] {
  return first.filter((words) => second.includes(words));
}
