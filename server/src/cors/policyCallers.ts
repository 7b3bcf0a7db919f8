import type { Browser } from './browser';
import { callBy } from './caller';
import type { Way } from './effectivePolicy';
import { frontEndOf } from './frontEnd';

/** What becomes of one call that a page of the workspace makes. */
export interface CallerFact {
  readonly method: string;
  readonly credentials: boolean;
  readonly result: 'allowed' | 'blocked' | 'unknown';
}

/** The calls of pages that are known to reach the endpoint, each with what a browser makes of it. Empty: none is known. */
export function callersFact(browser: Browser): readonly Way<CallerFact>[] {
  const { origin } = frontEndOf(browser);
  return browser.callers.map((caller) => {
    const { method, credentials, place, when } = caller;
    const results = new Set(browser.fetch(callBy(caller, origin)).map(({ verdict }) => verdict.result));
    const [only, ...others] = results;
    const result = only === undefined || others.length > 0 ? 'unknown' : only;
    const end = result === 'unknown' ? 'cannot be told' : result === 'allowed' ? 'allowed' : 'refused';
    const words = `${method}${credentials ? ' with credentials' : ''} (${end})`;
    return { value: { method, credentials, result }, words, when, at: [place] };
  });
}
