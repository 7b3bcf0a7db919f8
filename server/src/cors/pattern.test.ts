import { describe, expect, it } from 'vitest';
import { matchIn, searches } from './pattern';

function search(source: string, flags: string, subject: string, dialect: 'ecmascript' | 'pcre' = 'ecmascript') {
  return searches({ kind: 'regex', source, flags, dialect }, subject);
}

/** Numbers that are the same in every run. */
function* numbers(seed: number): Generator<number, never> {
  for (let state = seed; ; ) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    yield state >>> 8;
  }
}

describe('searches agrees with the ECMAScript engine', () => {
  const atoms = [
    'a',
    'b',
    '\\.',
    '.',
    '[ab]',
    '[^a]',
    '\\w',
    '\\W',
    '\\d',
    '[a-c.]',
    '^',
    '$',
    '\\b',
    '\\B',
    '(?:)',
    'A',
  ];
  const tails = ['', '', '', '?', '*', '+', '{2}', '{0,2}', '{1,}', '*?', '+?', '??', '{0,2}?'];

  function pattern(next: () => number, depth: number): string {
    const branches = Array.from({ length: 1 + (next() % 2) }, () =>
      Array.from({ length: 1 + (next() % 3) }, () => {
        const atom = depth > 0 && next() % 3 === 0 ? `(${pattern(next, depth - 1)})` : pick(atoms, next());
        return /^(?:\^|\$|\\b|\\B)$/.test(atom) ? atom : atom + pick(tails, next());
      }).join(''),
    );
    return branches.join('|');
  }

  it('on generated patterns and subjects', () => {
    const source = numbers(7);
    const next = () => source.next().value;
    let told = 0;
    for (let i = 0; i < 4000; i++) {
      const text = pattern(next, 2);
      const flags = pick(['', 'i', 's', 'm', 'im'], next());
      for (let j = 0; j < 4; j++) {
        const subject = Array.from({ length: next() % 8 }, () => pick(['a', 'b', 'A', '.', '1', '\n'], next())).join(
          '',
        );
        expect([text, flags, subject, search(text, flags, subject)]).toEqual([
          text,
          flags,
          subject,
          new RegExp(text, flags).test(subject),
        ]);
        const found = matchIn({ kind: 'regex', source: text, flags, dialect: 'ecmascript' }, subject);
        if (found === undefined) continue;
        told += 1;
        const { 0: matched, index = 0 } = new RegExp(text, flags).exec(subject) ?? {};
        expect([text, flags, subject, found]).toEqual([
          text,
          flags,
          subject,
          matched === undefined ? null : { start: index, end: index + matched.length },
        ]);
      }
    }
    expect(told).toBeGreaterThan(7000);
  });

  it.each([
    ['^https:\\/\\/(.+\\.)?example\\.com$', '', 'https://a.b.example.com', true],
    ['^https:\\/\\/(.+\\.)?example\\.com$', '', 'https://evilexample.com', false],
    ['[]', '', 'a', false],
    ['[^]', '', '\n', true],
    ['(?i:A)b', '', 'ab', true],
    ['(?i:A)b', '', 'aB', false],
    ['(?-i:A)b', 'i', 'AB', true],
    ['(?-i:A)b', 'i', 'aB', false],
    ['b', 'y', 'ab', false],
    ['[^a]', 'i', 'A', false],
    ['a{2,3}$', '', 'aaaa', true],
    ['^a{2,3}$', '', 'aaaa', false],
    ['(?<host>a)', '', 'a', true],
    ['\\u{61}', 'u', 'a', true],
  ] as const)('/%s/%s on %j', (source, flags, subject, expected) => {
    expect(search(source, flags, subject)).toBe(expected);
  });
});

describe('what is not understood is unknown', () => {
  it.each([
    '(?=a)',
    '(?!a)',
    '(?<=a)',
    '(a)\\1',
    '(?<n>a)\\k<n>',
    '(',
    '[b-a]',
    'a{3000}{3000}',
    '(?:a{99}){99}',
    'a'.repeat(5000),
  ])('%s', (source) => {
    expect(search(source, '', 'a')).toBeUndefined();
  });

  it.each(['\\p{L}', '[[a-z]--b]'])('/%s/v', (source) => {
    expect(search(source, 'v', 'a')).toBeUndefined();
  });
});

describe('PCRE', () => {
  it.each([
    ['(?i)EXAMPLE\\.com$', 'https://example.com', true],
    ['^https?://[^/]+\\.example\\.com(:[0-9]+)?$', 'https://a.example.com:81', true],
    ['(a|b)\\.example\\.com', 'b.example.com', true],
  ])('%s', (source, subject, expected) => {
    expect(search(source, '', subject, 'pcre')).toBe(expected);
  });

  it.each([
    'a++b',
    '(?>a)',
    '\\Aa\\z',
    '[[:alpha:]]',
    '\\Qa\\E',
    '(?P<n>a)',
    '[]a]',
    '\\ha',
    '(?R)',
    '(*UTF8)a',
    '(?|a|b)',
  ])('%s is left alone', (source) => {
    expect(search(source, '', 'a', 'pcre')).toBeUndefined();
  });
});

it('takes time in proportion to the subject, whatever the pattern', () => {
  const times = [2000, 20000].map((length) => {
    const start = performance.now();
    expect(search('^(a+)+$', '', `${'a'.repeat(length)}b`)).toBe(false);
    expect(search('(.*)*(.*)*x$', '', 'a'.repeat(length))).toBe(false);
    return performance.now() - start;
  });
  expect(times[1]).toBeLessThan(Math.max(200, 60 * (times[0] ?? 0)));
});

it('compiles empty repetitions of repetitions at once', () => {
  expect(search('((((?:){4000}){4000}){4000}){4000}a', '', 'a')).toBe(true);
});

function pick<T>(items: readonly T[], number: number): T {
  const item = items[number % items.length];
  if (item === undefined) throw new Error('nothing to pick from');
  return item;
}
