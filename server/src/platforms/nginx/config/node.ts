import type { Place } from '../../../cors/place';
import type { Directive, Range, Word } from '../syntax/tree';

/** A directive with the file it stands in, after `include`s have been put in place. */
export interface Node {
  /** The directive's name as nginx reads it. */
  readonly name: string;
  readonly args: readonly Word[];
  readonly file: string;
  readonly directive: Directive;
  /** What stands in its block, `include`s expanded; undefined for a directive without a block. */
  readonly children: readonly Node[] | undefined;
}

/** The whole directive. */
export function placeOf(node: Node): Place {
  return { file: node.file, ...node.directive.range };
}

/** The directive without its block: `location /api`, `if ($a = b)`. */
export function headPlace(node: Node): Place {
  const last = node.args.at(-1) ?? node.directive.name;
  return { file: node.file, start: node.directive.name.range.start, end: last.range.end };
}

/** A word without its quotes: what a value's place is. */
export function wordPlace(file: string, word: Word): Place {
  return { file, ...innerRange(word) };
}

/** The text between the quotes, or the whole word. */
export function innerRange({ quote, range }: Word): Range {
  return quote === 'none' ? range : { start: range.start + 1, end: Math.max(range.start + 1, range.end - 1) };
}
