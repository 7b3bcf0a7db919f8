import type { TSESTree } from '@typescript-eslint/types';
import type { Edit } from '../../../cors/repair';
import type { SourceModule } from '../../../javascript';

/** Half-open, in UTF-16 offsets. */
interface Span {
  readonly start: number;
  readonly end: number;
}

/**
 * Takes one item of an array or an object out, with one comma and the parentheses around it. An item that has lines of
 * its own goes with these, and with the comment at their end; every other comment and the layout of the neighbours stay.
 * Declines lists with holes, where a comma is an item.
 * @param items all that the list has, in order
 * @param list the array or object, from bracket to bracket
 */
export function removeItem(
  module: SourceModule,
  items: readonly (TSESTree.Node | null)[],
  item: TSESTree.Node,
  list: TSESTree.Node,
): readonly Edit[] | undefined {
  const index = items.indexOf(item);
  if (index < 0 || items.includes(null)) return undefined;
  const { text } = module;
  const out = (start: number, end: number): Edit => ({ file: module.path, start, end, text: '' });
  const floor = items[index - 1]?.range[1] ?? list.range[0] + 1;
  const ceiling = items[index + 1]?.range[0] ?? list.range[1] - 1;
  const bare: Span = { start: item.range[0], end: item.range[1] };
  const whole = withParentheses(text, bare, floor, ceiling);
  const comma = commaIn(text, whole.end, ceiling);
  const end = comma === undefined ? whole.end : comma + 1;
  const previous = items[index - 1] === undefined ? undefined : commaIn(text, floor, whole.start);
  // The last of a list without a comma at its end leaves none there.
  const dangling = comma === undefined && previous !== undefined ? [out(previous, previous + 1)] : [];

  if (items.length === 1 && isBlank(text, floor, whole.start) && isBlank(text, end, ceiling)) {
    return [out(floor, ceiling)];
  }
  const first = text.lastIndexOf('\n', whole.start - 1) + 1;
  const rest = lineRest(text, end);
  if (first > floor && isBlank(text, first, whole.start) && rest !== undefined && rest <= ceiling) {
    return [...dangling, out(first, rest)];
  }
  // A comment between the item and its comma stays.
  const pieces = comma === undefined || isBlank(text, whole.end, comma) ? [] : [out(comma, comma + 1)];
  const through = pieces.length > 0 ? whole.end : end;
  const gap = through + (/^[ \t]*/.exec(text.slice(through, ceiling))?.[0].length ?? 0);
  const before = whole.start - blanksBefore(text, whole.start, floor);
  const endsList = items[index + 1] === undefined || text.startsWith('\n', gap) || text.startsWith('\r', gap);
  const [start, stop] = endsList ? [before, items[index + 1] === undefined ? through : gap] : [whole.start, gap];
  if (previous !== undefined && comma === undefined && isBlank(text, previous + 1, whole.start)) {
    return [out(isBlank(text, floor, previous) ? floor : previous, stop)];
  }
  return [...dangling, out(start, stop), ...pieces];
}

/** The item with the parentheses that are around it alone. */
function withParentheses(text: string, item: Span, floor: number, ceiling: number): Span {
  let { start, end } = item;
  for (;;) {
    const close = skipTrivia(text, end, ceiling);
    const before = text.slice(floor, start).trimEnd();
    if (text[close] !== ')' || close >= ceiling || !before.endsWith('(')) return { start, end };
    start = floor + before.length - 1;
    end = close + 1;
  }
}

function commaIn(text: string, start: number, end: number): number | undefined {
  let at = skipTrivia(text, start, end);
  while (text[at] === ')' && at < end) at = skipTrivia(text, at + 1, end);
  return text[at] === ',' && at < end ? at : undefined;
}

const TRIVIA = /(?:\s|\/\/[^\n]*|\/\*[\s\S]*?\*\/)*/y;

/** Past white space and comments. */
function skipTrivia(text: string, at: number, end: number): number {
  TRIVIA.lastIndex = at;
  return Math.min(end, at + (TRIVIA.exec(text)?.[0].length ?? 0));
}

const LINE_REST = /[ \t]*(?:\/\*[^\n]*?\*\/[ \t]*)*(?:\/\/[^\n]*)?\r?\n/y;

/** Past the end of the line, where nothing but comments is left on it. */
function lineRest(text: string, at: number): number | undefined {
  LINE_REST.lastIndex = at;
  const rest = LINE_REST.exec(text)?.[0];
  return rest === undefined ? undefined : at + rest.length;
}

function isBlank(text: string, start: number, end: number): boolean {
  return text.slice(start, end).trim() === '';
}

function blanksBefore(text: string, offset: number, floor: number): number {
  let start = offset;
  while (start > floor && (text[start - 1] === ' ' || text[start - 1] === '\t')) start--;
  return offset - start;
}
