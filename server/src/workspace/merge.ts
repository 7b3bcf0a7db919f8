import { type Place, placeKey } from '../cors/place';
import { RANK } from '../lint/severity';
import type { Finding, Related } from '../lint/types';
import type { Entry } from './entry';

/** A snippet can have hundreds of includers: this many are named. */
const MOST_RELATED = 8;

/** A finding with the analysis that came to it. */
export interface Told {
  readonly entry: Entry;
  readonly finding: Finding;
}

export interface Context {
  /** The file that all the findings are in. */
  readonly file: string;
  /** The analyses that judge the file as a part of theirs. */
  readonly includers: readonly Entry[];
  /** How a file is named in a message. */
  readonly show: (file: string) => string;
}

/** Everything that an analysis found in one file. */
export function toldBy(entry: Entry, file: string): Told[] {
  return entry.runs.flatMap(({ findings }) =>
    findings.flatMap((finding) => (finding.place.file === file ? [{ entry, finding }] : [])),
  );
}

/**
 * What to show for a file of what several analyses found in it, in the order of the text: of the findings of one rule
 * at one place the gravest, and among equals the file's own before others. Where others include the file, a finding
 * tells in which of them it holds.
 */
export function mergeFindings(told: Iterable<Told>, context: Context): Finding[] {
  const groups = new Map<string, Told[]>();
  for (const one of told) {
    const key = `${one.finding.rule.id}\0${placeKey(one.finding.place)}`;
    const known = groups.get(key);
    if (known === undefined) groups.set(key, [one]);
    else known.push(one);
  }
  return [...groups.values()].map((group) => merge(group, context)).sort(byPlace);
}

function merge(group: readonly Told[], { file, includers, show }: Context): Finding {
  const { entry, finding } = group.reduce((best, one) => (before(one, best, file) ? one : best));
  if (entry.file === file) return finding;
  const alike = group.filter(({ finding: { message, severity } }) => {
    return message === finding.message && severity === finding.severity;
  });
  const where = includers.filter((includer) => alike.some((one) => one.entry === includer));
  const places = distinct(where.flatMap(({ parts }) => parts?.get(file) ?? [])).slice(0, MOST_RELATED);
  if (places.length === 0) return finding;
  const only = where.length < includers.length ? ` This is so where ${listOf(where, show)} includes it.` : '';
  const related: Related[] = places.map((place) => ({ place, message: 'Included here' }));
  return { ...finding, message: finding.message + only, related: [...finding.related, ...related] };
}

/** Two files that are included themselves by one that includes this one too have a place in common. */
function distinct(places: readonly Place[]): Place[] {
  return [...new Map(places.map((place) => [placeKey(place), place])).values()];
}

function before(one: Told, other: Told, file: string): boolean {
  const graver = RANK[one.finding.severity] - RANK[other.finding.severity];
  return graver < 0 || (graver === 0 && one.entry.file === file && other.entry.file !== file);
}

function listOf(entries: readonly Entry[], show: (file: string) => string): string {
  const names = [...new Set(entries.map(({ file }) => show(file)))].sort();
  const [first = '', ...rest] = names;
  return rest.length === 0 ? first : `${first} or ${rest.length === 1 ? rest[0] : `one of ${rest.length} other files`}`;
}

function byPlace(a: Finding, b: Finding): number {
  return a.place.start - b.place.start || a.place.end - b.place.end || (a.rule.id < b.rule.id ? -1 : 1);
}
