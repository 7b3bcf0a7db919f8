import type { Exchange } from '../../cors/browser';
import { type Call, needsPreflight } from '../../cors/call';
import type { Endpoint } from '../../cors/endpoint';
import { frontEndOf, preflightNeeds, withCredentials } from '../../cors/frontEnd';
import { get, listItems } from '../../cors/headerList';
import { knownExchange } from '../../cors/known';
import { ALLOW_CREDENTIALS, ALLOW_HEADERS, ALLOW_METHODS, ALLOW_ORIGIN, EXPOSE_HEADERS } from '../../cors/names';
import type { ResolvedHeader, ResolvedResponse } from '../../cors/resolve';
import { whenWords } from '../../cors/words';
import { endpointRule } from '../../lint/defineRule';

interface Data {
  readonly header: ResolvedHeader;
  readonly names: readonly string[];
  readonly when: readonly string[];
}

const LISTS = [ALLOW_METHODS, ALLOW_HEADERS, EXPOSE_HEADERS];

export const rule = endpointRule<Data>({
  meta: {
    id: 'wildcard-list-with-credentials',
    title: '`*` in a list together with credentials',
    severity: 'warning',
    category: 'broken',
    tags: ['credentials', 'methods', 'headers'],
    reference: 'https://fetch.spec.whatwg.org/#cors-protocol-and-credentials',
  },
  check({ endpoint, browser }, report) {
    const front = frontEndOf(browser);
    const blamed = new Set<string>();
    const plain = front.plain(front.origin);
    // With a header and a method of the page's own, so that there is a preflight to look at.
    const custom: Call = { ...plain, headers: [['X-Requested-With', 'XMLHttpRequest']] };
    const put: Call[] = endpoint.methods === undefined ? [{ ...plain, method: 'PUT' }] : [];
    for (const call of [...front.calls.filter(needsPreflight), ...put, custom, plain].map(withCredentials)) {
      for (const name of LISTS) {
        const exchange = knownExchange(browser.fetch(call), (each) => readIn(each, name).some(wildcardIn(name)));
        const header = exchange && readIn(exchange, name)[0]?.headers.find(isCalled(name));
        if (!exchange || !header || blamed.has(name)) continue;
        blamed.add(name);
        report({
          place: header.valuePlace,
          data: { header, names: namesFor(name, endpoint, front.calls), when: exchange.when },
          exchange,
        });
      }
    }
  },
  message: ({ header, when }) =>
    `With credentials, \`*\` in ${header.name} is the name of ${/methods/i.test(header.name) ? 'a method' : 'a header'} and no wildcard${whenWords(when)}: browsers ${/expose/i.test(header.name) ? 'hide the headers from the page' : 'refuse what is not listed by name'}. List what is meant.`,
  fixes: ({ header, names }) =>
    names.length === 0
      ? []
      : [
          {
            title: `Write \`${names.join(', ')}\``,
            preferred: true,
            repair: { kind: 'replace-value', place: header.valuePlace, text: names.join(', ') },
          },
        ],
});

/** The response that browsers read the list in: the preflight's for methods and headers, the request's for what is exposed. */
function readIn({ preflight, actual }: Exchange, name: string): readonly ResolvedResponse[] {
  if (name === EXPOSE_HEADERS) return [actual.response];
  return preflight === undefined ? [] : [preflight.response];
}

/** A response that lets credentials in from one origin, with `*` in that list. */
function wildcardIn(name: string): (response: ResolvedResponse) => boolean {
  return (response) => {
    const list = get(response, name);
    const origin = get(response, ALLOW_ORIGIN);
    const credentials = get(response, ALLOW_CREDENTIALS);
    return (
      list.kind === 'value' &&
      list.headers.length === 1 &&
      (listItems(list.text)?.includes('*') ?? false) &&
      credentials.kind === 'value' &&
      credentials.text === 'true' &&
      origin.kind === 'value' &&
      origin.text !== '*'
    );
  };
}

function isCalled(name: string): (header: ResolvedHeader) => boolean {
  return (header) => header.name.toLowerCase() === name;
}

function namesFor(name: string, endpoint: Endpoint, calls: Parameters<typeof preflightNeeds>[1]): readonly string[] {
  if (name === EXPOSE_HEADERS) return [];
  if (name === ALLOW_METHODS) return endpoint.methods ?? [];
  return preflightNeeds(endpoint, calls).headers;
}
