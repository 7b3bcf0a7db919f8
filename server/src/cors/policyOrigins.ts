import type { Browser, Exchange } from './browser';
import { type Certainty, certainty, some } from './certainty';
import type { Fact, LetIn, Tristate } from './effectivePolicy';
import { type FrontEnd, frontEndOf } from './frontEnd';
import { get } from './headerList';
import { UNRELATED_ORIGINS } from './hostile';
import { ALLOW_CREDENTIALS, ALLOW_ORIGIN } from './names';
import { OPAQUE_ORIGIN, parseOrigin } from './origin';
import { entryWords } from './originWords';
import type { Place } from './place';
import type { OriginEntry } from './policy';
import { type Reading, waysOf } from './policyWays';
import { sampleOrigins } from './sample';

/** Whose pages the endpoint lets read its answers: found by playing strangers, then each origin that is configured. */
export function originsFact(browser: Browser): Fact<LetIn> {
  const front = frontEndOf(browser);
  const [stranger, other] = UNRELATED_ORIGINS;
  const letsOtherIn = browser.fetch(front.plain(other)).some((exchange) => sentBack(exchange, other));
  return waysOf(browser.fetch(front.plain(stranger)), (exchange) => {
    const got = get(exchange.actual.response, ALLOW_ORIGIN);
    const at = got.kind === 'absent' ? [] : got.headers.map(({ valuePlace }) => valuePlace);
    if (got.kind === 'value' && got.text === '*') {
      return { value: { kind: 'any', by: 'wildcard' }, words: 'any origin (*)', at };
    }
    if (letsOtherIn && sentBack(exchange, stranger)) {
      return { value: { kind: 'any', by: 'reflection' }, words: 'any origin, sent back as it came', at };
    }
    const listed = listedOrigins(browser, front, exchange);
    if (got.kind === 'unknown' && !listed.isListed) {
      return { value: { kind: 'unknown', reason: got.reason }, words: `cannot be told: ${got.reason}`, at };
    }
    return listed.reading;
  });
}

function sentBack({ actual }: Exchange, origin: string): boolean {
  const got = get(actual.response, ALLOW_ORIGIN);
  return got.kind === 'value' && got.text === origin;
}

/** Origins that are written somewhere for this endpoint and get in, in the circumstances of the exchange. */
function listedOrigins(browser: Browser, front: FrontEnd, exchange: Exchange) {
  const exact: string[] = [];
  const patterns: string[] = [];
  const at: Place[] = [];
  const getsIn = (origin: string): boolean => letsIn(browser, front, origin, exchange.when) !== 'no';
  const entries = browser.endpoint.policies.flatMap((policy) => policy.entries);
  for (const entry of entries) {
    if (entry.kind === 'any' || !mayGetIn(entry, getsIn)) continue;
    const list = entry.kind === 'exact' ? exact : patterns;
    const words = entryWords(entry);
    if (list.includes(words)) continue;
    list.push(words);
    at.push(entry.place);
  }
  const got = get(exchange.actual.response, ALLOW_ORIGIN);
  if (got.kind === 'value' && parseOrigin(got.text) && !exact.includes(got.text) && getsIn(got.text)) {
    exact.push(got.text);
    at.push(...got.headers.map(({ valuePlace }) => valuePlace));
  }
  const opaque = letsIn(browser, front, OPAQUE_ORIGIN, exchange.when);
  if (!exact.includes(OPAQUE_ORIGIN) && opaque === 'yes') exact.push(OPAQUE_ORIGIN);
  const isListed = exact.length + patterns.length > 0;
  const reading: Reading<LetIn> = isListed
    ? { value: { kind: 'some', exact, patterns }, words: shortList([...exact, ...patterns]), at }
    : { value: { kind: 'none' }, words: 'no other origin', at };
  return { isListed, reading };
}

/** What has no origin to try it with may get in; what has one is tried. */
function mayGetIn(entry: OriginEntry, getsIn: (origin: string) => boolean): boolean {
  if (entry.kind === 'exact') return parseOrigin(entry.text) !== undefined && getsIn(entry.text);
  const [sample] = sampleOrigins(entry);
  return sample === undefined || getsIn(sample);
}

function letsIn(browser: Browser, front: FrontEnd, origin: string, when: readonly string[]): Certainty {
  const exchanges = browser.fetch(front.plain(origin));
  const alike = exchanges.filter((exchange) => exchange.when.join('\0') === when.join('\0'));
  return some(
    (alike.length > 0 ? alike : exchanges).map(({ actual }) => {
      const got = get(actual.response, ALLOW_ORIGIN);
      return got.kind === 'unknown' ? 'unknown' : certainty(got.kind === 'value' && got.text === origin);
    }),
  );
}

/** More names than this are counted, not listed. */
const MOST_LISTED = 6;

/** "a, b, c", or "a, b, … and 12 more". */
export function shortList(names: readonly string[]): string {
  if (names.length <= MOST_LISTED) return names.join(', ');
  return `${names.slice(0, MOST_LISTED - 1).join(', ')} and ${names.length - MOST_LISTED + 1} more`;
}

/** Whether pages may send cookies along and still read the answer. */
export function credentialsFact(browser: Browser): Fact<Tristate> {
  const front = frontEndOf(browser);
  return waysOf(browser.fetch(front.plain(front.origin, true)), ({ actual }) => {
    const allowed = get(actual.response, ALLOW_CREDENTIALS);
    const at = allowed.kind === 'absent' ? [] : allowed.headers.map(({ valuePlace }) => valuePlace);
    if (allowed.kind === 'absent') return { value: 'no', words: 'no', at };
    if (allowed.kind === 'unknown') return { value: 'unknown', words: `cannot be told: ${allowed.reason}`, at };
    if (allowed.text !== 'true') return { value: 'no', words: `no: "${allowed.text}" is not "true"`, at };
    const origin = get(actual.response, ALLOW_ORIGIN);
    if (origin.kind === 'absent') return { value: 'no', words: 'no: no origin is let in', at };
    if (origin.kind === 'value' && origin.text === '*') {
      return { value: 'no', words: 'no: browsers do not take * for calls with credentials', at };
    }
    return { value: 'yes', words: 'yes', at };
  });
}
