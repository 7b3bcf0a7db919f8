import { describe, expect, test } from 'vitest';
import { hasHole, isHole } from './holes';
import { parse } from './parse';

function names(text: string): string[] {
  const tree = parse(text);
  expect(tree.faults, text).toEqual([]);
  const all = [...tree.directives];
  for (const { block } of all) all.push(...(block?.directives ?? []));
  return all.map(({ name, args }) => [name, ...args].map(({ value }) => value).join(' '));
}

describe('a hole that stands for whole statements', () => {
  test.each([
    ['${CORS_BLOCK}\nadd_header A b;', ['${CORS_BLOCK}', 'add_header A b']],
    ['$CORS_BLOCK\r\nadd_header A b;', ['$CORS_BLOCK', 'add_header A b']],
    ['server {\n  ${CORS_BLOCK}\n}', ['server', '${CORS_BLOCK}']],
    ['server {\n  ${A} ${B} # both\n  listen 80;\n}', ['server', '${A}', '${B}', 'listen 80']],
    ['${LAST}', ['${LAST}']],
  ])('%j', (text, expected) => expect(names(text)).toEqual(expected));
});

describe('a hole inside a statement', () => {
  test.each([
    ['listen ${PORT};', ['listen ${PORT}']],
    ['${NAME} a;', ['${NAME} a']],
    ['${NAME}_zone a;', ['${NAME}_zone a']],
    ['${NAME}\n;', ['${NAME}']],
    ['location ${PATH} {\n}', ['location ${PATH}']],
    ['location /${PATH}/ { }', ['location /${PATH}/']],
    ['add_header A "${A}, b" always;', ['add_header A ${A}, b always']],
    ['a\n${B}\nc;', ['a ${B} c']],
    ['${lower}\nb;', ['${lower} b']],
  ])('%j', (text, expected) => expect(names(text)).toEqual(expected));
});

test.each([
  ['${PORT}', true, true],
  ['$PORT', true, true],
  ['https://${HOST}/', false, true],
  ['<host>', false, true],
  ['<http', false, true],
  ['${host}', false, false],
  ['$host', false, false],
  ['a<b', false, false],
  ['$1', false, false],
])('%j', (text, whole, some) => {
  expect([isHole(text), hasHole(text)]).toEqual([whole, some]);
});
