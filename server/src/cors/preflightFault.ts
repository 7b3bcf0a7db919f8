import type { Browser, Exchange, Leg } from './browser';
import { type Call, needsPreflight, normaliseMethod, unsafeHeaderNames } from './call';
import { type Caller, callBy, calledBy } from './caller';
import type { Endpoint } from './endpoint';
import { frontEndOf, meansCors, preflightNeeds, withCredentials } from './frontEnd';
import { get, linesOf, listItems } from './headerList';
import type { Answerer, AnswererKind } from './http';
import { knownExchange } from './known';
import { ALLOW_CREDENTIALS, ALLOW_HEADERS, ALLOW_METHODS } from './names';
import { type Place, placeKey, samePlace } from './place';

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
  /** The page of the workspace that is known to make the call. */
  readonly caller?: Caller;
  /** A page that is refused for the same fault, in more circumstances than the call. */
  readonly alsoRefused?: Caller;
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

/**
 * Calls that are known to be made count most. Where another call is refused for the same in fewer circumstances, it is
 * the one that is told.
 */
function find(browser: Browser): RefusedPreflight[] {
  if (browser.endpoint.partial !== undefined || !meansCors(browser)) return [];
  const found = new Map<PreflightFault, RefusedPreflight>();
  for (const played of playsFor(browser)) {
    const refused = refusedIn(browser, played);
    if (refused === undefined) continue;
    const before = found.get(refused.fault);
    if (before === undefined) found.set(refused.fault, refused);
    else if (isPlainer(refused, before)) found.set(refused.fault, withCallerOf(refused, before));
  }
  return [...found.values()];
}

function refusedIn(browser: Browser, { call, announced = false, isGuess = false, caller }: Play) {
  if (!needsPreflight(call)) return undefined;
  const exchanges = browser.fetch(call);
  const exchange = knownExchange(
    exchanges,
    (each) => each.preflight?.verdict.result === 'blocked' && !isShutAnyway(each, exchanges),
  );
  const fault = exchange && faultOf(exchange, browser.endpoint);
  if (!exchange?.preflight || fault === undefined) return undefined;
  if (announced && isOfPagesBehind(exchange, browser.endpoint)) return undefined;
  if (isGuess && exchange.preflight.response.source.answeredBy.kind !== 'authentication') return undefined;
  const refused: RefusedPreflight = { fault, exchange, leg: exchange.preflight, announced };
  return caller === undefined ? refused : { ...refused, exchange: inCircumstances(exchange, caller), caller };
}

/**
 * The gate is not to blame: nothing behind it is meant for other origins, or CORS stands before it, as its answers in
 * other circumstances show, and is off in these. To let the preflight through would mend nothing.
 */
function isShutAnyway({ preflight }: Exchange, exchanges: readonly Exchange[]): boolean {
  const isGate = (leg: Leg): boolean => GATES.includes(answererOf(leg).kind);
  if (preflight === undefined || !isGate(preflight)) return false;
  const beyond = exchanges.filter((each) => each.preflight === preflight && !isGate(each.actual));
  const told = beyond.filter(({ actual }) => actual.verdict.result !== 'unknown');
  if (beyond.length > 0) return told.length > 0 && told.every(({ actual }) => isOff(actual));
  const { place } = answererOf(preflight);
  return (
    isOff(preflight) && exchanges.some(({ actual }) => samePlace(answererOf(actual).place, place) && !isOff(actual))
  );
}

function isOff({ verdict }: Exchange['actual']): boolean {
  return verdict.step === 'cors-check/no-allow-origin';
}

/** Whether the later one tells the same with fewer circumstances. What a server only announces proves less. */
function isPlainer(later: RefusedPreflight, before: RefusedPreflight): boolean {
  if (later.announced || later.exchange.when.length >= before.exchange.when.length) return false;
  if (answererOf(later.exchange.actual).kind !== answererOf(before.exchange.actual).kind) return false;
  return later.caller !== undefined || isSameRefusal(later, before);
}

/** The same answer is at fault, for the same method or headers where a list lacks them. */
function isSameRefusal(one: RefusedPreflight, other: RefusedPreflight): boolean {
  const { fault } = one;
  if (!samePlace(answererOf(one.leg).place, answererOf(other.leg).place)) return false;
  if (fault !== 'method' && fault !== 'header') return true;
  const name = fault === 'method' ? ALLOW_METHODS : ALLOW_HEADERS;
  return lackingIn(one, name) === lackingIn(other, name);
}

/** Where the list stands that falls short, and what it lacks of the call. */
function lackingIn({ leg: { response }, exchange: { call } }: RefusedPreflight, list: string): string {
  const header = linesOf(response, list)[0];
  const listed = new Set((listItems(header?.text ?? '') ?? []).map((item) => item.toLowerCase()));
  const lacking =
    list === ALLOW_METHODS
      ? [normaliseMethod(call.method)]
      : unsafeHeaderNames(call).filter((each) => !listed.has(each));
  return [header === undefined ? '' : placeKey(header.valuePlace), ...lacking].join();
}

function answererOf({ response }: Leg): Answerer {
  return response.source.answeredBy;
}

/** The page that was refused before stays in sight. */
function withCallerOf(refused: RefusedPreflight, { caller, alsoRefused }: RefusedPreflight): RefusedPreflight {
  const other = caller ?? alsoRefused;
  return refused.caller !== undefined || other === undefined ? refused : { ...refused, alsoRefused: other };
}

const PAGES: readonly AnswererKind[] = ['file', 'method-gate', 'redirect'];

/** What a proxy lists for all that is behind it is not said of the files of a page there, and of the ways to them. */
function isOfPagesBehind({ actual }: Exchange, { behind }: Endpoint): boolean {
  return behind !== undefined && PAGES.includes(actual.response.source.answeredBy.kind);
}

interface Play {
  readonly call: Call;
  readonly announced?: boolean;
  /** Nobody said that this endpoint wants such a call: it counts only if authentication answers. */
  readonly isGuess?: boolean;
  readonly caller?: Caller;
}

/** What is tried, the calls that are known to be made first: they prove more. */
function playsFor(browser: Browser): Play[] {
  const front = frontEndOf(browser);
  const authorized: Call = { ...front.plain(front.origin), headers: [['Authorization', 'Bearer token']] };
  return [
    ...browser.callers.map((caller) => ({ call: callBy(caller, front.origin), caller })),
    ...[...front.calls, ...front.calls.map(withCredentials)].map((call) => ({ call })),
    { call: authorized, isGuess: true },
    ...front.announced.map((call) => ({ call, announced: true })),
  ];
}

/** The exchange in the caller's circumstances too. */
export function inCircumstances(exchange: Exchange, { when }: Caller): Exchange {
  return when.length === 0 ? exchange : { ...exchange, when: [...new Set([...when, ...exchange.when])] };
}

/** What a preflight for the endpoint must let pass so that the calls that are refused, and those that it is for, get through. */
export function neededBy(browser: Browser, { announced, exchange, ...refused }: RefusedPreflight) {
  const front = frontEndOf(browser);
  const calls = announced ? front.announced : front.calls;
  const made = pagesOf(refused).map((caller) => callBy(caller, exchange.call.origin));
  return preflightNeeds(browser.endpoint, [...calls, ...made]);
}

/** The places of the calls that are refused, for a finding to name beside its own; empty where nobody is known to make one. */
export function callersOf(refused: RefusedPreflight): readonly { readonly place: Place; readonly message: string }[] {
  return pagesOf(refused).map(calledBy);
}

/** The pages that are known to be refused. */
export function pagesOf({ caller, alsoRefused }: Pick<RefusedPreflight, 'caller' | 'alsoRefused'>): readonly Caller[] {
  return [caller, alsoRefused].flatMap((each) => each ?? []);
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
