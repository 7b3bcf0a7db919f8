import { describe, expect, it } from 'vitest';
import { answerer, choice, place, response, subject } from '../../../test/harness/madeEndpoint';
import { frontEndOf, meansCors } from './frontEnd';
import { knownExchange } from './known';
import type { OriginEntry, OriginPolicy } from './policy';
import { refusedPreflights } from './preflightFault';
import { sampleOrigins } from './sample';
import { and, isDevelopment, whenWords } from './words';

const O = 'Access-Control-Allow-Origin';
const M = 'Access-Control-Allow-Methods';
const H = 'Access-Control-Allow-Headers';
const regex = (source: string): OriginEntry => ({
  kind: 'match',
  test: { kind: 'regex', source, flags: '', dialect: 'ecmascript' },
  place: place(),
});

describe('the origin of the front end is one that gets in', () => {
  const listed = (...entries: OriginEntry[]) => {
    const policy: OriginPolicy = { place: place(), entries };
    const value = choice([
      { kind: 'origin-admitted', policy },
      { kind: 'request-origin', place: place() },
    ]);
    return subject(() => response({ [O]: value }), { policies: [policy] });
  };
  it.each([
    ['any', subject(() => response({ [O]: '*' })), 'https://app.example.com'],
    ['a constant', subject(() => response({ [O]: 'https://www.example.org' })), 'https://www.example.org'],
    ['listed', listed({ kind: 'exact', text: 'https://a.example.net', place: place() }), 'https://a.example.net'],
    ['a pattern', listed(regex('^https:\\/\\/(.+\\.)?example\\.net$')), 'https://example.net'],
    [
      'after a malformed one',
      listed({ kind: 'exact', text: 'https://x.com/', place: place() }, regex('^http://localhost')),
      'http://localhost',
    ],
    ['none', subject(() => response({})), 'https://app.example.com'],
  ])('%s', (_, { browser }, origin) => {
    expect(frontEndOf(browser).origin).toBe(origin);
    expect(frontEndOf(browser)).toBe(frontEndOf(browser));
  });
});

it('its calls are the methods with the headers that they need', () => {
  const { browser } = subject(() => response({ [O]: '*' }), {
    methods: ['GET', 'PUT'],
    requestHeaders: ['Authorization', 'Content-Type'],
  });
  expect(frontEndOf(browser).calls.map(({ method, headers }) => [method, headers])).toEqual([
    ['GET', [['Authorization', 'Bearer token']]],
    [
      'PUT',
      [
        ['Authorization', 'Bearer token'],
        ['Content-Type', 'application/json'],
      ],
    ],
  ]);
});

it.each([
  [undefined, 'GET, put, OPTIONS', '*', ['PUT']],
  [undefined, 'GET', 'X-Trace, Content-Type', ['POST content-type']],
  [['GET'], 'GET, PUT', 'Content-Type', []],
  [['GET'], 'GET', 'Authorization', ['GET authorization']],
] as const)('methods %j announce with %j and %j: %j', (methods, allowMethods, allowHeaders, expected) => {
  const { browser } = subject(() => response({ [O]: '*', [M]: allowMethods, [H]: allowHeaders }), { methods });
  const announced = frontEndOf(browser).announced.map(({ method, headers }) =>
    [method, ...headers.map(([name]) => name.toLowerCase())].join(' '),
  );
  expect(announced).toEqual(expected);
});

it.each([
  [regex('^https:\\/\\/app\\.example\\.com$'), ['https://app.example.com']],
  [
    { kind: 'match', test: { kind: 'inside', text: 'https://a.com,http://b.com' }, place: place() },
    ['https://a.com', 'http://b.com'],
  ],
  [{ kind: 'match', test: { kind: 'suffix', text: '.example.com' }, place: place() }, ['https://app.example.com']],
  [{ kind: 'exact', text: 'nonsense', place: place() }, []],
  [{ kind: 'any', how: 'x', place: place() }, []],
  [{ kind: 'unknown', reason: 'x', place: place() }, []],
] as [OriginEntry, string[]][])('%j is for %j', (entry, expected) => {
  expect(sampleOrigins(entry)).toEqual(expected);
});

describe('meant for other origins', () => {
  it.each([
    ['a header', subject(() => response({ [O]: 'https://a.com' })), true],
    [
      'only on the preflight',
      subject(({ method }) => response(method === 'OPTIONS' ? { [O]: '*' } : {}), { methods: ['PUT'] }),
      true,
    ],
    ['a check', subject(() => response({}), { policies: [{ place: place(), entries: [] }] }), true],
    ['nothing', subject(() => response({ Vary: 'Origin' })), false],
  ])('%s: %s', (_, { browser }, expected) => {
    expect(meansCors(browser)).toBe(expected);
  });
});

describe('what is wrong with a preflight', () => {
  const made = (preflight: ReturnType<typeof response>, changes = {}) =>
    subject(({ method }) => (method === 'OPTIONS' ? preflight : response({ [O]: 'https://a.com' })), {
      methods: ['PUT'],
      ...changes,
    });
  it.each([
    ['passes', made(response({ [O]: 'https://a.com', [M]: 'PUT' })), []],
    ['401', made(response({}, { status: 401, kind: 'authentication' })), ['gate']],
    [
      '429, now and then',
      made(response({}, { status: 429, kind: 'rate-limit', when: 'the limit is reached' })),
      ['gate'],
    ],
    ['301', made(response({ [O]: 'https://a.com' }, { status: 301 })), ['redirect']],
    ['404', made(response({}, { status: 404, kind: 'not-found' })), ['unanswered']],
    ['200 by the framework', made(response({}, { status: 200 })), ['unanswered']],
    ['204 without the origin', made(response({}, { status: 204, kind: 'preflight' })), ['incomplete']],
    ['204 without methods', made(response({ [O]: 'https://a.com' }, { kind: 'preflight' })), ['incomplete']],
    [
      '204 without headers',
      made(response({ [O]: 'https://a.com', [M]: 'PUT' }), { requestHeaders: ['X-A'] }),
      ['incomplete'],
    ],
    ['another method', made(response({ [O]: 'https://a.com', [M]: 'PATCH' })), ['method']],
    ['an unreadable list', made(response({ [O]: 'https://a.com', [M]: 'GET PUT' })), ['method']],
    [
      'another header',
      made(response({ [O]: 'https://a.com', [M]: 'PUT', [H]: 'X-B' }), { requestHeaders: ['X-A'] }),
      ['header'],
    ],
    ['another origin', made(response({ [O]: 'https://b.com', [M]: 'PUT' })), []],
    ['404, seen in part', made(response({}, { status: 404 }), { partial: 'its app is not known' }), []],
    ['404, whatever else an upstream sends', made(response({}, { status: 404, open: 'the upstream' })), ['unanswered']],
    ['an upstream', made(response({}, { status: undefined, open: 'the upstream' })), []],
  ])('%s: %j', (_, { browser }, expected) => {
    expect(refusedPreflights(browser).map(({ fault }) => fault)).toEqual(expected);
  });

  it('Authorization is not asked for, unless authentication answers', () => {
    const plain = subject(({ method }) =>
      method === 'OPTIONS' ? response({}, { status: 404 }) : response({ [O]: '*' }),
    );
    expect(refusedPreflights(plain.browser)).toEqual([]);
    const guarded = subject(({ method }) =>
      method === 'OPTIONS' ? response({}, { status: 401, kind: 'authentication' }) : response({ [O]: '*' }),
    );
    expect(refusedPreflights(guarded.browser).map(({ fault }) => fault)).toEqual(['gate']);
  });

  it('a gate is at fault only where the request itself could be read', () => {
    const gate = { status: 401, answeredBy: answerer('authentication') };
    const off = { when: 'CORS is off', assumes: new Map([['CORS is on', false]]) };
    const on = { when: 'CORS is on', assumes: new Map([['CORS is on', true]]) };
    const gated = (behind: Record<string, string>) =>
      subject(({ method }) => [
        response({ [O]: '*', [M]: 'PUT', [H]: 'Authorization' }, on),
        ...(method === 'OPTIONS' ? [] : [response(behind, off)]),
        response({}, { ...off, ...gate }),
      ]);
    expect(refusedPreflights(gated({}).browser)).toEqual([]);
    expect(refusedPreflights(gated({ [O]: '*' }).browser).map(({ fault }) => fault)).toEqual(['gate']);
    const mayFail = subject(({ method }) => [
      response({ [O]: '*', [M]: 'PUT', [H]: 'Authorization' }, on),
      ...(method === 'OPTIONS' ? [] : [response({}, off), response({}, { ...off, open: 'the error handler' })]),
      response({}, { ...off, ...gate }),
    ]);
    expect(refusedPreflights(mayFail.browser)).toEqual([]);
    const always = (open: Record<string, string>) =>
      subject(({ method }) => [
        method === 'OPTIONS'
          ? response({ [O]: '*', [M]: 'PUT', [H]: 'Authorization' }, on)
          : response(open, { ...on, ...gate }),
        response({}, { ...off, ...gate }),
      ]);
    expect(refusedPreflights(always({ [O]: '*' }).browser)).toEqual([]);
  });
});

it('an exchange is known when it is the only one, or has circumstances', () => {
  const { browser } = subject(() => [
    response({}),
    response({}, { when: 'it rains' }),
    response({}, { when: 'it snows' }),
  ]);
  const exchanges = browser.fetch(frontEndOf(browser).plain('https://a.com'));
  expect(exchanges).toHaveLength(3);
  expect(knownExchange(exchanges, ({ when }) => when.length > 0)?.when).toEqual(['it rains']);
  expect(knownExchange(exchanges, () => true)?.when).toEqual([]);
  expect(knownExchange(exchanges.slice(0, 1), () => true)?.when).toEqual([]);
  expect(knownExchange(exchanges, ({ when }) => when.length === 0)).toBeUndefined();
});

it('circumstances in words', () => {
  expect(whenWords([])).toBe('');
  expect(whenWords(['A is set', 'B is unset'])).toBe(' when A is set and B is unset');
  expect(whenWords(['A is unset and B is set', 'A is unset'])).toBe(' when A is unset and B is set');
  expect(whenWords(['A is set', "A is 'x'", 'B is set', "C is 'y'"])).toBe(" when A is 'x', B is set and C is 'y'");
  expect(whenWords(["`a.b` is truthy and `a.b` is 'x'"])).toBe(" when `a.b` is 'x'");
  expect(whenWords(["`a === ' and '` is true and B is set", 'B is set'])).toBe(
    " when `a === ' and '` is true and B is set",
  );
  expect(whenWords([`\`${'a'.repeat(200)}\` is true`])).toBe(' in some circumstances');
  expect(and(['a', 'b', 'c'])).toBe('a, b and c');
});

it.each([
  ['NODE_ENV is development', true],
  ["`process.env.NODE_ENV !== 'production'` and not in production", true],
  ['NODE_ENV is not production', true],
  ['DEBUG is set', true],
  ['ORIGIN is unset', false],
  ['NODE_ENV is production', false],
  ['the latest version is used', false],
  ['`config.isDevelopment()` is true', true],
  ['`config.isDevelopment()` is false', false],
  ['`isDev` is true, or when `isDev` is false and `allowAll` is true', false],
  ['`isDev` is true, or when `isLocal` is true', true],
  ['`isProd` is false', true],
  ['`isProduction` is true', false],
])('%s is development: %s', (words, expected) => {
  expect(isDevelopment([words])).toBe(expected);
});
