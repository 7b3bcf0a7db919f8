import { expect, test } from 'vitest';
import { type Flow, START } from './flow';
import { mergeWays } from './ways';

/** `a` and `!a` are opposites. */
function way(text: string): Flow {
  const when = text === '' ? [] : text.split(' ');
  const assumes = new Map(when.map((words) => [words.replace('!', ''), !words.startsWith('!')] as const));
  return { ...START, when, assumes };
}

test.each([
  ['one way', ['a b'], ['a', 'b']],
  ['opposites', ['a', '!a'], []],
  ['opposites under one circumstance', ['a b', '!a b'], ['b']],
  ['a part of another', ['a', 'a b'], ['a']],
  ['whatever else holds', ['a x', '!a b x', 'a !x', '!a b !x'], ['a, or when !a and b']],
  ['one of two', ['a x', '!a b x'], ['x', 'a, or when !a and b']],
  ['always, in three parts', ['a b', 'a !b', '!a'], []],
])('%s', (_what, ways, when) => {
  const [first = START, ...others] = ways.map(way);
  const merged = mergeWays([first, ...others]);
  expect(merged.when).toEqual(when);
  for (const [holds, is] of merged.assumes) {
    expect(ways.every((text) => way(text).assumes.get(holds) === is)).toBe(true);
  }
});

test('too many words are only mentioned', () => {
  const long = (letter: string): string => letter.repeat(100);
  const merged = mergeWays([way(`x ${long('a')}`), way(`x !${long('a')} ${long('b')}`)]);
  expect(merged.when).toEqual(['x', 'one of several things holds']);
});
