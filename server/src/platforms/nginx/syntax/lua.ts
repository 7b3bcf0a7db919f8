/**
 * Finds where a `*_by_lua_block { … }` ends.
 *
 * lua-nginx-module reads such a block with a Lua lexer of its own: braces balance, and those inside strings, long
 * brackets and comments do not count.
 */

const NEWLINE = 10;
const DOUBLE_QUOTE = 34;
const SINGLE_QUOTE = 39;
const HYPHEN = 45;
const EQUALS = 61;
const OPEN_BRACKET = 91;
const BACKSLASH = 92;
const OPEN_BRACE = 123;
const CLOSE_BRACE = 125;

/**
 * @param text the whole file
 * @param from the offset after the opening brace
 * @returns the offset of the brace that closes the block, or -1 when the text ends before it
 */
export function findLuaBlockEnd(text: string, from: number): number {
  let depth = 1;
  let at = from;
  while (at < text.length) {
    switch (text.charCodeAt(at)) {
      case OPEN_BRACE:
        depth += 1;
        at += 1;
        break;
      case CLOSE_BRACE:
        depth -= 1;
        if (depth === 0) {
          return at;
        }
        at += 1;
        break;
      case DOUBLE_QUOTE:
      case SINGLE_QUOTE:
        at = skipString(text, at);
        break;
      case HYPHEN:
        at = text.charCodeAt(at + 1) === HYPHEN ? skipComment(text, at + 2) : at + 1;
        break;
      case OPEN_BRACKET:
        at = skipLongBracket(text, at) ?? at + 1;
        break;
      default:
        at += 1;
    }
  }
  return -1;
}

/** A short string ends at its quote, or at the end of the line when the quote is missing. */
function skipString(text: string, open: number): number {
  const quote = text.charCodeAt(open);
  let at = open + 1;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (code === BACKSLASH) {
      at += 2;
      continue;
    }
    at += 1;
    if (code === quote || code === NEWLINE) {
      return at;
    }
  }
  return text.length;
}

function skipComment(text: string, afterHyphens: number): number {
  const long = text.charCodeAt(afterHyphens) === OPEN_BRACKET ? skipLongBracket(text, afterHyphens) : undefined;
  if (long !== undefined) {
    return long;
  }
  const end = text.indexOf('\n', afterHyphens);
  return end === -1 ? text.length : end + 1;
}

/** `[[ … ]]`, `[==[ … ]==]`; undefined when no long bracket opens at `open`. */
function skipLongBracket(text: string, open: number): number | undefined {
  let at = open + 1;
  while (text.charCodeAt(at) === EQUALS) {
    at += 1;
  }
  if (text.charCodeAt(at) !== OPEN_BRACKET) {
    return undefined;
  }
  const closing = `]${'='.repeat(at - open - 1)}]`;
  const end = text.indexOf(closing, at + 1);
  return end === -1 ? text.length : end + closing.length;
}
