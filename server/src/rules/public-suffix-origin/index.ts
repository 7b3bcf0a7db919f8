import type { Endpoint } from '../../cors/endpoint';
import { frontEndOf } from '../../cors/frontEnd';
import { admitsEveryone, type Witness, witnesses } from '../../cors/hostile';
import { knownExchange } from '../../cors/known';
import type { Place } from '../../cors/place';
import { PLACEHOLDER_ORIGIN } from '../../cors/repair';
import { isDevelopment, whenWords } from '../../cors/words';
import { endpointRule } from '../../lint/defineRule';

interface Data {
  readonly endpoint: Endpoint;
  readonly place: Place;
  readonly witness: Witness;
  readonly credentials: boolean;
  readonly when: readonly string[];
}

export const rule = endpointRule<Data>({
  meta: {
    id: 'public-suffix-origin',
    title: 'Every host of a shared suffix is let in',
    severity: 'warning',
    category: 'insecure',
    tags: ['origin', 'pattern'],
    cwe: 'CWE-942',
    reference: 'https://publicsuffix.org/',
  },
  check({ endpoint, browser }, report) {
    const { plain } = frontEndOf(browser);
    for (const entry of endpoint.policies.flatMap(({ entries }) => entries)) {
      const found = admitsEveryone(entry) ? [] : witnesses(entry).filter(({ fault }) => fault !== 'scheme');
      // A check that is loose in a worse way has a finding already.
      const witness = found.every(({ fault }) => fault === 'public-suffix') ? found[0] : undefined;
      if (!witness) continue;
      const entered = (credentials: boolean) =>
        knownExchange(browser.fetch(plain(witness.origin, credentials)), ({ verdict }) => verdict.result === 'allowed');
      const exchange = (endpoint.ignoresCredentials ? undefined : entered(true)) ?? entered(false);
      if (!exchange) continue;
      const { when } = exchange;
      const { credentials } = exchange.call;
      report({
        place: entry.place,
        data: { endpoint, place: entry.place, witness, credentials, when },
        severity: isDevelopment(when) ? 'info' : credentials && when.length === 0 ? 'error' : 'warning',
        exchange,
      });
    }
  },
  message: ({ witness, credentials, when }) =>
    `This check lets ${witness.origin} in${whenWords(when)}, and anybody can have such a host: its pages can read the response${credentials ? " with the visitor's cookies" : ''}. Name your own host in full.`,
  fixes: ({ endpoint, place }) => [
    {
      title: 'Let in only a list of origins',
      preferred: false,
      repair: { kind: 'allow-list', endpoint, place, origins: [PLACEHOLDER_ORIGIN] },
    },
  ],
});
