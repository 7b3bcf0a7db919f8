import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type NginxParseTreeNode, parse as parseWithNginxConf } from 'nginx-conf/dist/src/parser';
import { expect, test } from 'vitest';
import { nginx } from '../../server/src/platforms/nginx/platform';
import { isTemplated } from '../../server/src/platforms/nginx/recognise';
import { parse } from '../../server/src/platforms/nginx/syntax/parse';
import type { Directive, Tree } from '../../server/src/platforms/nginx/syntax/tree';
import { chooseSeed, type Random, randomFrom } from './nginx-random';

/**
 * Our trees against those of nginx-conf, another parser, on valid files: names, arguments, nesting and comments. Where
 * the two differ nginx decides, in nginx-syntax.test.ts; what nginx-conf is known to read otherwise is left out here:
 * quotes and `}` in the middle of a word, comments after a tab, escapes outside of quotes, braces in Lua's strings and comments, blocks of
 * Lua with an argument, a last word without an end, and a word that ends with its file.
 */

const seed = chooseSeed();
const CASES = Number(process.env['CASES'] ?? 300);

interface Statement {
  readonly words: readonly string[];
  readonly inside: readonly Statement[] | undefined;
}

test(`${CASES} generated files, SEED=${seed}`, () => {
  const random = randomFrom(seed);
  for (let i = 0; i < CASES; i += 1) {
    const text = statements(random, 0);
    const tree = parse(text);
    expect(tree.faults, text).toEqual([]);
    compare(text, tree);
  }
});

/** `CORPUS=FOLDER` compares the trees of every valid nginx file in there. */
test.runIf(process.env['CORPUS'] !== undefined)(
  'the files of a folder',
  () => {
    const folder = process.env['CORPUS'] ?? '';
    const different: string[] = [];
    let same = 0;
    for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
      if (!nginx.claims(name, undefined)) continue;
      const text = textOf(join(folder, name))?.replace(/^[\t ]+(?=#)|\t+(?= *#)/gm, '');
      const tree = text === undefined || isTemplated(text) ? undefined : parse(text);
      if (text === undefined || tree === undefined || tree.faults.length > 0) continue;
      if (!/^\s*(?:server|location|http|upstream|add_header|proxy_pass|map)\b[^=\n]*[{;]/m.test(text)) continue;
      try {
        compare(text, tree);
        same += 1;
      } catch (error) {
        different.push(`${name}: ${error instanceof Error ? error.message.slice(0, 600) : ''}`);
      }
    }
    console.log(`${same} alike`);
    expect(different).toEqual([]);
  },
  120_000,
);

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

function compare(text: string, tree: Tree): void {
  const theirs = readWithNginxConf(text);
  expect(
    tree.directives.map((each) => ours(each, text)),
    text,
  ).toEqual(theirs.statements);
  // It forgets those after the last statement of a block.
  const kept = tree.comments.filter(
    ({ range }) => !/^(?:[^\S\n]*(?:#[^\n]*)?\n)*[^\S\n]*\}/.test(text.slice(range.end)),
  );
  expect(kept.map(({ range }) => text.slice(range.start + 1, range.end)).sort(), text).toEqual(theirs.comments.sort());
}

function ours({ name, args, block }: Directive, text: string): Statement {
  const words = [name, ...args].map(({ range }) => text.slice(range.start, range.end));
  return { words, inside: block?.lua === false ? block.directives.map((each) => ours(each, text)) : undefined };
}

function readWithNginxConf(text: string): { statements: Statement[]; comments: string[] } {
  let root: NginxParseTreeNode | undefined;
  // Its last comment goes to a statement that it then forgets.
  parseWithNginxConf(`${text}\nlast;`, (error, tree) => {
    if (error !== null) throw new Error(error.message);
    root = tree;
  });
  const comments: string[] = [];
  const convert = (node: NginxParseTreeNode): Statement => {
    comments.push(...node.comments);
    return {
      words: [node.name, ...(node.isVerbatim ? [] : wordsOf(node.value))],
      inside: node.isBlock ? (node.children ?? []).map(convert) : undefined,
    };
  };
  const statements = (root?.children ?? []).map(convert);
  return { statements: statements.slice(0, -1), comments };
}

/** nginx-conf keeps the arguments in one text. */
function wordsOf(value: string | null): string[] {
  return (value ?? '').match(/"(?:\\[\s\S]|[^"\\])*"|'(?:\\[\s\S]|[^'\\])*'|[^\s]+/g) ?? [];
}

function statements(random: Random, depth: number): string {
  let text = '';
  for (let i = random.below(4) + (depth === 0 ? 1 : 0); i > 0; i -= 1) {
    const words = [random.pick(['a', 'server', 'add_header', '"quoted"', 'text/html', '~^b'])];
    while (random.chance(0.6)) words.push(word(random));
    const space = () => random.pick([' ', '  ', '\t', '\n', ' \r\n']);
    text += words.reduce((before, each) => before + space() + each);
    text +=
      depth < 4 && random.chance(0.3)
        ? `${random.pick(['', ' ', '\n'])}{${random.pick(['', ' ', '\n'])}${statements(random, depth + 1)}}`
        : random.pick([';', ' ;', ';']);
    text += random.pick(['\n', '\r\n', ' # note; { "\n', '\n# line }\n', ' ', '\n\n']);
  }
  return text;
}

function word(random: Random): string {
  return random.pick([
    () => random.pick(['$v', '/x.y', '~*', '=', 'https://a.example:80/', '204', '*.a', '-f', 'a=b', 'x#y', '\u00e9']),
    () => `\${v${random.below(9)}}${random.pick(['', '/a', '.b'])}`,
    () => `"${inside(random)}"`,
    () => `'${inside(random)}'`,
  ])();
}

function inside(random: Random): string {
  let text = '';
  for (let i = random.below(5); i > 0; i -= 1) {
    text += random.pick(['a', ' ', ';', '{', '}', '#', '$v', '${v}', '\\"', "\\'", '\\\\', '\n', '\u00e9']);
  }
  return text;
}
