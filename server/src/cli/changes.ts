import type { Edit } from '../cors/repair';
import { applyEdits } from '../lint/edits';
import type { Lines } from './lines';

/** A stretch of lines that edits change: what stands there and what will. */
export interface Change {
  /** The first line that differs, from 1. */
  readonly line: number;
  readonly removed: readonly string[];
  readonly added: readonly string[];
}

/**
 * What edits change, line by line, in the order of the text.
 * @param edits of one file, sorted, without overlap
 */
export function changedLines(text: string, lines: Lines, edits: readonly Edit[]): Change[] {
  const clusters: { first: number; last: number; edits: Edit[] }[] = [];
  for (const edit of edits) {
    const first = lines.position(edit.start).line;
    const last = lines.position(edit.end).line;
    const open = clusters.at(-1);
    if (open !== undefined && first <= open.last + 1) {
      open.last = Math.max(open.last, last);
      open.edits.push(edit);
    } else clusters.push({ first, last, edits: [edit] });
  }
  return clusters.map(({ first, last, edits: own }) => {
    const start = lines.start(first);
    const end = lines.start(last + 1);
    const shifted = own.map((edit) => ({ ...edit, start: edit.start - start, end: edit.end - start }));
    return difference(first, split(text.slice(start, end)), split(applyEdits(text.slice(start, end), shifted)));
  });
}

function split(text: string): string[] {
  return text.replace(/(?:\r\n|\n|\r)$/, '').split(/\r\n|\n|\r/);
}

/** Leaves out the lines that are the same at both ends. */
function difference(line: number, before: readonly string[], after: readonly string[]): Change {
  let head = 0;
  while (head < before.length && head < after.length && before[head] === after[head]) head++;
  let tail = 0;
  const most = Math.min(before.length, after.length) - head;
  while (tail < most && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail++;
  return {
    line: line + head,
    removed: before.slice(head, before.length - tail),
    added: after.slice(head, after.length - tail),
  };
}
