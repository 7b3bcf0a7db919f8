import type { Browser } from './browser';
import { meansCors } from './frontEnd';
import type { Place } from './place';
import { type CallerFact, callersFact } from './policyCallers';
import { credentialsFact, originsFact } from './policyOrigins';
import {
  exposedHeadersFact,
  maxAgeFact,
  methodsFact,
  preflightFact,
  requestHeadersFact,
  varyFact,
} from './policyPreflight';
import { whenWords } from './words';

/**
 * What an endpoint does for front ends of other origins, for people: plain data with the words to show. Hover, code
 * lens, report and command line say the same because they all read this.
 *
 * @typeParam At how the reader tells places: `Place` in the model, a location in the protocol, file and line in JSON
 */
export interface EffectivePolicy<At = Place> {
  /** Whether any answer has a CORS header or origins are checked: without that, absence means nothing. */
  readonly isForOthers: boolean;
  readonly origins: Fact<LetIn, At>;
  readonly credentials: Fact<Tristate, At>;
  readonly methods: Fact<Names, At>;
  readonly requestHeaders: Fact<Names, At>;
  readonly exposedHeaders: Fact<Names, At>;
  readonly preflight: Fact<PreflightAnswer, At>;
  readonly maxAge: Fact<MaxAge, At>;
  readonly vary: Fact<Names, At>;
  /** The calls that pages of the workspace make. Empty where none is known. */
  readonly callers: readonly Way<CallerFact, At>[];
}

/** One way where it is always so; several where it depends on circumstances. Never empty. */
export type Fact<Value, At = Place> = readonly Way<Value, At>[];

export interface Way<Value, At = Place> {
  readonly value: Value;
  /** For people, plain text without a full stop: "any origin", "GET, POST". */
  readonly words: string;
  /** The circumstances, each to finish "when …". Empty: always; among several ways: it cannot be told when. */
  readonly when: readonly string[];
  /** Where it is written; empty for what nobody wrote. */
  readonly at: readonly At[];
}

export type Tristate = 'yes' | 'no' | 'unknown';

/** Whose pages may read the answers. */
export type LetIn =
  /** `*`, or every origin sent back. Only the latter goes with credentials. */
  | { readonly kind: 'any'; readonly by: 'wildcard' | 'reflection' }
  /** Those of the list, and those that pass a check that is told in words. `null` is among `exact` as it is sent. */
  | { readonly kind: 'some'; readonly exact: readonly string[]; readonly patterns: readonly string[] }
  /** Only pages of the server's own origin. */
  | { readonly kind: 'none' }
  | { readonly kind: 'unknown'; readonly reason: string };

/** Names in a header's list, as written. */
export type Names =
  | { readonly kind: 'names'; readonly names: readonly string[] }
  /** `*`, or whatever the preflight asks for. */
  | { readonly kind: 'any' }
  | { readonly kind: 'unknown'; readonly reason: string };

export interface PreflightAnswer {
  /** Whether a preflight for the endpoint's own methods and headers passes. */
  readonly passes: Tristate;
  /** Null when it cannot be told. */
  readonly status: number | null;
  /** Who answers, to stand in a sentence: "cors()", "`return 204`". */
  readonly answeredBy: string;
  /** Why it does not pass; undefined when it does. */
  readonly reason?: string;
}

export type MaxAge =
  | { readonly kind: 'seconds'; readonly seconds: number }
  /** Not sent: browsers remember a preflight for 5 seconds. */
  | { readonly kind: 'default' }
  | { readonly kind: 'unknown'; readonly reason: string };

/** One line of the table that people see. */
export interface PolicyRow<At = Place> {
  readonly key: Exclude<keyof EffectivePolicy, 'isForOthers'>;
  /** "Origins", "Credentials", … */
  readonly label: string;
  /** All ways in one text: "https://a.example; any origin when DEBUG is set". */
  readonly words: string;
  readonly at: readonly At[];
}

/** Plays front ends against the endpoint of the browser, and says what it does for them. */
export function effectivePolicy(browser: Browser): EffectivePolicy {
  return {
    isForOthers: meansCors(browser),
    origins: originsFact(browser),
    credentials: credentialsFact(browser),
    methods: methodsFact(browser),
    requestHeaders: requestHeadersFact(browser),
    exposedHeaders: exposedHeadersFact(browser),
    preflight: preflightFact(browser),
    maxAge: maxAgeFact(browser),
    vary: varyFact(browser),
    callers: callersFact(browser),
  };
}

/** The same policy with its places told in another way. */
export function withPlaces<From, To>(policy: EffectivePolicy<From>, tell: (at: From) => To): EffectivePolicy<To> {
  const fact = <Value>(ways: Fact<Value, From>): Fact<Value, To> =>
    ways.map((way) => ({ ...way, at: way.at.map(tell) }));
  return {
    isForOthers: policy.isForOthers,
    origins: fact(policy.origins),
    credentials: fact(policy.credentials),
    methods: fact(policy.methods),
    requestHeaders: fact(policy.requestHeaders),
    exposedHeaders: fact(policy.exposedHeaders),
    preflight: fact(policy.preflight),
    maxAge: fact(policy.maxAge),
    vary: fact(policy.vary),
    callers: fact(policy.callers),
  };
}

const LABELS: readonly (readonly [PolicyRow['key'], string])[] = [
  ['origins', 'Origins'],
  ['credentials', 'Credentials'],
  ['methods', 'Methods'],
  ['requestHeaders', 'Request headers'],
  ['exposedHeaders', 'Exposed headers'],
  ['preflight', 'Preflight'],
  ['maxAge', 'Preflight remembered'],
  ['vary', 'Vary'],
  ['callers', 'Called by pages'],
];

/** The policy as the lines of a table; of an endpoint that is not for other origins the first line says
 * all, unless pages call it all the same. */
export function policyRows<At>(policy: EffectivePolicy<At>): PolicyRow<At>[] {
  const labels = policy.isForOthers ? LABELS : LABELS.filter(([key]) => key === 'origins' || key === 'callers');
  const known = labels.filter(([key]) => policy[key].length > 0);
  return known.map(([key, label]) => ({
    key,
    label,
    words: key === 'callers' ? callerWords(policy.callers) : factWords(policy[key]),
    at: policy[key].flatMap((way) => way.at),
  }));
}

/** One line: "any origin (*) · no credentials · GET, PUT · preflight: 204 by cors()". */
export function policySummary(policy: EffectivePolicy<unknown>): string {
  if (!policy.isForOthers) return 'nothing for other origins';
  const credentials = factWords(policy.credentials);
  const answered = policy.preflight.map(({ value }) => value);
  const preflight = answered.every((each) => each.passes === 'yes')
    ? `preflight ${[...new Set(answered.map(({ status }) => status ?? 'answered'))].join(' or ')}`
    : answered.every((each) => each.passes === 'no')
      ? 'preflight fails'
      : 'preflight not certain';
  return [
    factWords(policy.origins),
    credentials === 'yes' ? 'credentials' : credentials.startsWith('no') ? 'no credentials' : 'perhaps credentials',
    factWords(policy.methods),
    preflight,
  ].join(' · ');
}

function factWords(ways: Fact<unknown, unknown>): string {
  if (ways.length === 1) return ways[0]?.words ?? '';
  return ways
    .map(({ words, when }) => (when.length === 0 ? `${words} in some cases` : `${words}${whenWords(when)}`))
    .join('; ');
}

function callerWords(ways: EffectivePolicy<unknown>['callers']): string {
  return [...new Set(ways.map(({ words, when }) => `${words}${whenWords(when)}`))].join('; ');
}
