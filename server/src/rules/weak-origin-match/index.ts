import type { Endpoint } from '../../cors/endpoint';
import { frontEndOf } from '../../cors/frontEnd';
import { admitsEveryone, faultWords, type Witness, witnesses } from '../../cors/hostile';
import { knownExchange } from '../../cors/known';
import { parseOrigin } from '../../cors/origin';
import type { OriginEntry } from '../../cors/policy';
import { strengthen } from '../../cors/strengthen';
import { isDevelopment, whenWords } from '../../cors/words';
import { endpointRule } from '../../lint/defineRule';
import type { Proposal, Subject } from '../../lint/types';

interface Data {
  readonly endpoint: Endpoint;
  readonly entry: OriginEntry;
  readonly witness: Witness;
  readonly credentials: boolean;
  readonly when: readonly string[];
}

export const rule = endpointRule<Data>({
  meta: {
    id: 'weak-origin-match',
    title: 'An origin check that lets strangers in',
    severity: 'error',
    category: 'insecure',
    tags: ['origin', 'pattern'],
    cwe: 'CWE-625',
    reference: 'https://fetch.spec.whatwg.org/#http-access-control-allow-origin',
  },
  check(subject, report) {
    for (const entry of subject.endpoint.policies.flatMap(({ entries }) => entries)) {
      if (admitsEveryone(entry)) continue;
      const [witness] = witnesses(entry).filter(({ fault }) => fault !== 'scheme' && fault !== 'public-suffix');
      const exchange = witness && entered(subject, witness);
      if (!witness || !exchange) continue;
      const { when } = exchange;
      const { credentials } = exchange.call;
      report({
        place: entry.place,
        data: { endpoint: subject.endpoint, entry, witness, credentials, when },
        severity: isDevelopment(when) ? 'info' : credentials && when.length === 0 ? 'error' : 'warning',
        exchange,
      });
    }
  },
  message: ({ witness, credentials, when }) =>
    `This check lets ${witness.origin} in${whenWords(when)}: ${faultWords(witness)}. Whoever owns that host can read the response${credentials ? " with the visitor's cookies" : ''}; compare the whole origin.`,
  fixes: ({ entry }) => proposals(entry),
});

function entered({ endpoint, browser }: Subject, { origin }: Witness) {
  const { plain } = frontEndOf(browser);
  const allowed = (credentials: boolean) =>
    knownExchange(browser.fetch(plain(origin, credentials)), ({ verdict }) => verdict.result === 'allowed');
  return (endpoint.ignoresCredentials ? undefined : allowed(true)) ?? allowed(false);
}

function proposals(entry: OriginEntry): Proposal[] {
  const { place } = entry;
  const result: Proposal[] = [];
  const pattern = strengthen(entry);
  if (pattern) {
    const repair = { kind: 'replace-pattern', place, ...pattern } as const;
    result.push({ title: 'Anchor and escape the pattern', preferred: true, repair });
  }
  if (entry.kind === 'match' && entry.test.kind === 'inside') {
    const texts = entry.test.text.split(/[\s,;|]+/).filter((text) => text !== '');
    if (texts.every(parseOrigin)) {
      const repair = { kind: 'replace-with-list', place, texts } as const;
      result.push({ title: 'Compare with a list of origins', preferred: true, repair });
    }
  }
  return result;
}
