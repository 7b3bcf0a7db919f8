import { describe, expect, test } from 'vitest';
import { type Change, changedLines } from './changes';
import { linesOf } from './lines';

/** Edits as [from, to, text], found by the words in the text. */
function changes(text: string, ...edits: readonly (readonly [at: string, length: number, text: string])[]): Change[] {
  const made = edits.map(([at, length, put]) => {
    const start = text.indexOf(at);
    return { file: 'f', start, end: start + length, text: put };
  });
  return changedLines(text, linesOf(text), made);
}

describe('the lines that edits change', () => {
  test('are whole lines', () => {
    expect(changes('a\nb one\nc', ['one', 3, 'two'])).toEqual([{ line: 2, removed: ['b one'], added: ['b two'] }]);
  });

  test('are only those that differ', () => {
    expect(changes('a\nb\nc\n', ['b', 0, 'new\n'])).toEqual([{ line: 2, removed: [], added: ['new'] }]);
    expect(changes('a\nb\nc\n', ['b', 2, ''])).toEqual([{ line: 2, removed: ['b'], added: [] }]);
  });

  test('of edits on neighbouring lines stand together, others apart', () => {
    expect(changes('a\nb\nc\nd\ne\nf', ['a', 1, 'A'], ['b', 1, 'B'], ['f', 1, 'F'])).toEqual([
      { line: 1, removed: ['a', 'b'], added: ['A', 'B'] },
      { line: 6, removed: ['f'], added: ['F'] },
    ]);
  });

  test('show no line ends', () => {
    expect(changes('a\r\nb\r\n', ['b', 1, 'x\r\ny'])).toEqual([{ line: 2, removed: ['b'], added: ['x', 'y'] }]);
  });

  test('may be past the last line', () => {
    expect(changedLines('a', linesOf('a'), [{ file: 'f', start: 1, end: 1, text: '\nb' }])).toEqual([
      { line: 2, removed: [], added: ['b'] },
    ]);
  });
});
