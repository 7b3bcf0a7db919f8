import { beforeAll, describe, expect, it } from 'vitest';
import { prepare } from '../../../javascript';
import { createModule } from '../../../javascript/module';
import { applyEdits, overlap, sortEdits } from '../../../lint/edits';
import { removeItem } from './items';

beforeAll(() => prepare());

/** The text without the item that holds an `x`, of the first array or object. */
function without(text: string): string | undefined {
  const module = createModule('list.ts', text);
  const list = module.index.of('ArrayExpression')[0] ?? module.index.of('ObjectExpression')[0];
  if (list === undefined) throw new Error('there is no list');
  const items = list.type === 'ArrayExpression' ? list.elements : list.properties;
  const item = items.find((one) => one !== null && /\bx/.test(text.slice(...one.range)));
  if (!item) throw new Error('there is no item');
  const edits = removeItem(module, items, item, list);
  if (edits === undefined) return undefined;
  expect(overlap(sortEdits(edits))).toBe(false);
  const after = applyEdits(text, edits);
  const again = createModule('list.ts', after);
  expect(again.errors, after).toEqual([]);
  const left = again.index.of('ArrayExpression')[0] ?? again.index.of('ObjectExpression')[0];
  expect(left?.type === 'ArrayExpression' ? left.elements.length : left?.properties.length, after).toBe(
    items.length - 1,
  );
  return after;
}

describe.each([
  ['the first', "f(['x', 'b', 'c']);", "f(['b', 'c']);"],
  ['one between', "f(['a', 'x', 'c']);", "f(['a', 'c']);"],
  ['the last', "f(['a', 'b', 'x']);", "f(['a', 'b']);"],
  ['the last before a comma', "f(['a', 'b', 'x',]);", "f(['a', 'b',]);"],
  ['the only one', "f([ 'x' ]);", 'f([]);'],
  ['the only one before a comma', "f(['x',]);", 'f([]);'],
  ['without blanks', 'f({a:1,x:2,c:3});', 'f({a:1,c:3});'],
  ['a property in braces with blanks', 'f({ a: 1, x: 2 });', 'f({ a: 1 });'],
  ['a spread', 'f({ ...x, b: 2 });', 'f({ b: 2 });'],
  ['a method', 'f({ x() { return f(1, 2); }, b: 2 });', 'f({ b: 2 });'],
  ['one in parentheses', "f(['a', ('x'), 'c']);", "f(['a', 'c']);"],
  ['one in more of them', "f([(('x')), 'c']);", "f(['c']);"],
  ['one behind another in parentheses', "f([('a'), 'x']);", "f([('a')]);"],
])('%s', (_, before, after) => {
  it('goes with one comma', () => {
    expect(without(before)).toBe(after);
  });
});

describe.each([
  ['in front of its comma', "f(['x' /* 1 */, 'b']);", "f([/* 1 */ 'b']);"],
  ['behind its comma', "f(['x', /* 1 */ 'b']);", "f([/* 1 */ 'b']);"],
  ['of the one in front', "f(['a' /* 1 */, 'x']);", "f(['a' /* 1 */]);"],
  ['behind the comma of the one in front', "f(['a', /* 1 */ 'x']);", "f(['a' /* 1 */]);"],
  ['beside the only one', "f([/* 1 */ 'x' /* 2 */]);", 'f([/* 1 */ /* 2 */]);'],
  ['with a comma in it', "f(['a' /* , */, 'x', 'c']);", "f(['a' /* , */, 'c']);"],
  ['that ends the line of the one in front', "f([\n  'a', // 1\n  'x',\n  'c',\n]);", "f([\n  'a', // 1\n  'c',\n]);"],
  ['above it', "f([\n  'a',\n  // 1\n  'x',\n]);", "f([\n  'a',\n  // 1\n]);"],
  ['of the one below', 'f({\n  x: 1,\n  // 1\n  b: 2,\n});', 'f({\n  // 1\n  b: 2,\n});'],
  ['of the brackets', "f([ // 1\n  'x',\n  'b', // 2\n]);", "f([ // 1\n  'b', // 2\n]);"],
  ['ahead of a comma on the next line', "f([\n  'x' // 1\n  , 'b'\n]);", "f([\n  // 1\n   'b'\n]);"],
])('a comment %s', (_, before, after) => {
  it('stays', () => {
    expect(without(before)).toBe(after);
  });
});

describe.each([
  ['a line', "f([\n  'a',\n  'x',\n  'c'\n]);", "f([\n  'a',\n  'c'\n]);"],
  ['the last line', "f([\n  'a',\n  'x'\n]);", "f([\n  'a'\n]);"],
  ['the last line before a comma', "f([\n  'a',\n  'x',\n]);", "f([\n  'a',\n]);"],
  ['the last line, behind a comment', "f([\n  'a', // 1\n  'x'\n]);", "f([\n  'a' // 1\n]);"],
  ['a line with a comment', "f([\n  'a',\n  'x', // gone\n  'c',\n]);", "f([\n  'a',\n  'c',\n]);"],
  ['several lines', 'f({\n  a: 1,\n  x: f(\n    1,\n  ),\n  c: 3,\n});', 'f({\n  a: 1,\n  c: 3,\n});'],
  ['the only line', 'f({\n  x: 1,\n});', 'f({});'],
  ['the only line, under a comment', 'f({\n  // 1\n  x: 1,\n});', 'f({\n  // 1\n});'],
  ['a line that a comma begins', "f([\n  'a'\n  , 'x'\n  , 'c'\n]);", "f([\n  'a'\n  , 'c'\n]);"],
  ['the last line that a comma begins', "f([\n  'a'\n  , 'x'\n]);", "f([\n  'a'\n]);"],
  ['the end of a line', "f([\n  'a', 'x',\n  'c',\n]);", "f([\n  'a',\n  'c',\n]);"],
  ['a line behind tabs', 'f({\n\ta: 1,\n\tx: 2,\n});', 'f({\n\ta: 1,\n});'],
])('%s', (_, before, after) => {
  it.each(['\n', '\r\n'])('goes as a whole (%j)', (newline) => {
    expect(without(before.replaceAll('\n', newline))).toBe(after.replaceAll('\n', newline));
  });
});

it('is declined where a comma is an item', () => {
  expect(without("f(['a', , 'x']);")).toBeUndefined();
});
