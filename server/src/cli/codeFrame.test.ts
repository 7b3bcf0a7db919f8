import { describe, expect, test } from 'vitest';
import { codeFrame } from './codeFrame';
import { linesOf } from './lines';
import { plain } from './paint';

function frame(text: string, marked: string): string {
  const start = text.indexOf(marked);
  return codeFrame(linesOf(text), { start, end: start + marked.length }, plain).join('\n');
}

describe('a code frame', () => {
  test('underlines the range between its neighbours', () => {
    expect(frame('one\ntwo three\nfour', 'three')).toBe(
      ['  1 | one', '> 2 | two three', '    |     ^^^^^', '  3 | four'].join('\n'),
    );
  });

  test('leaves out blank neighbours and keeps numbers in line', () => {
    const text = `${'\n'.repeat(8)}nine\nten\n`;
    expect(frame(text, 'nine')).toBe(['>  9 | nine', '     | ^^^^', '  10 | ten'].join('\n'));
  });

  test('stays under the text with tabs and wide letters before it', () => {
    expect(frame('\ta日😀 x', 'x')).toBe(['> 1 |   a日😀 x', '    |         ^'].join('\n'));
  });

  test('of several lines marks each from its first letter, up to three', () => {
    expect(frame('a b\n  c\n  d\n  e\nf', 'b\n  c\n  d\n  e')).toBe(
      ['> 1 | a b', '    |   ^', '> 2 |   c', '    |   ^', '> 3 |   d', '    |   ^', '  4 |   e'].join('\n'),
    );
    expect(frame('a\nb\nc\nd\ne\nf', 'a\nb\nc\nd\ne\nf')).toMatch(/… to line 6$/);
  });

  test('shows a long line in part', () => {
    const rows = frame(`${'x'.repeat(5000)}MARK${'y'.repeat(5000)}`, 'MARK').split('\n');
    expect(rows[0]).toMatch(/^> 1 \| …x+MARKy+…$/);
    expect(rows[0]?.length).toBeLessThan(130);
    expect(rows[1]?.indexOf('^^^^')).toBe(rows[0]?.indexOf('MARK'));
  });

  test('marks an empty range with one sign', () => {
    expect(codeFrame(linesOf('ab'), { start: 1, end: 1 }, plain)).toEqual(['> 1 | ab', '    |  ^']);
  });

  test('passes no control character on', () => {
    expect(frame('a\u001B[31m\u0007b', 'b')).toContain('a\uFFFD[31m\uFFFDb');
  });
});
