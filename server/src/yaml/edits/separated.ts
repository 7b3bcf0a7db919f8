import type { Range } from '../../cors/place';
import type { Edit } from '../../cors/repair';
import { lineStart, nextLine } from './text';

/** A file as edits see it. */
interface Source {
  readonly file: string;
  readonly text: string;
}

const COMMA = /[\s)]*,/y;
/** What may stand behind an item on its line and goes with it. */
const LINE_REST = /[ \t]*(?:(?:#|\/\/)[^\n]*|\/\*[^\n]*?\*\/[ \t]*)?\r?(?:\n|$)/y;
const COMMENT = /#|\/\/|\/\*/;

/**
 * Takes one of several items that commas separate (`{ a: 1, b: 2 }`, YAML's or JavaScript's) out, with one comma and,
 * where it has lines of its own, with these and the comment at their end. The comments of its neighbours stay.
 * @param item the range of the item, without its comma; offsets are UTF-16
 * @param before the item in front of it
 * @param next the item behind it
 */
export function deleteSeparated(
  source: Source,
  item: Range,
  before: Range | undefined,
  next: Range | undefined,
): readonly Edit[] {
  const { file, text } = source;
  const comma = matchAt(COMMA, text, item.end);
  const end = item.end + (comma?.length ?? 0);
  const first = lineStart(text, item.start);
  const isOwnLine = text.slice(first, item.start).trim() === '' && matchAt(LINE_REST, text, end) !== undefined;
  if (isOwnLine) {
    const out: Edit = { file, start: first, end: nextLine(text, end), text: '' };
    return comma !== undefined || before === undefined ? [out] : [...withoutComma(source, before), out];
  }
  if (next !== undefined) {
    const gap = text.slice(end, next.start);
    if (!COMMENT.test(gap)) return [{ file, start: item.start, end: next.start, text: '' }];
    return [{ file, start: item.start, end: end + (/^[ \t]*/.exec(gap)?.[0].length ?? 0), text: '' }];
  }
  if (before === undefined) return [{ file, start: item.start, end, text: '' }];
  const gap = text.slice(before.end, item.start);
  if (!COMMENT.test(gap)) return [{ file, start: before.end, end: item.end, text: '' }];
  const blank = gap.length - gap.trimEnd().length;
  return [...withoutComma(source, before), { file, start: item.start - blank, end: item.end, text: '' }];
}

/** The comma behind an item. */
function withoutComma({ file, text }: Source, { end }: Range): readonly Edit[] {
  const comma = matchAt(COMMA, text, end);
  return comma === undefined ? [] : [{ file, start: end + comma.length - 1, end: end + comma.length, text: '' }];
}

function matchAt(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}
