import { type Exchange, openBrowser } from '../cors/browser';
import type { Call } from '../cors/call';
import type { Endpoint, Site } from '../cors/endpoint';
import type { ResolvedResponse } from '../cors/resolve';
import type { Verdict } from '../cors/verdict';
import { type HeaderEvidence, type Locate, type ResponseEvidence, responseEvidence } from './evidence';

/** What a browser would do with one call, as far as it can be told. */
export interface Prediction {
  /** The endpoint's label; null when none, or not only one, would answer. */
  readonly endpoint: string | null;
  /** Null when the call needs none, or when there is no endpoint. */
  readonly preflight: ResponseEvidence | null;
  /** What the server gives, or would give were the preflight to pass. */
  readonly response: ResponseEvidence | null;
  readonly verdict: Verdict['result'];
  readonly step: string;
  readonly reason: string;
}

/** The endpoints of a file that answer a call: those that do for certain, and those of which it cannot be told. */
interface Matching {
  readonly certain: readonly Endpoint[];
  readonly perhaps: readonly Endpoint[];
}

/** Which endpoints answer a call; when that cannot be told for its host, which may, were the host theirs. */
function matchEndpoints(endpoints: readonly Endpoint[], call: Call): Matching {
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

/** Plays the call against what the file sets up. What cannot be told stays unknown. */
export function predict(endpoints: readonly Endpoint[], call: Call, locate: Locate): Prediction {
  if (call.origin === `${call.scheme}://${call.host}`) {
    const reason = `the page and the server share the origin ${call.origin}, so the browser makes no CORS check`;
    return { ...undecided(reason), verdict: 'allowed', step: 'same-origin' };
  }
  const { certain, perhaps } = matchEndpoints(endpoints, call);
  const [first, ...others] = certain.length > 0 ? certain : perhaps;
  if (first === undefined)
    return undecided(`nothing in this file answers ${call.method} ${call.path}${listing(endpoints)}`);
  const prediction = predictOne(first, call, locate);
  if (certain.length === 0) {
    const reason = `it cannot be told whether ${names([first, ...others])} answers this; if ${first.label} does, it is ${prediction.verdict}: ${prediction.reason}`;
    return { ...prediction, verdict: 'unknown', step: 'unknown', reason };
  }
  const different = others.filter((other) => !agree(predictOne(other, call, locate), prediction));
  if (different.length === 0) return prediction;
  return undecided(
    `${names([first, ...different])} all answer this, and with different results; it cannot be told which is asked first`,
  );
}

function predictOne(endpoint: Endpoint, call: Call, locate: Locate): Prediction {
  const exchanges = openBrowser(endpoint).fetch(call);
  const preflights = exchanges.flatMap(({ preflight }) => (preflight === undefined ? [] : [preflight.response]));
  return {
    endpoint: endpoint.label,
    preflight: preflights.length === 0 ? null : common(preflights, locate),
    response: common(
      exchanges.map(({ actual }) => actual.response),
      locate,
    ),
    ...verdictOf(exchanges, endpoint),
  };
}

function verdictOf(
  exchanges: readonly Exchange[],
  endpoint: Endpoint,
): Pick<Prediction, 'verdict' | 'step' | 'reason'> {
  const [first] = exchanges;
  if (first === undefined) return { verdict: 'unknown', step: 'unknown', reason: 'the endpoint gives no response' };
  const partly = endpoint.partial === undefined ? '' : `; it is seen in part only: ${endpoint.partial}`;
  if (exchanges.every(({ verdict }) => verdict.result === first.verdict.result)) {
    const { result, step, reason } = first.verdict;
    return { verdict: result, step, reason: reason + partly };
  }
  const ways = exchanges.map(
    ({ verdict, when }) => `${verdict.result}${when.length > 0 ? ` when ${when.join(' and ')}` : ''} (${verdict.step})`,
  );
  return { verdict: 'unknown', step: 'unknown', reason: `it depends: ${[...new Set(ways)].join('; ')}${partly}` };
}

/** What all the responses have in common; where they differ, it is not known. */
function common(responses: readonly ResolvedResponse[], locate: Locate): ResponseEvidence {
  const all = responses.map((response) => responseEvidence(response, locate));
  const [first, ...others] = all;
  if (first === undefined) return { status: null, headers: [] };
  const status = others.every((other) => other.status === first.status) ? first.status : null;
  const headers = new Map<string, HeaderEvidence>();
  for (const { headers: list } of all)
    for (const header of list) headers.set(keyOf(header), headers.get(keyOf(header)) ?? header);
  const merged = [...headers.values()].map((header) => {
    const same = all.every(({ headers: list }) => list.some((other) => keyOf(other) === keyOf(header)));
    return same ? header : { ...header, value: null, known: false };
  });
  return { status, headers: distinctUnknown(merged) };
}

/** Two values of one header line, each in some responses only, are one unknown value. */
function distinctUnknown(headers: readonly HeaderEvidence[]): HeaderEvidence[] {
  const seen = new Set<string>();
  return headers.filter((header) => {
    if (header.known) return true;
    const key = JSON.stringify([header.name.toLowerCase(), header.file, header.line]);
    return !seen.has(key) && seen.add(key) !== undefined;
  });
}

function keyOf({ name, value, file, line }: HeaderEvidence): string {
  return JSON.stringify([name.toLowerCase(), value, file, line]);
}

function agree(a: Prediction, b: Prediction): boolean {
  const said = ({ preflight, response, verdict, step }: Prediction) =>
    JSON.stringify([preflight, response, verdict, step]);
  return said(a) === said(b);
}

function undecided(reason: string): Prediction {
  return { endpoint: null, preflight: null, response: null, verdict: 'unknown', step: 'unknown', reason };
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
