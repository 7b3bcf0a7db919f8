import type { Word } from '../syntax/tree';

/** A piece of a value that nginx interpolates (`ngx_http_script_compile`). */
export type Piece =
  | { readonly kind: 'text'; readonly text: string; readonly start: number; readonly end: number }
  /** Lower-case name without dollar and braces. `start` and `end` are offsets into the word's value. */
  | {
      readonly kind: 'variable';
      readonly name: string;
      /** As written. */
      readonly written: string;
      readonly start: number;
      readonly end: number;
    };

const compiled = new WeakMap<Word, readonly Piece[]>();

/** The literal pieces and variables of a word. A lone `$`, which nginx refuses, is taken as text. */
export function piecesOf(word: Word): readonly Piece[] {
  const known = compiled.get(word);
  if (known !== undefined) {
    return known;
  }
  const pieces = compile(word.value);
  compiled.set(word, pieces);
  return pieces;
}

const VARIABLE = /\$(?:\{(\w+)\}|([1-9])|(\w+))/g;

function compile(text: string): Piece[] {
  const pieces: Piece[] = [];
  let done = 0;
  for (const match of text.matchAll(VARIABLE)) {
    const { index } = match;
    if (index > done) {
      pieces.push({ kind: 'text', text: text.slice(done, index), start: done, end: index });
    }
    done = index + match[0].length;
    const written = match[1] ?? match[2] ?? match[3] ?? '';
    pieces.push({ kind: 'variable', name: written.toLowerCase(), written, start: index, end: done });
  }
  if (done < text.length || text === '') {
    pieces.push({ kind: 'text', text: text.slice(done), start: done, end: text.length });
  }
  return pieces;
}
