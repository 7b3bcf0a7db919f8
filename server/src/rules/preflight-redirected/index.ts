import type { Browser } from '../../cors/browser';
import type { Endpoint } from '../../cors/endpoint';
import { linesOf } from '../../cors/headerList';
import type { Answerer, Request } from '../../cors/http';
import { callersOf, neededBy, refusedPreflights } from '../../cors/preflightFault';
import { whenWords } from '../../cors/words';
import { endpointRule } from '../../lint/defineRule';

interface Data {
  readonly endpoint: Endpoint;
  readonly needs: ReturnType<typeof neededBy>;
  readonly who: Answerer;
  readonly status: number | undefined;
  readonly path: string;
  /** Only from http to https, at the same address. */
  readonly isUpgrade: boolean;
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
    for (const refused of refusedPreflights(browser)) {
      const { fault, exchange, leg, announced } = refused;
      if (fault !== 'redirect') continue;
      const who = leg.response.source.answeredBy;
      const { when } = exchange;
      const isUpgrade = onlyUpgrades(browser, leg.request);
      const needs = neededBy(browser, refused);
      report({
        place: who.place,
        data: { endpoint, needs, who, status: leg.response.status, path: endpoint.path, isUpgrade, when },
        severity: isUpgrade ? 'info' : announced || when.length > 0 ? 'warning' : 'error',
        exchange,
        related: callersOf(refused),
      });
    }
  },
  message: ({ who, status, path, isUpgrade, when }) =>
    `${who.what.charAt(0).toUpperCase()}${who.what.slice(1)} redirects the preflight for ${path}${status === undefined ? '' : ` with ${status}`}${whenWords(when)}: browsers follow no redirect of a preflight and never send the request itself. ${isUpgrade ? 'Call the address with https.' : 'Answer OPTIONS before redirecting, or call the final address.'}`,
  fixes: ({ endpoint, needs, isUpgrade }) => [
    {
      title: 'Answer the preflight before redirecting',
      preferred: !isUpgrade,
      repair: { kind: 'answer-preflight', endpoint, ...needs },
    },
  ],
});

/** A name that no configuration holds: where it comes back, the redirect keeps whatever host was asked. */
const SOME_HOST = 'host.invalid';

/** Whether the redirect of the request leads to itself, with https for http: a front end that calls https never meets it. */
function onlyUpgrades(browser: Browser, request: Request): boolean {
  const wanted = `https://${SOME_HOST}${request.path}`;
  return browser
    .send({ ...request, scheme: 'http', host: SOME_HOST })
    .every((response) => linesOf(response, 'location').some(({ text }) => text === wanted));
}
