import { expect, it } from 'vitest';
import { positionsIn } from './positions';

it.each([
  ['', 0, [0, 0]],
  ['ab\ncd', 4, [1, 1]],
  ['ab\r\ncd', 4, [1, 0]],
  ['ab\rcd', 3, [1, 0]],
  ['🙂x', 2, [0, 2]],
  ['\uFEFFab\ncd', 1, [0, 0]],
  ['\uFEFFab\ncd', 0, [0, 0]],
  ['\uFEFFab\ncd', 5, [1, 1]],
  ['ab', 99, [0, 2]],
])('%j: offset %i is at %j', (text, offset, [line, character]) => {
  expect(positionsIn(text).range({ start: offset, end: offset }).start).toEqual({ line, character });
});

it('gives every offset of a text back, byte order mark or not', () => {
  for (const text of ['one\ntwo\r\nthree', '\uFEFFone\ntwo']) {
    const positions = positionsIn(text);
    for (let offset = text.startsWith('\uFEFF') ? 1 : 0; offset <= text.length; offset++) {
      // No editor has a place between the two characters of a line break.
      if (text[offset - 1] === '\r') continue;
      expect(positions.offset(positions.range({ start: offset, end: offset }).start)).toBe(offset);
    }
    expect(positions.lineStart(1)).toBe(text.indexOf('\n') + 1);
    expect(positions.line(text.length)).toBe(text.split('\n').length - 1);
  }
});
