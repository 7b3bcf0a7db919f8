import { ALLOW_ORIGIN, VARY } from '../../../cors/names';
import type { Edit } from '../../../cors/repair';
import { homeOf, type Level } from '../config/level';
import { headPlace, type Node } from '../config/node';
import type { NginxEndpoint } from '../endpoints/endpoints';
import { readTest } from '../evaluate/condition';
import { effectiveHeaders, type HeaderLine, ownHeaders } from '../evaluate/header-lines';
import { isCors, nameOf } from '../inspect/cors-lines';
import type { Directive, Range } from '../syntax/tree';
import { withAlways } from './always';
import { choose, isBared, isEmptied, isMoved, keepsLines } from './clause-lines';
import { answersOptionsOnly, type Clause, clausesOf } from './clauses';
import { headerLine, ifsOf } from './headers';
import { insertAfter, insertBefore, removeDirective, replaceDirective } from './lines';
import { movedText, textsAbove, withCommentsAbove, withoutLines } from './moved-lines';
import { freeName, newMap } from './new-map';
import { type OriginLine, originLine } from './origin-header';
import { rawLines } from './raw';
import { edit, type Source, startsLine } from './source';
import { deadVariables } from './variables';
import type { Workshop } from './workshop';

/**
 * Puts headers in the location for those that stand in its `if`s, with a map for the origin where one of them tests
 * it. What is left of an `if` that answers is its bare `return`; one with nothing left goes.
 *
 * Declines where two `if`s disagree about a header, or one rests on more than the method and the origin.
 */
export function dissolveIfs(workshop: Workshop, endpoint: NginxEndpoint): Edit[] | undefined {
  const home = homeOf(endpoint.level);
  const source = home.node && workshop.source(home.node);
  const clauses = clausesOf(endpoint, isCors);
  if (source === undefined || clauses === undefined || !clauses.some(({ lines }) => lines.some(isCors))) {
    return undefined;
  }
  const everyLine = clauses.flatMap(({ lines }) => lines);
  if (
    everyLine.some(({ node }) => node.file !== source.file) ||
    clauses.some(({ level }) => !onOwnLine(source, level))
  ) {
    return undefined;
  }
  const origin = originLine(clauses);
  const chosen = origin && choose(clauses, home);
  if (origin === undefined || chosen === undefined) {
    return undefined;
  }
  const variable = origin.keys === undefined ? undefined : freeName(workshop);
  const map = variable === undefined ? undefined : newMap(workshop, variable, origin.keys ?? []);
  if (variable !== undefined && map === undefined) {
    return undefined;
  }
  const kept = clauses.filter((clause) => keepsLines(clause));
  const texts = writeLines(source, clauses, chosen, { origin, variable, home });
  const place = placeLines(workshop, source, home, clauses, texts);
  return (
    place &&
    [
      ...(map === undefined ? [] : [map]),
      ...place,
      ...kept.map((clause) =>
        repeatIn(
          source,
          clause.lines.find((line) => !isMoved(line, clause)),
          texts,
        ),
      ),
      ...others(home, clauses).map((line) => repeatIn(source, line, texts)),
    ].filter((each) => each !== undefined)
  );
}

function onOwnLine(source: Source, { node }: Level): boolean {
  return node !== undefined && node.file === source.file && startsLine(source.text, node.directive.range.start);
}

interface Context {
  readonly origin: OriginLine;
  readonly variable: string | undefined;
  readonly home: Level;
}

/** The location's new lines, with the comments that belong to them. */
function writeLines(
  source: Source,
  clauses: readonly Clause[],
  chosen: readonly HeaderLine[],
  { origin, variable, home }: Context,
): string[] {
  const written = (line: HeaderLine): string => {
    if (nameOf(line) === ALLOW_ORIGIN && variable !== undefined) {
      return `add_header ${source.text.slice(line.name.range.start, line.name.range.end)} $${variable} always;`;
    }
    return withAlways(source, line);
  };
  const stays = staying(source, home, clauses);
  const texts = clauses.flatMap((clause) => {
    const { node } = clause.level;
    const lines = movedText(source, clause.level, chosen, written);
    const above = node === undefined || !isEmptied(clause) || node === stays ? [] : textsAbove(source, node.directive);
    return lines.length === 0 ? [] : [...above, ...lines];
  });
  const depends = variable !== undefined || origin.line.value.value === '$http_origin';
  const varies = [...chosen, ...effectiveHeaders(home, {})].some((line) => nameOf(line) === VARY && isCors(line));
  return depends && !varies ? [...texts, headerLine('Vary', 'Origin', true)] : texts;
}

/** Takes the old lines out and puts the new ones in. */
function placeLines(
  workshop: Workshop,
  source: Source,
  home: Level,
  clauses: readonly Clause[],
  texts: readonly string[],
): Edit[] | undefined {
  const empty = clauses.filter((clause) => isEmptied(clause));
  const bared = new Set(clauses.filter(isBared).map(({ level }) => level));
  const dead = deadVariables(source, home, bared, [
    ...empty.flatMap(({ level }) => (level.node === undefined ? [] : [level.node.directive.range])),
    ...clauses.flatMap((clause) => (isPreflightChain(clause) ? [headPlace(clause.level.node)] : [])),
  ]);
  const edits: Edit[] = [];
  for (const clause of clauses) {
    const { level, lines } = clause;
    if (empty.includes(clause) || dead.some((directive) => directive === level.node?.directive)) {
      continue;
    }
    const moved = lines.filter((line) => isMoved(line, clause));
    edits.push(...withoutLines(source, moved));
    if (isPreflightChain(clause) && dead.length > 0) {
      const { start, end } = headPlace(clause.level.node);
      edits.push(edit(source, start, end, 'if ($request_method = OPTIONS)'));
    }
  }
  const stays = staying(source, home, clauses);
  const emptied = empty.flatMap(({ level: { node } }) => (node === undefined ? [] : [node]));
  const groups = groupsOf(source, [
    ...dead,
    ...emptied.map((node) => (node === stays ? node.directive : withCommentsAbove(source, node.directive))),
  ]);
  const last = lastOwn(source, home);
  if (last !== undefined) {
    const gone = groups.map((group) => removeDirective(source, group));
    return [insertAfter(source, last.node.directive, texts), ...gone, ...edits];
  }
  const inherited = rawLines(workshop, effectiveHeaders(home, {}));
  if (inherited === undefined || ownHeaders(home).length > 0) {
    return undefined;
  }
  const all = [...inherited, ...texts];
  const target = stays && groups.find(({ range }) => within(range, stays.directive.range));
  const gone = groups.filter((group) => group !== target).map((group) => removeDirective(source, group));
  if (target !== undefined) {
    return [replaceDirective(source, target, all), ...gone, ...edits];
  }
  const before = clauses[0]?.level.node?.directive;
  return before && [insertBefore(source, before, all), ...gone, ...edits];
}

function lastOwn(source: Source, home: Level): HeaderLine | undefined {
  return ownHeaders(home).findLast(({ node }) => node.file === source.file);
}

/** The `if` in whose place the new lines come, below the comments that stand there. */
function staying(source: Source, home: Level, clauses: readonly Clause[]): Node | undefined {
  return lastOwn(source, home) === undefined ? clauses.find(isEmptied)?.level.node : undefined;
}

/** Directives with nothing but space between them as one, in order. */
function groupsOf(source: Source, directives: readonly Directive[]): Directive[] {
  const groups: Directive[] = [];
  for (const directive of [...directives].sort((a, b) => a.range.start - b.range.start)) {
    const before = groups.at(-1);
    if (before !== undefined && source.text.slice(before.range.end, directive.range.start).trim() === '') {
      groups[groups.length - 1] = { ...before, range: { start: before.range.start, end: directive.range.end } };
    } else {
      groups.push(directive);
    }
  }
  return groups;
}

function within(outer: Range, inner: Range): boolean {
  return outer.start <= inner.start && inner.end <= outer.end;
}

/** `if ($cors = "trueOPTIONS") { return 204; }`: a test on a variable that is put together out of two. */
function isPreflightChain(clause: Clause): clause is Clause & { level: { node: Node } } {
  const { node, program } = clause.level;
  const test = node && readTest(node);
  return (
    answersOptionsOnly(clause) &&
    test?.kind === 'equals' &&
    test.subject.value !== '$request_method' &&
    program.length === 1 &&
    program.every(({ kind }) => kind === 'return')
  );
}

/** A header of an `if` that is left as it is: there the location's new lines would not count. */
function others(home: Level, clauses: readonly Clause[]): HeaderLine[] {
  return ifsOf(home)
    .filter((level) => !clauses.some((clause) => clause.level === level))
    .flatMap((level) => ownHeaders(level)[0] ?? []);
}

function repeatIn(source: Source, line: HeaderLine | undefined, texts: readonly string[]): Edit | undefined {
  return (
    line &&
    insertBefore(
      source,
      line.node.directive,
      texts.filter((text) => !text.startsWith('#')),
    )
  );
}
