import {
  BYTE_ORDER_MARK,
  CLOSE_BRACE,
  CLOSE_PAREN,
  DOUBLE_QUOTE,
  HASH,
  isWhiteSpace,
  NEWLINE,
  OPEN_BRACE,
  RETURN,
  SEMICOLON,
  SINGLE_QUOTE,
  SPACE,
  TAB,
} from './characters';
import { characterAt, Faults, tooLongQuoted } from './faults';
import { endOfLine, indentOf, startOfLine } from './lines';
import { findLuaBlockEnd } from './lua';
import { endKind, exceedsBuffer } from './token-limit';
import type { Block, Comment, Directive, Quote, Range, Tree, Word } from './tree';
import { unescapeWord } from './unescape';
import { endOfBareWord, endOfQuoted, isStatementHole } from './words';

/**
 * Parses an nginx file the way `ngx_conf_read_token` and `ngx_conf_parse` read it.
 *
 * Never throws and never recurses; the time is linear in the text. Where nginx would stop, a fault is recorded and the reading goes on at the place
 * that loses the least: an unexpected character starts a new word, a quote that swallows the lines after it ends with
 * its own line. A line of nothing but template holes (`${CORS_BLOCK}`) stands for statements that are whole when nginx
 * reads them. Only the file's structure is judged here, not whether a directive exists or is allowed.
 *
 * @param text the file's text; a leading byte order mark is nginx's first fault
 */
export function parse(text: string): Tree {
  return new Parser(text).run();
}

/** How often a quote that swallows other lines may be cut short: keeps the reading linear for any text. */
const MAX_CUT_QUOTES = 64;

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
interface OpenDirective {
  readonly directive: Mutable<Directive>;
  readonly block: Block;
  readonly indent: number;
}

class Parser {
  private at = 0;
  private words: Word[] = [];
  private cutQuotes = 0;
  private suspect: Range | undefined;
  private readonly stack: OpenDirective[] = [];
  private readonly top: Directive[] = [];
  private readonly comments: Comment[] = [];
  private readonly faults: Faults;

  constructor(private readonly text: string) {
    this.faults = new Faults(text);
  }

  run(): Tree {
    this.skipByteOrderMark();
    while (this.at < this.text.length) {
      this.step();
    }
    this.finishFile();
    return { text: this.text, directives: this.top, comments: this.comments, faults: this.faults.all };
  }

  private step(): void {
    const code = this.text.charCodeAt(this.at);
    switch (code) {
      case SPACE:
      case TAB:
      case NEWLINE:
      case RETURN:
        this.at += 1;
        return;
      case HASH:
        this.readComment();
        return;
      case SEMICOLON:
        this.readSemicolon();
        return;
      case OPEN_BRACE:
        this.readOpenBrace();
        return;
      case CLOSE_BRACE:
        this.readCloseBrace();
        return;
      case DOUBLE_QUOTE:
      case SINGLE_QUOTE:
        this.readQuoted(code);
        return;
      default:
        this.readBare();
    }
  }

  /** nginx takes the mark for the first three bytes of the first word. */
  private skipByteOrderMark(): void {
    if (this.text.charCodeAt(0) !== BYTE_ORDER_MARK) {
      return;
    }
    this.at = 1;
    const word = /^[^ \t\r\n;{]*/.exec(this.text.slice(0, 80))?.[0] ?? '';
    this.faults.add(`unknown directive "${word}"`, { start: 0, end: 1 }, 0);
  }

  private readComment(): void {
    const start = this.at;
    const lineEnd = this.text.indexOf('\n', start);
    const end = lineEnd === -1 ? this.text.length : lineEnd;
    if (exceedsBuffer(this.text, start, end, lineEnd === -1 ? 'end of file' : 'punctuation')) {
      this.faults.tooLong(start, start, undefined);
    }
    this.comments.push({ range: { start, end: this.text.charCodeAt(end - 1) === RETURN ? end - 1 : end } });
    this.at = end;
  }

  private readSemicolon(): void {
    if (this.words.length === 0) {
      this.faults.unexpected(this.at);
    } else {
      this.finishDirective(this.at + 1, true);
    }
    this.at += 1;
  }

  private readOpenBrace(): void {
    const open = { start: this.at, end: this.at + 1 };
    if (this.words.length === 0) {
      this.faults.unexpected(this.at);
      this.words.push({ value: '', quote: 'none', raw: '', range: { start: this.at, end: this.at } });
    }
    this.at += 1;
    const name = this.words[0];
    const lua = name?.value.endsWith('_by_lua_block') === true;
    const block: Block = { open, close: undefined, directives: [], lua };
    const directive = this.finishDirective(this.at, true, block);
    if (directive === undefined) {
      return;
    }
    this.stack.push({ directive, block, indent: indentOf(this.text, directive.range.start) });
    if (lua) {
      const end = findLuaBlockEnd(this.text, this.at);
      if (end.kind === 'closed') {
        this.at = end.brace;
      } else {
        this.faults.add(end.message, open, open.start);
        this.at = this.text.length;
      }
    }
  }

  private readCloseBrace(): void {
    if (this.words.length > 0) {
      const last = this.words[this.words.length - 1];
      const blame = last === undefined ? this.at : last.range.end;
      this.faults.add('unexpected "}"', { start: Math.max(0, blame - 1), end: blame }, this.at);
      this.finishDirective(blame, false);
    }
    const open = this.stack.pop();
    if (open === undefined) {
      this.faults.unexpected(this.at);
      this.at += 1;
      return;
    }
    this.noteIndent(open);
    open.block.close = { start: this.at, end: this.at + 1 };
    this.at += 1;
    open.directive.range = { start: open.directive.range.start, end: this.at };
  }

  private readBare(): void {
    const start = this.at;
    const end = endOfBareWord(this.text, start);
    this.at = end;
    if (exceedsBuffer(this.text, start, end, endKind(this.text, end))) {
      this.faults.tooLong(start, start, undefined);
    }
    this.pushWord('none', { start, end }, this.text.slice(start, end));
    if (this.words.length === 1 && isStatementHole(this.text, start, end)) {
      this.finishDirective(end, true);
    }
  }

  private readQuoted(quote: number): void {
    const start = this.at;
    const inside = start + 1;
    const kind: Quote = quote === DOUBLE_QUOTE ? 'double' : 'single';
    const close = endOfQuoted(this.text, quote, inside);
    const after = close + 1;
    if (close === -1) {
      this.readUnclosed(kind, quote, start);
      return;
    }
    const next = this.text.charCodeAt(after);
    const accepted = after >= this.text.length || isWhiteSpace(next) || next === SEMICOLON || next === OPEN_BRACE;
    if (exceedsBuffer(this.text, inside, close, 'punctuation')) {
      this.faults.tooLong(start, inside, quote);
    } else if (exceedsBuffer(this.text, inside, after, endKind(this.text, after))) {
      this.faults.tooLong(start, inside, undefined);
    }
    if (!accepted && next !== CLOSE_PAREN) {
      if (this.cutQuotes < MAX_CUT_QUOTES && this.text.slice(start, close).includes('\n')) {
        const lineEnd = endOfLine(this.text, start);
        this.faults.add(`unexpected "${characterAt(this.text, after)}"`, { start, end: lineEnd }, after);
        this.cutQuote(kind, start, lineEnd);
        return;
      }
      this.faults.unexpected(after);
    }
    this.at = after;
    this.pushWord(kind, { start, end: after }, this.text.slice(inside, close));
  }

  private readUnclosed(kind: Quote, quote: number, start: number): void {
    const lineEnd = endOfLine(this.text, start);
    const blame = { start, end: lineEnd };
    if (exceedsBuffer(this.text, start + 1, this.text.length, 'end of file')) {
      this.faults.add(tooLongQuoted(quote), blame, start);
    } else {
      this.faults.add('unexpected end of file, expecting ";" or "}"', blame, this.text.length);
    }
    if (this.cutQuotes < MAX_CUT_QUOTES) {
      this.cutQuote(kind, start, lineEnd);
      return;
    }
    this.at = this.text.length;
    this.pushWord(kind, { start, end: this.at }, this.text.slice(start + 1));
  }

  /** Ends a word whose closing quote is missing with its line, before the semicolon that seems meant. */
  private cutQuote(kind: Quote, start: number, lineEnd: number): void {
    this.cutQuotes += 1;
    const line = this.text.slice(start + 1, lineEnd).trimEnd();
    const inside = line.endsWith(';') ? line.slice(0, -1) : line;
    this.at = start + 1 + inside.length;
    this.pushWord(kind, { start, end: this.at }, inside);
  }

  private pushWord(quote: Quote, range: Range, raw: string): void {
    this.words.push({ value: unescapeWord(raw), quote, raw, range });
  }

  private finishDirective(end: number, terminated: boolean, block?: Block): Mutable<Directive> | undefined {
    const [name, ...args] = this.words;
    this.words = [];
    if (name === undefined) {
      return undefined;
    }
    const owner = this.stack[this.stack.length - 1];
    const range = { start: name.range.start, end };
    const directive: Directive = { name, args, range, block, terminated, parent: owner?.directive };
    (owner?.block.directives ?? this.top).push(directive);
    return directive;
  }

  private finishFile(): void {
    const end = this.text.length;
    const last = this.words[this.words.length - 1];
    if (last !== undefined) {
      const blame = { start: Math.max(0, last.range.end - 1), end: last.range.end };
      this.faults.add('unexpected end of file, expecting ";" or "}"', blame, end);
      this.finishDirective(last.range.end, false);
    } else if (this.stack.length > 0) {
      const innermost = this.stack[this.stack.length - 1];
      const blame = this.suspect ?? innermost?.block.open ?? { start: end, end };
      this.faults.add('unexpected end of file, expecting "}"', blame, end);
    }
    for (const open of this.stack) {
      open.directive.range = { start: open.directive.range.start, end };
    }
  }

  /** A brace that closes further left than its block began most likely closes an outer block. */
  private noteIndent(open: OpenDirective): void {
    const lineStart = startOfLine(this.text, this.at);
    if (this.suspect === undefined && open.block.open.end <= lineStart && indentOf(this.text, this.at) < open.indent) {
      this.suspect = open.block.open;
    }
  }
}
