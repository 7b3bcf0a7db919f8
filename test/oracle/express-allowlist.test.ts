import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { admits } from '../../server/src/cors/admits';
import { express } from '../../server/src/platforms/express/platform';
import { memoryHost } from '../harness/memoryHost';

/**
 * The ways in which programs check an origin against a list, read off the source, against what each of them was
 * observed to let in.
 */
const facts: {
  readonly allowlistChecks: {
    readonly inputs: readonly string[];
    readonly accepts: Readonly<Record<string, readonly string[]>>;
  };
} = JSON.parse(readFileSync(new URL('facts/express.json', import.meta.url), 'utf8'));
const { inputs, accepts } = facts.allowlistChecks;

beforeAll(() => express.prepare?.());

/** What the observation's name says, as an expression over `o`, `list` and `str`. */
function expressionOf(name: string): string {
  const plain = name
    .replace(/ \((?:truthy|alternation)\)$/, '')
    .replace(/ \[str=.*\]$/, '')
    .replace(/^\/null\|undefined match: /, '');
  // The pattern was observed with its alternatives in a group.
  if (name.endsWith('(alternation)')) return String.raw`/^https:\/\/(?:a|b)\.example\.com$/.test(o)`;
  return plain.startsWith('/') && !plain.endsWith('.test(o)')
    ? `${plain}.test(o)`
    : plain.startsWith('new RegExp')
      ? `${plain}.test(o)`
      : plain;
}

function policyOf(name: string) {
  const str = name.includes('[str=single]') ? `'https://app.example.com'` : `list.join(',')`;
  return policyOfCheck(
    `const list = ['https://app.example.com', 'https://b.example.com'];\nconst str = ${str};`,
    expressionOf(name),
  );
}

function policyOfCheck(declarations: string, check: string) {
  const text = `const express = require('express');
const cors = require('cors');
${declarations}
const app = express();
app.use(cors({ origin: (o, callback) => callback(null, ${check}) }));
app.get('/', (req, res) => res.send('ok'));
`;
  const { endpoints } = express.analyse('app.js', text, memoryHost(new Map([['app.js', text]])), {});
  return endpoints[0]?.policies[0];
}

describe('what an allow-list check lets in', () => {
  it.each(Object.entries(accepts))('%s', (name, expected) => {
    const policy = policyOf(name);
    if (policy === undefined) throw new Error('no policy is read');
    const verdicts = inputs.map((origin) => [origin, admits(policy, origin)] as const);
    expect(verdicts).toEqual(inputs.map((origin) => [origin, expected.includes(origin) ? 'yes' : 'no']));
  });
});

describe('what a check lets in, against what it comes to when it runs', () => {
  const table = `const table = { 'https://app.example.com': true, 'https://b.example.com': false };`;
  const map = `const map = new Map([['https://app.example.com', 1], ['https://b.example.com', 0]]);`;
  it.each<[string, string]>([
    ['table[o]', table],
    ['table[o] === true', table],
    ['table[o] !== undefined', table],
    ['table[o] === undefined', table],
    ['!table[o]', table],
    ['o in table', table],
    ['Object.keys(table).includes(o)', table],
    ['table.hasOwnProperty(o)', table],
    ['Object.hasOwn(table, o)', table],
    ['Object.prototype.hasOwnProperty.call(table, o)', table],
    ['map.has(o)', map],
    ['map.get(o)', map],
    ['map.get(o) === undefined', map],
    ['map.has(o)', `const map = new Map(); map.set('https://b.example.com', true);`],
    ['map.has(o)', `const map = new Map(Object.entries({ 'https://b.example.com': true }));`],
    ['set.has(o)', `const set = new Set(); set.add('https://app.example.com'); set.add('https://b.example.com');`],
    ['set.has(o)', `const set = new Set(['https://b.example.com']); set.add('https://app.example.com');`],
    ['URL.canParse(o)', ''],
    [`URL.canParse(o) && new URL(o).host.endsWith('.example.com')`, ''],
    [String.raw`o.match(/^https:\/\/[a-z]+\.example\.com$/)?.[0]`, ''],
    [String.raw`/example\.com/.exec(o)?.[0]`, ''],
    ['list.filter((one) => one === o).length', `const list = ['https://app.example.com'];`],
    ['list.filter((one) => o.startsWith(one)).length > 0', `const list = ['https://app.example.com'];`],
    ['list.filter((one) => o.startsWith(one)).length === 0', `const list = ['https://app.example.com'];`],
  ])('%s, %s', (check, declarations) => {
    const policy = policyOfCheck(declarations, check);
    if (policy === undefined) throw new Error('no policy is read');
    const lets = new Function('o', `${declarations}\nreturn Boolean(${check});`) as (origin: string) => boolean;
    const origins = inputs.filter((input) => input === 'null' || URL.canParse(input));
    const verdicts = origins.map((origin) => [origin, admits(policy, origin)] as const);
    expect(verdicts).toEqual(origins.map((origin) => [origin, lets(origin) ? 'yes' : 'no']));
  });

  it('leaves a set open that grows where it is not seen', () => {
    const policy = policyOfCheck(`const set = new Set();\nfunction grow(o) { set.add(o); }`, 'set.has(o)');
    expect(policy?.entries.map(({ kind }) => kind)).toEqual(['unknown']);
  });
});
