import { ALLOW_ORIGIN, EXPOSE_HEADERS } from '../../../cors/names';
import type { Level } from '../config/level';
import { effectiveHeaders, type HeaderLine } from '../evaluate/header-lines';
import { isCors, nameOf } from '../inspect/cors-lines';
import { OF_PREFLIGHTS } from './always';
import { answersOptionsOnly, type Clause } from './clauses';
import { answersOptions } from './preflight';

/** What describes a body: a preflight has none, and every other response has its own. */
const BODY_HEADERS = new Set(['content-type', 'content-length', 'content-encoding']);

/** Whether the line leaves its `if`: for the location, or for good. */
export function isMoved(line: HeaderLine, clause: Clause): boolean {
  const { program, parent } = clause.level;
  const outer = parent === undefined ? [] : effectiveHeaders(parent, {});
  const repeats = outer.some((other) => nameOf(other) === nameOf(line) && other.value.value === line.value.value);
  const ofPreflight = answersOptionsOnly(clause) && parent !== undefined && answersOptions(parent);
  const bodiless = ofPreflight || program.some(({ kind }) => kind === 'return');
  return isCors(line) || repeats || (BODY_HEADERS.has(nameOf(line)) && bodiless);
}

export function keepsLines(clause: Clause): boolean {
  return clause.lines.some((line) => !isMoved(line, clause));
}

/** Nothing but headers stands in it, and none of them stays. */
export function isEmptied(clause: Clause): boolean {
  return clause.level.program.length === 0 && isBared(clause);
}

/** No header and no other setting stays in it: nothing but what runs, such as `set` and `return`. */
export function isBared(clause: Clause): boolean {
  return [...clause.level.own.keys()].every((name) => name === 'add_header') && !keepsLines(clause);
}

/** One line for each header besides Access-Control-Allow-Origin, in order; undefined where the `if`s disagree. */
export function choose(clauses: readonly Clause[], home: Level): HeaderLine[] | undefined {
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
