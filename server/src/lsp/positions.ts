import type { Position, Range } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { Range as Offsets } from '../cors/place';

/** Turns UTF-16 offsets of one text into the protocol's lines and characters, and back. */
export interface Positions {
  range(offsets: Offsets): Range;
  offset(position: Position): number;
  /** The line (from 0) that an offset is on. */
  line(offset: number): number;
  /** Where that line starts. */
  lineStart(line: number): number;
}

/**
 * A byte order mark is part of the text on disk, yet no editor shows it: characters of the first line are counted
 * without it.
 */
export function positionsIn(text: string): Positions {
  const mark = text.startsWith('\uFEFF') ? 1 : 0;
  const document = TextDocument.create('', '', 0, text);
  const position = (offset: number): Position => {
    const { line, character } = document.positionAt(offset);
    return { line, character: line === 0 ? Math.max(0, character - mark) : character };
  };
  const offsetOf = ({ line, character }: Position): number =>
    document.offsetAt({ line, character: line === 0 ? character + mark : character });
  return {
    range: ({ start, end }) => ({ start: position(start), end: position(end) }),
    offset: offsetOf,
    line: (offset) => document.positionAt(offset).line,
    lineStart: (line) => offsetOf({ line, character: 0 }),
  };
}
