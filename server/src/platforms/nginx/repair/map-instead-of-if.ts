import { ALLOW_ORIGIN } from '../../../cors/names';
import type { Edit } from '../../../cors/repair';
import { homeOf, type Level } from '../config/level';
import { readTest } from '../evaluate/condition';
import { type HeaderLine, ownHeaders } from '../evaluate/header-lines';
import { isCors, nameOf } from '../inspect/cors-lines';
import { removeDirective } from './lines';
import { freeName, newMap } from './new-map';
import { rawLine } from './raw';
import { edit, indentAt, startsLine } from './source';
import { writePattern, writeWord } from './words';
import type { Workshop } from './workshop';

/**
 * Replaces an `if` on the origin by a map and headers in the location, and leaves a bare `return` in the `if` that
 * took over. Declines for any other shape than these two.
 */
export function mapInsteadOfIf(workshop: Workshop, earlier: Level, last: Level): Edit[] | undefined {
  const home = homeOf(earlier);
  const source = earlier.node && workshop.source(earlier.node);
  const entry = mapEntry(earlier);
  const simple = earlier.program.length === 0 && last.program.every(({ kind }) => kind === 'return');
  const both = [...ownHeaders(earlier), ...ownHeaders(last)];
  if (
    source === undefined ||
    entry === undefined ||
    !simple ||
    home.node === undefined ||
    ownHeaders(home).length > 0
  ) {
    return undefined;
  }
  if (both.some(({ node }) => node.file !== source.file) || !both.every(movable) || clash(earlier, last)) {
    return undefined;
  }
  const variable = freeName(workshop);
  const map = newMap(workshop, variable, [entry]);
  const lines = locationLines(workshop, both, variable);
  const directive = earlier.node?.directive;
  if (
    map === undefined ||
    lines === undefined ||
    directive === undefined ||
    !startsLine(source.text, directive.range.start)
  ) {
    return undefined;
  }
  const text = lines.join(source.newline + indentAt(source.text, directive.range.start));
  return [
    map,
    edit(source, directive.range.start, directive.range.end, text),
    ...ownHeaders(last).map(({ node }) => removeDirective(source, node.directive)),
  ];
}

function movable(line: HeaderLine): boolean {
  const value = line.value.value;
  return isCors(line) && (nameOf(line) !== ALLOW_ORIGIN || value === '$http_origin' || value === '${http_origin}');
}

function clash(earlier: Level, last: Level): boolean {
  return ownHeaders(last).some((line) =>
    ownHeaders(earlier).some((other) => nameOf(other) === nameOf(line) && other.value.value !== line.value.value),
  );
}

/** The map's key for the origins that the `if` is taken for. */
function mapEntry({ node }: Level): string | undefined {
  const test = node && readTest(node);
  if (
    test === undefined ||
    (test.kind !== 'match' && test.kind !== 'equals') ||
    test.subject.value !== '$http_origin'
  ) {
    return undefined;
  }
  if (test.negated || test.operand.value.includes('$http') || test.operand.value === '') {
    return undefined;
  }
  if (test.kind === 'equals') {
    return /[$~\\]/.test(test.operand.value) ? undefined : writeWord(test.operand.value, 'double');
  }
  return writePattern(`${test.ignoreCase ? '~*' : '~'}${test.operand.value}`, 'double');
}

function locationLines(workshop: Workshop, lines: readonly HeaderLine[], variable: string): string[] | undefined {
  const texts: string[] = [];
  const names = new Set<string>();
  let always = '';
  for (const line of lines) {
    const raw = rawLine(workshop, line);
    if (raw === undefined) {
      return undefined;
    }
    if (names.has(nameOf(line))) {
      continue;
    }
    names.add(nameOf(line));
    if (nameOf(line) === ALLOW_ORIGIN) {
      always = line.always ? ' always' : '';
      texts.push(`add_header ${line.name.value} $${variable}${always};`);
    } else {
      texts.push(raw);
    }
  }
  return names.has('vary') ? texts : [...texts, `add_header Vary Origin${always};`];
}
