import ignore from 'ignore';
import { describe, expect, test } from 'vitest';
import { compilePatterns, lastVerdict, type Matcher } from './ignoring';

const ROOT = '/w';

/** As a walk asks: from the top down, and no further than the first ignored folder. A path that ends in `/` is a folder. */
function isIgnored(matchers: readonly Matcher[], path: string): boolean {
  const isFolder = path.endsWith('/');
  const segments = path.replace(/\/$/, '').split('/');
  return segments.some((_, i) => {
    const above = i < segments.length - 1;
    return lastVerdict(matchers, `${ROOT}/${segments.slice(0, i + 1).join('/')}`, above || isFolder) === 'ignored';
  });
}

const ignored = (patterns: readonly string[], path: string): boolean =>
  isIgnored([compilePatterns({ folder: ROOT, patterns })], path);

describe('patterns', () => {
  test.each<[patterns: string[], path: string, expected: boolean]>([
    [['*.log'], 'a.log', true],
    [['*.log'], 'deep/er/a.log', true],
    [['/*.log'], 'deep/a.log', false],
    [['build'], 'build', true],
    [['build/'], 'build', false],
    [['build/'], 'build/', true],
    [['build/'], 'x/build/a.js', true],
    [['/build/'], 'x/build/a.js', false],
    [['a/b'], 'a/b', true],
    [['a/b'], 'x/a/b', false],
    [['**/a/b'], 'x/a/b', true],
    [['a/**'], 'a/', false],
    [['a/**'], 'a/x', true],
    [['a/**/b'], 'a/b', true],
    [['a/**/b'], 'a/x/y/b', true],
    [['*', '!*.conf'], 'a.conf', false],
    [['*', '!*.conf'], 'a.js', true],
    [['conf/', '!conf/keep.conf'], 'conf/keep.conf', true],
    [['conf/*', '!conf/keep.conf'], 'conf/keep.conf', false],
    [['# a', '', '   ', 'b   '], 'b', true],
    [['\\#a'], '#a', true],
    [['\\!a'], '!a', true],
    [['a\\ '], 'a ', true],
    [['[ab].js'], 'b.js', true],
    [['[!ab].js'], 'b.js', false],
    [['a?c'], 'abc', true],
    [['A.js'], 'a.js', false],
    [['/'], 'a', false],
    [['*.js\r'], 'a.js', true],
    [['.env*', '!.env.example'], '.env.example', false],
  ])('%j of %s', (patterns, path, expected) => {
    expect(ignored(patterns, path)).toBe(expected);
  });

  test('see only what is in their folder', () => {
    const matcher = compilePatterns({ folder: '/w/sub', patterns: ['*'] });
    expect(matcher.verdict('/w/other', false)).toBe(undefined);
    expect(matcher.verdict('/w/subway', false)).toBe(undefined);
    expect(matcher.verdict('/w/sub', true)).toBe(undefined);
    expect(matcher.verdict('/w/sub/a', false)).toBe('ignored');
  });

  test('of a nested list are stronger than those above', () => {
    const outer = compilePatterns({ folder: ROOT, patterns: ['*.js'] });
    const inner = compilePatterns({ folder: `${ROOT}/a`, patterns: ['!keep.js'] });
    expect(isIgnored([outer, inner], 'a/keep.js')).toBe(false);
    expect(isIgnored([outer, inner], 'a/drop.js')).toBe(true);
    expect(isIgnored([outer, inner], 'keep.js')).toBe(true);
  });

  test('take no longer for being hostile', () => {
    const started = performance.now();
    const pattern = `${'*a'.repeat(500)}b`;
    expect(ignored([pattern, `${'**/'.repeat(200)}x/y`], `${'a'.repeat(2000)}/${'a/'.repeat(500)}c`)).toBe(false);
    expect(performance.now() - started).toBeLessThan(2000);
  });
});

test('generated patterns and paths are judged as by the ignore package', () => {
  const random = mulberry(20);
  const pick = <T>(items: readonly [T, ...T[]]): T => items[Math.floor(random() * items.length)] ?? items[0];
  const name = (): string => pick(['a', 'b', 'ab', '.c', 'a.js', 'b.js', 'x.conf']);
  const part = (): string => pick([name(), name(), '*', '*.js', 'a*', '?', '[ab]', '**', '[!a].js', '*b*']);
  const repeat = (most: number, make: () => string): string[] =>
    Array.from({ length: 1 + Math.floor(random() * most) }, make);
  let hits = 0;
  for (let round = 0; round < 3000; round++) {
    const patterns = repeat(4, () => {
      const body = repeat(3, part).join('/');
      return `${pick(['', '', '', '!'])}${pick(['', '', '/'])}${body}${pick(['', '', '/'])}`;
    });
    const path = `${repeat(4, name).join('/')}${pick(['', '', '/'])}`;
    const expected = ignore({ ignorecase: false }).add(patterns).ignores(path);
    if (expected) hits += 1;
    expect({ patterns, path, ignored: ignored(patterns, path) }).toEqual({ patterns, path, ignored: expected });
  }
  expect(hits).toBeGreaterThan(500);
});

/** A small random generator with a seed, so that a failure comes again. */
function mulberry(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
