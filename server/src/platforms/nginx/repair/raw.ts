import type { HeaderLine } from '../evaluate/header-lines';
import type { Directive } from '../syntax/tree';
import { indentAt, type Source } from './source';
import type { Workshop } from './workshop';

/** The directive as it is written; undefined where its file cannot be read. */
export function rawLine(workshop: Workshop, { node }: Pick<HeaderLine, 'node'>): string | undefined {
  const { range } = node.directive;
  return workshop.source(node)?.text.slice(range.start, range.end);
}

/** The lines as they are written; undefined when one cannot be read. */
export function rawLines(workshop: Workshop, lines: readonly HeaderLine[]): string[] | undefined {
  const texts = lines.map((line) => rawLine(workshop, line));
  return texts.every((text) => text !== undefined) ? texts : undefined;
}

/** A directive with its block, line by line, without the indentation that it stands at. */
export function rawBlock({ text }: Source, { range }: Directive): string[] {
  const indent = indentAt(text, range.start);
  return text
    .slice(range.start, range.end)
    .split(/\r?\n/)
    .map((line) => (line.startsWith(indent) ? line.slice(indent.length) : line.trimStart()));
}
