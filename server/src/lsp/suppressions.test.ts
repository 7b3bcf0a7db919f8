import { describe, expect, it } from 'vitest';
import { positionsIn } from './positions';
import { type Suppression, suppressFile, suppressLine } from './suppressions';

function target(file: string, text: string) {
  return { file, text, positions: positionsIn(text), rule: 'null-origin', offset: text.indexOf('HERE') };
}

function write(text: string, suppression: Suppression | undefined): string | undefined {
  if (suppression === undefined) return undefined;
  const { at, before, reason, after } = suppression;
  return text.slice(0, at) + before + reason + after + text.slice(at);
}

describe('for a line', () => {
  it.each([
    ['app.js', 'a\n  HERE', 'a\n  // cors-lint-disable-next-line null-origin -- reason\n  HERE'],
    ['app.mts', 'HERE', '// cors-lint-disable-next-line null-origin -- reason\nHERE'],
    ['n.conf', 'a {\r\n\tHERE', 'a {\r\n\t# cors-lint-disable-next-line null-origin -- reason\r\n\tHERE'],
    ['s.yml', '- HERE', '# cors-lint-disable-next-line null-origin -- reason\n- HERE'],
    ['c.json', '"HERE"', undefined],
    [
      'a.js',
      '// cors-lint-disable-next-line other -- why\nHERE',
      '// cors-lint-disable-next-line other, null-origin -- why\nHERE',
    ],
    [
      'a.js',
      '/* cors-lint-disable-next-line other */\nHERE',
      '/* cors-lint-disable-next-line other, null-origin */\nHERE',
    ],
    [
      'a.conf',
      '# cors-lint-disable-next-line\nHERE',
      '# cors-lint-disable-next-line\n# cors-lint-disable-next-line null-origin -- reason\nHERE',
    ],
  ])('%s %j', (file, text, expected) => {
    expect(write(text, suppressLine(target(file, text)))).toBe(expected);
  });
});

describe('for a file', () => {
  it.each([
    ['app.js', 'HERE', '// cors-lint-disable-file null-origin -- reason\nHERE'],
    [
      'app.js',
      '#!/usr/bin/env node\nHERE',
      '#!/usr/bin/env node\n// cors-lint-disable-file null-origin -- reason\nHERE',
    ],
    ['n.conf', '\uFEFFHERE\r\n', '\uFEFF# cors-lint-disable-file null-origin -- reason\r\nHERE\r\n'],
    [
      's.yml',
      '# cors-lint-disable-file other -- why\nHERE',
      '# cors-lint-disable-file other, null-origin -- why\nHERE',
    ],
    ['c.json', '"HERE"', undefined],
  ])('%s %j', (file, text, expected) => {
    expect(write(text, suppressFile(target(file, text)))).toBe(expected);
  });
});
