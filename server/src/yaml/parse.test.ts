import { beforeAll, describe, expect, test } from 'vitest';
import { yamlComments } from './comments';
import { loadYaml, type YamlLibrary } from './library';
import { parseYaml } from './parse';
import { deref, entriesOf, entryOf, textOf, type YamlNode } from './tree';

let yaml: YamlLibrary;
beforeAll(async () => {
  yaml = await loadYaml();
});

const read = (text: string) => parseYaml(yaml, 'serverless.yml', text);

function at(text: string, ...path: string[]): YamlNode | undefined {
  let node: YamlNode | undefined = read(text).roots[0];
  for (const key of path) {
    const here = deref(node);
    node = here?.kind === 'list' ? here.items[Number(key)] : entryOf(here, key)?.value;
  }
  return deref(node);
}

describe('ranges', () => {
  const cases: [title: string, text: string, path: string[], found: string][] = [
    ['a plain value', 'a:\n  b: c d\n', ['a', 'b'], 'c d'],
    ['a quoted value keeps its quotes', 'a: "x"\n', ['a'], '"x"'],
    ['a flow list item', 'a: [x, "y"]\n', ['a', '1'], '"y"'],
    ['after a byte order mark and CRLF', '\uFEFFa: 1\r\nb:\r\n  c: x\r\n', ['b', 'c'], 'x'],
    ['after characters outside the BMP', 'a: "😀"\nb: x\n', ['b'], 'x'],
    ['an alias leads to its anchor', 'a: &x {k: v}\nb: *x\n', ['b', 'k'], 'v'],
    ['a merged key leads to where it is written', 'a: &x\n  k: v\nb:\n  <<: *x\n', ['b', 'k'], 'v'],
    ['a CloudFormation tag stands before the value', 'a: !Sub "x"\n', ['a'], '"x"'],
    ['JSON', '{\n\t"a": {\n\t\t"b": "x" }\n}', ['a', 'b'], '"x"'],
    ['the second document is apart', '---\na: x\n---\na: y\n', ['a'], 'x'],
  ];
  test.each(cases)('%s', (_, text, path, found) => {
    const node = at(text, ...path);
    expect(node && textOf(node)).toBe(found);
  });

  test('tags are kept', () => {
    expect(at('a: !Ref X\n', 'a')?.tag).toBe('!Ref');
    expect(at('a: !Join ["", [a]]\n', 'a')?.tag).toBe('!Join');
    expect(at('a: !If {a: 1}\n', 'a')?.tag).toBe('!If');
    expect(read('a: !Sub x\nb: !Join [a]\n').problems).toEqual([]);
  });
});

test('own keys win over merged ones, earlier merges over later ones', () => {
  const root = read('a: &a {x: 1, y: 1}\nb: &b {y: 2, z: 2}\nc:\n  z: 3\n  <<: [*a, *b]\n').roots[0];
  const map = deref(entryOf(root, 'c')?.value);
  const values = map?.kind === 'map' ? [...entriesOf(map)].map(([key, entry]) => [key, textOf(entry.value)]) : [];
  expect(values).toEqual([
    ['z', '3'],
    ['x', '1'],
    ['y', '1'],
  ]);
});

describe('what js-yaml and PyYAML let pass', () => {
  const cases: [title: string, text: string, path: string[], value: string, found: string][] = [
    ['a quoted text that goes on at its key', "a:\n  b: '{\n  }'\n  c: x\n", ['a', 'b'], '{ }', "'{\n  }'"],
    ['what comes after it', "a:\n  b: '{\n  }'\n  c: x\n", ['a', 'c'], 'x', 'x'],
    [
      'left of its key, with an empty line',
      'a:\n  b: "x\n\ny \\" z"\n  c: x\n',
      ['a', 'b'],
      'x\ny " z',
      '"x\n\ny \\" z"',
    ],
    ['a third line only', "a:\n  b: 'it''s\n    y\n z' # c\n  c: x\n", ['a', 'c'], 'x', 'x'],
    ['in a flow list', 'a:\n  - ["x\ny", z]\n', ['a', '0', '1'], 'z', 'z'],
    ['CRLF', 'a:\r\n  b: "x\r\ny"\r\n  c: z\r\n', ['a', 'c'], 'z', 'z'],
    ['items of a flow list at their key', 'a:\n  b: [\n  x,\n  y\n  ]\n  c: z\n', ['a', 'b', '1'], 'y', 'y'],
    ['what comes after them', 'a:\n  b: [\n  x,\n  y\n  ]\n  c: z\n', ['a', 'c'], 'z', 'z'],
    ['flow maps in flow lists', 'a:\n  b: [{\nx: "]" # }\n, y: {}\n}]\n  c: z\n', ['a', 'c'], 'z', 'z'],
    [
      'a bracket left of its key',
      'a:\n  b: {\n    x: y\n}\n  c: z\n'.replace('\n}', '\n }'),
      ['a', 'b', 'x'],
      'y',
      'y',
    ],
    ['a comment at a quote', 'a: "x"#c\nb: y\n', ['b'], 'y', 'y'],
    ['a comment at a bracket', 'a: [x]#c\nb: y\n', ['b'], 'y', 'y'],
    ['one after the other', 'a: "x"#c\nb:\n  c: "\n"\n  d: [\nx]\n  e: z\n', ['b', 'e'], 'z', 'z'],
  ];
  test.each(cases)('%s', (_, text, path, value, found) => {
    expect(read(text).problems).toEqual([]);
    const node = at(text, ...path);
    expect(node?.kind === 'scalar' && node.value).toBe(value);
    expect(node && textOf(node)).toBe(found);
  });

  test('what is open indeed stays so, where it is', () => {
    for (const text of ["a: 'x\nb: 'y'\n", 'a: "x\n---\nb: y"\n', 'a:\n  b: [x,\n  c: y\n', 'a: "x\nb: y\n']) {
      expect(read(text).problems.map(({ kind }) => kind)).not.toEqual([]);
    }
    expect(read("a: 'x\nb: 'y'\n").problems[0]).toMatchObject({ kind: 'unclosed', start: 5 });
  });

  test('many of them are given up, not read for ever', () => {
    const text = 'a: "x\ny"\nb: [\nx]\n'.repeat(2000);
    let characters = 0;
    const counting = {
      ...yaml,
      parseAllDocuments: ((...given) => {
        characters += given[0].length;
        return yaml.parseAllDocuments(...given);
      }) as YamlLibrary['parseAllDocuments'],
    };
    expect(parseYaml(counting, 'serverless.yml', text).problems).not.toEqual([]);
    expect(characters).toBeLessThan(text.length + 350_000);
  });
});

describe('problems', () => {
  const cases: [title: string, text: string, found: string, words: RegExp][] = [
    ['a bare star', 'origin: *\nb: 1\n', '*', /alias.*'\*' in quotes/],
    ['a bare star in a flow list', 'origins: [*, b]\n', '*', /in quotes/],
    ['a glob that is an alias', 'origins:\n  - *.example.com\n', '*.example.com', /no anchor &\.example\.com/],
    ['a tab', 'a:\n\tb: 1\n', '\t', /spaces/],
    ['a repeated key', 'a:\n  b: 1\n  b: 2\n', 'b', /"b" stands twice/],
    ['a key too far left', 'a:\n  b: 1\n c: 2\n', ' ', /neighbours/],
    ['a reserved start', 'a: @x\n', '@', /quotes/],
    ['two keys on a line', 'a: b: c\n', 'b', /quotes/],
    ['an open list', 'a: [1, 2\nb: c\n', 'b', /\]/],
    ['an open string', 'a: "x\nb: c\n', '', /Close/],
  ];
  test.each(cases)('%s', (_, text, found, words) => {
    const [problem] = read(text).problems;
    expect(problem?.message).toMatch(words);
    expect(text.slice(problem?.start, problem?.end)).toBe(found);
  });

  test('the repeated key is the second one', () => {
    expect(read('b: 1\nb: 2\n').problems[0]).toMatchObject({ start: 5, end: 6 });
  });

  test('a merge key may be repeated', () => {
    expect(read('x: &x {a: 1}\ny: &y {b: 1}\nz:\n  <<: *x\n  <<: *y\n').problems).toEqual([]);
  });
});

describe('hostile text', () => {
  test('a bomb of aliases costs no more than its text', () => {
    const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x]'];
    for (let i = 1; i < 60; i += 1) {
      lines.push(`a${i}: &a${i} [${Array.from({ length: 9 }, () => `*a${i - 1}`).join(', ')}]`);
    }
    const started = performance.now();
    expect(read(lines.join('\n')).problems).toEqual([]);
    expect(performance.now() - started).toBeLessThan(2_000);
  });

  test('merge keys that multiply are bounded', () => {
    const lines = ['a0: &a0 {k: 1}'];
    for (let i = 1; i < 40; i += 1) lines.push(`a${i}: &a${i} {<<: [*a${i - 1}, *a${i - 1}], k${i}: 1}`);
    const root = read(lines.join('\n')).roots[0];
    const started = performance.now();
    const map = deref(entryOf(root, 'a39')?.value);
    expect(map?.kind === 'map' && entriesOf(map).size).toBe(40);
    expect(performance.now() - started).toBeLessThan(2_000);
  });

  test('a node inside itself ends', () => {
    const root = read('a: &a\n  b: *a\n  <<: *a\n').roots[0];
    expect(entryOf(entryOf(entryOf(root, 'a')?.value, 'b')?.value, 'b')).toBeDefined();
  });

  test('thousands of levels are a problem, not a crash', () => {
    expect(read('['.repeat(20_000)).problems.length).toBeGreaterThan(0);
    expect(read('a: '.repeat(5_000)).problems.length).toBeGreaterThan(0);
  });

  test('every prefix of a file parses', () => {
    const text = 'a: &x\r\n  - "b\\n" # c\n  - {k: *x, l: [1, !Ref y]}\n? z\n: |\n  text\n---\n%TAG\n';
    for (let end = 0; end <= text.length; end += 1) {
      for (const { start, end: stop } of read(text.slice(0, end)).problems) {
        expect(start).toBeLessThanOrEqual(stop);
        expect(stop).toBeLessThanOrEqual(end);
      }
    }
  });
});

test('comments have their ranges, and a # in a value is none', () => {
  const text = '# one\na: "x # no" # two\nb: |\n  # no\n#three\r\nc: d#no\n';
  const found = yamlComments(yaml, text).map(({ start, end }) => text.slice(start, end));
  expect(found).toEqual(['# one', '# two', '#three']);
});
