import { expect, test } from 'vitest';
import { applyEdits } from '../../lint/edits';
import { deleteSeparated } from './separated';

/** The items are one letter each, and the one to go is `x`. */
const CASES: [title: string, before: string, after: string][] = [
  ['the first', '{ x, b }', '{ b }'],
  ['one in the middle', '[a, x, b]', '[a, b]'],
  ['the last', '[a, x]', '[a]'],
  ['the last before a comma', '[a, x,]', '[a,]'],
  ['the only one', '[x]', '[]'],
  ['a line of its own', '{\n  a,\n  x,\n  b,\n}', '{\n  a,\n  b,\n}'],
  ['the last line', '{\n  a,\n  x,\n}', '{\n  a,\n}'],
  ['the last line without a comma', '{\n  a,\n  x\n}', '{\n  a\n}'],
  ['the last line without a comma, CRLF', '{\r\n  a,\r\n  x\r\n}', '{\r\n  a\r\n}'],
  [
    'its own comment goes, the others stay',
    '{\n  a, // a\n  x, // x\n  // b\n  b, // b\n}',
    '{\n  a, // a\n  // b\n  b, // b\n}',
  ],
  ['the comment in front of the last stays', '{\n  a, // a\n  x, // x\n}', '{\n  a, // a\n}'],
  ['the comma before a comment goes', '{\n  a, # a\n  x # x\n}', '{\n  a # a\n}'],
  ['a comment on the line of both', '{ a, /* b */ x }', '{ a /* b */ }'],
  ['a comment before the next', '{ a, x, /* b */ b }', '{ a, /* b */ b }'],
  ['a bracket on its line', '{\n  a,\n  x }', '{\n  a }'],
  ['others on its line', '{\n  x, b\n}', '{\n  b\n}'],
];

test.each(CASES)('%s', (_, text, after) => {
  const at = (index: number) => ({ start: index, end: index + 1 });
  const start = text.indexOf('x');
  const before = /[ab](?=[^x]*x)/.exec(text.slice(0, start + 1).replace(/(?:\/\/|#|\/\*) \w/g, '....'))?.index;
  const next = [...text.replace(/((?:\/\/|#|\/\*) )\w/g, '$1.').matchAll(/b/g)].find(
    ({ index }) => index > start,
  )?.index;
  const edits = deleteSeparated(
    { file: 'a', text },
    at(start),
    before === undefined ? undefined : at(before),
    next === undefined ? undefined : at(next),
  );
  expect(applyEdits(text, edits)).toBe(after);
});
