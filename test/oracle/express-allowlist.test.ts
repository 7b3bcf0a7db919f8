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
  const text = `const express = require('express');
const cors = require('cors');
const list = ['https://app.example.com', 'https://b.example.com'];
const str = ${str};
const app = express();
app.use(cors({ origin: (o, callback) => callback(null, ${expressionOf(name)}) }));
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
