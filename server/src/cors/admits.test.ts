import { describe, expect, it } from 'vitest';
import { admits, passes } from './admits';
import facts from './admits.facts.json';
import type { OriginEntry, OriginTest } from './policy';

const place = { file: 'x', start: 0, end: 0 };
const LIST = ['https://app.example.com', 'https://b.example.com'];
const equalsOne: OriginTest = { kind: 'some', of: LIST.map((text) => ({ kind: 'equals', text })) };
const regex = (source: string): OriginTest => ({ kind: 'regex', source, flags: '', dialect: 'ecmascript' });

/** The same checks as the observed ones, in the model's words. */
const CHECKS: Record<keyof typeof facts.accepts, OriginTest> = {
  'list.includes(o)': equalsOne,
  'list.indexOf(o)!==-1': equalsOne,
  'str.includes(o) [str=comma list]': { kind: 'inside', text: LIST.join(',') },
  'str.indexOf(o)!==-1 [str=single]': { kind: 'inside', text: 'https://app.example.com' },
  "o.includes('example.com')": { kind: 'contains', text: 'example.com' },
  "o.startsWith('https://app.example.com')": { kind: 'prefix', text: 'https://app.example.com' },
  "o.endsWith('example.com')": { kind: 'suffix', text: 'example.com' },
  "o.endsWith('.example.com')": { kind: 'suffix', text: '.example.com' },
  "o.includes('localhost')": { kind: 'contains', text: 'localhost' },
  "o.startsWith('http://localhost')": { kind: 'prefix', text: 'http://localhost' },
  "o.endsWith('.vercel.app')": { kind: 'suffix', text: '.vercel.app' },
  '/example\\.com$/': regex('example\\.com$'),
  '/^https:\\/\\/app\\.example\\.com/': regex('^https:\\/\\/app\\.example\\.com'),
  '/https:\\/\\/app.example.com/': regex('https:\\/\\/app.example.com'),
  '/^https:\\/\\/app.example.com$/': regex('^https:\\/\\/app.example.com$'),
  '/^https:\\/\\/.*\\.example\\.com$/': regex('^https:\\/\\/.*\\.example\\.com$'),
  "new RegExp('^https://app.example.com$')": regex('^https://app.example.com$'),
  "o.match(list.join('|'))": regex(LIST.join('|')),
  'list.some(x=>o.startsWith(x))': { kind: 'some', of: LIST.map((text) => ({ kind: 'prefix', text })) },
  'list.some(x=>x.includes(o))': { kind: 'some', of: LIST.map((text) => ({ kind: 'inside', text })) },
  "new URL(o).hostname.endsWith('.example.com')": { kind: 'suffix', text: '.example.com', on: 'hostname' },
  '/null|undefined match: /./.test(o)': regex('.'),
};

describe('lets in what the running check lets in', () => {
  it.each(Object.entries(CHECKS))('%s', (name, test) => {
    const accepted = facts.inputs.filter((origin) => passes(test, origin) === 'yes');
    expect(accepted).toEqual(facts.accepts[name as keyof typeof facts.accepts]);
    expect(facts.inputs.filter((origin) => passes({ kind: 'not', of: test }, origin) === 'yes')).toEqual(
      facts.inputs.filter((origin) => !accepted.includes(origin)),
    );
  });
});

describe('a policy admits when one of its entries does', () => {
  const exact: OriginEntry = { kind: 'exact', text: 'https://a.com', place };
  const unknown: OriginEntry = { kind: 'unknown', reason: 'ORIGIN', place };
  it.each<[OriginEntry[], string, string]>([
    [[], 'https://a.com', 'no'],
    [[exact], 'https://a.com', 'yes'],
    [[exact], 'https://A.com', 'no'],
    [[{ ...exact, text: 'https://A.com', ignoreCase: true }], 'https://a.com', 'yes'],
    [[unknown], 'https://a.com', 'unknown'],
    [[unknown, exact], 'https://a.com', 'yes'],
    [[exact, unknown], 'https://b.com', 'unknown'],
    [[{ kind: 'any', how: 'origin: true', place }], 'null', 'yes'],
    [[{ kind: 'match', test: { kind: 'suffix', text: 'll', on: 'hostname' }, place }], 'null', 'no'],
    [[{ kind: 'match', test: { kind: 'unknown', reason: 'a call' }, place }], 'null', 'unknown'],
  ])('%j, %s: %s', (entries, origin, expected) => {
    expect(admits({ place, entries }, origin)).toBe(expected);
  });
});
