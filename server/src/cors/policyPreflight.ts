import type { Browser } from './browser';
import { type Call, needsPreflight, preflightRequest } from './call';
import type { Fact, MaxAge, Names, PreflightAnswer } from './effectivePolicy';
import { frontEndOf } from './frontEnd';
import { type Got, get, listItems } from './headerList';
import { ALLOW_HEADERS, ALLOW_METHODS, EXPOSE_HEADERS, MAX_AGE, SAFELISTED_METHODS, VARY } from './names';
import type { Place } from './place';
import { shortList } from './policyOrigins';
import { type Reading, waysOf } from './policyWays';
import { preflightCheck } from './preflight';
import type { ResolvedResponse } from './resolve';

/** A header that no list has by chance: who lets it pass lets any pass. */
const NOBODYS_HEADER = 'X-Cors-Lint-Probe';
const NOBODYS_METHOD = 'PROBE';

/** Methods that front ends use, for endpoints that do not say what they serve. */
const USUAL_METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'];

/** The methods of the endpoint that a page of another origin can use. */
export function methodsFact(browser: Browser): Fact<Names> {
  const { methods } = browser.endpoint;
  const wanted = methods ?? USUAL_METHODS;
  const asked = (method: string) => preflights(browser, { method });
  const unsafe = wanted.filter((method) => !SAFELISTED_METHODS.has(method));
  const safe = wanted.filter((method) => SAFELISTED_METHODS.has(method));
  const any = methods === undefined && asked(NOBODYS_METHOD).every((one) => passes(one, NOBODYS_METHOD) === 'yes');
  const [probe = 'GET'] = unsafe;
  return waysOf(asked(probe), (response): Reading<Names> => {
    const at = placesOf(get(response, ALLOW_METHODS));
    if (any) return { value: { kind: 'any' }, words: 'any', at };
    const alike = (method: string) => {
      const all = asked(method);
      return all.find(({ when }) => when.join('\0') === response.when.join('\0')) ?? all[0] ?? response;
    };
    const judged = unsafe.map((method) => [method, passes(alike(method), method)] as const);
    const of = (wish: string) => judged.flatMap(([method, result]) => (result === wish ? [method] : []));
    const usable = wanted.filter((method) => safe.includes(method) || of('yes').includes(method));
    const perhaps = of('unknown').length > 0 ? [`perhaps ${of('unknown').join(', ')}`] : [];
    const refused = methods !== undefined && of('no').length > 0 ? [`not ${of('no').join(', ')}`] : [];
    const words = [usable.length > 0 ? shortList(usable) : 'none', ...perhaps, ...refused].join('; ');
    return { value: { kind: 'names', names: usable }, words, at };
  });
}

function passes(response: ResolvedResponse, method: string): 'yes' | 'no' | 'unknown' {
  const { status } = response;
  if (status !== undefined && (status < 200 || status > 299)) return 'no';
  const got = get(response, ALLOW_METHODS);
  if (got.kind === 'unknown') return 'unknown';
  const names = got.kind === 'absent' ? [] : (listItems(got.text) ?? []);
  return names.includes(method) || names.includes('*') ? 'yes' : 'no';
}

/** The headers that a page may set on its calls, beyond those that need no permission. */
export function requestHeadersFact(browser: Browser): Fact<Names> {
  const answers = preflights(browser, { headers: [[NOBODYS_HEADER, '1']] });
  return waysOf(answers, (response) => {
    const { status } = response;
    if (status !== undefined && (status < 200 || status > 299)) return NO_NAMES;
    return namesReading(get(response, ALLOW_HEADERS), 'none beyond the usual', (names) =>
      names.some((name) => name === '*' || name.toLowerCase() === NOBODYS_HEADER.toLowerCase()),
    );
  });
}

const NO_NAMES: Reading<Names> = { value: { kind: 'names', names: [] }, words: 'none beyond the usual', at: [] };

/** The headers of the answer that a page may read, beyond those that need no permission. */
export function exposedHeadersFact(browser: Browser): Fact<Names> {
  return waysOf(answers(browser), (response) =>
    namesReading(get(response, EXPOSE_HEADERS), 'none beyond the usual', (names) => names.includes('*')),
  );
}

export function varyFact(browser: Browser): Fact<Names> {
  return waysOf(answers(browser), (response) =>
    namesReading(get(response, VARY), 'none', (names) => names.includes('*')),
  );
}

function answers(browser: Browser): ResolvedResponse[] {
  const front = frontEndOf(browser);
  return browser.fetch(front.plain(front.origin)).map(({ actual }) => actual.response);
}

function namesReading(got: Got, none: string, isAny: (names: readonly string[]) => boolean): Reading<Names> {
  const at = placesOf(got);
  if (got.kind === 'unknown') {
    return { value: { kind: 'unknown', reason: got.reason }, words: `cannot be told: ${got.reason}`, at };
  }
  const names = got.kind === 'absent' ? [] : (listItems(got.text) ?? []);
  if (isAny(names)) return { value: { kind: 'any' }, words: 'any', at };
  return { value: { kind: 'names', names }, words: names.length === 0 ? none : shortList(names), at };
}

/** How the endpoint answers the preflight of a call that it is for. */
export function preflightFact(browser: Browser): Fact<PreflightAnswer> {
  const call = preflightedCall(browser);
  return waysOf(browser.send(preflightRequest(call)), (response): Reading<PreflightAnswer> => {
    const { answeredBy } = response.source;
    const { result, reason } = preflightCheck(response, call);
    const known = { status: response.status ?? null, answeredBy: answeredBy.what };
    const at = [answeredBy.place];
    const by = `${response.status ?? 'an unknown status'} by ${answeredBy.what.replaceAll('`', '')}`;
    if (result === 'allowed') return { value: { passes: 'yes', ...known }, words: by, at };
    if (result === 'unknown') {
      return { value: { passes: 'unknown', ...known, reason }, words: `${by}; cannot be told whether it passes`, at };
    }
    return { value: { passes: 'no', ...known, reason }, words: `fails: ${reason}`, at };
  });
}

/** For how long a browser remembers the answer to a preflight. */
export function maxAgeFact(browser: Browser): Fact<MaxAge> {
  return waysOf(browser.send(preflightRequest(preflightedCall(browser))), (response): Reading<MaxAge> => {
    const got = get(response, MAX_AGE);
    const at = placesOf(got);
    if (got.kind === 'unknown') {
      return { value: { kind: 'unknown', reason: got.reason }, words: `cannot be told: ${got.reason}`, at };
    }
    const seconds = got.kind === 'value' && /^-?\d+$/.test(got.text) ? Number(got.text) : undefined;
    if (seconds === undefined) return { value: { kind: 'default' }, words: '5 seconds, the default', at };
    const capped = seconds > CHROMIUM_MOST ? `; Chromium keeps to ${CHROMIUM_MOST}` : '';
    return { value: { kind: 'seconds', seconds }, words: `${seconds} seconds${capped}`, at };
  });
}

/** Chromium's `kMaxPreflightCacheTimeout`, in seconds. */
const CHROMIUM_MOST = 7200;

function preflightedCall(browser: Browser): Call {
  const front = frontEndOf(browser);
  return [...front.calls, ...front.announced].find(needsPreflight) ?? front.plain(front.origin);
}

function preflights(browser: Browser, changes: Partial<Call>): readonly ResolvedResponse[] {
  const front = frontEndOf(browser);
  return browser.send(preflightRequest({ ...front.plain(front.origin), ...changes }));
}

function placesOf(got: Got): Place[] {
  return got.kind === 'absent' ? [] : got.headers.map(({ header }) => header.place);
}
