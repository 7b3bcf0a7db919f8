import picomatch from 'picomatch';
import { describe, expect, test } from 'vitest';
import { compileGlob, matchesGlob } from './glob';

describe('names and patterns', () => {
  test.each<[pattern: string, name: string, expected: boolean]>([
    ['*', 'anything', true],
    ['*', '', true],
    ['*.conf', '.conf', true],
    ['a*b*c', 'aXXbYYbc', true],
    ['a*b*c', 'aXXbYY', false],
    ['[]]', ']', true],
    ['[!]]', ']', false],
    ['[a-c]x', 'bx', true],
    ['[a-]', '-', true],
    ['[^a]', 'b', true],
    ['[', '[', true],
    ['[abc', '[abc', true],
    ['\\*', '*', true],
    ['\\*', 'a', false],
    ['[\\]]', ']', true],
    ['[[:alpha:]]x', 'bx', true],
    ['[[:alpha:]]x', '1x', false],
    ['[![:digit:]_]', '_', false],
    ['[![:digit:]_]', 'a', true],
    ['[[:none:]]', 'n', false],
    ['a.c', 'abc', false],
    ['(a|b)+', '(a|b)+', true],
  ])('%s of %s', (pattern, name, expected) => {
    expect(compileGlob(pattern)(name)).toBe(expected);
  });

  test('a dot at the start needs a dot, as in a shell', () => {
    expect(matchesGlob('.hidden', '*')).toBe(false);
    expect(matchesGlob('.hidden', '.*')).toBe(true);
  });

  test('stars cost no more than the lengths', () => {
    const started = performance.now();
    expect(compileGlob(`${'*a'.repeat(1000)}b`)('a'.repeat(4000))).toBe(false);
    expect(performance.now() - started).toBeLessThan(2000);
  });
});

test('every short pattern and name, as picomatch judges them', () => {
  const all = (letters: string, most: number): string[] =>
    most === 0
      ? ['']
      : [...all(letters, most - 1), ...[...letters].flatMap((l) => words(letters, most - 1).map((w) => l + w))];
  const words = (letters: string, length: number): string[] =>
    length === 0 ? [''] : [...letters].flatMap((l) => words(letters, length - 1).map((w) => l + w));
  const names = all('abc', 4).filter((name) => name !== '');
  for (const pattern of all('ab*?', 4).filter((text) => text !== '' && !text.includes('**'))) {
    const judge = picomatch(pattern, { nobrace: true, noext: true });
    const mine = compileGlob(pattern);
    expect(names.filter(mine), pattern).toEqual(names.filter((name) => judge(name)));
  }
});
