import { calledBy } from '../../cors/caller';
import type { Endpoint } from '../../cors/endpoint';
import { linesOf } from '../../cors/headerList';
import { ALLOW_CREDENTIALS } from '../../cors/names';
import type { Place } from '../../cors/place';
import { refusedCredentials } from '../../cors/refusedCredentials';
import { whenWords } from '../../cors/words';
import { endpointRule } from '../../lint/defineRule';

interface Data {
  readonly endpoint: Endpoint;
  readonly near: Place;
  readonly when: readonly string[];
}

export const rule = endpointRule<Data>({
  meta: {
    id: 'credentials-not-allowed',
    title: 'A page calls with credentials, and they are not allowed',
    severity: 'error',
    category: 'broken',
    tags: ['credentials', 'cookies', 'fetch', 'axios'],
    reference: 'https://fetch.spec.whatwg.org/#cors-protocol-and-credentials',
  },
  check({ endpoint, browser }, report) {
    for (const { fault, caller, exchange, origin } of refusedCredentials(browser)) {
      // Another value of the header than `true` is told where it stands.
      if (fault !== 'not-allowed' || linesOf(exchange.actual.response, ALLOW_CREDENTIALS).length > 0) continue;
      report({
        place: origin.valuePlace,
        data: { endpoint, near: origin.header.place, when: exchange.when },
        severity: exchange.when.length > 0 ? 'warning' : 'error',
        exchange,
        related: [calledBy(caller)],
      });
    }
  },
  message: ({ endpoint, when }) =>
    `A page calls ${endpoint.path} with credentials${whenWords(when)}, and the answer lacks Access-Control-Allow-Credentials: true: browsers keep it from the page. Send the header to this origin, or call without credentials.`,
  fixes: ({ endpoint, near }) => [
    {
      title: 'Allow credentials',
      // Whether this server may be called with the user's sessions is for its owner to say.
      preferred: false,
      repair: { kind: 'set-header', endpoint, name: 'Access-Control-Allow-Credentials', value: 'true', near },
    },
  ],
});
