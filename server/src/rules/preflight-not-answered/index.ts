import type { Exchange } from '../../cors/browser';
import type { Call } from '../../cors/call';
import { unsafeHeaderNames } from '../../cors/call';
import type { Endpoint } from '../../cors/endpoint';
import { linesOf } from '../../cors/headerList';
import { ALLOW_HEADERS, ALLOW_ORIGIN, SAFELISTED_METHODS } from '../../cors/names';
import type { Place } from '../../cors/place';
import { callersOf, neededBy, refusedPreflights } from '../../cors/preflightFault';
import type { ResolvedResponse } from '../../cors/resolve';
import { and, whenWords } from '../../cors/words';
import { endpointRule } from '../../lint/defineRule';

interface Data {
  readonly endpoint: Endpoint;
  readonly call: Call;
  readonly status: number | undefined;
  readonly who: string;
  readonly needs: { readonly methods: readonly string[]; readonly headers: readonly string[] };
  readonly when: readonly string[];
}

export const rule = endpointRule<Data>({
  meta: {
    id: 'preflight-not-answered',
    title: 'A preflight that nothing answers',
    severity: 'error',
    category: 'broken',
    tags: ['preflight'],
    reference: 'https://fetch.spec.whatwg.org/#cors-preflight-fetch-0',
  },
  check({ endpoint, browser }, report) {
    for (const refused of refusedPreflights(browser)) {
      const { fault, exchange, leg, announced } = refused;
      if (fault !== 'unanswered') continue;
      const { answeredBy } = leg.response.source;
      // The request itself would be turned away for its method: nobody means to send it.
      if (exchange.actual.response.source.answeredBy.kind === 'method-gate') continue;
      if (announced && isOfSharedFiles(exchange, leg.response, endpoint)) continue;
      const { when, call } = exchange;
      const shared = sharedHeader(exchange, endpoint);
      const needs = neededBy(browser, refused);
      report({
        place: shared ?? endpoint.place,
        data: { endpoint, call, status: leg.response.status, who: answeredBy.what, needs, when },
        severity: announced || when.length > 0 ? 'warning' : 'error',
        exchange,
        related: [
          ...(shared ? [{ place: endpoint.place, message: `${endpoint.label} waits for it` }] : []),
          ...callersOf(refused),
        ],
      });
    }
  },
  message: ({ endpoint, call, status, who, when }) =>
    `${capital(cause(call))} makes browsers send a preflight first, and OPTIONS ${endpoint.path} gets ${answer(status)} from ${who}${whenWords(when)}: the request itself is never sent. Answer the preflight.`,
  fixes: ({ endpoint, needs }) => [
    { title: 'Answer the preflight', preferred: true, repair: { kind: 'answer-preflight', endpoint, ...needs } },
  ],
});

/**
 * The header line that lets the request itself be read, where other endpoints have it too: the preflights of all of
 * them are its business, and it is told once.
 */
function sharedHeader({ actual }: Exchange, endpoint: Endpoint): Place | undefined {
  const place = linesOf(actual.response, ALLOW_ORIGIN)[0]?.header.place;
  return place !== undefined && endpoint.isOwn?.(place) === false ? place : undefined;
}

/** What middleware for all lists is not said of a folder of files, which nobody fetches with credentials of their own. */
function isOfSharedFiles({ actual }: Exchange, preflight: ResolvedResponse, endpoint: Endpoint): boolean {
  if (actual.response.source.answeredBy.kind !== 'file') return false;
  const lists = [preflight, actual.response].flatMap((response) => linesOf(response, ALLOW_HEADERS));
  return lists.some(({ header }) => endpoint.isOwn?.(header.place) === false);
}

/** What of the call needs a preflight. */
function cause(call: Call): string {
  if (!SAFELISTED_METHODS.has(call.method)) return `the method ${call.method}`;
  const names = unsafeHeaderNames(call).map((name) => (name === 'content-type' ? 'a JSON body' : `the header ${name}`));
  return and(names);
}

function answer(status: number | undefined): string {
  if (status === undefined) return 'no Access-Control-Allow-Origin';
  return status >= 200 && status <= 299 ? `${status} without Access-Control-Allow-Origin` : `${status}`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
