import { describe, expect, it } from 'vitest';
import { together } from './overlap';

function fix(name: string, file: string, from: number, to: number, newText = name) {
  const range = { start: { line: 0, character: from }, end: { line: 0, character: to } };
  return { name, edits: new Map([[file, [{ range, newText }]]]) };
}

function names({ made, left }: { made: readonly { name: string }[]; left: readonly { name: string }[] }) {
  return [made, left].map((list) => list.map(({ name }) => name).join(' '));
}

describe('together', () => {
  it.each([
    ['apart', [fix('a', 'x', 0, 2), fix('b', 'x', 3, 5)], ['a b', '']],
    ['overlapping', [fix('a', 'x', 0, 4), fix('b', 'x', 3, 5)], ['a', 'b']],
    ['one inside the other', [fix('a', 'x', 0, 9), fix('b', 'x', 3, 5)], ['a', 'b']],
    ['insertions at one place', [fix('a', 'x', 3, 3), fix('b', 'x', 3, 3)], ['a', 'b']],
    ['in two files', [fix('a', 'x', 0, 4), fix('b', 'y', 0, 4)], ['a b', '']],
    ['the same twice', [fix('a', 'x', 0, 4, 'z'), fix('b', 'x', 0, 4, 'z')], ['a', '']],
    ['what is left out does not count', [fix('a', 'x', 0, 4), fix('b', 'x', 3, 9), fix('c', 'x', 7, 8)], ['a c', 'b']],
  ])('%s', (_, fixes, expected) => {
    expect(names(together(fixes))).toEqual(expected);
  });
});
