import { ALLOW_HEADERS, ALLOW_METHODS, ALLOW_ORIGIN, EXPOSE_HEADERS, MAX_AGE, VARY } from '../../../cors/names';
import type { OriginEntry } from '../../../cors/policy';
import type { Edit } from '../../../cors/repair';
import { homeOf, type Level } from '../config/level';
import { headPlace, type Node } from '../config/node';
import type { NginxEndpoint } from '../endpoints';
import { readTest } from '../evaluate/condition';
import { effectiveHeaders, type HeaderLine, ownHeaders } from '../evaluate/header-lines';
import { isCors, nameOf } from '../inspect/cors-lines';
import type { Directive, Range } from '../syntax/tree';
import { type Clause, clausesOf } from './clauses';
import { headerLine, ifsOf } from './headers';
import { insertAfter, insertBefore, removeDirective, replaceDirective } from './lines';
import { movedText, textsAbove, withCommentsAbove, withoutLines } from './moved-lines';
import { freeName, newMap } from './new-map';
import { rawLines } from './raw';
import { edit, type Source, startsLine } from './source';
import { deadVariables } from './variables';
import { writePattern, writeWord } from './words';
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
      ...kept.map(({ level, lines }) =>
        repeatIn(
          source,
          lines.find((line) => !isMoved(line, level)),
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

/** What describes a body: a preflight has none, and every other response has its own. */
const BODY_HEADERS = new Set(['content-type', 'content-length', 'content-encoding']);

/** Whether the line leaves its `if`: for the location, or for good. */
function isMoved(line: HeaderLine, { program, parent }: Level): boolean {
  const outer = parent === undefined ? [] : effectiveHeaders(parent, {});
  const repeats = outer.some((other) => nameOf(other) === nameOf(line) && other.value.value === line.value.value);
  const describesBody = BODY_HEADERS.has(nameOf(line)) && program.some(({ kind }) => kind === 'return');
  return isCors(line) || repeats || describesBody;
}

function keepsLines({ level, lines }: Clause): boolean {
  return lines.some((line) => !isMoved(line, level));
}

interface OriginLine {
  /** The line whose name is kept. */
  readonly line: HeaderLine;
  /** Entries of the map that the value is to come from; undefined when it stays as it is. */
  readonly keys: readonly string[] | undefined;
}

/** How the location is to say who is let in; undefined when the `if`s do not come to one answer. */
function originLine(clauses: readonly Clause[]): OriginLine | undefined {
  const all = clauses.flatMap((clause) =>
    clause.lines.filter((line) => nameOf(line) === ALLOW_ORIGIN).map((line) => ({ clause, line })),
  );
  const line = all.find((each) => each.line.always)?.line ?? all[0]?.line;
  if (line === undefined) {
    return undefined;
  }
  const guarded = all.filter(({ clause }) => clause.origins !== undefined);
  const free = all.filter(({ clause }) => clause.origins === undefined);
  if (guarded.length === 0 || all.every((each) => isItsOwnTest(each.clause, each.line))) {
    return all.every((each) => each.line.value.value === line.value.value) ? { line, keys: undefined } : undefined;
  }
  if (free.some(({ clause }) => !answersOptionsOnly(clause))) {
    return undefined;
  }
  const values = new Map<string, string>();
  for (const { clause, line: each } of guarded) {
    for (const entry of clause.origins ?? []) {
      const key = mapKey(entry);
      const value = mapValue(each, entry);
      if (key === undefined || value === undefined || (values.has(key) && values.get(key) !== value)) {
        return undefined;
      }
      values.set(key, value);
    }
  }
  return { line, keys: [...values].map(([key, value]) => `${key} ${value}`) };
}

/** `if ($allowed) { add_header Access-Control-Allow-Origin $allowed; }`: an empty value is not sent anyway. */
function isItsOwnTest({ level }: Clause, line: HeaderLine): boolean {
  const test = level.node && readTest(level.node);
  const value = line.value.value.replace(/^\$\{(\w+)\}$/, '$$$1');
  if (test === undefined || test.kind === 'file' || test.kind === 'invalid' || test.subject.value !== value) {
    return false;
  }
  return value !== '$http_origin' && (test.kind === 'truthy' || (test.kind === 'equals' && test.negated));
}

function answersOptionsOnly({ methods }: Clause): boolean {
  return methods.size === 1 && methods.has('OPTIONS');
}

function mapKey(entry: OriginEntry): string | undefined {
  if (entry.kind === 'exact') {
    return literalKey(entry.text);
  }
  if (entry.kind !== 'match') {
    return undefined;
  }
  const { test } = entry;
  switch (test.kind) {
    case 'equals':
      return literalKey(test.text);
    case 'regex':
      return test.dialect === 'pcre' && test.on === undefined
        ? writePattern(`${test.flags.includes('i') ? '~*' : '~'}${test.source}`, 'double')
        : undefined;
    default:
      return undefined;
  }
}

function literalKey(text: string): string | undefined {
  return text === '' || /[$~\\]/.test(text) ? undefined : writeWord(text, 'double');
}

function mapValue({ value }: HeaderLine, entry: OriginEntry): string | undefined {
  const text = value.value;
  if (text === '$http_origin' || text === '${http_origin}') {
    return '$http_origin';
  }
  const own =
    entry.kind === 'exact'
      ? entry.text
      : entry.kind === 'match' && entry.test.kind === 'equals'
        ? entry.test.text
        : undefined;
  return text === own ? '$http_origin' : text.includes('$') ? undefined : writeWord(text, 'double');
}

/** What only preflights need: there the one that answers them knows best. */
const OF_PREFLIGHTS = new Set([ALLOW_METHODS, ALLOW_HEADERS, MAX_AGE]);

/** One line for each header besides Access-Control-Allow-Origin, in order; undefined where the `if`s disagree. */
function choose(clauses: readonly Clause[], home: Level): HeaderLine[] | undefined {
  const byName = new Map<string, { clause: Clause; line: HeaderLine }[]>();
  for (const clause of clauses) {
    for (const line of clause.lines.filter((each) => isCors(each))) {
      const name = nameOf(line);
      byName.set(name, [...(byName.get(name) ?? []), { clause, line }]);
    }
  }
  const outer = effectiveHeaders(home, {});
  const chosen: HeaderLine[] = [];
  for (const [name, variants] of byName) {
    const twin = outer.find((line) => nameOf(line) === name);
    const wanted =
      name === ALLOW_ORIGIN
        ? variants
        : OF_PREFLIGHTS.has(name)
          ? preferring(variants, answersOptionsOnly)
          : name === EXPOSE_HEADERS
            ? preferring(variants, (clause) => !answersOptionsOnly(clause))
            : variants;
    const line = wanted.find((each) => each.line.always)?.line ?? wanted[0]?.line;
    if (line === undefined) {
      return undefined;
    }
    const alike = name === ALLOW_ORIGIN || wanted.every((each) => each.line.value.value === line.value.value);
    if (!alike || (twin !== undefined && twin.value.value !== line.value.value)) {
      return undefined;
    }
    if (twin === undefined) {
      chosen.push(line);
    }
  }
  return chosen;
}

function preferring<T extends { clause: Clause }>(variants: readonly T[], isBest: (clause: Clause) => boolean) {
  const best = variants.filter(({ clause }) => isBest(clause));
  return best.length > 0 ? best : variants;
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
    const { start, end } = line.node.directive.range;
    if (nameOf(line) === ALLOW_ORIGIN && variable !== undefined) {
      return `add_header ${source.text.slice(line.name.range.start, line.name.range.end)} $${variable} always;`;
    }
    if (line.always || OF_PREFLIGHTS.has(nameOf(line))) {
      return source.text.slice(start, end);
    }
    const { end: valueEnd } = line.value.range;
    return `${source.text.slice(start, valueEnd)} always${source.text.slice(valueEnd, end)}`;
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
  const rest = clauses.filter((clause) => !empty.includes(clause));
  const dead = deadVariables(source, home, [
    ...empty.flatMap(({ level }) => (level.node === undefined ? [] : [level.node.directive.range])),
    ...rest.flatMap(({ level }) => (isPreflightChain(level, rest) && level.node ? [headPlace(level.node)] : [])),
  ]);
  const edits: Edit[] = [];
  for (const { level, lines } of rest) {
    edits.push(
      ...withoutLines(
        source,
        lines.filter((line) => isMoved(line, level)),
      ),
    );
    if (isPreflightChain(level, rest) && level.node !== undefined && dead.length > 0) {
      const { start, end } = headPlace(level.node);
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

/** Nothing but the headers stood in it. */
function isEmptied({ level, lines }: Clause): boolean {
  return (
    level.program.length === 0 &&
    [...level.own.keys()].every((name) => name === 'add_header') &&
    lines.every((line) => isMoved(line, level))
  );
}

/** `if ($cors = "trueOPTIONS") { return 204; }`: a test on a variable that is put together out of two. */
function isPreflightChain(level: Level, clauses: readonly Clause[]): boolean {
  const clause = clauses.find((each) => each.level === level);
  const test = level.node && readTest(level.node);
  return (
    clause !== undefined &&
    answersOptionsOnly(clause) &&
    test !== undefined &&
    test.kind === 'equals' &&
    test.subject.value !== '$request_method' &&
    level.program.every(({ kind }) => kind === 'return') &&
    level.program.length === 1
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
