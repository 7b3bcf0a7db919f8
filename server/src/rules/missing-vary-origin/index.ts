import type { Browser, Exchange } from '../../cors/browser';
import { actualRequest } from '../../cors/call';
import type { Endpoint } from '../../cors/endpoint';
import { frontEndOf } from '../../cors/frontEnd';
import { get, linesOf } from '../../cors/headerList';
import { UNRELATED_ORIGINS } from '../../cors/hostile';
import { knownExchange } from '../../cors/known';
import { ALLOW_ORIGIN, VARY } from '../../cors/names';
import type { Place } from '../../cors/place';
import type { ResolvedResponse } from '../../cors/resolve';
import { whenWords } from '../../cors/words';
import { endpointRule } from '../../lint/defineRule';

interface Data {
  readonly endpoint: Endpoint;
  readonly near: Place;
  /** Whether only responses to other origins lack it. */
  readonly refusedOnly: boolean;
  readonly when: readonly string[];
}

export const rule = endpointRule<Data>({
  meta: {
    id: 'missing-vary-origin',
    title: 'A response that depends on the origin, without `Vary: Origin`',
    severity: 'warning',
    category: 'fragile',
    tags: ['vary', 'cache'],
    cwe: 'CWE-524',
    reference: 'https://fetch.spec.whatwg.org/#cors-protocol-and-http-caches',
  },
  check({ endpoint, browser }, report) {
    const { method } = frontEndOf(browser).plain('');
    if (method !== 'GET' && method !== 'HEAD') return;
    const admitted = admittedExchange(browser);
    const line = admitted && linesOf(admitted.actual.response, ALLOW_ORIGIN)[0];
    if (!admitted || !line || !dependsOnOrigin(browser, admitted)) return;
    const lacking = lacksVary(admitted.actual.response);
    if (!lacking && (ownVary(admitted.actual.response) || !refusedLacksVary(browser, admitted))) return;
    report({
      place: within(line.header.value.place, line.header.place) ? line.header.value.place : line.header.place,
      data: { endpoint, near: line.header.place, refusedOnly: !lacking, when: admitted.when },
      exchange: admitted,
    });
  },
  message: ({ refusedOnly, when }) =>
    `Access-Control-Allow-Origin depends on the request's origin, and ${refusedOnly ? 'responses to other origins go' : 'the response goes'} out without Vary: Origin${whenWords(when)}: a cache can hand one origin's response to another, which the browser then refuses. Add Vary: Origin to every response.`,
  fixes: ({ endpoint, near }) => [
    { title: 'Add Vary: Origin', preferred: true, repair: { kind: 'vary-origin', endpoint, near } },
  ],
});

/** A response that lets its page in by name, and that a cache may keep. */
function admittedExchange(browser: Browser): Exchange | undefined {
  const { plain, origin } = frontEndOf(browser);
  const exchanges = [origin, UNRELATED_ORIGINS[0]].flatMap((each) => {
    const found = knownExchange(browser.fetch(plain(each)), ({ actual, call }) => {
      const got = get(actual.response, ALLOW_ORIGIN);
      return got.kind === 'value' && got.text === call.origin;
    });
    return found ? [found] : [];
  });
  return exchanges.find(({ actual }) => !isNotStored(actual.response));
}

/** Whether a page of another origin, in the same circumstances, certainly gets another value or none. */
function dependsOnOrigin(browser: Browser, admitted: Exchange): boolean {
  return others(browser, admitted).some((response) => {
    const got = get(response, ALLOW_ORIGIN);
    return got.kind === 'absent' || (got.kind === 'value' && got.text !== admitted.call.origin);
  });
}

function refusedLacksVary(browser: Browser, admitted: Exchange): boolean {
  return others(browser, admitted).some((response) => lacksVary(response) && !isNotStored(response));
}

/** The responses to other origins and to none, in the same circumstances. */
function others(browser: Browser, admitted: Exchange): ResolvedResponse[] {
  const { call, when, actual } = admitted;
  const request = actualRequest(call);
  return [...UNRELATED_ORIGINS, undefined]
    .filter((origin) => origin !== call.origin)
    .flatMap((origin) => browser.send({ ...request, origin }))
    .filter((response) => response.when.join() === when.join() && response.status === actual.response.status);
}

/** A value may be written elsewhere, as in a `map`. */
function within(inner: Place, outer: Place): boolean {
  return inner.file === outer.file && inner.start >= outer.start && inner.end <= outer.end;
}

function lacksVary(response: ResolvedResponse): boolean {
  const got = get(response, VARY);
  return got.kind === 'absent' || (got.kind === 'value' && !/(?:^|,)\s*(?:origin|\*)\s*(?:,|$)/i.test(got.text));
}

/** A library that sends Vary by itself knows when. */
function ownVary(response: ResolvedResponse): boolean {
  return linesOf(response, VARY).some(({ header }) => header.implied === true);
}

function isNotStored(response: ResolvedResponse): boolean {
  const got = get(response, 'cache-control');
  return got.kind === 'value' && /\bno-store\b/i.test(got.text);
}
