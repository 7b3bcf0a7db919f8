import { describe, expect, it } from 'vitest';
import { isInsecureOrigin, isLoopbackHost, isPrivateHost, parseOrigin, partOf, serialiseOrigin } from './origin';
import { explainOrigin, type OriginProblem } from './originProblem';
import { isPublicSuffix, registrationOf } from './publicSuffix';

describe('serialised origins', () => {
  it.each([
    'https://example.com',
    'https://example.com:8443',
    'http://localhost:3000',
    'http://127.0.0.1',
    'http://[::1]:3000',
    'https://xn--mnchen-3ya.de',
    'https://foo_bar.example.com',
    'https://example.com.',
    'chrome-extension://abcdefgh',
    'capacitor://localhost',
  ])('%s is one and comes back as it was', (text) => {
    const origin = parseOrigin(text);
    expect(origin && serialiseOrigin(origin)).toBe(text);
    expect(explainOrigin(text)).toBeUndefined();
  });

  it.each(['null', 'file://', '${ORIGIN}', 'https://$host', '{{ origin }}', 'https://<your-domain>', '%ORIGIN%'])(
    '%s is none, and nothing is said about it',
    (text) => {
      expect(parseOrigin(text)).toBeUndefined();
      expect(explainOrigin(text)).toBeUndefined();
    },
  );
});

describe('why a text is no serialised origin', () => {
  it.each<[string, OriginProblem]>([
    ['', { kind: 'empty' }],
    ['https://example.com/', { kind: 'trailing-slash', corrected: 'https://example.com' }],
    ['https://example.com:8443/', { kind: 'trailing-slash', corrected: 'https://example.com:8443' }],
    ['https://example.com/app?x#y', { kind: 'path', corrected: 'https://example.com' }],
    ['example.com', { kind: 'host-only', corrected: 'https://example.com' }],
    ['localhost:3000', { kind: 'host-only', corrected: 'http://localhost:3000' }],
    ['//example.com', { kind: 'no-scheme', corrected: 'https://example.com' }],
    ['http:/example.com', { kind: 'no-scheme', corrected: 'http://example.com' }],
    ['HTTPS://example.com', { kind: 'upper-case', corrected: 'https://example.com' }],
    ['https://Example.com', { kind: 'upper-case', corrected: 'https://example.com' }],
    ['https://example.com:443', { kind: 'default-port', corrected: 'https://example.com' }],
    ['http://example.com:80', { kind: 'default-port', corrected: 'http://example.com' }],
    [' https://a.com', { kind: 'spaces', corrected: 'https://a.com' }],
    ['https://a.com\n', { kind: 'spaces', corrected: 'https://a.com' }],
    ['https://a.com, https://b.com', { kind: 'several', several: ['https://a.com', 'https://b.com'] }],
    ['https://a.com https://b.com/', { kind: 'several', several: ['https://a.com', 'https://b.com'] }],
    ['https://a.com|https://b.com', { kind: 'several', several: ['https://a.com', 'https://b.com'] }],
    ['https://a.com,', { kind: 'several', several: ['https://a.com'] }],
    ['*', { kind: 'wildcard' }],
    ['https://*.example.com', { kind: 'glob', pattern: '^https://([a-z0-9-]+\\.)+example\\.com$' }],
    ['*.example.com', { kind: 'glob', pattern: '^https://([a-z0-9-]+\\.)+example\\.com$' }],
    ['http://localhost:*', { kind: 'glob', pattern: '^http://localhost(:\\d+)?$' }],
    ['*://example.com', { kind: 'glob', pattern: '^https?://example\\.com$' }],
    ['https://*', { kind: 'glob' }],
    ['^https://.*\\.example\\.com$', { kind: 'pattern', pattern: '^https://.*\\.example\\.com$' }],
    ['/example\\.com$/', { kind: 'pattern' }],
    ['"https://a.com"', { kind: 'quotes', corrected: 'https://a.com' }],
    ["'*'", { kind: 'quotes' }],
    ['https://user:secret@a.com', { kind: 'user-info', corrected: 'https://a.com' }],
    ['https://münchen.de', { kind: 'not-punycode', corrected: 'https://xn--mnchen-3ya.de' }],
    ['https://.example.com', { kind: 'empty-label' }],
    ['http://192.168.1', { kind: 'not-serialised', corrected: 'http://192.168.0.1' }],
    ['undefined', { kind: 'not-an-origin' }],
    ['true', { kind: 'not-an-origin' }],
    ['https://', { kind: 'not-an-origin' }],
    ['chrome-extension://abcdefgh/', { kind: 'trailing-slash', corrected: 'chrome-extension://abcdefgh' }],
  ])('%j', (text, problem) => {
    expect(explainOrigin(text)).toEqual(problem);
    for (const origin of [problem.corrected, ...(problem.several ?? [])]) {
      if (origin !== undefined) expect(parseOrigin(origin)).toBeDefined();
    }
  });

  it('agrees with the URL parser on texts made of the pieces that people get wrong', () => {
    const pieces = [
      'https',
      'HTTP',
      '://',
      ':',
      '/',
      'example',
      '.',
      'com',
      'localhost',
      '8080',
      ' ',
      '*',
      ',',
      '@',
      '?',
      'é',
    ];
    let seed = 3;
    const next = () => {
      seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
      return seed >>> 8;
    };
    for (let i = 0; i < 20_000; i++) {
      const text = Array.from({ length: 1 + (next() % 8) }, () => pieces[next() % pieces.length]).join('');
      const origin = parseOrigin(text);
      if (origin && /^https?$/.test(origin.scheme)) expect(new URL(text).origin).toBe(text);
      const problem = explainOrigin(text);
      if (problem?.corrected !== undefined)
        expect([text, parseOrigin(problem.corrected)]).not.toEqual([text, undefined]);
    }
  });
});

it.each([
  ['https://a.example.com:81', 'origin', 'https://a.example.com:81'],
  ['https://a.example.com:81', 'host', 'a.example.com:81'],
  ['https://a.example.com:81', 'hostname', 'a.example.com'],
  ['null', 'origin', 'null'],
  ['null', 'host', undefined],
] as const)('the part of %s that code looks at as %s', (origin, part, expected) => {
  expect(partOf(origin, part)).toBe(expected);
});

it.each([
  ['localhost', true, true],
  ['app.localhost', true, true],
  ['127.0.0.1', true, true],
  ['[::1]', true, true],
  ['192.168.1.20', false, true],
  ['10.0.0.1', false, true],
  ['172.16.0.1', false, true],
  ['172.32.0.1', false, false],
  ['10.example.com', false, false],
  ['frontend', false, true],
  ['printer.local', false, true],
  ['[fd00::1]', false, true],
  ['[2001:db8::1]', false, false],
  ['localhost.evil.example', false, false],
  ['example.com', false, false],
])('%s: loopback %s, private %s', (host, loopback, inside) => {
  expect([isLoopbackHost(host), isPrivateHost(host)]).toEqual([loopback, inside]);
});

it.each([
  ['http://example.com', true],
  ['https://example.com', false],
  ['http://localhost:3000', false],
  ['http://192.168.0.1', false],
  ['null', false],
])('%s is insecure: %s', (origin, expected) => {
  expect(isInsecureOrigin(origin)).toBe(expected);
});

it.each([
  ['a.b.example.co.uk', { domain: 'example.co.uk', suffix: 'co.uk', hosting: false }],
  ['x.team.vercel.app', { domain: 'team.vercel.app', suffix: 'vercel.app', hosting: true }],
  ['me.github.io', { domain: 'me.github.io', suffix: 'github.io', hosting: true }],
  ['app.evil.example', { domain: 'evil.example', suffix: 'example', hosting: false }],
  ['appx.examplexcom', undefined],
  ['vercel.app', undefined],
  ['localhost', undefined],
  ['10.0.0.1', undefined],
])('who can register %s', (host, expected) => {
  expect(registrationOf(host)).toEqual(expected);
  expect(isPublicSuffix(host)).toBe(host === 'vercel.app');
});
