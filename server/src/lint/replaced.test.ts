import { expect, test } from 'vitest';
import { openBrowser, simpleCall } from '../cors/browser';
import type { Endpoint } from '../cors/endpoint';
import { withoutReplaced } from './replaced';
import type { RawFinding, RuleMeta } from './types';

function findingAt(id: string, path: string, replaces?: readonly string[]): RawFinding {
  const place = { file: 'a.conf', start: path.length, end: path.length + 1 };
  const endpoint: Endpoint = {
    platform: 'toy',
    label: path,
    place,
    path,
    matches: () => true,
    methods: undefined,
    requestHeaders: [],
    policies: [],
    respond: () => [{ status: 200, headers: [], answeredBy: { kind: 'handler', what: 'it', place } }],
  };
  const [exchange] = openBrowser(endpoint).fetch(simpleCall(endpoint, 'https://app.example.com'));
  if (exchange === undefined) throw new Error('no exchange');
  const rule: RuleMeta = {
    id,
    title: id,
    severity: 'error',
    category: 'broken',
    tags: [],
    reference: '',
    ...(replaces === undefined ? {} : { replaces }),
  };
  return { rule, severity: 'error', place, message: id, related: [], exchange, proposals: () => [] };
}

test('a finding gives way to one that names its cause, for the same answer only', () => {
  const cause = findingAt('cause', '/a', ['effect']);
  const same = findingAt('effect', '/a');
  const elsewhere = findingAt('effect', '/bb');
  const other = findingAt('other', '/a');
  expect(withoutReplaced([same, cause, elsewhere, other])).toEqual([cause, elsewhere, other]);
  expect(withoutReplaced([same, elsewhere])).toEqual([same, elsewhere]);
});

test('a finding without an exchange takes the place of others at its place only', () => {
  const { exchange: _, ...cause } = findingAt('cause', '/a', ['effect']);
  const same = findingAt('effect', '/a');
  const elsewhere = findingAt('effect', '/bb');
  const other = findingAt('other', '/a');
  expect(withoutReplaced([same, cause, elsewhere, other])).toEqual([cause, elsewhere, other]);
});
