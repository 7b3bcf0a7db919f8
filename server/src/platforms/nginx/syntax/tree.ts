/**
 * The shape of a parsed nginx file.
 *
 * Every offset counts UTF-16 code units from the start of the text, and every range is half-open.
 */

export interface Range {
  readonly start: number;
  readonly end: number;
}

export type Quote = 'none' | 'single' | 'double';

/** One word of a directive: its name or one of its arguments. */
export interface Word {
  /** The text after nginx's unquoting and unescaping: what a module gets to see. */
  readonly value: string;
  readonly quote: Quote;
  /** The text between the quotes as written, escapes included. */
  readonly raw: string;
  /** Where the word stands, with its quotes. */
  readonly range: Range;
}

export interface Block {
  /** The opening brace. */
  readonly open: Range;
  /** The closing brace; undefined while it is missing. */
  close: Range | undefined;
  readonly directives: Directive[];
  /** Set for `*_by_lua_block { … }`: the text between the braces is Lua and `directives` is empty. */
  readonly lua: boolean;
}

export interface Directive {
  /** The first word. It has an empty value where a block opens without a word before it. */
  readonly name: Word;
  readonly args: readonly Word[];
  /** From the name to the `;`, the closing brace, or where the text stops. */
  readonly range: Range;
  /** Undefined for a directive that ends in `;`. */
  readonly block: Block | undefined;
  /** False where neither `;` nor `{` ends the words. */
  readonly terminated: boolean;
  readonly parent: Directive | undefined;
}

export interface Comment {
  /** From the `#` to the end of the line, without the line break. */
  readonly range: Range;
}

/** A reason why nginx does not load the file, worded as `nginx -t` words it. */
export interface SyntaxFault {
  readonly message: string;
  /** The place to blame, for a reader. */
  readonly range: Range;
  /** The offset at which nginx itself gives up: the line of its message is this offset's line. */
  readonly noticedAt: number;
}

export interface Tree {
  readonly text: string;
  readonly directives: readonly Directive[];
  readonly comments: readonly Comment[];
  /** The first one is nginx's own; those after it are what else a tolerant reading meets. */
  readonly faults: readonly SyntaxFault[];
}
