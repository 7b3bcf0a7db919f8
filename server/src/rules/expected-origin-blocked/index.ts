import type { Exchange } from '../../cors/browser';
import type { Endpoint } from '../../cors/endpoint';
import { frontEndOf, meansCors } from '../../cors/frontEnd';
import { linesOf } from '../../cors/headerList';
import { knownExchange } from '../../cors/known';
import { ALLOW_ORIGIN } from '../../cors/names';
import { parseOrigin } from '../../cors/origin';
import type { Place } from '../../cors/place';
import type { Repair } from '../../cors/repair';
import { and, isDevelopment, whenWords } from '../../cors/words';
import { endpointRule } from '../../lint/defineRule';
import type { Subject } from '../../lint/types';

interface Data {
  readonly endpoint: Endpoint;
  readonly method: string;
  /** The expected origins that are refused. */
  readonly refused: readonly string[];
  readonly admission: Admission | undefined;
  readonly when: readonly string[];
}

/** Where it is written who gets in, and one of those that do. */
interface Admission {
  readonly place: Place;
  readonly repair: (origins: readonly string[]) => Repair | undefined;
}

interface Refusal {
  readonly origin: string;
  readonly exchange: Exchange;
}

export const rule = endpointRule<Data>({
  meta: {
    id: 'expected-origin-blocked',
    title: "An origin of the project's own front end is refused",
    severity: 'error',
    category: 'broken',
    tags: ['origin'],
    reference: 'https://fetch.spec.whatwg.org/#concept-cors-check',
  },
  check(subject, report) {
    const { endpoint, browser, expectedOrigins } = subject;
    if (expectedOrigins.length === 0 || endpoint.partial !== undefined || !meansCors(browser)) return;
    const refusals = expectedOrigins.flatMap((origin) => refusalOf(subject, origin) ?? []);
    const [first] = refusals;
    if (first === undefined) return;
    const admission = admissionOf(subject);
    const { exchange } = first;
    report({
      place: admission?.place ?? endpoint.place,
      data: {
        endpoint,
        method: exchange.call.method,
        refused: refusals.map(({ origin }) => origin),
        admission,
        when: exchange.when,
      },
      severity: exchange.when.length > 0 ? 'warning' : 'error',
      exchange,
    });
  },
  message: ({ endpoint, method, refused, when }) =>
    `The configuration expects pages at ${and(refused)}, and ${method} ${endpoint.path} does not let ${refused.length === 1 ? 'it' : 'them'} in${whenWords(when)}: browsers keep the answer from ${refused.length === 1 ? 'that page' : 'those pages'}. Add ${refused.length === 1 ? 'it' : 'them'} here, or take ${refused.length === 1 ? 'it' : 'them'} out of \`origins\`.`,
  fixes({ refused, admission }) {
    const repair = admission?.repair(refused);
    return repair === undefined ? [] : [{ title: `Let ${and(refused)} in`, preferred: true, repair }];
  },
});

/** A call of the endpoint's own that fails from this origin for no other reason than the origin. */
function refusalOf({ browser }: Subject, origin: string): Refusal | undefined {
  const front = frontEndOf(browser);
  for (const call of front.calls) {
    const isOpen = browser.fetch(call).some(({ verdict }) => verdict.result === 'allowed');
    const exchange = isOpen ? knownExchange(browser.fetch({ ...call, origin }), isRefused) : undefined;
    if (exchange === undefined || (exchange.when.length > 0 && !isExpectedThen(origin, exchange.when))) continue;
    return { origin, exchange };
  }
  return undefined;
}

function isRefused({ verdict: { result, step } }: Exchange): boolean {
  return result === 'blocked' && (step === 'cors-check/no-allow-origin' || step === 'cors-check/other-origin');
}

/** A page on somebody's own machine is not meant to get in everywhere, nor another one during development. */
function isExpectedThen(origin: string, when: readonly string[]): boolean {
  return !isLocal(origin) && !isDevelopment(when);
}

function isLocal(origin: string): boolean {
  const host = parseOrigin(origin)?.host ?? '';
  return host === 'localhost' || host === '127.0.0.1' || host === '[::1]';
}

/** Where the endpoint names those that get in: a list, or the one origin that it sends. */
function admissionOf({ endpoint, browser }: Subject): Admission | undefined {
  const front = frontEndOf(browser);
  for (const { place, entries } of endpoint.policies) {
    const last = entries.findLast((entry) => entry.kind === 'exact');
    if (last?.kind !== 'exact') continue;
    const text = last.text;
    return {
      place,
      repair: (origins) => ({ kind: 'replace-with-list', place: last.place, texts: [text, ...origins] }),
    };
  }
  const line = browser
    .fetch(front.plain(front.origin))
    .flatMap(({ actual }) => linesOf(actual.response, ALLOW_ORIGIN))
    .find(({ text }) => text === front.origin);
  const [policy] = endpoint.policies;
  if (line === undefined) return policy && { place: policy.place, repair: () => undefined };
  const { header, valuePlace, text } = line;
  return {
    place: policy?.place ?? valuePlace,
    repair: (origins) =>
      policy === undefined && text !== undefined
        ? { kind: 'allow-list', endpoint, place: header.place, origins: [text, ...origins] }
        : undefined,
  };
}
