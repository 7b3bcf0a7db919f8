import type { Edit } from '../../../cors/repair';
import { withoutEnd } from '../../../cors/trim';
import type { Directive } from '../syntax/tree';
import { edit, indentAt, lineStart, type Source, startsLine } from './source';

/** Takes a directive out, with its line when it has one to itself. A comment beside it stays. */
export function removeDirective(source: Source, { range }: Directive): Edit {
  const { text } = source;
  const after = /^[ \t]*/.exec(text.slice(range.end))?.[0].length ?? 0;
  const next = range.end + after;
  const lineEnds = next >= text.length || text[next] === '\n' || text.startsWith('\r\n', next);
  if (!startsLine(text, range.start)) {
    // Its neighbours stand on the same line: the space between them goes with it.
    const start = withoutEnd(text.slice(0, range.start), ' \t').length;
    return edit(source, start, range.end, '');
  }
  if (!lineEnds) {
    return edit(source, range.start, next, '');
  }
  const start = lineStart(text, range.start);
  const newline = text.indexOf('\n', next);
  const end = newline === -1 ? text.length : newline + 1;
  const blankAfter = /^[ \t]*\r?\n/.exec(text.slice(end))?.[0].length ?? 0;
  const blankBefore = /(?:\{|\n)[ \t]*\r?\n$/.test(text.slice(Math.max(0, start - 200), start));
  return edit(source, start, blankBefore ? end + blankAfter : end, '');
}

/**
 * New directives after one.
 *
 * @param lines without indentation; a line that starts with a tab is a step further in
 */
export function insertAfter(source: Source, { range }: Directive, lines: readonly string[]): Edit {
  const { text, newline } = source;
  if (!startsLine(text, range.start) && !text.slice(range.start, range.end).includes('\n')) {
    return edit(source, range.end, range.end, ` ${flat(lines)}`);
  }
  const indent = indentAt(text, range.start);
  const at = endOfStatement(text, range.end);
  return edit(source, at, at, lines.map((line) => newline + indented(line, indent, source)).join(''));
}

/** New directives in the place of one. A comment beside it stays. */
export function replaceDirective(source: Source, { range }: Directive, lines: readonly string[]): Edit {
  const { text, newline } = source;
  const between = startsLine(text, range.start) ? newline + indentAt(text, range.start) : ' ';
  return edit(source, range.start, range.end, lines.map((line) => steps(line, source)).join(between));
}

/** New directives before one. */
export function insertBefore(source: Source, { range }: Directive, lines: readonly string[]): Edit {
  const { text, newline } = source;
  if (!startsLine(text, range.start)) {
    return edit(source, range.start, range.start, `${flat(lines)} `);
  }
  const indent = indentAt(text, range.start);
  const at = lineStart(text, range.start);
  return edit(source, at, at, lines.map((line) => indented(line, indent, source) + newline).join(''));
}

/** New directives at the start of a block. */
export function insertAtStart(source: Source, owner: Directive, lines: readonly string[]): Edit | undefined {
  const { block } = owner;
  if (block === undefined) {
    return undefined;
  }
  const { text, newline } = source;
  const at = block.open.end;
  const inside = block.close === undefined ? '\n' : text.slice(at, block.close.start);
  if (!inside.includes('\n')) {
    return edit(source, at, at, inside === '' ? ` ${flat(lines)} ` : ` ${flat(lines)}`);
  }
  const indent = indentAt(text, owner.range.start) + source.indent;
  return edit(source, at, at, lines.map((line) => newline + indent + steps(line, source)).join(''));
}

/** The end of the line when nothing but a comment follows on it, else the end of the statement. */
function endOfStatement(text: string, end: number): number {
  const rest = /^[ \t]*(?:#[^\r\n]*)?(?=\r?\n|$)/.exec(text.slice(end, end + 2000));
  return rest === null ? end : end + rest[0].length;
}

/** A blank line stays without spaces. */
function indented(line: string, indent: string, source: Source): string {
  return line === '' ? '' : indent + steps(line, source);
}

function steps(line: string, { indent }: Source): string {
  const deeper = /^\t*/.exec(line)?.[0].length ?? 0;
  return line === '' ? '' : indent.repeat(deeper) + line.slice(deeper);
}

function flat(lines: readonly string[]): string {
  return lines
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .join(' ');
}
