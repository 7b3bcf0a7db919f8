import { posix as real } from 'node:path';
import { expect, test } from 'vitest';
import { posix as own } from './path';

/** Every path of up to five of these, absolute or not. */
function paths(): string[] {
  const parts = ['', '.', '..', 'a', 'b.c', '.d', 'e.', '..f'];
  let all = [''];
  const found = new Set<string>();
  for (let depth = 0; depth < 5; depth++) {
    all = all.flatMap((path) => parts.map((part) => (depth === 0 ? part : `${path}/${part}`)));
    // All of the short ones, some of the long ones.
    for (const [i, path] of all.entries()) if (depth < 4 || i % 7 === 0) found.add(path);
  }
  return [...found];
}

const all = paths();
/** Of a row of slashes Node.js keeps some here and some there; nobody takes such a path apart. */
const usual = all.filter((path) => !path.includes('//') && path !== '/');

test.each(['normalize', 'dirname', 'basename', 'extname', 'isAbsolute'] as const)('%s is as in Node.js', (name) => {
  for (const path of name === 'normalize' ? all : [...usual, '/'])
    expect([path, own[name](path)]).toEqual([path, real[name](path)]);
});

test('basename without a suffix is as in Node.js', () => {
  for (const suffix of ['.c', 'b.c', 'c', '.', '']) {
    for (const path of usual) expect([path, own.basename(path, suffix)]).toEqual([path, real.basename(path, suffix)]);
  }
});

test.each(['join', 'resolve', 'relative'] as const)('%s is as in Node.js, seen from the root', (name) => {
  for (const [i, first] of all.entries()) {
    // Neighbours share their beginnings; the others do not.
    for (const second of [all[i + 1], all[i + 8], all[(i * 31) % all.length]]) {
      if (second === undefined) continue;
      const [from, to] = name === 'join' ? [first, second] : [real.join('/', first), second];
      const target = name === 'relative' ? real.join('/', to) : to;
      expect([from, target, own[name](from, target)]).toEqual([from, target, real[name](from, target)]);
    }
  }
});
