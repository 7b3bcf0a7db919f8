import type { Exchange } from '../../cors/browser';
import type { Endpoint } from '../../cors/endpoint';
import { frontEndOf } from '../../cors/frontEnd';
import { get, linesOf } from '../../cors/headerList';
import { admitsEveryone, UNRELATED_ORIGINS } from '../../cors/hostile';
import { findEntry, knownExchange } from '../../cors/known';
import { ALLOW_ORIGIN } from '../../cors/names';
import type { Place } from '../../cors/place';
import { PLACEHOLDER_ORIGIN } from '../../cors/repair';
import type { ResolvedResponse } from '../../cors/resolve';
import { isDevelopment, whenWords } from '../../cors/words';
import { endpointRule } from '../../lint/defineRule';
import type { Severity } from '../../lint/types';

interface Data {
  readonly endpoint: Endpoint;
  readonly place: Place;
  /** What reflects, in the user's words. */
  readonly how: string | undefined;
  readonly origin: string;
  readonly credentials: boolean;
  readonly when: readonly string[];
}

export const rule = endpointRule<Data>({
  meta: {
    id: 'reflected-origin',
    title: 'Any origin is sent back as allowed',
    severity: 'warning',
    category: 'insecure',
    tags: ['origin', 'credentials'],
    cwe: 'CWE-942',
    reference: 'https://fetch.spec.whatwg.org/#cors-protocol-and-credentials',
  },
  check({ endpoint, browser }, report) {
    const { plain, origin: welcome } = frontEndOf(browser);
    const letIn = (credentials: boolean): Exchange | undefined => {
      const usual = browser.fetch(plain(welcome, credentials));
      const exchanges = UNRELATED_ORIGINS.map((origin) =>
        knownExchange(
          browser.fetch(plain(origin, credentials)),
          (exchange) => isReflected(exchange) && !isTurnedAway(exchange, usual),
        ),
      );
      return exchanges.includes(undefined) ? undefined : exchanges[0];
    };
    const exchange = (endpoint.ignoresCredentials ? undefined : letIn(true)) ?? letIn(false);
    if (!exchange) return;
    const { credentials, origin } = exchange.call;
    const { when } = exchange;
    const sent = linesOf(exchange.actual.response, ALLOW_ORIGIN)[0]?.valuePlace;
    const entry = findEntry(endpoint.policies, (each) => admitsEveryone(each) && each.place.file === sent?.file);
    const place = entry?.place ?? sent;
    if (!place) return;
    report({
      place,
      data: { endpoint, place, how: entry?.kind === 'any' ? entry.how : undefined, origin, credentials, when },
      severity: severity(credentials, when),
      exchange,
    });
  },
  message: ({ how, origin, credentials, when }) =>
    `${how === undefined ? 'Every origin is sent back as allowed' : `${capital(how)} sends every origin back as allowed`}${whenWords(when)}: a page at ${origin} can read the response${credentials ? " with the visitor's cookies" : ''}. Check the origin against a list.`,
  fixes: ({ endpoint, place }) => [
    {
      title: 'Let in only a list of origins',
      preferred: false,
      repair: { kind: 'allow-list', endpoint, place, origins: [PLACEHOLDER_ORIGIN] },
    },
  ],
});

function isReflected({ verdict, actual, call }: Exchange): boolean {
  const got = get(actual.response, ALLOW_ORIGIN);
  return verdict.result === 'allowed' && got.kind === 'value' && got.text === call.origin;
}

/** A gate answers strangers with an error, which holds nothing to read, and others without one. */
function isTurnedAway({ actual }: Exchange, usual: readonly Exchange[]): boolean {
  return isError(actual.response) && !usual.some((exchange) => isError(exchange.actual.response));
}

function isError({ status }: ResolvedResponse): boolean {
  return status !== undefined && status >= 400;
}

function severity(credentials: boolean, when: readonly string[]): Severity {
  if (isDevelopment(when) || (!credentials && when.some(asksForEveryone))) return 'info';
  return credentials && when.length === 0 ? 'error' : 'warning';
}

/** Whether a circumstance is a setting that says `*`: whoever sets it so means what it says. */
function asksForEveryone(words: string): boolean {
  return /(?: is '\*'|\((['"`])\*\1\)` is (?:true|not -1))$/.test(words);
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
