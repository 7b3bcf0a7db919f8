import { entryAdmits } from '../../cors/admits';
import type { Endpoint } from '../../cors/endpoint';
import { frontEndOf } from '../../cors/frontEnd';
import { get } from '../../cors/headerList';
import { UNRELATED_ORIGINS } from '../../cors/hostile';
import { findEntry, knownExchange } from '../../cors/known';
import { ALLOW_ORIGIN } from '../../cors/names';
import { OPAQUE_ORIGIN } from '../../cors/origin';
import type { Place } from '../../cors/place';
import { isDevelopment, whenWords } from '../../cors/words';
import { endpointRule } from '../../lint/defineRule';

interface Data {
  readonly endpoint: Endpoint;
  /** The setting to take out, where that is all it takes. */
  readonly removable: Place | undefined;
  readonly credentials: boolean;
  readonly when: readonly string[];
}

export const rule = endpointRule<Data>({
  meta: {
    id: 'null-origin',
    title: 'The origin `null` is let in',
    severity: 'warning',
    category: 'insecure',
    tags: ['origin', 'null'],
    cwe: 'CWE-942',
    reference: 'https://html.spec.whatwg.org/multipage/browsers.html#ascii-serialisation-of-an-origin',
  },
  check({ endpoint, browser }, report) {
    const { plain } = frontEndOf(browser);
    const entered = (origin: string, credentials: boolean) =>
      knownExchange(browser.fetch(plain(origin, credentials)), ({ verdict, actual }) => {
        const got = get(actual.response, ALLOW_ORIGIN);
        return verdict.result === 'allowed' && got.kind === 'value' && got.text === origin;
      });
    const exchange =
      (endpoint.ignoresCredentials ? undefined : entered(OPAQUE_ORIGIN, true)) ?? entered(OPAQUE_ORIGIN, false);
    // Where everyone gets in, `null` is the least of it.
    if (!exchange || UNRELATED_ORIGINS.every((origin) => entered(origin, false))) return;
    const header = get(exchange.actual.response, ALLOW_ORIGIN);
    const constant = header.kind === 'value' ? header.headers[0] : undefined;
    const entry = findEntry(endpoint.policies, (each) => entryAdmits(each, OPAQUE_ORIGIN) === 'yes');
    const place = entry?.place ?? constant?.valuePlace;
    if (!place) return;
    const { when } = exchange;
    const { credentials } = exchange.call;
    report({
      place,
      data: { endpoint, removable: entry ? exactPlace(entry) : constant?.header.place, credentials, when },
      severity: isDevelopment(when) ? 'info' : credentials && when.length === 0 ? 'error' : 'warning',
      exchange,
    });
  },
  message: ({ credentials, when }) =>
    `The origin \`null\` is let in${whenWords(when)}: any site can send it from a sandboxed frame and read the response${credentials ? " with the visitor's cookies" : ''}. Take it out.`,
  fixes: ({ removable }) =>
    removable ? [{ title: 'Do not let `null` in', preferred: true, repair: { kind: 'remove', place: removable } }] : [],
});

function exactPlace(entry: { readonly kind: string; readonly place: Place }): Place | undefined {
  return entry.kind === 'exact' ? entry.place : undefined;
}
