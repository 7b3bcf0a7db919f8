import type { Edit } from '../../../cors/repair';
import type { Directive } from '../syntax/tree';
import { insertAtStart, insertBefore } from './lines';
import type { Source } from './source';
import type { Workshop } from './workshop';

/** A name for a variable that nothing defines yet. */
export function freeName({ analysis, neighbours }: Workshop): string {
  const { maps, assigned, opaque } = analysis.configuration;
  // All servers share their variables, and what includes this file may include those beside it.
  const others = neighbours().join('\n').toLowerCase();
  const taken = (name: string): boolean =>
    maps.has(name) || assigned.has(name) || opaque.has(name) || others.includes(`$${name}`);
  let name = 'cors_origin';
  for (let i = 2; taken(name); i += 1) {
    name = `cors_origin_${i}`;
  }
  return name;
}

/**
 * A map from the origin to what is sent back, before the first server of the file or at the start of its `http` block.
 *
 * @param entries as they are to be written: `"https://app.example.com" $http_origin`
 */
export function newMap(workshop: Workshop, variable: string, entries: readonly string[]): Edit | undefined {
  const { analysis } = workshop;
  const source = workshop.source(analysis);
  const { kind } = analysis.configuration;
  if (source === undefined || (kind !== 'main' && kind !== 'http')) {
    return undefined;
  }
  const lines = [`map $http_origin $${variable} {`, '\tdefault "";', ...entries.map((entry) => `\t${entry};`), '}', ''];
  const http = source.tree.directives.find(({ name, block }) => name.value === 'http' && block !== undefined);
  const siblings = kind === 'main' ? http?.block?.directives : source.tree.directives;
  const server = siblings?.find(({ name }) => name.value === 'server');
  if (server !== undefined) {
    return insertBefore(source, commentedStart(source, server), lines);
  }
  return http && insertAtStart(source, http, lines);
}

/** The comment lines right above a directive belong to it. */
function commentedStart(source: Source, directive: Directive): Directive {
  let { start } = directive.range;
  for (const comment of [...source.tree.comments].reverse()) {
    const between = source.text.slice(comment.range.end, start);
    if (comment.range.end <= start && /^\r?\n[ \t]*$/.test(between) && ownsLine(source, comment.range.start)) {
      start = comment.range.start;
    } else if (comment.range.end <= start) {
      break;
    }
  }
  return { ...directive, range: { start, end: directive.range.end } };
}

function ownsLine(source: Source, offset: number): boolean {
  return /(?:^|\n)[ \t]*$/.test(source.text.slice(Math.max(0, offset - 200), offset));
}
