import { describe, expect, it } from 'vitest';
import { entryAdmits, passes } from './admits';
import { witnesses } from './hostile';
import type { OriginEntry, OriginTest } from './policy';
import { strengthen } from './strengthen';

const place = { file: 'x', start: 0, end: 0 };
const regex = (source: string): OriginTest => ({ kind: 'regex', source, flags: '', dialect: 'ecmascript' });

/** Each with an origin that it was written for. */
const MENDED: [OriginTest, string, string][] = [
  [regex('example\\.com$'), '^https://([a-z0-9-]+\\.)*example\\.com$', 'https://app.example.com'],
  [regex('^https:\\/\\/.*example\\.com$'), '^https:\\/\\/([a-z0-9-]+\\.)*example\\.com$', 'https://app.example.com'],
  [regex('^https:\\/\\/app\\.example\\.com'), '^https:\\/\\/app\\.example\\.com$', 'https://app.example.com'],
  [regex('^https:\\/\\/app.example.com$'), '^https:\\/\\/app\\.example\\.com$', 'https://app.example.com'],
  [regex('https://app.example.com'), '^https://app\\.example\\.com$', 'https://app.example.com'],
  [
    regex('^https:\\/\\/.*.example\\.com$'),
    '^https:\\/\\/([a-z0-9-]+\\.)*[a-z0-9-]+\\.example\\.com$',
    'https://a.b.example.com',
  ],
  [regex('^https://a\\.com|https://b\\.com$'), '^(?:https://a\\.com|https://b\\.com)$', 'https://b.com'],
  [
    regex('(example\\.com|example\\.org)'),
    '^https://([a-z0-9-]+\\.)*(example\\.com|example\\.org)$',
    'https://www.example.org',
  ],
  [regex('(app|www)\\.example\\.com'), '^https://(app|www)\\.example\\.com$', 'https://www.example.com'],
  [regex('^http://localhost'), '^http://localhost(:\\d+)?$', 'http://localhost:3000'],
  [regex('localhost'), '^https?://localhost(:\\d+)?$', 'http://localhost:3000'],
  [regex('^https:\\/\\/.*\\.example\\.com.*'), '^https:\\/\\/.*\\.example\\.com$', 'https://a.example.com'],
  [regex('^https?:\\/\\/(.+\\.)?example\\.com'), '^https?:\\/\\/(.+\\.)?example\\.com$', 'https://example.com'],
  [{ kind: 'prefix', text: 'https://app.example.com' }, '^https://app\\.example\\.com$', 'https://app.example.com'],
  [{ kind: 'prefix', text: 'http://localhost' }, '^http://localhost(:\\d+)?$', 'http://localhost:5173'],
  [{ kind: 'suffix', text: 'example.com' }, '^https://([a-z0-9-]+\\.)*example\\.com$', 'https://example.com'],
  [
    { kind: 'suffix', text: 'example.com', on: 'hostname' },
    '^([a-z0-9-]+\\.)*example\\.com$',
    'https://example.com:81',
  ],
  [{ kind: 'contains', text: 'example.com' }, '^https://([a-z0-9-]+\\.)*example\\.com$', 'https://a.example.com'],
  [{ kind: 'contains', text: 'localhost' }, '^https?://localhost(:\\d+)?$', 'http://localhost:3000'],
];

describe('a check gets its anchors and its escapes', () => {
  it.each(MENDED)('%j: %s', (test, source, meant) => {
    const entry: OriginEntry = { kind: 'match', test, place };
    const weak = witnesses(entry).filter(({ fault }) => fault !== 'scheme');
    expect(weak).not.toEqual([]);
    const mended = strengthen(entry);
    expect(mended).toEqual({ source, flags: '' });
    const after: OriginTest = { ...regex(source), ...('on' in test && test.on ? { on: test.on } : {}) } as OriginTest;
    expect(entryAdmits(entry, meant)).toBe('yes');
    expect(passes(after, meant)).toBe('yes');
    for (const { origin } of weak) expect(passes(after, origin)).toBe('no');
  });
});

it.each<OriginTest>([
  { kind: 'contains', text: 'example' },
  { kind: 'inside', text: 'https://a.com,https://b.com' },
  { kind: 'prefix', text: 'https://app.' },
  { kind: 'suffix', text: '.vercel.app' },
  { kind: 'unknown', reason: 'a call' },
  regex('^(?!x)https://app.example.com'),
  regex('^https:\\/\\/example\\..*$'),
  regex('('),
])('%j is left to its author', (test) => {
  expect(strengthen({ kind: 'match', test, place })).toBeUndefined();
});
