import { expect, it } from 'vitest';
import { textChanges } from './textChanges';

function apply(text: string, changes: ReturnType<typeof textChanges>): string {
  let result = '';
  let at = 0;
  for (const change of changes) {
    expect(change.start).toBeGreaterThanOrEqual(at);
    result += text.slice(at, change.start) + change.text;
    at = change.end;
  }
  return result + text.slice(at);
}

it('says nothing about equal texts', () => {
  expect(textChanges('a\nb', 'a\nb')).toEqual([]);
  expect(textChanges('', '')).toEqual([]);
});

it('touches only the lines that differ', () => {
  expect(textChanges('a\nb\nc\nd\ne\n', 'a\nB\nc\nd\nx\ne\n')).toEqual([
    { start: 2, end: 4, text: 'B\n' },
    { start: 8, end: 8, text: 'x\n' },
  ]);
});

it('gives the other text for any pair of texts, line breaks kept', () => {
  let seed = 7;
  const random = (below: number): number => {
    seed = (seed * 1103515245 + 12345) % 2 ** 31;
    return seed % below;
  };
  const lines = ['a\n', 'b\r\n', '\n', 'c', 'dd\n', '}\n'];
  const text = (): string => Array.from({ length: random(9) }, () => lines[random(lines.length)]).join('');
  for (let round = 0; round < 3000; round++) {
    const before = text();
    const after = text();
    expect(apply(before, textChanges(before, after))).toBe(after);
  }
});

it('replaces the whole difference when there is too much of it to compare', () => {
  const before = `same\n${'x\n'.repeat(1500)}end`;
  const after = `same\n${'y\n'.repeat(1500)}end`;
  expect(textChanges(before, after)).toEqual([{ start: 5, end: 3005, text: 'y\n'.repeat(1500) }]);
});
