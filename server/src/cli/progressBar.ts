import type { Progress } from '../workspace/types';
import type { Output } from './output';
import { printable, widthOf } from './printable';

export interface ProgressBar {
  show(progress: Progress): void;
  /** Takes the bar off the screen. */
  clear(): void;
}

const WIDTH = 24;
const EVERY_MS = 80;

/** A bar for whoever watches a terminal; draws nothing otherwise. */
export function progressBar(output: Output, shown: (file: string) => string): ProgressBar {
  const { columns } = output;
  if (columns === undefined) return { show: () => {}, clear: () => {} };
  let drawn = 0;
  let last = 0;
  return {
    show(progress) {
      const now = performance.now();
      if (now - last < EVERY_MS) return;
      last = now;
      drawn += 1;
      output.error(`\r\u001B[2K${shorten(lineFor(progress, shown), columns - 1)}`);
    },
    clear() {
      if (drawn > 0) output.error('\r\u001B[2K');
      drawn = 0;
    },
  };
}

function lineFor({ done, total, file }: Progress, shown: (file: string) => string): string {
  if (total === undefined) return `Looking for files: ${done}`;
  const filled = total === 0 ? WIDTH : Math.round((done / total) * WIDTH);
  const bar = '█'.repeat(filled) + '░'.repeat(WIDTH - filled);
  return `${bar} ${done}/${total}${file === undefined ? '' : ` ${printable(shown(file))}`}`;
}

function shorten(line: string, columns: number): string {
  let text = line;
  while (widthOf(text) > columns) text = text.slice(0, Math.max(0, text.length - 8));
  return text;
}
