import { beforeAll, expect, test } from 'vitest';
import { memoryHost } from '../../../../../test/harness/memoryHost';
import { type Leg, openBrowser, simpleCall } from '../../../cors/browser';
import { linesOf } from '../../../cors/headerList';
import { ALLOW_ORIGIN } from '../../../cors/names';
import { express } from '../platform';
import { alternatives } from './alternatives';
import { type Flow, START } from './flow';

beforeAll(() => express.prepare?.());

/** `a` and `!a` are opposites. */
function assuming(text: string): Flow {
  const when = text.split(' ').filter((words) => words !== '');
  return { ...START, when, assumes: new Map(when.map((words) => [words.replace('!', ''), !words.startsWith('!')])) };
}

function told(ways: Flow['oneOf']): string[] {
  return ways.map((way) => [...way].map(([holds, is]) => (is ? holds : `!${holds}`)).join(' '));
}

test.each([
  ['one way', ['a b'], []],
  ['two', ['a x', '!a y'], ['a x', '!a y']],
  ['opposites', ['a', '!a'], []],
  ['opposites under one circumstance', ['a b', '!a b'], []],
  ['a part of another', ['a', 'a b'], []],
  ['one that assumes nothing', ['a', '', 'b'], []],
  ['always, in three parts', ['a b', 'a !b', '!a'], []],
  ['the list is empty or not set', ['set !long', '!set'], ['set !long', '!set']],
  ['two of three in one', ['a b c', 'a b !c', '!a d'], ['a b', '!a d']],
  ['too many to keep', [...'abcdefghi'], []],
  ['too many to look at', Array.from({ length: 25 }, (_, i) => (i % 2 ? 'a x' : '!a y')), []],
])('%s', (_what, ways, left) => {
  expect(told(alternatives(ways.map(assuming)))).toEqual(left);
});

const ORIGIN = 'https://app.example.com';

/** The ways of a `PUT` to the only route of an application: how many headers let the origin in, of its preflight and of itself. */
function ways(set: string, ...layers: readonly string[]): string[] {
  const file = 'server.js';
  const text = `const express = require('express');\nconst cors = require('cors');\nconst app = express();\n${set}\n${layers.join('\n')}\napp.put('/items', (req, res) => res.json({}));`;
  const [endpoint] = express.analyse(file, text, memoryHost(new Map([[file, text]])), {}).endpoints;
  if (endpoint === undefined) throw new Error('there is no endpoint');
  const { fetch } = openBrowser(endpoint);
  const lines = ({ response }: Leg): string => `${linesOf(response, ALLOW_ORIGIN).length}`;
  return fetch(simpleCall(endpoint, ORIGIN, { method: 'PUT' })).map(({ preflight, actual }) =>
    [preflight === undefined ? 'none' : lines(preflight), lines(actual)].join(', '),
  );
}

const LIST = 'const origins = process.env.ORIGINS ? process.env.ORIGINS.split(",") : [];';

test('CORS is not off for a preflight and on for its request', () => {
  const found = ways(LIST, 'app.use(cors({ origin: origins.length > 0 ? origins : false }));');
  expect([...new Set(found)].sort()).toEqual(['0, 0', '1, 1']);
});

test('what a later layer tests is held against each way', () => {
  const found = ways(
    '',
    'app.use((req, res, next) => { if (process.env.A) { if (process.env.B) return next(); } res.set("Access-Control-Allow-Origin", "*"); next(); });',
    'if (process.env.A && process.env.B) app.use((req, res, next) => { res.append("Access-Control-Allow-Origin", "*"); next(); });',
  );
  expect([...new Set(found)]).toEqual(['1, 1']);
});
