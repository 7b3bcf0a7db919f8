import { isHole } from './holes';
import { findLuaBlockEnd } from './lua';
import { exceedsBuffer, type TokenEnd } from './token-limit';
import type { Block, Comment, Directive, Quote, Range, SyntaxFault, Tree, Word } from './tree';
import { unescapeWord } from './unescape';

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

const TAB = 9;
const NEWLINE = 10;
const RETURN = 13;
const SPACE = 32;
const DOUBLE_QUOTE = 34;
const HASH = 35;
const DOLLAR = 36;
const SINGLE_QUOTE = 39;
const CLOSE_PAREN = 41;
const SEMICOLON = 59;
const BACKSLASH = 92;
const OPEN_BRACE = 123;
const CLOSE_BRACE = 125;
const BYTE_ORDER_MARK = 0xfeff;

/** How often a quote that swallows other lines may be cut short: keeps the reading linear for any text. */
const MAX_CUT_QUOTES = 64;

/** How far to look for what makes a hole a statement of its own. */
const MAX_HOLES_LINE = 400;

/** Past the first few, faults are echoes of each other. */
const MAX_FAULTS = 200;

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
  private readonly faults: SyntaxFault[] = [];

  constructor(private readonly text: string) {}

  run(): Tree {
    this.skipByteOrderMark();
    while (this.at < this.text.length) {
      this.step();
    }
    this.finishFile();
    return { text: this.text, directives: this.top, comments: this.comments, faults: this.faults };
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
    this.fault(`unknown directive "${word}"`, { start: 0, end: 1 }, 0);
  }

  private readComment(): void {
    const start = this.at;
    const lineEnd = this.text.indexOf('\n', start);
    const end = lineEnd === -1 ? this.text.length : lineEnd;
    if (exceedsBuffer(this.text, start, end, lineEnd === -1 ? 'end of file' : 'punctuation')) {
      this.tooLong(start, start, undefined);
    }
    this.comments.push({ range: { start, end: this.text.charCodeAt(end - 1) === RETURN ? end - 1 : end } });
    this.at = end;
  }

  private readSemicolon(): void {
    if (this.words.length === 0) {
      this.unexpected(this.at);
    } else {
      this.finishDirective(this.at + 1, true);
    }
    this.at += 1;
  }

  private readOpenBrace(): void {
    const open = { start: this.at, end: this.at + 1 };
    if (this.words.length === 0) {
      this.unexpected(this.at);
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
    this.stack.push({ directive, block, indent: this.indentOf(directive.range.start) });
    if (lua) {
      const end = findLuaBlockEnd(this.text, this.at);
      if (end.kind === 'closed') {
        this.at = end.brace;
      } else {
        this.fault(end.message, open, open.start);
        this.at = this.text.length;
      }
    }
  }

  private readCloseBrace(): void {
    if (this.words.length > 0) {
      const last = this.words[this.words.length - 1];
      const blame = last === undefined ? this.at : last.range.end;
      this.fault('unexpected "}"', { start: Math.max(0, blame - 1), end: blame }, this.at);
      this.finishDirective(blame, false);
    }
    const open = this.stack.pop();
    if (open === undefined) {
      this.unexpected(this.at);
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
    const end = this.endOfBareWord(start);
    this.at = end;
    if (exceedsBuffer(this.text, start, end, this.endKind(end))) {
      this.tooLong(start, start, undefined);
    }
    this.pushWord('none', { start, end }, this.text.slice(start, end));
    if (this.words.length === 1 && this.isStatementHole(start, end)) {
      this.finishDirective(end, true);
    }
  }

  /** Whether the first word of a statement is a template's hole that stands for whole statements, without a `;`. */
  private isStatementHole(start: number, end: number): boolean {
    if (this.text.charCodeAt(start) !== DOLLAR || !isHole(this.text.slice(start, end))) {
      return false;
    }
    const lineEnd = this.endOfLine(end);
    const rest = lineEnd - end > MAX_HOLES_LINE ? undefined : this.text.slice(end, lineEnd);
    return (
      rest !== undefined &&
      (rest.replace(/#.*/, '').match(/\S+/g) ?? []).every(isHole) &&
      !/^[\s]*[;{]/.test(this.text.slice(lineEnd, lineEnd + MAX_HOLES_LINE))
    );
  }

  private endOfBareWord(start: number): number {
    const { text } = this;
    let variable = false;
    let at = start;
    while (at < text.length) {
      const code = text.charCodeAt(at);
      if (code === OPEN_BRACE && variable) {
        at += 1;
        continue;
      }
      variable = code === DOLLAR;
      if (code === BACKSLASH) {
        at += 2;
        continue;
      }
      if (isWhiteSpace(code) || code === SEMICOLON || code === OPEN_BRACE) {
        return at;
      }
      at += 1;
    }
    return text.length;
  }

  private readQuoted(quote: number): void {
    const start = this.at;
    const inside = start + 1;
    const kind: Quote = quote === DOUBLE_QUOTE ? 'double' : 'single';
    const close = this.endOfQuoted(quote, inside);
    const after = close + 1;
    if (close === -1) {
      this.readUnclosed(kind, quote, start);
      return;
    }
    const next = this.text.charCodeAt(after);
    const accepted = after >= this.text.length || isWhiteSpace(next) || next === SEMICOLON || next === OPEN_BRACE;
    if (exceedsBuffer(this.text, inside, close, 'punctuation')) {
      this.tooLong(start, inside, quote);
    } else if (exceedsBuffer(this.text, inside, after, this.endKind(after))) {
      this.tooLong(start, inside, undefined);
    }
    if (!accepted && next !== CLOSE_PAREN) {
      if (this.cutQuotes < MAX_CUT_QUOTES && this.text.slice(start, close).includes('\n')) {
        const lineEnd = this.endOfLine(start);
        this.fault(`unexpected "${this.characterAt(after)}"`, { start, end: lineEnd }, after);
        this.cutQuote(kind, start, lineEnd);
        return;
      }
      this.unexpected(after);
    }
    this.at = after;
    this.pushWord(kind, { start, end: after }, this.text.slice(inside, close));
  }

  /** The offset of the closing quote, or -1. */
  private endOfQuoted(quote: number, from: number): number {
    const { text } = this;
    for (let at = from; at < text.length; at += 1) {
      const code = text.charCodeAt(at);
      if (code === BACKSLASH) {
        at += 1;
      } else if (code === quote) {
        return at;
      }
    }
    return -1;
  }

  private readUnclosed(kind: Quote, quote: number, start: number): void {
    const lineEnd = this.endOfLine(start);
    const blame = { start, end: lineEnd };
    if (exceedsBuffer(this.text, start + 1, this.text.length, 'end of file')) {
      this.fault(tooLongQuoted(quote), blame, start);
    } else {
      this.fault('unexpected end of file, expecting ";" or "}"', blame, this.text.length);
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
      this.fault('unexpected end of file, expecting ";" or "}"', blame, end);
      this.finishDirective(last.range.end, false);
    } else if (this.stack.length > 0) {
      const innermost = this.stack[this.stack.length - 1];
      const blame = this.suspect ?? innermost?.block.open ?? { start: end, end };
      this.fault('unexpected end of file, expecting "}"', blame, end);
    }
    for (const open of this.stack) {
      open.directive.range = { start: open.directive.range.start, end };
    }
  }

  /** A brace that closes further left than its block began most likely closes an outer block. */
  private noteIndent(open: OpenDirective): void {
    const lineStart = this.startOfLine(this.at);
    if (this.suspect === undefined && open.block.open.end <= lineStart && this.indentOf(this.at) < open.indent) {
      this.suspect = open.block.open;
    }
  }

  private indentOf(offset: number): number {
    const lineStart = this.startOfLine(offset);
    let at = lineStart;
    while (at < offset && isWhiteSpace(this.text.charCodeAt(at))) {
      at += 1;
    }
    return at === offset ? offset - lineStart : -1;
  }

  /** The start of the line, looked for within a hundred characters: further left there is no indentation to see. */
  private startOfLine(offset: number): number {
    const floor = Math.max(0, offset - 100);
    for (let at = offset - 1; at >= floor; at -= 1) {
      if (this.text.charCodeAt(at) === NEWLINE) {
        return at + 1;
      }
    }
    return floor;
  }

  private endOfLine(offset: number): number {
    const newline = this.text.indexOf('\n', offset);
    const end = newline === -1 ? this.text.length : newline;
    return this.text.charCodeAt(end - 1) === RETURN ? end - 1 : end;
  }

  private endKind(offset: number): TokenEnd {
    if (offset >= this.text.length) {
      return 'end of file';
    }
    return isWhiteSpace(this.text.charCodeAt(offset)) ? 'white space' : 'punctuation';
  }

  private characterAt(offset: number): string {
    return String.fromCodePoint(this.text.codePointAt(offset) ?? 0);
  }

  private unexpected(offset: number): void {
    const character = this.characterAt(offset);
    this.fault(`unexpected "${character}"`, { start: offset, end: offset + character.length }, offset);
  }

  private tooLong(start: number, inside: number, openQuote: number | undefined): void {
    const head = /^[^\r\n]*/.exec(this.text.slice(start, start + 80))?.[0] ?? '';
    const blame = { start, end: start + head.length };
    const message =
      openQuote === undefined
        ? `too long parameter "${this.text.slice(inside, inside + 10)}..." started`
        : tooLongQuoted(openQuote);
    this.fault(message, blame, start);
  }

  private fault(message: string, range: Range, noticedAt: number): void {
    if (this.faults.length < MAX_FAULTS) {
      this.faults.push({ message, range, noticedAt });
    }
  }
}

function tooLongQuoted(quote: number): string {
  return `too long parameter, probably missing terminating "${String.fromCharCode(quote)}" character`;
}

function isWhiteSpace(code: number): boolean {
  return code === SPACE || code === TAB || code === NEWLINE || code === RETURN;
}
