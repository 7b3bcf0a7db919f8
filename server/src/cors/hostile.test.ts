import { describe, expect, it } from 'vitest';
import { admitsEveryone, type Fault, witnesses } from './hostile';
import type { OriginEntry, OriginTest } from './policy';

const place = { file: 'x', start: 0, end: 0 };
const match = (test: OriginTest): OriginEntry => ({ kind: 'match', test, place });
const regex = (source: string, flags = '', on: 'origin' | 'host' | 'hostname' = 'origin'): OriginEntry =>
  match({ kind: 'regex', source, flags, dialect: 'ecmascript', on });

/** What the check gives away over https or by registration; `scheme` has a test of its own. */
function found(entry: OriginEntry): [Fault, string][] {
  return witnesses(entry)
    .filter(({ fault }) => fault !== 'scheme')
    .map(({ fault, origin }) => [fault, origin]);
}

describe('what a loose check lets in', () => {
  it.each<[string, OriginEntry, [Fault, string][]]>([
    ['example\\.com$', regex('example\\.com$'), [['start', 'https://evilexample.com']]],
    ['^https://.*example\\.com$', regex('^https:\\/\\/.*example\\.com$'), [['start', 'https://evilexample.com']]],
    [
      '^https://app\\.example\\.com',
      regex('^https:\\/\\/app\\.example\\.com'),
      [['end', 'https://app.example.com.evil.example']],
    ],
    ['^https://app.example.com$', regex('^https:\\/\\/app.example.com$'), [['dot', 'https://appxexample.com']]],
    [
      'https://app.example.com',
      regex('https:\\/\\/app.example.com'),
      [
        ['end', 'https://app.example.com.evil.example'],
        ['dot', 'https://appxexample.com'],
      ],
    ],
    ['^https://.*.example\\.com$', regex('^https:\\/\\/.*.example\\.com$'), [['dot', 'https://xexample.com']]],
    [
      '^https://a|b\\.example\\.com$',
      regex('^https:\\/\\/a|b\\.example\\.com$'),
      [['alternation', 'https://a.evil.example']],
    ],
    [
      '^https://a\\.com|https://b\\.com$',
      regex('^https:\\/\\/a\\.com|https:\\/\\/b\\.com$'),
      [['alternation', 'https://a.com.evil.example']],
    ],
    ['localhost', regex('localhost'), [['end', 'https://localhost.evil.example']]],
    ['^http://localhost', regex('^http:\\/\\/localhost'), [['end', 'http://localhost.evil.example']]],
    ['example\\..*', regex('^https:\\/\\/example\\..*$'), [['end', 'https://example.evil.example']]],
    ['EXAMPLE\\.COM$/i', regex('EXAMPLE\\.COM$', 'i'), [['start', 'https://evilexample.com']]],
    ['hostname example\\.com$', regex('example\\.com$', '', 'hostname'), [['start', 'https://evilexample.com']]],
    [
      'startsWith',
      match({ kind: 'prefix', text: 'https://app.example.com' }),
      [['end', 'https://app.example.com.evil.example']],
    ],
    [
      'startsWith an address',
      match({ kind: 'prefix', text: 'http://192.168.1.' }),
      [['end', 'http://192.168.1.evil.example']],
    ],
    ['startsWith a label', match({ kind: 'prefix', text: 'https://app.' }), [['end', 'https://app.evil.example']]],
    ['endsWith', match({ kind: 'suffix', text: 'example.com' }), [['start', 'https://evilexample.com']]],
    [
      'hostname endsWith',
      match({ kind: 'suffix', text: 'example.com', on: 'hostname' }),
      [['start', 'https://evilexample.com']],
    ],
    [
      'includes',
      match({ kind: 'contains', text: 'example.com' }),
      [
        ['end', 'https://example.com.evil.example'],
        ['start', 'https://evilexample.com'],
      ],
    ],
    ['includes a word', match({ kind: 'contains', text: 'example' }), [['end', 'https://example.evil.example']]],
    [
      'inside a list',
      match({ kind: 'inside', text: 'https://app.example.com,https://b.example.com' }),
      [['part', 'https://app.example.co']],
    ],
    [
      'inside a host',
      match({ kind: 'inside', text: 'app.example.net', on: 'hostname' }),
      [['part', 'https://app.example.ne']],
    ],
    [
      'prefix and suffix',
      match({
        kind: 'all',
        of: [
          { kind: 'prefix', text: 'https://' },
          { kind: 'suffix', text: 'example.com' },
        ],
      }),
      [['start', 'https://evilexample.com']],
    ],
    [
      'some prefix',
      match({
        kind: 'some',
        of: ['https://a.example.com', 'https://b.example.com'].map((text) => ({ kind: 'prefix' as const, text })),
      }),
      [['end', 'https://a.example.com.evil.example']],
    ],
    ['.vercel.app', match({ kind: 'suffix', text: '.vercel.app' }), [['public-suffix', 'https://evil.vercel.app']]],
    [
      '^https://.+\\.vercel\\.app$',
      regex('^https:\\/\\/.+\\.vercel\\.app$'),
      [['public-suffix', 'https://evil.vercel.app']],
    ],
    ['\\.com$', regex('\\.com$'), [['public-suffix', 'https://evil.com']]],
    [
      'a preview of a team',
      regex('^https:\\/\\/.*-team\\.vercel\\.app$'),
      [['public-suffix', 'https://evil-team.vercel.app']],
    ],
  ])('%s', (_, entry, expected) => {
    expect(found(entry)).toEqual(expected);
    expect(admitsEveryone(entry)).toBe(false);
  });
});

describe('a check that holds has no witness', () => {
  it.each<[string, OriginEntry]>([
    ['^https://(.+\\.)?example\\.com$', regex('^https:\\/\\/(.+\\.)?example\\.com$')],
    ['^https://.*\\.example\\.com$', regex('^https:\\/\\/.*\\.example\\.com$')],
    ['dots in classes', regex('^https:\\/\\/app[.]example[.]com$')],
    ['any sub-domain by class', regex('^https:\\/\\/([a-z0-9-]+\\.)*example\\.com(:\\d+)?$')],
    ['hostname compared whole', match({ kind: 'equals', text: 'app.example.com', on: 'hostname' })],
    ['hostname in a pattern', regex('(^|\\.)example\\.com$', '', 'hostname')],
    ['endsWith with its dot', match({ kind: 'suffix', text: '.example.com' })],
    ['any port', regex('^http:\\/\\/localhost(:\\d+)?$')],
    ['a port to come', match({ kind: 'prefix', text: 'http://localhost:' })],
    ['a port that may go on', regex('^https:\\/\\/app\\.example\\.com:80')],
    ['a sub-domain of the owner', regex('^https:\\/\\/app.staging\\.example\\.com$')],
    ['a grouped alternation', regex('^https:\\/\\/(a|b)\\.example\\.com$')],
    ['a suffix that does not exist', regex('^https:\\/\\/example.com$')],
    ['a full tenant host', regex('^https:\\/\\/team\\.vercel\\.app$')],
    ['lookahead: not understood', regex('^(?!x)https:\\/\\/app\\.example\\.com')],
    ['a check that cannot be read', match({ kind: 'unknown', reason: 'a call' })],
    [
      'another test closes the hole',
      match({
        kind: 'all',
        of: [
          { kind: 'suffix', text: 'example.com' },
          { kind: 'suffix', text: '.example.com' },
        ],
      }),
    ],
    [
      'an unknown test may close the hole',
      match({
        kind: 'all',
        of: [
          { kind: 'suffix', text: 'example.com' },
          { kind: 'unknown', reason: 'a call' },
        ],
      }),
    ],
  ])('%s', (_, entry) => {
    expect(found(entry)).toEqual([]);
  });
});

it.each<[string, OriginEntry, boolean]>([
  ['any', { kind: 'any', how: 'origin: true', place }, true],
  ['.*', regex('.*'), true],
  ['^https?://', regex('^https?:\\/\\/'), true],
  ['startsWith https', match({ kind: 'prefix', text: 'https://' }), true],
  ['includes nothing', match({ kind: 'contains', text: '' }), true],
  ['not a list', match({ kind: 'not', of: { kind: 'equals', text: 'https://bad.com' } }), true],
  ['exact', { kind: 'exact', text: 'https://evil.example', place }, false],
  ['unknown', { kind: 'unknown', reason: 'ORIGIN', place }, false],
])('everyone is admitted by %s: %s', (_, entry, expected) => {
  expect(admitsEveryone(entry)).toBe(expected);
});

it('tells of http for a host that is checked without its scheme', () => {
  expect(witnesses(match({ kind: 'suffix', text: '.example.com' }))).toEqual([
    { origin: 'http://a.example.com', fault: 'scheme', meant: 'example.com' },
  ]);
  expect(witnesses(regex('^https:\\/\\/app\\.example\\.com$'))).toEqual([]);
});

it('stays quick on patterns with many ways through them', () => {
  const start = performance.now();
  witnesses(regex(`^https:\\/\\/${'(a|b|c)?'.repeat(40)}\\.example.com`));
  witnesses(regex(`${'(a*)*'.repeat(50)}.example.com`));
  witnesses(
    match({ kind: 'inside', text: Array.from({ length: 500 }, (_, i) => `https://app${i}.example.com`).join(',') }),
  );
  expect(performance.now() - start).toBeLessThan(15_000);
});
