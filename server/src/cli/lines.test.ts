import { expect, test } from 'vitest';
import { fileLines, linesOf } from './lines';

test('lines end at CR LF, LF and CR, and count from 1', () => {
  const lines = linesOf('a\r\nbc\n\rd');
  expect(lines.count).toBe(4);
  expect([1, 2, 3, 4, 5].map(lines.text)).toEqual(['a', 'bc', '', 'd', '']);
  expect([0, 1, 2, 3, 4, 5, 6, 7, 8].map(lines.position)).toEqual([
    { line: 1, column: 1 },
    { line: 1, column: 2 },
    { line: 1, column: 3 },
    { line: 2, column: 1 },
    { line: 2, column: 2 },
    { line: 2, column: 3 },
    { line: 3, column: 1 },
    { line: 4, column: 1 },
    { line: 4, column: 2 },
  ]);
});

test('columns are UTF-16 units', () => {
  expect(linesOf('😀x').position(2)).toEqual({ line: 1, column: 3 });
});

test('an empty text has one line', () => {
  expect(linesOf('')).toMatchObject({ count: 1, whole: '' });
  expect(linesOf('').position(0)).toEqual({ line: 1, column: 1 });
});

test('the lines of a file are those of its text now', () => {
  let text: string | undefined = 'a\nb';
  const lines = fileLines(() => text);
  expect(lines.range('f', { start: 2, end: 3 })).toEqual({
    start: { line: 2, column: 1 },
    end: { line: 2, column: 2 },
  });
  expect(lines.of('f')).toBe(lines.of('f'));
  text = undefined;
  expect(lines.of('f').whole).toBe('');
});
