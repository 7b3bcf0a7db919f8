import { describe, expect, it } from 'vitest';
import type { Edit } from '../cors/repair';
import { applyEdits, byFile, mergeEdits, overlap, sortEdits } from './edits';

const edit = (start: number, end: number, text: string, file = 'a'): Edit => ({ file, start, end, text });

describe('applyEdits', () => {
  it.each([
    ['nothing', 'abc', [], 'abc'],
    ['a replacement', 'abc', [edit(1, 2, 'XY')], 'aXYc'],
    ['an insertion at either end', 'abc', [edit(0, 0, '<'), edit(3, 3, '>')], '<abc>'],
    ['a deletion of all', 'abc', [edit(0, 3, '')], ''],
    ['neighbours', 'abcd', [edit(0, 2, '1'), edit(2, 4, '2')], '12'],
    ['offsets in UTF-16, astral characters included', '😀b', [edit(2, 3, 'B')], '😀B'],
  ])('makes %s', (_, text, edits, expected) => {
    expect(applyEdits(text, edits)).toBe(expected);
  });
});

describe('overlap', () => {
  it.each([
    [[edit(0, 2, ''), edit(1, 3, '')], true],
    [[edit(0, 2, ''), edit(2, 3, '')], false],
    [[edit(1, 1, 'x'), edit(1, 1, 'y')], true],
    [[edit(0, 2, ''), edit(1, 1, 'x')], true],
    [[edit(0, 2, '', 'a'), edit(0, 2, '', 'b')], false],
  ])('%j is %s', (edits, expected) => {
    expect(overlap(sortEdits(edits))).toBe(expected);
  });
});

describe('mergeEdits', () => {
  it('takes whole sets, first come first served, and makes an equal edit once', () => {
    const map = edit(0, 0, 'map {}\n');
    const first = { edits: [map, edit(10, 12, 'a')] };
    const second = { edits: [map, edit(20, 22, 'b')] };
    const clashing = { edits: [edit(11, 15, 'c'), edit(40, 41, 'd')] };
    const { edits, taken } = mergeEdits([first, second, clashing]);
    expect(taken).toEqual([first, second]);
    expect(edits).toEqual([map, edit(10, 12, 'a'), edit(20, 22, 'b')]);
  });
});

describe('byFile', () => {
  it('keeps each file apart and in order', () => {
    const files = byFile([edit(5, 6, 'x', 'b'), edit(3, 4, 'y', 'a'), edit(1, 2, 'z', 'b')]);
    expect([...files]).toEqual([
      ['a', [edit(3, 4, 'y', 'a')]],
      ['b', [edit(1, 2, 'z', 'b'), edit(5, 6, 'x', 'b')]],
    ]);
  });
});
