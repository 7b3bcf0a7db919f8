import { type Exchange, openBrowser } from './browser';
import type { Call } from './call';
import type { Endpoint, Site } from './endpoint';
import type { Header } from './http';
import { type Place, placeKey } from './place';
import type { ResolvedResponse } from './resolve';
import type { Verdict } from './verdict';

/** What a browser would do with one call, as far as it can be told. */
export interface Prediction {
  /** Undefined when none, or not only one, would answer. */
  readonly endpoint: Endpoint | undefined;
  /** Undefined when the call needs none, or when there is no endpoint. */
  readonly preflight: PredictedResponse | undefined;
  /** What the server gives, or would give were the preflight to pass. */
  readonly response: PredictedResponse | undefined;
  readonly verdict: Verdict['result'];
  readonly step: Verdict['step'] | 'same-origin';
  readonly reason: string;
  /** The header, or whoever answered, that the verdict rests on; undefined when it is not one place. */
  readonly blame: Place | undefined;
}

/** What all the responses that are possible have in common. */
export interface PredictedResponse {
  /** Undefined when it cannot be told. */
  readonly status: number | undefined;
  /** In words; empty when it depends. */
  readonly answeredBy: string;
  readonly headers: readonly PredictedHeader[];
}

export interface PredictedHeader {
  readonly name: string;
  /** Undefined when it cannot be told. */
  readonly value: string | undefined;
  readonly header: Header;
}

/** The endpoints that answer a call: those that do for certain, and those of which it cannot be told. */
export interface Matching {
  readonly certain: readonly Endpoint[];
  readonly perhaps: readonly Endpoint[];
}

/** Which endpoints answer a call; when that cannot be told for its host, which may, were the host theirs. */
export function matchEndpoints(endpoints: readonly Endpoint[], call: Call): Matching {
  const { scheme, host } = call;
  const forHost = matchSite(endpoints, call, host === undefined ? undefined : { scheme, host });
  if (forHost.certain.length > 0) return forHost;
  const open = forHost.perhaps.length > 0 ? forHost.perhaps : endpoints;
  const forAnyHost = matchSite(open, call, undefined);
  if (forAnyHost.certain.length > 0) return { certain: [], perhaps: forAnyHost.certain };
  return { certain: [], perhaps: forHost.perhaps.length > 0 ? forHost.perhaps : forAnyHost.perhaps };
}

function matchSite(endpoints: readonly Endpoint[], { path, method }: Call, site: Site | undefined): Matching {
  const [bare = ''] = path.split('?');
  const answer = new Map(endpoints.map((endpoint) => [endpoint, endpoint.matches(bare, method, site)]));
  return {
    certain: endpoints.filter((endpoint) => answer.get(endpoint) === true),
    perhaps: endpoints.filter((endpoint) => answer.get(endpoint) === undefined),
  };
}

/** Plays the call against the endpoints, the first of which is asked first. What cannot be told stays unknown. */
export function predict(endpoints: readonly Endpoint[], call: Call): Prediction {
  if (call.origin === `${call.scheme}://${call.host}`) {
    const reason = `the page and the server share the origin ${call.origin}, so the browser makes no CORS check`;
    return { ...undecided(reason), verdict: 'allowed', step: 'same-origin' };
  }
  const { certain, perhaps } = matchEndpoints(endpoints, call);
  const [first, ...others] = certain.length > 0 ? certain : perhaps;
  if (first === undefined)
    return undecided(`nothing in this file answers ${call.method} ${call.path}${listing(endpoints)}`);
  const prediction = predictOne(first, call);
  if (certain.length === 0) {
    const reason = `it cannot be told whether ${names([first, ...others])} answers this; if ${first.label} does, it is ${prediction.verdict}: ${prediction.reason}`;
    return { ...prediction, verdict: 'unknown', step: 'unknown', reason };
  }
  const different = others.filter((other) => !agree(predictOne(other, call), prediction));
  if (different.length === 0) return prediction;
  return undecided(
    `${names([first, ...different])} all answer this, and with different results; it cannot be told which is asked first`,
  );
}

/** Plays the call against one endpoint, whether or not it would be the one to answer. */
export function predictOne(endpoint: Endpoint, call: Call): Prediction {
  const exchanges = openBrowser(endpoint).fetch(call);
  const preflights = exchanges.flatMap(({ preflight }) => (preflight === undefined ? [] : [preflight.response]));
  return {
    endpoint,
    preflight: preflights.length === 0 ? undefined : common(preflights),
    response: common(exchanges.map(({ actual }) => actual.response)),
    ...verdictOf(exchanges, endpoint),
  };
}

/** One exchange, as a prediction: one way that a call can go. */
export function asPrediction(exchange: Exchange): Prediction {
  const { preflight, actual, verdict } = exchange;
  return {
    endpoint: undefined,
    preflight: preflight === undefined ? undefined : common([preflight.response]),
    response: common([actual.response]),
    verdict: verdict.result,
    step: verdict.step,
    reason: verdict.reason,
    blame: blameOf(exchange),
  };
}

function verdictOf(
  exchanges: readonly Exchange[],
  endpoint: Endpoint,
): Pick<Prediction, 'verdict' | 'step' | 'reason' | 'blame'> {
  const [first] = exchanges;
  if (first === undefined) {
    return { verdict: 'unknown', step: 'unknown', reason: 'the endpoint gives no response', blame: undefined };
  }
  const partly = endpoint.partial === undefined ? '' : `; it is seen in part only: ${endpoint.partial}`;
  const blame = blameOf(first);
  if (exchanges.every(({ verdict }) => verdict.result === first.verdict.result)) {
    const { result, step, reason } = first.verdict;
    return { verdict: result, step, reason: reason + partly, blame };
  }
  const ways = exchanges.map(
    ({ verdict, when }) => `${verdict.result}${when.length > 0 ? ` when ${when.join(' and ')}` : ''} (${verdict.step})`,
  );
  const reason = `it depends: ${[...new Set(ways)].join('; ')}${partly}`;
  return { verdict: 'unknown', step: 'unknown', reason, blame };
}

/** The value of the header that decided, or without one whoever gave the answer that the verdict rests on. */
export function blameOf({ preflight, actual, verdict }: Exchange): Place {
  const leg = preflight !== undefined && preflight.verdict === verdict ? preflight : actual;
  return verdict.header?.valuePlace ?? leg.response.source.answeredBy.place;
}

/** What all the responses have in common; where they differ, it is not known. */
function common(responses: readonly ResolvedResponse[]): PredictedResponse {
  const all = responses.map(({ headers }) => headers.map(({ name, text, header }) => ({ name, value: text, header })));
  const [first, ...others] = responses;
  if (first === undefined) return { status: undefined, answeredBy: '', headers: [] };
  const who = ({ source }: ResolvedResponse) => source.answeredBy.what;
  const headers = new Map<string, PredictedHeader>();
  for (const list of all) {
    for (const header of list) if (!headers.has(keyOf(header))) headers.set(keyOf(header), header);
  }
  const keys = all.map((list) => new Set(list.map(keyOf)));
  const merged = [...headers].map(([key, header]) =>
    keys.every((list) => list.has(key)) ? header : { ...header, value: undefined },
  );
  return {
    status: others.every(({ status }) => status === first.status) ? first.status : undefined,
    answeredBy: others.every((other) => who(other) === who(first)) ? who(first) : '',
    headers: distinctUnknown(merged),
  };
}

/** Two values of one header line, each in some responses only, are one unknown value. */
function distinctUnknown(headers: readonly PredictedHeader[]): PredictedHeader[] {
  const seen = new Set<string>();
  return headers.filter((header) => {
    if (header.value !== undefined) return true;
    const key = keyOf(header);
    return !seen.has(key) && seen.add(key) !== undefined;
  });
}

function keyOf({ name, value, header }: PredictedHeader): string {
  return `${name.toLowerCase()}\0${value}\0${placeKey(header.place)}`;
}

function agree(a: Prediction, b: Prediction): boolean {
  const keys = (response: PredictedResponse | undefined) =>
    response === undefined ? [] : [response.status, ...response.headers.map(({ name, value }) => [name, value])];
  const said = ({ preflight, response, verdict, step }: Prediction) =>
    JSON.stringify([keys(preflight), keys(response), verdict, step]);
  return said(a) === said(b);
}

function undecided(reason: string): Prediction {
  return {
    endpoint: undefined,
    preflight: undefined,
    response: undefined,
    verdict: 'unknown',
    step: 'unknown',
    reason,
    blame: undefined,
  };
}

const MOST_NAMED = 8;

function names(endpoints: readonly Endpoint[]): string {
  const labels = [...new Set(endpoints.map(({ label }) => label))];
  const shown = labels.slice(0, MOST_NAMED).join(', ');
  return labels.length > MOST_NAMED ? `${shown} and ${labels.length - MOST_NAMED} more` : shown;
}

function listing(endpoints: readonly Endpoint[]): string {
  return endpoints.length === 0 ? '' : `; there is ${names(endpoints)}`;
}
