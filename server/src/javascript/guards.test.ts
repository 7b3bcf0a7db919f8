import { beforeAll, expect, test } from 'vitest';
import { createReader, prepare } from './index';

beforeAll(() => prepare());

/** The ways to the call of `here` and past it, in words. */
function waysOf(text: string): string {
  const reader = createReader({ readFile: () => text });
  const module = reader.module('a.js');
  const call = module?.index
    .of('CallExpression')
    .find(({ callee }) => callee.type === 'Identifier' && callee.name === 'here');
  if (!module || !call) throw new Error('no call');
  const ways = reader.guardWays(call, { module, frame: null });
  if (ways === null) return 'unknown';
  const told = [ways.taken, ways.passed].map((some) =>
    some.map((way) => way.map(({ words }) => words).join(' and ') || 'always').join(' or '),
  );
  return told.join(' | ') || 'never';
}

test.each([
  ['here();', 'always | '],
  ['if (process.env.A) here();', 'A is set | A is unset'],
  ['if (process.env.A) {} else here();', 'A is unset | A is set'],
  ['process.env.A && here();', 'A is set | A is unset'],
  ['process.env.A || here();', 'A is unset | A is set'],
  ['if (process.env.A) if (process.env.B) here();', 'A is set and B is set | A is unset or A is set and B is unset'],
  [
    "const mode = process.env.A ?? 'b'; if (mode !== 'c') here();",
    "A is set and A is not 'c' or A is unset | A is set and A is 'c'",
  ],
  [
    "const isDev = (process.env.A || 'dev') === 'dev'; if (!isDev) here();",
    "A is set and A is not 'dev' | A is set and A is 'dev' or A is unset",
  ],
  ['if (process.env.A) if (!process.env.A) here();', ' | A is unset or A is set'],
  ['for (const one of all) here();', 'unknown'],
  ['try { other(); } catch { here(); }', 'unknown'],
])('%s', (text, expected) => {
  expect(waysOf(text)).toBe(expected);
});
