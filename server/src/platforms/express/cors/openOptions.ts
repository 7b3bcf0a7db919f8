import type { Range } from '../../../cors/place';

/** The quote of a text that is being typed; empty outside of texts. */
export type Quote = '' | "'" | '"' | '`';

/** The package whose options they are; `cors` stands for what takes the same ones as that. */
export type OptionsOf = 'cors' | 'fastify' | 'koa' | 'hono';

/** The object of options that the cursor is in, as far as it is typed. Offsets are UTF-16. */
export interface OpenObject {
  readonly of: OptionsOf;
  /** The key whose value is being typed; undefined where a key is. */
  readonly key: string | undefined;
  readonly isInList: boolean;
  readonly quote: Quote;
  /** Where the word or text under the cursor starts, without its quote. */
  readonly start: number;
  /** The other keys that the object has. */
  readonly present: ReadonlySet<string>;
  /** What is between its braces, as far as they are there. */
  readonly block: Range;
}

/** Options are short; what is longer has been left long ago. */
const MOST_CHARACTERS = 4000;

/**
 * The object of options that the offset (UTF-16) is among: in a key, in a value or in a list that is a value. It is one
 * in a call (`cors({ … })`, `enableCors({ … })`, `register(cors, { … })`), below the key `cors` of NestJS or socket.io,
 * or declared apart and handed over by its name. Undefined deeper inside, in comments, and elsewhere. Reads tokens,
 * never parses.
 */
export function openOptions(text: string, offset: number): OpenObject | undefined {
  const from = Math.max(0, offset - MOST_CHARACTERS);
  const begin = beginning(text, from, offset);
  const here = begin === undefined ? undefined : read(text.slice(begin, offset));
  if (begin === undefined || here === undefined) return undefined;
  const rest = /^[\w$]*/.exec(text.slice(offset, offset + 100))?.[0].length ?? 0;
  const after = readOn(text.slice(offset + rest, offset + MOST_CHARACTERS), here.brackets);
  const present = new Set([...here.keys, ...after.keys]);
  const block = { start: begin, end: offset + rest + after.length };
  return { ...here, of: packageOf(text), start: begin + here.start, present, block };
}

const CALL =
  /(?<![\w$.])cors\s*\(\s*\{|\.enableCors\s*\(\s*\{|\.register\s*\(\s*(?:[\w$]*[cC]ors|(?:require|import)\s*\(\s*['"]@fastify\/cors['"]\s*\))\s*,\s*\{/g;
const KEY = /(?<![\w$.])cors\s*:\s*\{/g;
const DECLARED = /(?<![\w$.])(?:const|let|var)\s+([\w$]+)\s*(?::\s*([\w$.]+)\s*)?=\s*\{/g;

/** Behind the brace of the last object of options that begins between the two offsets. */
function beginning(text: string, from: number, to: number): number | undefined {
  const near = text.slice(from, to);
  const found = [...near.matchAll(CALL), ...(TAKES_KEY.test(text) ? near.matchAll(KEY) : [])];
  for (const declared of near.matchAll(DECLARED)) {
    const [, name = '', type = ''] = declared;
    if (OPTIONS_TYPE.test(type) || OPTIONS_NAME.test(name) || isHandedOver(text, name)) found.push(declared);
  }
  const ends = found.map((match) => from + match.index + match[0].length);
  return ends.length === 0 ? undefined : Math.max(...ends);
}

/** https://docs.nestjs.com/security/cors, https://socket.io/docs/v4/handling-cors/ */
const TAKES_KEY = /\bNestFactory\b|\bWebSocketGateway\b|['"]socket\.io['"]/;
const OPTIONS_TYPE = /(?:^|\.)\w*Cors\w*Options(?:Delegate)?$/;
const OPTIONS_NAME = /^cors_?(?:options|config)$/i;
const USE =
  /(?:(?<![\w$.])cors|\.enableCors)\s*\(\s*([\w$]+)|\.register\s*\(\s*[\w$]*[cC]ors\s*,\s*([\w$]+)|(?<![\w$.])cors\s*:\s*([\w$]+)/g;

function isHandedOver(text: string, name: string): boolean {
  for (const [, call, registered, key] of text.matchAll(USE)) {
    if (name === call || name === registered || (name === key && TAKES_KEY.test(text))) return true;
  }
  return false;
}

function packageOf(text: string): OptionsOf {
  if (/['"](?:@koa\/cors|koa2?-cors)['"]/.test(text)) return 'koa';
  if (/['"]hono\/cors['"]/.test(text)) return 'hono';
  return /['"](?:@fastify\/cors|fastify-cors)['"]/.test(text) ? 'fastify' : 'cors';
}

interface Read {
  readonly key: string | undefined;
  readonly isInList: boolean;
  readonly quote: Quote;
  readonly start: number;
  readonly keys: readonly string[];
  /** Those that are open, from the outermost: `{` of the options, perhaps `[`. */
  readonly brackets: readonly string[];
}

const TOKEN =
  /\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|'(?:[^'\\\n]|\\.)*'?|"(?:[^"\\\n]|\\.)*"?|`(?:[^`\\]|\\[\s\S])*`?|[\w$]+|\s+|[\s\S]/g;

/** Reads from behind the brace to the cursor, which is at the end of the text. */
function read(text: string): Read | undefined {
  const brackets = ['{'];
  const keys: string[] = [];
  let key: string | undefined;
  let word: string | undefined;
  /** Whether a value has something in it already: `a + |`. */
  let isBegun = false;
  for (const { 0: token, index } of text.matchAll(TOKEN)) {
    const atEnd = index + token.length === text.length;
    const first = token.charAt(0);
    if (token.startsWith('//') || token.startsWith('/*')) {
      if (atEnd && !token.endsWith('*/')) return undefined;
      continue;
    }
    if (/^\s/.test(token)) continue;
    const quote = quoteOf(first);
    if (quote !== '' && atEnd && !isClosed(token, quote)) {
      return at(index + 1, quote);
    }
    if (atEnd && /^[\w$]/.test(token)) return at(index, '');
    if (/[{[(]/.test(first) && token.length === 1) {
      // A list may be the value, but not stand behind something in it.
      brackets.push(token === '[' && isBegun ? '(' : token);
      isBegun = false;
    } else if (/[}\])]/.test(first) && token.length === 1) {
      brackets.pop();
      if (brackets.length === 0) return undefined;
      isBegun = true;
    } else if (token === ',') {
      if (brackets.length === 1) key = undefined;
      isBegun = false;
      word = undefined;
    } else if (token === ':' && brackets.length === 1 && key === undefined && word !== undefined) {
      key = word;
      keys.push(key);
      isBegun = false;
    } else {
      if (brackets.length === 1 && key === undefined) word = token.replace(/^['"]|['"]$/g, '');
      isBegun = true;
    }
  }
  return at(text.length, '');

  function at(start: number, quote: Quote): Read | undefined {
    const isInList = brackets.length === 2 && brackets[1] === '[';
    if (isBegun || (brackets.length > 1 && !isInList) || (isInList && key === undefined)) return undefined;
    return { key, isInList, quote, start, keys, brackets };
  }
}

/** The keys between the cursor and the brace that closes the options, and how far away that is. */
function readOn(text: string, open: readonly string[]): { readonly keys: readonly string[]; readonly length: number } {
  let depth = open.length;
  const keys: string[] = [];
  let word: string | undefined;
  for (const { 0: token, index } of text.matchAll(TOKEN)) {
    if (/^(?:\s|\/[/*])/.test(token)) continue;
    if (/^[{[(]$/.test(token)) depth += 1;
    if (/^[}\])]$/.test(token)) depth -= 1;
    if (depth <= 0) return { keys, length: index };
    if (token === ':' && depth === 1 && word !== undefined) keys.push(word);
    word = /^[\w$'"]/.test(token) ? token.replace(/^['"]|['"]$/g, '') : undefined;
  }
  return { keys, length: text.length };
}

function quoteOf(sign: string): Quote {
  return sign === "'" || sign === '"' || sign === '`' ? sign : '';
}

function isClosed(token: string, quote: string): boolean {
  return token.length > 1 && token.endsWith(quote);
}
