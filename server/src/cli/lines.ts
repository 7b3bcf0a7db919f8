import type { Range } from '../cors/place';
import { withoutEnd } from '../cors/trim';

/** Where something stands: line and column, both from 1, the column in UTF-16 units. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

export interface Lines {
  /** The whole text. */
  readonly whole: string;
  position(offset: number): Position;
  /** The text of a line (from 1) without its line break; empty when there is no such line. */
  text(line: number): string;
  /** The offset at which a line (from 1) starts. */
  start(line: number): number;
  readonly count: number;
}

/** Lines end at CR LF, LF or CR, as in the editor. */
export function linesOf(text: string): Lines {
  const starts = [0];
  for (const { index, 0: ending } of text.matchAll(/\r\n|\n|\r/g)) starts.push(index + ending.length);
  const start = (line: number): number => starts[line - 1] ?? text.length;
  return {
    whole: text,
    position(offset) {
      let low = 0;
      let high = starts.length - 1;
      while (low < high) {
        const middle = (low + high + 1) >> 1;
        if ((starts[middle] ?? 0) <= offset) low = middle;
        else high = middle - 1;
      }
      return { line: low + 1, column: offset - (starts[low] ?? 0) + 1 };
    },
    text: (line) => withoutEnd(text.slice(start(line), start(line + 1)), '\r\n'),
    start,
    count: starts.length,
  };
}

/** The lines of files, each counted once. */
export interface FileLines {
  of(file: string): Lines;
  range(file: string, range: Range): { readonly start: Position; readonly end: Position };
}

/** @param read a file's text; a file without one counts as empty */
export function fileLines(read: (file: string) => string | undefined): FileLines {
  const known = new Map<string, Lines>();
  const of = (file: string): Lines => {
    const text = read(file) ?? '';
    const before = known.get(file);
    if (before?.whole === text) return before;
    const lines = linesOf(text);
    known.set(file, lines);
    return lines;
  };
  return {
    of,
    range(file, { start, end }) {
      const lines = of(file);
      return { start: lines.position(start), end: lines.position(end) };
    },
  };
}
