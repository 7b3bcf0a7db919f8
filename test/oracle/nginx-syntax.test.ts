import { describe, expect, test } from 'vitest';
import { parse } from '../../server/src/platforms/nginx/syntax/parse';
import { type NginxAnswer, nginxTest } from '../harness/nginx';
import { suiteNeeds } from '../harness/require';
import { chooseSeed, type Random, randomFrom } from './nginx-random';

/**
 * Our parser against `nginx -t`. The texts stand in a `types` block, which takes any words, so that nginx has nothing
 * but the structure to complain about; the first complaint has to be ours too, with its line.
 */

const seed = chooseSeed();
/** `CASES=5000` for more than the sample. */
const CASES = Number(process.env['CASES'] ?? 300);
const TIME = 10_000 + CASES * 100;

suiteNeeds('nginx')(`the parser against nginx -t, SEED=${seed}`, () => {
  test(
    `${CASES} generated and mutated texts`,
    () => {
      const random = randomFrom(seed);
      for (let i = 0; i < CASES; i += 1) {
        judge(random.chance(0.5) ? mutate(statements(random), random) : soup(random));
      }
    },
    TIME,
  );

  test(
    `${CASES} generated and mutated servers`,
    () => {
      const random = randomFrom(seed + 2);
      for (let i = 0; i < CASES; i += 1) {
        judge(mutate(serverBody(random, '/'), random), 'server');
      }
    },
    TIME,
  );

  test('the first word of an unknown directive comes out as nginx unquotes it', () => {
    const random = randomFrom(seed + 1);
    for (let i = 0; i < 100; i += 1) {
      const text = `${quotedWord(random)} a;`;
      const answer = nginxTest(text);
      const told = /^unknown directive "([\s\S]*)"$/.exec(answer.message)?.[1];
      if (told !== undefined) {
        expect(parse(text).directives[0]?.name.value, JSON.stringify(text)).toBe(told);
      }
    }
  });

  describe.each(['4094', '4095', '4096', '4097'])('words of %s bytes and what ends them', (size) => {
    const long = 'x'.repeat(Number(size) - 3);
    test.each([
      [`a ${long};`],
      [`a ${long}b;\n`],
      [`a ${long}bc;\nd e;`],
      [`a ${long}bc ;\nd e;`],
      [`a ${long}bcd ;`],
      [`a "${long}" ;`],
      [`a "${long}b" ;`],
      [`a "${long}bc" ;`],
      [`a "${long}bc"; d e;`],
      [`a "${long}bcd" ; d e;`],
      [`a '${long}bcd; d e;`],
      [`a '${long}\u00e9bcd; d e;`],
      [`#${long}b\na b;`],
      [`#${long}bc\na b;`],
      [`#${long}bcd\na b;`],
      [`#${long}bcde`],
      [`a ${long}b`],
      [`a ${long}bcd`],
    ])('case %#', (text) => judge(text));
  });
});

/** Holds our first fault to nginx's answer about the same text. */
function judge(inner: string, block = 'types'): void {
  const text = `${block} {\n${inner}\n}\n`;
  const [fault] = parse(text).faults;
  const answer = nginxTest(text);
  const shown = JSON.stringify({ text: inner.slice(0, 1000), answer });
  if (isStructural(answer)) {
    expect(firstByte(fault?.message), shown).toBe(answer.message);
    expect(lineOf(text, fault?.noticedAt ?? 0), shown).toBe(answer.line);
  } else if (answer.ok) {
    expect(fault, shown).toBeUndefined();
  } else if (fault !== undefined) {
    // nginx stopped earlier, over something that is not the structure.
    expect(lineOf(text, fault.noticedAt), shown).toBeGreaterThanOrEqual(answer.line ?? 0);
  }
}

/** `unexpected "{"` may also mean that a block is not allowed at its place, which is not for the parser to say. */
function isStructural(answer: NginxAnswer): boolean {
  return /^(unexpected (?!"\{"|"[\s\S]*" in condition$)|too long parameter)/.test(answer.message);
}

/** nginx prints the first byte of an unexpected character, which is no text where it takes several. */
function firstByte(message: string | undefined): string | undefined {
  return message?.replace(/^unexpected "[^\0-\x7f]+"$/, 'unexpected "\ufffd"');
}

function lineOf(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}

const PIECES = [
  'a',
  'b1',
  '/x',
  '$v',
  '${v}',
  '${',
  '$',
  '\\',
  '"',
  "'",
  '#',
  ';',
  ')',
  '(',
  '}',
  ' ',
  '\n',
  '\r\n',
  '\t',
  '\\n',
  '\\"',
  '\u00e9',
  '*',
  '=',
];

function soup(random: Random): string {
  let text = '';
  for (let i = random.below(30); i >= 0; i -= 1) {
    text += random.pick(PIECES);
  }
  return text;
}

function statements(random: Random): string {
  let text = '';
  for (let i = random.below(6); i >= 0; i -= 1) {
    const words = [word(random)];
    while (random.chance(0.6)) {
      words.push(word(random));
    }
    text += words.join(random.pick([' ', '\t', '\n', '  \r\n']));
    text += random.pick([';', ' ;', ';\n', ';\r\n', '; # note "\n']);
  }
  return text;
}

function serverBody(random: Random, path: string): string {
  const indent = '  '.repeat(path.length);
  let text = '';
  for (let i = random.below(5); i >= 0; i -= 1) {
    const nested = `${path}${random.below(10)}${i}`;
    text += random.pick([
      () => `${indent}add_header X-A ${quotedWord(random)} always;\n`,
      () => `${indent}set $v "\${scheme}x" ;# note }\r\n`,
      () => `${indent}return 200 '${random.below(9)};{';\n`,
      () => `${indent}if ($request_method = 'OPTIONS') { return 204; }\n`,
      () => `${indent}if ($http_origin ~* "^https://(a|b){1,2}$"){\n${indent}  set $c\n${indent}    d;\n${indent}}\n`,
      () =>
        path.length < 5
          ? `${indent}location ${nested} {\n${serverBody(random, nested)}${indent}}\n`
          : `${indent}# deep\n`,
    ])();
  }
  return text;
}

function word(random: Random): string {
  return random.chance(0.4)
    ? quotedWord(random)
    : `${random.pick(['a', 'text/html', '$v', '${v}x', '~^a$', "it's", 'a}b', 'a#b'])}${random.below(99)}`;
}

function quotedWord(random: Random): string {
  const quote = random.pick(['"', "'"]);
  let text = '';
  for (let i = random.below(8); i >= 0; i -= 1) {
    text += random.pick([
      'a',
      ' ',
      ';',
      '{',
      '}',
      '#',
      '$',
      '${',
      '\\"',
      "\\'",
      '\\\\',
      '\\t',
      '\\r',
      '\\x',
      '\\$',
      '\u00e9',
      quote === '"' ? "'" : '"',
    ]);
  }
  return `${quote}${text}${quote}`;
}

function mutate(text: string, random: Random): string {
  let result = text;
  for (let i = random.below(3); i > 0; i -= 1) {
    const at = random.below(result.length + 1);
    const cut = random.below(3);
    result = `${result.slice(0, at)}${random.pick(['', ...PIECES])}${result.slice(at + cut)}`;
  }
  return result;
}
