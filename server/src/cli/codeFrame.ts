import type { Range } from '../cors/place';
import type { Lines } from './lines';
import type { Paint } from './paint';
import { printable, widthOf } from './printable';

/** Longer lines are shown in part: as much as fits around what is marked. */
const MOST_COLUMNS = 110;
const MOST_MARKED_LINES = 3;

/**
 * The lines around a range, numbered, with the range underlined:
 *
 *       7 | app.use(cors({
 *     > 8 |   origin: '*',
 *         |           ^^^
 *
 * @returns lines without line breaks
 */
export function codeFrame(lines: Lines, range: Range, paint: Paint): string[] {
  const start = lines.position(range.start);
  const end = lines.position(Math.max(range.start, range.end));
  const last = Math.min(end.line, start.line + MOST_MARKED_LINES - 1);
  const gutter = String(Math.min(last + 1, lines.count)).length;
  const frame: string[] = [];
  for (let line = Math.max(1, start.line - 1); line <= Math.min(last + 1, lines.count); line++) {
    const text = lines.text(line);
    const isMarked = line >= start.line && line <= last;
    if (!isMarked && text.trim() === '') continue;
    const from = line === start.line ? start.column - 1 : text.length - text.trimStart().length;
    const to = line === end.line ? end.column - 1 : text.trimEnd().length;
    const shown = cut(text, isMarked ? from : 0);
    const number = String(line).padStart(gutter);
    const head = isMarked ? `${paint('red', '>')} ${number}` : `  ${number}`;
    frame.push(`${head} ${paint('dim', '|')} ${isMarked ? shown.text : paint('dim', shown.text)}`.trimEnd());
    if (!isMarked) continue;
    const before = ' '.repeat(shown.widthTo(from));
    const marks = '^'.repeat(Math.max(1, shown.widthTo(Math.max(from, to)) - before.length));
    frame.push(`  ${' '.repeat(gutter)} ${paint('dim', '|')} ${before}${paint('red', marks)}`);
  }
  if (end.line > last + 1) frame.push(`  ${' '.repeat(gutter)} ${paint('dim', `| … to line ${end.line}`)}`);
  return frame;
}

interface Cut {
  readonly text: string;
  /** The column, from 0, at which a place of the whole line (UTF-16 units from 0) is shown. */
  widthTo(at: number): number;
}

/** A line as it is shown, so that the place at `around` can be seen. */
function cut(line: string, around: number): Cut {
  const from = line.length <= MOST_COLUMNS ? 0 : Math.max(0, Math.min(around - 40, line.length - MOST_COLUMNS));
  const to = Math.min(line.length, from + MOST_COLUMNS);
  const head = from > 0 ? '…' : '';
  const tail = to < line.length ? '…' : '';
  return {
    text: head + printable(line.slice(from, to)) + tail,
    widthTo: (at) => widthOf(head + printable(line.slice(from, Math.max(from, Math.min(at, to))))),
  };
}
