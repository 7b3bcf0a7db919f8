/**
 * Finds where a `*_by_lua_block { … }` ends.
 *
 * lua-nginx-module reads such a block with a lexer of its own (`util/gen-lexer-c` there): braces balance, and those
 * inside strings, long brackets and comments do not count. A quote that its line does not close stands for itself.
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

/** Where the block ends, or why it does not. */
export type LuaBlockEnd =
  | { readonly kind: 'closed'; readonly brace: number }
  | { readonly kind: 'unclosed'; readonly message: string };

/**
 * @param text the whole file
 * @param from the offset after the opening brace
 * @returns the offset of the brace that closes the block, or what the module says where there is none
 */
export function findLuaBlockEnd(text: string, from: number): LuaBlockEnd {
  const strings = new Strings(text);
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
          return { kind: 'closed', brace: at };
        }
        at += 1;
        break;
      case DOUBLE_QUOTE:
      case SINGLE_QUOTE:
        at = strings.end(at) ?? at + 1;
        break;
      case HYPHEN:
      case OPEN_BRACKET: {
        const bracket = longBracket(text, at);
        if (bracket === undefined) {
          at = skipPlain(text, at);
          break;
        }
        const end = text.indexOf(bracket.closing, bracket.inside);
        if (end === -1) {
          const message = `Lua code block missing the closing long bracket "${bracket.closing}", the inlined Lua code may be too long`;
          return { kind: 'unclosed', message };
        }
        at = end + bracket.closing.length;
        break;
      }
      default:
        at += 1;
    }
  }
  return {
    kind: 'unclosed',
    message: 'unexpected end of file, expecting terminating characters for lua code block',
  };
}

/** A hyphen or bracket that opens no long bracket: two hyphens make a comment to the end of the line. */
function skipPlain(text: string, at: number): number {
  if (text.charCodeAt(at) !== HYPHEN || text.charCodeAt(at + 1) !== HYPHEN) {
    return at + 1;
  }
  const end = text.indexOf('\n', at);
  return end === -1 ? text.length : end;
}

/** `[[`, `[==[`, or one of them after `--`: what closes it, and where its text starts. */
function longBracket(text: string, at: number): { readonly closing: string; readonly inside: number } | undefined {
  const isComment = text.charCodeAt(at) === HYPHEN;
  if (isComment && text.charCodeAt(at + 1) !== HYPHEN) {
    return undefined;
  }
  const open = isComment ? at + 2 : at;
  if (text.charCodeAt(open) !== OPEN_BRACKET) {
    return undefined;
  }
  let second = open + 1;
  while (text.charCodeAt(second) === EQUALS) {
    second += 1;
  }
  if (text.charCodeAt(second) !== OPEN_BRACKET) {
    return undefined;
  }
  return { closing: `]${'='.repeat(second - open - 1)}]`, inside: second + 1 };
}

/** Short strings. What a search without success has seen is not searched again, so that the time stays linear. */
class Strings {
  private readonly dead = { [DOUBLE_QUOTE]: new Set<number>(), [SINGLE_QUOTE]: new Set<number>() };

  constructor(private readonly text: string) {}

  /** The offset after the string that the quote opens, or undefined when its line does not close it. */
  end(open: number): number | undefined {
    const quote = this.text.charCodeAt(open) === DOUBLE_QUOTE ? DOUBLE_QUOTE : SINGLE_QUOTE;
    const dead = this.dead[quote];
    const seen: number[] = [];
    let at = open + 1;
    while (at < this.text.length && !dead.has(at)) {
      seen.push(at);
      const code = this.text.charCodeAt(at);
      if (code === quote) {
        return at + 1;
      }
      if (code === NEWLINE || (code === BACKSLASH && this.text.charCodeAt(at + 1) === NEWLINE)) {
        break;
      }
      at += code === BACKSLASH ? 2 : 1;
    }
    for (const offset of seen) {
      dead.add(offset);
    }
    return undefined;
  }
}
