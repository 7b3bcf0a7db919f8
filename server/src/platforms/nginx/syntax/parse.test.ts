import { describe, expect, test } from 'vitest';
import { parse } from './parse';
import type { Directive, Tree } from './tree';

/** The tree as nested arrays of words. */
function outline(directives: readonly Directive[]): unknown[] {
  return directives.map(({ name, args, block }) => {
    const words = [name, ...args].map((word) => word.value);
    return block === undefined ? words : [words, outline(block.directives)];
  });
}

function messages(tree: Tree): string[] {
  return tree.faults.map((fault) => fault.message);
}

describe('words', () => {
  test.each([
    ['add_header A "b c" always;', ['add_header', 'A', 'b c', 'always']],
    [`a 'x"y' "x'y";`, ['a', 'x"y', "x'y"]],
    [String.raw`a "\"\'\\\t\$x" \;b;`, ['a', '"\'\\\t\\$x', '\\;b']],
    ['a b}c d#e f"g;', ['a', 'b}c', 'd#e', 'f"g']],
    ['a ${b};', ['a', '${b}']],
    ['a ${{b;', ['a', '${{b']],
    ['if ($a = "b") {}', ['if', '($a', '=', 'b', ')']],
    ['a\r\n\tb\r\n;', ['a', 'b']],
    ['"a" b;', ['a', 'b']],
    ['a ""  \'\';', ['a', '', '']],
  ])('%j', (text, words) => {
    const tree = parse(text);
    const [directive] = tree.directives;
    expect([directive?.name, ...(directive?.args ?? [])].map((word) => word?.value)).toEqual(words);
    expect(tree.faults).toEqual([]);
  });

  test('ranges are those of the text as written', () => {
    const text = `# é 😀\nserver { add_header 'X-A'\t"a\\"b" always; } # end\n`;
    const tree = parse(text);
    const header = tree.directives[0]?.block?.directives[0];
    expect(
      [header?.name, ...(header?.args ?? [])].map((word) => text.slice(word?.range.start, word?.range.end)),
    ).toEqual(['add_header', "'X-A'", '"a\\"b"', 'always']);
    expect(text.slice(header?.range.start, header?.range.end)).toBe(`add_header 'X-A'\t"a\\"b" always;`);
    expect(text.slice(tree.directives[0]?.range.start, tree.directives[0]?.range.end)).toMatch(/^server \{.*\}$/);
    expect(tree.comments.map(({ range }) => text.slice(range.start, range.end))).toEqual(['# é 😀', '# end']);
  });
});

describe('recovery', () => {
  test.each([
    ['server { listen 80', [[['server'], [['listen', '80']]]], ['unexpected end of file, expecting ";" or "}"']],
    ['server { listen 80; ', [[['server'], [['listen', '80']]]], ['unexpected end of file, expecting "}"']],
    [
      'a b }\nc d;',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
      ['unexpected "}"', 'unexpected "}"'],
    ],
    [
      's { a b } c d;',
      [
        [['s'], [['a', 'b']]],
        ['c', 'd'],
      ],
      ['unexpected "}"'],
    ],
    ['; a b;', [['a', 'b']], ['unexpected ";"']],
    [
      '{ a b; } c d;',
      [
        [[''], [['a', 'b']]],
        ['c', 'd'],
      ],
      ['unexpected "{"'],
    ],
    ['a "b"c;', [['a', 'b', 'c']], ['unexpected "c"']],
    [
      'a "b;\nc d;\ne f;',
      [
        ['a', 'b'],
        ['c', 'd'],
        ['e', 'f'],
      ],
      ['unexpected end of file, expecting ";" or "}"'],
    ],
    [
      'a "b;\nc "d";\ne f;',
      [
        ['a', 'b'],
        ['c', 'd'],
        ['e', 'f'],
      ],
      ['unexpected "d"'],
    ],
    ['\ufeffa b;', [['a', 'b']], ['unknown directive "\ufeffa"']],
  ])('%j', (text, tree, faults) => {
    const parsed = parse(text);
    expect(outline(parsed.directives)).toEqual(tree);
    expect(messages(parsed)).toEqual(faults);
  });

  test('the brace that was forgotten is named, not the end of the file', () => {
    const text = 'server {\n  location / {\n    return 204;\n}\nserver {\n  listen 80;\n}\n';
    const [fault] = parse(text).faults;
    expect(text.slice(0, fault?.range.start).split('\n').length).toBe(2);
  });
});

describe('Lua blocks', () => {
  test.each([
    ['content_by_lua_block { local a = "}" } b c;'],
    ['content_by_lua_block { local a = [==[ }]] } ]==] } b c;'],
    ['content_by_lua_block { -- }\n } b c;'],
    ['content_by_lua_block { --[[ }\n } ]] if a then b = { 1 } end } b c;'],
    ["content_by_lua_block { a = '\\'}' .. b[1] } b c;"],
  ])('%j', (text) => {
    const tree = parse(text);
    expect(outline(tree.directives)).toEqual([
      [['content_by_lua_block'], []],
      ['b', 'c'],
    ]);
    expect(tree.faults).toEqual([]);
  });

  test('one that never ends', () => {
    expect(messages(parse('a { content_by_lua_block { x = 1 '))[0]).toBe(
      'unexpected end of file, expecting terminating characters for lua code block',
    );
  });
});

describe('size', () => {
  test.each([
    ['braces that open', 'a {'],
    ['braces that close', '}'],
    ['quotes', '"a"b '],
    ['quotes on lines of their own', '"a\n'],
    ['alternating quotes', `"a\n'b\n`],
    ['semicolons', ';'],
    ['words without an end', 'word '],
    ['escapes', '\\'],
    ['Lua brackets', 'a_by_lua_block { [[ '],
    ['comments', '# x\n'],
    ['long words', `${'x'.repeat(5000)} `],
  ])('a megabyte of %s takes its share of time', (_name, piece) => {
    const small = time(piece.repeat(Math.ceil(250_000 / piece.length)));
    const large = time(piece.repeat(Math.ceil(1_000_000 / piece.length)));
    expect(large).toBeLessThan(12 * small + 250);
  });
});

function time(text: string): number {
  const start = performance.now();
  parse(text);
  return performance.now() - start;
}
