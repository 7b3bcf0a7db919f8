import type { Endpoint } from '../../cors/endpoint';
import { frontEndOf, preflightNeeds } from '../../cors/frontEnd';
import type { Answerer } from '../../cors/http';
import { refusedPreflights } from '../../cors/preflightFault';
import { whenWords } from '../../cors/words';
import { endpointRule } from '../../lint/defineRule';

interface Data {
  readonly endpoint: Endpoint;
  readonly needs: ReturnType<typeof preflightNeeds>;
  readonly who: Answerer;
  readonly status: number | undefined;
  readonly path: string;
  readonly when: readonly string[];
}

export const rule = endpointRule<Data>({
  meta: {
    id: 'preflight-redirected',
    title: 'A preflight that is redirected',
    severity: 'error',
    category: 'broken',
    tags: ['preflight', 'redirect'],
    reference: 'https://fetch.spec.whatwg.org/#cors-preflight-fetch-0',
  },
  check({ endpoint, browser }, report) {
    for (const { fault, exchange, leg, announced } of refusedPreflights(browser)) {
      if (fault !== 'redirect') continue;
      const who = leg.response.source.answeredBy;
      const { when } = exchange;
      const front = frontEndOf(browser);
      const needs = preflightNeeds(endpoint, announced ? front.announced : front.calls);
      report({
        place: who.place,
        data: { endpoint, needs, who, status: leg.response.status, path: endpoint.path, when },
        severity: announced || when.length > 0 ? 'warning' : 'error',
        exchange,
      });
    }
  },
  message: ({ who, status, path, when }) =>
    `${who.what.charAt(0).toUpperCase()}${who.what.slice(1)} redirects the preflight for ${path}${status === undefined ? '' : ` with ${status}`}${whenWords(when)}: browsers follow no redirect of a preflight and never send the request itself. Answer OPTIONS before redirecting, or call the final address.`,
  fixes: ({ endpoint, needs }) => [
    {
      title: 'Answer the preflight before redirecting',
      preferred: true,
      repair: { kind: 'answer-preflight', endpoint, ...needs },
    },
  ],
});
