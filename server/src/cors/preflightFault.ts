import type { Browser, Exchange } from './browser';
import { type Call, needsPreflight } from './call';
import type { Endpoint } from './endpoint';
import { frontEndOf, meansCors, withCredentials } from './frontEnd';
import { get } from './headerList';
import type { AnswererKind } from './http';
import { knownExchange } from './known';
import { ALLOW_CREDENTIALS, ALLOW_HEADERS, ALLOW_METHODS } from './names';
import { samePlace } from './place';

/**
 * What is wrong with a preflight that a browser refuses, so that one rule speaks of it:
 * - `gate`: authentication, a limiter or a gate on methods, written somewhere, answers before the CORS layer
 * - `redirect`: it is sent elsewhere
 * - `unanswered`: nothing answers it with success and `Access-Control-Allow-Origin`
 * - `incomplete`: what answers it leaves out a header that the call needs
 * - `method`, `header`: the list is there and lacks the call's method or header
 */
export type PreflightFault = 'gate' | 'redirect' | 'unanswered' | 'incomplete' | 'method' | 'header';

export interface RefusedPreflight {
  readonly fault: PreflightFault;
  readonly exchange: Exchange;
  readonly leg: NonNullable<Exchange['preflight']>;
  /** False when the endpoint is known to serve the call; true when only its own lists speak of it. */
  readonly announced: boolean;
}

const GATES: readonly AnswererKind[] = ['authentication', 'rate-limit', 'method-gate'];

/**
 * The preflights of an endpoint that are known to be refused, at most one for each fault; empty for endpoints that
 * are not meant for other origins, are seen only in part, or need no preflight.
 */
export function refusedPreflights(browser: Browser): readonly RefusedPreflight[] {
  const known = cache.get(browser);
  if (known) return known;
  const found = find(browser);
  cache.set(browser, found);
  return found;
}

const cache = new WeakMap<Browser, readonly RefusedPreflight[]>();

function find(browser: Browser): RefusedPreflight[] {
  if (browser.endpoint.partial !== undefined || !meansCors(browser)) return [];
  const front = frontEndOf(browser);
  const found = new Map<PreflightFault, RefusedPreflight>();
  const plays: [Call, boolean][] = [
    ...[...front.calls, ...front.calls.map(withCredentials)].map((call): [Call, boolean] => [call, false]),
    [{ ...front.plain(front.origin), headers: [['Authorization', 'Bearer token']] }, false],
    ...front.announced.map((call): [Call, boolean] => [call, true]),
  ];
  for (const [index, [call, announced]] of plays.entries()) {
    if (!needsPreflight(call)) continue;
    const exchange = knownExchange(browser.fetch(call), ({ preflight }) => preflight?.verdict.result === 'blocked');
    const fault = exchange && faultOf(exchange, browser.endpoint);
    if (!exchange?.preflight || fault === undefined || found.has(fault)) continue;
    // Nobody said that this endpoint wants Authorization, unless it is authentication that answers.
    if (index === 2 * front.calls.length && exchange.preflight.response.source.answeredBy.kind !== 'authentication')
      continue;
    found.set(fault, { fault, exchange, leg: exchange.preflight, announced });
  }
  return [...found.values()];
}

/** Undefined for what is no fault of the preflight: the origin is refused, on the actual response too. */
function faultOf({ preflight, actual }: Exchange, endpoint: Endpoint): PreflightFault | undefined {
  if (!preflight) return undefined;
  const { response, verdict } = preflight;
  const { status } = response;
  const { kind, place } = response.source.answeredBy;
  const ok = status !== undefined && status >= 200 && status <= 299;
  switch (verdict.step) {
    case 'preflight/status':
    case 'cors-check/no-allow-origin':
      if (GATES.includes(kind) && !ok && !samePlace(place, endpoint.place)) return 'gate';
      if (kind === 'redirect' || (status !== undefined && status >= 300 && status <= 399)) return 'redirect';
      if (verdict.step === 'cors-check/no-allow-origin' && !isReadable(actual.verdict.result, kind)) return undefined;
      // Who gets an error for the request itself too, such as an origin that is refused with one, lacks no preflight.
      if (status !== undefined && status >= 400 && (actual.response.status ?? 200) >= 400) return undefined;
      return ok && kind === 'preflight' ? 'incomplete' : 'unanswered';
    case 'cors-check/credentials-not-allowed':
      return actual.verdict.result === 'allowed' && get(response, ALLOW_CREDENTIALS).kind === 'absent'
        ? 'incomplete'
        : undefined;
    case 'preflight/method':
      return get(response, ALLOW_METHODS).kind === 'absent' ? 'incomplete' : 'method';
    case 'preflight/allow-methods-unparsable':
      return 'method';
    case 'preflight/authorization':
    case 'preflight/header':
      return get(response, ALLOW_HEADERS).kind === 'absent' ? 'incomplete' : 'header';
    case 'preflight/allow-headers-unparsable':
      return 'header';
    default:
      return undefined;
  }
}

/** A page can read the actual response, so the origin is welcome. Behind a gate that cannot be told. */
function isReadable(result: 'allowed' | 'blocked' | 'unknown', kind: AnswererKind): boolean {
  return result === 'allowed' || GATES.includes(kind);
}
