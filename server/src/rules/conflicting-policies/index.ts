import type { Exchange } from '../../cors/browser';
import type { Endpoint } from '../../cors/endpoint';
import { frontEndOf, withCredentials } from '../../cors/frontEnd';
import { get, linesOf } from '../../cors/headerList';
import type { Overwritten } from '../../cors/http';
import { knownExchange } from '../../cors/known';
import { ALLOW_CREDENTIALS, ALLOW_ORIGIN } from '../../cors/names';
import { type Place, samePlace } from '../../cors/place';
import type { ResolvedResponse } from '../../cors/resolve';
import type { Value } from '../../cors/value';
import { whenWords } from '../../cors/words';
import { endpointRule } from '../../lint/defineRule';
import type { Subject } from '../../lint/types';

interface Data {
  readonly kind: 'preflight' | 'every-response';
  readonly endpoint: Endpoint;
  readonly method: string;
  readonly origin: string;
  /** What the earlier policy answers with, and the later one, in words. */
  readonly first: string;
  readonly last: string;
  readonly when: readonly string[];
}

/** Two policies that meet in one response: the earlier one's Allow-Origin is lost. */
interface Meeting {
  readonly change: Overwritten;
  readonly exchange: Exchange;
}

export const rule = endpointRule<Data>({
  meta: {
    id: 'conflicting-policies',
    title: 'Two CORS policies on one path',
    severity: 'warning',
    category: 'fragile',
    tags: ['origin', 'preflight', 'middleware'],
    reference: 'https://fetch.spec.whatwg.org/#cors-preflight-fetch-0',
    replaces: ['preflight-incomplete'],
  },
  check(subject, report) {
    const { endpoint, browser } = subject;
    if (endpoint.partial !== undefined) return;
    const meeting = meetingOf(subject);
    if (meeting === undefined) return;
    const { lost, by } = meeting.change;
    const refused = refusedPreflight(subject, by.place);
    const exchange = refused ?? (isForAll(subject, meeting) ? meeting.exchange : undefined);
    if (exchange === undefined) return;
    const { call, when } = exchange;
    report({
      place: by.place,
      data: {
        kind: refused ? 'preflight' : 'every-response',
        endpoint,
        method: call.method,
        origin: frontEndOf(browser).origin,
        first: words(lost.value),
        last: words(by.value),
        when,
      },
      exchange,
      related: [{ place: lost.place, message: refused ? 'answers the preflight' : 'is overwritten' }],
    });
  },
  message({ kind, endpoint, method, origin, first, last, when }) {
    if (kind === 'preflight')
      return `Two CORS policies meet on ${method} ${endpoint.path}${whenWords(when)}: an earlier one answers the preflight (${first}), this one overwrites the response (${last}). A page at ${origin} may read the response and never gets past the preflight. Keep one of them.`;
    return `This second CORS policy (${last}) overwrites the first one's Access-Control-Allow-Origin (${first}) in every response${whenWords(when)}, while preflights are answered by the first. Keep one of them.`;
  },
});

function meetingOf({ browser }: Subject): Meeting | undefined {
  const { plain, origin } = frontEndOf(browser);
  const exchange = knownExchange(
    browser.fetch(plain(origin)),
    ({ actual }) => changeIn(actual.response) !== undefined && linesOf(actual.response, ALLOW_ORIGIN).length === 1,
  );
  const change = exchange && changeIn(exchange.actual.response);
  return exchange && change && { exchange, change };
}

function changeIn({ source, headers }: ResolvedResponse): Overwritten | undefined {
  const change = source.overwritten?.findLast(({ by }) => by.name.toLowerCase() === ALLOW_ORIGIN);
  return change && headers.some(({ header }) => header === change.by) ? change : undefined;
}

/** A call that the later policy lets in, and whose preflight the earlier one refuses. */
function refusedPreflight({ browser }: Subject, later: Place): Exchange | undefined {
  const { calls } = frontEndOf(browser);
  for (const call of [...calls, ...calls.map(withCredentials)]) {
    const exchange = knownExchange(
      browser.fetch(call),
      ({ preflight, actual }) =>
        preflight?.verdict.result === 'blocked' &&
        preflight.verdict.step.startsWith('cors-check/') &&
        preflight.response.status !== undefined &&
        preflight.response.status < 300 &&
        actual.verdict.result === 'allowed' &&
        linesOf(actual.response, ALLOW_ORIGIN).some(({ header }) => samePlace(header.place, later)),
    );
    if (exchange) return exchange;
  }
  return undefined;
}

/**
 * Whether neither policy is the endpoint's own, the earlier one is all that preflights see, and they differ: then the
 * later one leaves nothing of the earlier where it counts.
 */
function isForAll({ endpoint, browser }: Subject, { change: { lost, by }, exchange }: Meeting): boolean {
  if (endpoint.isOwn?.(by.place) !== false || endpoint.isOwn(lost.place)) return false;
  // `*` with the first one's credentials is told of as that.
  if (get(exchange.actual.response, ALLOW_CREDENTIALS).kind !== 'absent') return false;
  if (words(lost.value) === words(by.value)) return false;
  const asked = browser.fetch({ ...exchange.call, headers: [['X-Requested-With', 'fetch']] });
  return asked.every(
    ({ preflight }) =>
      preflight !== undefined &&
      linesOf(preflight.response, ALLOW_ORIGIN).some(({ header }) => samePlace(header.place, lost.place)),
  );
}

function words(value: Value): string {
  switch (value.kind) {
    case 'literal':
      return `\`${value.text}\``;
    case 'request-origin':
      return 'every origin';
    default:
      return 'a list of origins';
  }
}
