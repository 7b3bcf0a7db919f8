import type { Endpoint } from '../../cors/endpoint';
import { frontEndOf, preflightNeeds } from '../../cors/frontEnd';
import { refusedPreflights } from '../../cors/preflightFault';
import type { Step } from '../../cors/verdict';
import { whenWords } from '../../cors/words';
import { endpointRule } from '../../lint/defineRule';

interface Data {
  readonly endpoint: Endpoint;
  readonly missing: string;
  readonly method: string;
  readonly needs: { readonly methods: readonly string[]; readonly headers: readonly string[] };
  readonly when: readonly string[];
}

export const rule = endpointRule<Data>({
  meta: {
    id: 'preflight-incomplete',
    title: 'A preflight answered without a header that it needs',
    severity: 'error',
    category: 'broken',
    tags: ['preflight'],
    reference: 'https://fetch.spec.whatwg.org/#cors-preflight-fetch-0',
  },
  check({ endpoint, browser }, report) {
    for (const { fault, exchange, leg, announced } of refusedPreflights(browser)) {
      const missing = MISSING.get(leg.verdict.step);
      if (fault !== 'incomplete' || missing === undefined) continue;
      const front = frontEndOf(browser);
      const needs = preflightNeeds(endpoint, announced ? front.announced : front.calls);
      const { when, call } = exchange;
      report({
        place: leg.response.source.answeredBy.place,
        data: { endpoint, missing, method: call.method, needs, when },
        severity: announced || when.length > 0 ? 'warning' : 'error',
        exchange,
      });
      return;
    }
  },
  message: ({ endpoint, missing, method, when }) =>
    `The preflight for ${method} ${endpoint.path} is answered without ${missing}${whenWords(when)}: browsers never send the request itself. Add the header to this answer.`,
  fixes: ({ endpoint, needs }) => [
    {
      title: 'Answer the preflight in full',
      preferred: true,
      repair: { kind: 'answer-preflight', endpoint, ...needs },
    },
  ],
});

const MISSING: ReadonlyMap<Step, string> = new Map([
  ['cors-check/no-allow-origin', 'Access-Control-Allow-Origin'],
  ['cors-check/credentials-not-allowed', 'Access-Control-Allow-Credentials'],
  ['preflight/method', 'Access-Control-Allow-Methods'],
  ['preflight/header', 'Access-Control-Allow-Headers'],
]);
