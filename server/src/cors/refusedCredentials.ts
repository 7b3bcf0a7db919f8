import type { Browser, Exchange } from './browser';
import { type Caller, callBy } from './caller';
import { frontEndOf, meansCors } from './frontEnd';
import { linesOf } from './headerList';
import { knownExchange } from './known';
import { ALLOW_ORIGIN } from './names';
import { inCircumstances } from './preflightFault';
import type { ResolvedHeader } from './resolve';

/** A call with credentials that a page is known to make, and that the browser refuses for them. */
export interface RefusedCredentials {
  /** `*` is sent, or Access-Control-Allow-Credentials is not. */
  readonly fault: 'wildcard' | 'not-allowed';
  readonly caller: Caller;
  readonly exchange: Exchange;
  /** The line of Access-Control-Allow-Origin in the answer to the call itself. */
  readonly origin: ResolvedHeader;
}

/**
 * The calls with credentials that are known to be refused for them, at most one for each fault; empty for endpoints that
 * are not meant for other origins or are seen only in part. A preflight that alone lacks the header is none of these.
 */
export function refusedCredentials(browser: Browser): readonly RefusedCredentials[] {
  const known = cache.get(browser);
  if (known !== undefined) return known;
  const found = find(browser);
  cache.set(browser, found);
  return found;
}

const cache = new WeakMap<Browser, readonly RefusedCredentials[]>();

function find(browser: Browser): RefusedCredentials[] {
  const callers = browser.callers.filter(({ credentials }) => credentials);
  if (callers.length === 0 || browser.endpoint.partial !== undefined || !meansCors(browser)) return [];
  const { origin: page } = frontEndOf(browser);
  const found = new Map<RefusedCredentials['fault'], RefusedCredentials>();
  for (const caller of callers) {
    const exchange = knownExchange(browser.fetch(callBy(caller, page)), ({ actual }) => faultOf(actual) !== undefined);
    const fault = exchange && faultOf(exchange.actual);
    const origin = exchange && linesOf(exchange.actual.response, ALLOW_ORIGIN)[0];
    if (!exchange || fault === undefined || origin === undefined || found.has(fault)) continue;
    found.set(fault, { fault, caller, exchange: inCircumstances(exchange, caller), origin });
  }
  return [...found.values()];
}

function faultOf({ verdict }: Exchange['actual']): RefusedCredentials['fault'] | undefined {
  if (verdict.step === 'cors-check/wildcard-with-credentials') return 'wildcard';
  return verdict.step === 'cors-check/credentials-not-allowed' ? 'not-allowed' : undefined;
}
