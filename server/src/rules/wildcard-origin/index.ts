import type { Endpoint } from '../../cors/endpoint';
import { frontEndOf } from '../../cors/frontEnd';
import { get } from '../../cors/headerList';
import { knownExchange } from '../../cors/known';
import { ALLOW_CREDENTIALS, ALLOW_ORIGIN } from '../../cors/names';
import type { Place } from '../../cors/place';
import { PLACEHOLDER_ORIGIN } from '../../cors/repair';
import { whenWords } from '../../cors/words';
import { endpointRule } from '../../lint/defineRule';

interface Data {
  readonly endpoint: Endpoint;
  readonly place: Place;
  readonly guarded: boolean;
  readonly when: readonly string[];
}

export const rule = endpointRule<Data>({
  meta: {
    id: 'wildcard-origin',
    title: 'Every origin may read the response',
    severity: 'hint',
    off: true,
    category: 'advice',
    tags: ['origin'],
    cwe: 'CWE-942',
    reference: 'https://fetch.spec.whatwg.org/#http-access-control-allow-origin',
  },
  check({ endpoint, browser }, report) {
    const exchange = knownExchange(browser.fetch(frontEndOf(browser).plain(PLACEHOLDER_ORIGIN)), ({ actual }) => {
      const got = get(actual.response, ALLOW_ORIGIN);
      return got.kind === 'value' && got.text === '*' && get(actual.response, ALLOW_CREDENTIALS).kind === 'absent';
    });
    const header = exchange?.verdict.header;
    if (!exchange || !header) return;
    const guarded = endpoint.requestHeaders.some((name) => /^(?:authorization|cookie|x-api-key)$/i.test(name));
    report({
      place: header.valuePlace,
      data: { endpoint, place: header.header.place, guarded, when: exchange.when },
      severity: guarded ? 'warning' : 'hint',
      exchange,
    });
  },
  message: ({ guarded, when }) =>
    guarded
      ? `Every site may read the responses of this endpoint${whenWords(when)}, though it wants to know who asks. Name the origins of the front ends.`
      : `Every site may read the responses of this endpoint${whenWords(when)}. Name the origins, unless it is meant for the public.`,
  fixes: ({ endpoint, place }) => [
    {
      title: 'Let in only a list of origins',
      preferred: false,
      repair: { kind: 'allow-list', endpoint, place, origins: [PLACEHOLDER_ORIGIN] },
    },
  ],
});
