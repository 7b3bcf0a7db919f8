import type { HeaderLine } from '../evaluate/header-lines';
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
