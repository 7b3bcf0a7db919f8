import type { Browser, Exchange } from '../../../cors/browser';
import { frontEndOf } from '../../../cors/frontEnd';
import { PLACEHOLDER_ORIGIN } from '../../../cors/repair';

/** How a plain request of some page goes: the evidence for what is wrong whatever the request. */
export function plainExchange(browser: Browser): Exchange | undefined {
  return browser.fetch(frontEndOf(browser).plain(PLACEHOLDER_ORIGIN))[0];
}

/** How a preflighted request of the endpoint's own front end goes, where the preflight is refused. */
export function refusedPreflight(browser: Browser): Exchange | undefined {
  const front = frontEndOf(browser);
  const calls = [
    ...front.calls,
    { ...front.plain(front.origin), headers: [['Authorization', 'Bearer token']] as const },
  ];
  return calls.flatMap((call) => browser.fetch(call)).find(({ preflight }) => preflight?.verdict.result === 'blocked');
}
