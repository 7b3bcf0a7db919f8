import { ALLOW_ORIGIN } from '../../../cors/names';
import type { OriginEntry } from '../../../cors/policy';
import { readTest } from '../evaluate/condition';
import type { HeaderLine } from '../evaluate/header-lines';
import { nameOf } from '../inspect/cors-lines';
import { answersOptionsOnly, type Clause } from './clauses';
import { writePattern, writeWord } from './words';

/** The Access-Control-Allow-Origin that several `if`s come to. */
export interface OriginLine {
  /** The line whose name is kept. */
  readonly line: HeaderLine;
  /** Entries of the map that the value is to come from; undefined when it stays as it is. */
  readonly keys: readonly string[] | undefined;
}

/** How the location is to say who is let in; undefined when the `if`s do not come to one answer. */
export function originLine(clauses: readonly Clause[]): OriginLine | undefined {
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
