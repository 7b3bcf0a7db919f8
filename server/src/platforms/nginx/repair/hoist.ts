import type { Edit } from '../../../cors/repair';
import type { Level } from '../config/level';
import { effectiveHeaders, type HeaderLine, ownHeaders } from '../evaluate/header-lines';
import { isCors, nameOf } from '../inspect/cors-lines';
import { withAlways } from './always';
import { insertAfter, insertBefore, removeDirective } from './lines';
import { rawLines } from './raw';
import type { Workshop } from './workshop';

/**
 * Moves an `if`'s headers to its location, so that the `if` has none and keeps the location's. Declines where both set
 * one header to different values, or a header other than CORS ones would reach every response.
 */
export function hoistHeaders(workshop: Workshop, level: Level, home: Level): Edit[] | undefined {
  const own = ownHeaders(level);
  const source = level.node && workshop.source(level.node);
  if (source === undefined || own.some(({ node }) => node.file !== source.file)) {
    return undefined;
  }
  const outer = effectiveHeaders(home, {});
  const moved: HeaderLine[] = [];
  for (const line of own) {
    const twin = outer.find((other) => nameOf(other) === nameOf(line));
    if (twin !== undefined && twin.value.value !== line.value.value) {
      return undefined;
    }
    if (twin === undefined && isCors(line)) {
      moved.push(line);
    } else if (twin === undefined && !BODY_HEADERS.has(nameOf(line))) {
      return undefined;
    }
  }
  const lines = moved.map((line) => withAlways(source, line));
  const place = insertion(workshop, level, home, lines);
  return place && [...place, ...own.map(({ node }) => removeDirective(source, node.directive))];
}

/** What describes a body; a 204 has none, and every other response has its own. */
const BODY_HEADERS = new Set(['content-type', 'content-length', 'content-encoding']);

/** After the location's own headers; where it has none, before the `if`, with the inherited ones that would be lost. */
function insertion(workshop: Workshop, level: Level, home: Level, lines: readonly string[]): Edit[] | undefined {
  if (lines.length === 0) {
    return [];
  }
  const last = ownHeaders(home).at(-1);
  if (last !== undefined) {
    const source = workshop.source(last.node);
    return source && [insertAfter(source, last.node.directive, lines)];
  }
  const source = level.node && workshop.source(level.node);
  const inherited = rawLines(workshop, effectiveHeaders(home, {}));
  return source && level.node && inherited && [insertBefore(source, level.node.directive, [...inherited, ...lines])];
}
