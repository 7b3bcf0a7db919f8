/** The quote of a text that is being typed; empty outside of texts. */
export type Quote = '' | "'" | '"' | '`';

/** The object of options that the cursor is in, as far as it is typed. */
export interface OpenObject {
  /** The key whose value is being typed; undefined where a key is. */
  readonly key: string | undefined;
  readonly isInList: boolean;
  readonly quote: Quote;
  /** Where the word or text under the cursor starts, without its quote. */
  readonly start: number;
  /** The other keys that the object has. */
  readonly present: ReadonlySet<string>;
}

/** Options are short; what is longer has been left long ago. */
const MOST_CHARACTERS = 4000;

const CALL = /(?<![\w$.])(?:cors|[\w$.]*\.enableCors)\s*\(\s*\{/g;

/**
 * The `cors({ … })` or `enableCors({ … })` whose options the offset (UTF-16) is among: in a key, in a value or in a
 * list that is a value. Undefined deeper inside, in comments, and elsewhere. Reads tokens, never parses.
 */
export function openCorsCall(text: string, offset: number): OpenObject | undefined {
  const from = Math.max(0, offset - MOST_CHARACTERS);
  const near = text.slice(from, offset);
  const call = [...near.matchAll(CALL)].at(-1);
  if (call === undefined) return undefined;
  const begin = from + call.index + call[0].length;
  const here = read(text.slice(begin, offset));
  if (here === undefined) return undefined;
  const rest = /^[\w$]*/.exec(text.slice(offset, offset + 100))?.[0].length ?? 0;
  const after = text.slice(offset + rest, offset + MOST_CHARACTERS);
  const present = new Set([...here.keys, ...keysAfter(after, here.brackets)]);
  return { ...here, start: begin + here.start, present };
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

/** The keys between the cursor and the brace that closes the options. */
function keysAfter(text: string, open: readonly string[]): string[] {
  let depth = open.length;
  const keys: string[] = [];
  let word: string | undefined;
  for (const { 0: token } of text.matchAll(TOKEN)) {
    if (/^(?:\s|\/[/*])/.test(token)) continue;
    if (/^[{[(]$/.test(token)) depth += 1;
    if (/^[}\])]$/.test(token)) depth -= 1;
    if (depth <= 0) break;
    if (token === ':' && depth === 1 && word !== undefined) keys.push(word);
    word = /^[\w$'"]/.test(token) ? token.replace(/^['"]|['"]$/g, '') : undefined;
  }
  return keys;
}

function quoteOf(sign: string): Quote {
  return sign === "'" || sign === '"' || sign === '`' ? sign : '';
}

function isClosed(token: string, quote: string): boolean {
  return token.length > 1 && token.endsWith(quote);
}
