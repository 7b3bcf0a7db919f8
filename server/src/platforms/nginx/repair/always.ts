import { ALLOW_HEADERS, ALLOW_METHODS, MAX_AGE } from '../../../cors/names';
import type { HeaderLine } from '../evaluate/header-lines';
import { nameOf } from '../inspect/cors-lines';
import type { Source } from './source';

/** What only preflights need, which are answered with success. */
export const OF_PREFLIGHTS: ReadonlySet<string> = new Set([ALLOW_METHODS, ALLOW_HEADERS, MAX_AGE]);

/** The line as it is written, made to go out with errors too where a page reads it there. */
export function withAlways(source: Source, line: HeaderLine): string {
  const { start, end } = line.node.directive.range;
  if (line.always || OF_PREFLIGHTS.has(nameOf(line))) {
    return source.text.slice(start, end);
  }
  const { end: valueEnd } = line.value.range;
  return `${source.text.slice(start, valueEnd)} always${source.text.slice(valueEnd, end)}`;
}
