import { describe, expect, it } from 'vitest';
import { place, response, subject } from '../../../test/harness/madeEndpoint';
import { openBrowser } from './browser';
import type { Caller } from './caller';
import type { Endpoint } from './endpoint';
import { callersOf, neededBy, pagesOf, refusedPreflights } from './preflightFault';

const O = 'Access-Control-Allow-Origin';
const M = 'Access-Control-Allow-Methods';
const H = 'Access-Control-Allow-Headers';

const caller = (changes: Partial<Caller> = {}): Caller => ({
  place: place(),
  method: 'PUT',
  scheme: 'https',
  path: '/items',
  headers: [],
  credentials: false,
  reads: [],
  when: [],
  ...changes,
});

/** An endpoint for PUT whose preflights all get the same answer, and what the pages that call it are refused for. */
function refusals(preflight: ReturnType<typeof response>, callers: readonly Caller[], changes: Partial<Endpoint> = {}) {
  const { endpoint } = subject(
    ({ method }) => (method === 'OPTIONS' ? preflight : response({ [O]: 'https://a.com' })),
    { methods: ['PUT'], ...changes },
  );
  const browser = openBrowser(endpoint, callers);
  return { browser, all: refusedPreflights(browser) };
}

const open = { [O]: 'https://a.com' };
const sometimes = caller({ when: ['VITE_API is unset', 'PORT is unset'] });

describe('the same fault of a plain call and of a page that calls in circumstances', () => {
  it.each([
    ['unanswered', response({}, { status: 404 })],
    ['redirect', response(open, { status: 301 })],
    ['incomplete', response(open, { kind: 'preflight' })],
    ['method', response({ ...open, [M]: 'PATCH' })],
    ['gate', response({}, { status: 401, kind: 'authentication' })],
  ])('%s: is told without the circumstances, and the page is named', (fault, preflight) => {
    const { all } = refusals(preflight, [sometimes]);
    expect(all.map((refused) => [refused.fault, refused.exchange.when])).toEqual([[fault, []]]);
    expect(all[0]?.caller).toBeUndefined();
    expect(all.flatMap(callersOf).map((related) => related.place)).toEqual([sometimes.place]);
    expect(all.flatMap(pagesOf)).toEqual([sometimes]);
  });

  it('the page that always calls is the one that is told', () => {
    const always = caller();
    const { all } = refusals(response({}, { status: 404 }), [sometimes, always]);
    expect(all.map((refused) => [refused.caller, refused.exchange.when])).toEqual([[always, []]]);
  });

  it('of two pages the one with fewer circumstances', () => {
    const fewer = caller({ method: 'DELETE', when: ['PORT is unset'] });
    const { all } = refusals(response({ ...open, [M]: 'PUT' }), [caller({ ...fewer, when: sometimes.when }), fewer]);
    expect(all.map((refused) => refused.caller)).toEqual([fewer]);
  });

  it('what the pages send is needed, whichever call is told', () => {
    const page = caller({ ...sometimes, headers: [['X-Id', '1']] });
    const { browser, all } = refusals(response({}, { status: 404 }), [page]);
    expect(all.map((refused) => neededBy(browser, refused))).toEqual([{ methods: ['PUT'], headers: ['X-Id'] }]);
  });
});

describe('a fault that only the page shows stays with it', () => {
  it.each([
    ['a method', response({ ...open, [M]: 'PATCH' }), { ...sometimes, method: 'DELETE' }],
    ['a header', response({ ...open, [M]: 'PUT', [H]: 'X-B' }), { ...sometimes, headers: [['X-Id', '1']] as const }],
  ])('%s', (_, preflight, page) => {
    const { all } = refusals(preflight, [page], { requestHeaders: ['X-A'] });
    expect(all.map((refused) => [refused.caller, refused.exchange.when])).toContainEqual([page, page.when]);
  });

  it('although another answer is at fault for the plain call', () => {
    const slow = response({}, { status: 404, kind: 'not-found' });
    const { endpoint } = subject(
      ({ method, path }) => {
        if (method !== 'OPTIONS') return response(open);
        return path === '/items' ? slow : response({}, { status: 404, kind: 'not-found' });
      },
      { methods: ['PUT'] },
    );
    const page = caller({ ...sometimes, path: '/items/1' });
    expect(refusedPreflights(openBrowser(endpoint, [page])).map((refused) => refused.caller)).toEqual([page]);
  });
});

it('what a server only announces is no plainer', () => {
  const { all } = refusals(response({ ...open, [M]: 'PUT' }, { status: 404 }), [sometimes], { methods: undefined });
  expect(all.map(({ caller: page, announced }) => [page, announced])).toEqual([[sometimes, false]]);
});
