import { describe, expect, it } from 'vitest';
import { answerer, choice, header, literal, place, subject } from '../../../test/harness/madeEndpoint';
import { openBrowser, simpleCall } from './browser';
import { counterpart, type PlacePair } from './counterpart';
import type { Endpoint } from './endpoint';
import type { Request, Response } from './http';
import type { OriginPolicy } from './policy';

type Answer = (request: Request) => Response;

const HEADER = header('Access-Control-Allow-Origin', 'https://a.example');
const BY = answerer('handler');
const base: Response = { status: 200, answeredBy: BY, headers: [HEADER] };

/** What the comparison says of two endpoints, once the first was fetched from with and without credentials. */
function compare(a: Answer, b: Answer, changes: Partial<Endpoint> = {}): readonly PlacePair[] | undefined {
  const known = subject(a, { path: '/a' });
  for (const credentials of [false, true])
    known.browser.fetch(simpleCall(known.endpoint, 'https://a.example', { credentials, method: 'PUT' }));
  expect(known.browser.asked.length).toBeGreaterThan(0);
  const other = subject(b, { path: '/b', ...changes });
  return counterpart(known.browser, known.browser.asked, other.browser);
}

const policy = (text: string): OriginPolicy => {
  const at = place();
  return { place: at, entries: [{ kind: 'exact', text, place: at }] };
};
const many = (): OriginPolicy => ({
  place: place(),
  entries: Array.from({ length: 500 }, () => ({ kind: 'exact', text: 'a', place: place() })),
});
const admits = (of: OriginPolicy) =>
  choice([
    { kind: 'origin-admitted', policy: of },
    { kind: 'request-origin', place: of.place },
  ]);
const answer = (of: Partial<Response>) => (): Response => ({ ...base, ...of });
const respond = (): Response => base;

describe('counterpart', () => {
  it('tells the places that differ', () => {
    const there = answerer('handler');
    expect(compare(respond, answer({ answeredBy: there }))?.map(({ here, there: to }) => [here, to])).toEqual([
      [expect.anything(), expect.anything()],
      [BY.place, there.place],
    ]);
  });

  it.each<[string, Answer, Answer, Partial<Endpoint>?]>([
    ['the path', respond, respond],
    ['words', respond, answer({ headers: [{ ...HEADER, layer: 'another' }], answeredBy: { ...BY, what: 'another' } })],
    ['where a header is set', respond, answer({ headers: [{ ...HEADER, place: place() }] })],
    [
      'where a policy stands',
      answer({ headers: [header('A', admits(policy('a')))] }),
      answer({ headers: [header('A', admits(policy('a')))] }),
    ],
    [
      'what it looks at, as long as that is less',
      ({ method }) => ({ ...base, status: method === '' ? 1 : 200 }),
      respond,
    ],
  ])('overlooks %s', (_, a, b, changes) => {
    expect(compare(a, b, changes)).toBeDefined();
  });

  it.each<[string, Answer, Answer, Partial<Endpoint>?]>([
    ['the status', respond, answer({ status: 404 })],
    ['the status of a preflight', respond, ({ method }) => ({ ...base, status: method === 'OPTIONS' ? 204 : 200 })],
    ['who answers', respond, answer({ answeredBy: { ...BY, kind: 'error' } })],
    ['a value', respond, answer({ headers: [{ ...HEADER, value: literal('*') }] })],
    [
      'the kind of a value',
      respond,
      answer({ headers: [{ ...HEADER, value: { kind: 'absent', place: HEADER.value.place } }] }),
    ],
    ['how many headers there are', respond, answer({ headers: [HEADER, HEADER] })],
    ['the circumstances', respond, answer({ when: 'A is set' })],
    ['what is assumed', answer({ assumes: new Map([['A', true]]) }), answer({ assumes: new Map([['A', false]]) })],
    ['that it is open', respond, answer({ open: 'an upstream' })],
    [
      'a policy',
      answer({ headers: [header('A', admits(policy('a')))] }),
      answer({ headers: [header('A', admits(policy('b')))] }),
    ],
    ['its own policies', respond, respond, { policies: [policy('a')] }],
    ['its methods', respond, respond, { methods: ['PUT'] }],
    ['the headers that it needs', respond, respond, { requestHeaders: ['Authorization'] }],
    ['that it is seen in part', respond, respond, { partial: 'its app is elsewhere' }],
    ['the platform', respond, respond, { platform: 'other' }],
    [
      'that it looks at more',
      respond,
      ({ origin }) => ({ ...base, status: origin === 'https://b.example' ? 404 : 200 }),
    ],
    ['that two places are one', respond, answer({ headers: [{ ...HEADER, place: BY.place }] })],
    [
      'that a place lies in another',
      respond,
      answer({ headers: [{ ...HEADER, place: { ...BY.place, end: BY.place.end - 1 } }] }),
    ],
  ])('sees %s', (_, a, b, changes) => {
    expect(compare(a, b, changes)).toBeUndefined();
  });

  it('gives up where there are very many places to keep apart', () => {
    const policies = [many()];
    const known = subject(respond, { path: '/a', policies });
    expect(counterpart(known.browser, [], subject(respond, { path: '/b', policies }).browser)).toBeUndefined();
    expect(
      counterpart(known.browser, [], subject(respond, { path: '/b', policies: [many()] }).browser),
    ).toBeUndefined();
  });

  it('says nothing of endpoints that were asked for another path', () => {
    const known = subject(respond, { path: '/a' });
    known.browser.send({ ...simpleRequest, path: '/elsewhere' });
    expect(counterpart(known.browser, known.browser.asked, openBrowser(known.endpoint))).toBeUndefined();
  });
});

const simpleRequest: Request = {
  method: 'GET',
  scheme: 'https',
  path: '/a',
  origin: 'https://a.example',
  headers: new Map(),
  ending: 'success',
};
