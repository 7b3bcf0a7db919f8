/** Put `text` for what stands between two UTF-16 offsets. */
export interface TextChange {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Comparing more pairs of lines than this takes longer than it helps. */
const MOST_PAIRS = 1_000_000;

/**
 * What to change in a text to get another, line by line, so that cursors and folds elsewhere stay where they are.
 * Sorted, without overlap.
 */
export function textChanges(before: string, after: string): TextChange[] {
  const old = splitLines(before);
  const now = splitLines(after);
  let head = 0;
  while (head < old.length && head < now.length && old[head] === now[head]) head++;
  let tail = 0;
  while (tail < old.length - head && tail < now.length - head && old.at(-1 - tail) === now.at(-1 - tail)) tail++;
  const middleOld = old.slice(head, old.length - tail);
  const middleNow = now.slice(head, now.length - tail);
  const start = length(old.slice(0, head));
  if (middleOld.length === 0 && middleNow.length === 0) return [];
  if (middleOld.length * middleNow.length > MOST_PAIRS) {
    return [{ start, end: start + length(middleOld), text: middleNow.join('') }];
  }
  return compare(middleOld, middleNow, start);
}

/** By the longest common subsequence of lines. */
function compare(old: readonly string[], now: readonly string[], start: number): TextChange[] {
  const common = commonLengths(old, now);
  const changes: TextChange[] = [];
  let at = start;
  let open: { start: number; text: string } | undefined;
  const close = (): void => {
    if (open) changes.push({ start: open.start, end: at, text: open.text });
    open = undefined;
  };
  for (let i = 0, j = 0; i < old.length || j < now.length; ) {
    const line = old[i];
    const other = now[j];
    if (line !== undefined && line === other) {
      close();
      at += line.length;
      i++;
      j++;
      continue;
    }
    open ??= { start: at, text: '' };
    if (other !== undefined && (line === undefined || common(i, j + 1) >= common(i + 1, j))) {
      open.text += other;
      j++;
    } else {
      at += line?.length ?? 0;
      i++;
    }
  }
  close();
  return changes;
}

/** The length of the longest common subsequence of what follows two lines. */
function commonLengths(old: readonly string[], now: readonly string[]): (i: number, j: number) => number {
  const width = now.length + 1;
  const table = new Uint32Array((old.length + 1) * width);
  const get = (i: number, j: number): number => table[i * width + j] ?? 0;
  for (let i = old.length - 1; i >= 0; i--) {
    for (let j = now.length - 1; j >= 0; j--) {
      table[i * width + j] = old[i] === now[j] ? get(i + 1, j + 1) + 1 : Math.max(get(i + 1, j), get(i, j + 1));
    }
  }
  return get;
}

function splitLines(text: string): string[] {
  return text === '' ? [] : text.split(/(?<=\n)/);
}

function length(lines: readonly string[]): number {
  return lines.reduce((sum, line) => sum + line.length, 0);
}
