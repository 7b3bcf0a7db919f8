import type { Place } from '../../../cors/place';
import type { OriginEntry, OriginPolicy, OriginTest } from '../../../cors/policy';
import type { Option, Value } from '../../../cors/value';
import type { MapBlock } from '../config/configuration';
import { type Node, wordPlace } from '../config/node';
import type { Word } from '../syntax/tree';
import { type Known, literal, reasonOf, unknown } from './known';
import { originsWhere } from './origin-test';
import { compilePattern } from './pattern';
import type { Run } from './run';

/** The entries of a `map` in the order in which they are tried. https://nginx.org/en/docs/http/ngx_http_map_module.html */
export interface MapTable {
  readonly exact: readonly MapEntry[];
  /** `*.example.com` and `.example.com`, longest first, then `mail.*`, longest first; only with `hostnames`. */
  readonly hostnames: readonly MapEntry[];
  readonly patterns: readonly MapEntry[];
  readonly fallback: MapEntry | undefined;
}

export interface MapEntry {
  /** Without the `~`, `~*` or the backslash that takes a special meaning away. */
  readonly key: string;
  readonly kind: 'exact' | 'suffix' | 'domain' | 'prefix' | 'pattern' | 'default';
  readonly ignoreCase: boolean;
  readonly node: Node;
  readonly value: Word | undefined;
}

const tables = new WeakMap<MapBlock, MapTable>();

export function mapTable(map: MapBlock): MapTable {
  const known = tables.get(map);
  if (known !== undefined) {
    return known;
  }
  const table = readTable(map);
  tables.set(map, table);
  return table;
}

function readTable(map: MapBlock): MapTable {
  const hasHostnames = map.nodes.some(({ name, args }) => name === 'hostnames' && args.length === 0);
  const entries = map.nodes.filter(({ args }) => args.length === 1).map((node) => readEntry(node, hasHostnames));
  const of = (kind: MapEntry['kind']): MapEntry[] => entries.filter((entry) => entry.kind === kind);
  const byLength = (a: MapEntry, b: MapEntry): number => b.key.length - a.key.length;
  return {
    exact: of('exact'),
    hostnames: [...[...of('suffix'), ...of('domain')].sort(byLength), ...of('prefix').sort(byLength)],
    patterns: of('pattern'),
    fallback: of('default').at(-1),
  };
}

function readEntry(node: Node, hostnames: boolean): MapEntry {
  const rest = { node, value: node.args[0] };
  const { name } = node;
  if (name === 'default') {
    return { ...rest, key: '', kind: 'default', ignoreCase: false };
  }
  if (name.startsWith('~')) {
    const ignoreCase = name.startsWith('~*');
    return { ...rest, key: name.slice(ignoreCase ? 2 : 1), kind: 'pattern', ignoreCase };
  }
  if (hostnames && name.startsWith('*.')) {
    return { ...rest, key: name.slice(1), kind: 'suffix', ignoreCase: true };
  }
  if (hostnames && name.startsWith('.')) {
    return { ...rest, key: name, kind: 'domain', ignoreCase: true };
  }
  if (hostnames && name.endsWith('.*')) {
    return { ...rest, key: name.slice(0, -1), kind: 'prefix', ignoreCase: true };
  }
  return { ...rest, key: name.startsWith('\\') ? name.slice(1) : name, kind: 'exact', ignoreCase: true };
}

/** Puts the variables into a word; handed in, since a variable may be a map's in turn. */
export type Evaluate = (word: Word, file: string, run: Run) => Known;

interface Context {
  readonly map: MapBlock;
  readonly table: MapTable;
  readonly run: Run;
  readonly evaluate: Evaluate;
}

/** The value of a map's variable. nginx works it out once for a request, unless the map is `volatile`. */
export function evaluateMap(name: string, map: MapBlock, run: Run, evaluate: Evaluate): Known {
  const known = run.mapped.get(name);
  if (known !== undefined) {
    return known;
  }
  // A map that leads back to itself is an error for nginx; this stands in while it is worked out.
  run.mapped.set(name, unknown(`the map of \`$${name}\` refers to itself`, map.place));
  const result = lookUp({ map, table: mapTable(map), run, evaluate });
  if (map.nodes.some((node) => node.name === 'volatile' && node.args.length === 0)) {
    run.mapped.delete(name);
  } else {
    run.mapped.set(name, result);
  }
  return result;
}

function lookUp(context: Context): Known {
  const { map, table, run, evaluate } = context;
  const sourceWord = map.node.args[0];
  if (sourceWord === undefined) {
    return unknown('the map has no source', map.place);
  }
  const source = evaluate(sourceWord, map.node.file, run);
  if (map.partial) {
    return unknown('the map includes a file that cannot be read', map.place);
  }
  const found = source.text === undefined ? undefined : select(table, source.text);
  const concrete = found === undefined ? undefined : entryValue(found.entry, context, found.groups);
  const symbolic = symbolicValue(source.value, context);
  // The groups of the pattern that matched stay behind, as those of any pattern do.
  run.captures = found?.groups ?? run.captures;
  if (symbolic !== undefined) {
    return { text: concrete?.text, value: symbolic };
  }
  if (concrete !== undefined) {
    return concrete;
  }
  const reason = source.text === undefined ? reasonOf(source) : `a pattern of the map cannot be read`;
  const options = allEntries(table).map(
    (entry): Option => ({
      when: { kind: 'unknown', reason },
      value: entryValue(entry, context, undefined).value,
    }),
  );
  return { text: undefined, value: { kind: 'choice', options, place: map.place } };
}

function allEntries(table: MapTable): MapEntry[] {
  const { exact, hostnames, patterns, fallback } = table;
  return [...exact, ...hostnames, ...patterns, ...(fallback === undefined ? [] : [fallback])];
}

interface Selected {
  readonly entry: MapEntry | undefined;
  readonly groups: readonly (string | undefined)[] | undefined;
}

/** The entry for a text; undefined when a pattern that cannot be read stands before the first match. */
export function select(table: MapTable, text: string): Selected | undefined {
  const lower = text.toLowerCase();
  if (text !== '') {
    const plain =
      table.exact.find((entry) => entry.key.toLowerCase() === lower) ??
      table.hostnames.find((entry) => matchesHostname(entry, lower));
    if (plain !== undefined) {
      return { entry: plain, groups: undefined };
    }
    for (const entry of table.patterns) {
      const pattern = compilePattern(entry.key, entry.ignoreCase);
      if (pattern === undefined) {
        return undefined;
      }
      const groups = pattern.exec(text);
      if (groups !== undefined) {
        return { entry, groups };
      }
    }
    return { entry: table.fallback, groups: undefined };
  }
  // Neither host names nor patterns are tried on an empty text.
  return { entry: table.exact.find((entry) => entry.key === '') ?? table.fallback, groups: undefined };
}

function matchesHostname({ kind, key }: MapEntry, text: string): boolean {
  const lower = key.toLowerCase();
  switch (kind) {
    case 'suffix':
      return text.endsWith(lower) && text.length > lower.length;
    case 'domain':
      return text === lower.slice(1) || (text.endsWith(lower) && text.length > lower.length);
    default:
      return text.startsWith(lower) && text.length > lower.length;
  }
}

function entryValue(
  entry: MapEntry | undefined,
  { map, run, evaluate }: Context,
  groups: readonly (string | undefined)[] | undefined,
): Known {
  if (entry?.value === undefined) {
    return literal('', map.place);
  }
  const outer = run.captures;
  run.captures = groups ?? outer;
  const names =
    entry.kind === 'pattern' && groups !== undefined ? compilePattern(entry.key, entry.ignoreCase)?.names : undefined;
  const outerNames = new Map<string, Known | undefined>();
  for (const [name, group] of names ?? []) {
    outerNames.set(name, run.variables.get(name));
    run.variables.set(name, literal(groups?.[group] ?? '', wordPlace(entry.node.file, entry.node.directive.name)));
  }
  const value = evaluate(entry.value, entry.node.file, run);
  run.captures = outer;
  for (const [name, before] of outerNames) {
    restore(run.variables, name, before);
  }
  return value;
}

function restore<K, V>(map: Map<K, V>, key: K, before: V | undefined): void {
  if (before === undefined) {
    map.delete(key);
  } else {
    map.set(key, before);
  }
}

const policies = new WeakMap<Value, OriginPolicy>();

/** The origin policy that a map's value carries out, when it has been worked out from the origin. */
export function mapPolicy(value: Value): OriginPolicy | undefined {
  return policies.get(value);
}

/** How the map's value depends on the origin; undefined when its source does not. */
function symbolicValue(source: Value, context: Context): Value | undefined {
  const { map, run } = context;
  if (run.request.origin === undefined) {
    return undefined;
  }
  const options = source.kind === 'request-origin' ? originOptions(context) : chainedOptions(source, context);
  if (options === undefined) {
    return undefined;
  }
  const value: Value = { kind: 'choice', options, place: map.place };
  const policy = originsWhere(value, map.place, (text) => text !== '');
  if (policy !== undefined) {
    policies.set(value, policy);
  }
  return value;
}

function originOptions(context: Context): Option[] {
  const { table, run } = context;
  const options = allEntries(table)
    .filter((entry) => entry.kind !== 'default' && !(entry.kind === 'exact' && entry.key === ''))
    .map((entry): Option => {
      const place = keyPlace(entry);
      const groups = compilePattern(entry.key, entry.ignoreCase)?.exec(run.request.origin ?? '');
      return {
        when: { kind: 'origin-admitted', policy: { place, entries: [entryTest(entry, place)] } },
        value: entryValue(entry, context, entry.kind === 'pattern' ? groups : undefined).value,
      };
    });
  return [...options, { when: { kind: 'always' }, value: entryValue(table.fallback, context, undefined).value }];
}

/** A map of a map: each outcome of the first is looked up in the second. */
function chainedOptions(source: Value, context: Context): Option[] | undefined {
  const { table } = context;
  if (source.kind !== 'choice') {
    return undefined;
  }
  const options: Option[] = [];
  for (const { when, value } of source.options) {
    if (when.kind !== 'origin-admitted' && when.kind !== 'always') {
      return undefined;
    }
    const text = value.kind === 'literal' ? value.text : value.kind === 'absent' ? '' : undefined;
    const found = text === undefined ? onlyNonEmpty(value, table) : select(table, text);
    if (found === undefined) {
      return undefined;
    }
    options.push({ when, value: entryValue(found.entry, context, found.groups).value });
  }
  return options;
}

/** `map $cors_origin $credentials { "" ""; default true; }`: any origin that is not empty falls to the default. */
function onlyNonEmpty(value: Value, table: MapTable): Selected | undefined {
  const plain = table.exact.every((entry) => entry.key === '') && table.hostnames.length + table.patterns.length === 0;
  return value.kind === 'request-origin' && plain ? { entry: table.fallback, groups: undefined } : undefined;
}

/** The key without its quotes; for a pattern, without the tilde: the text that a reader would mend. */
export function keyPlace(entry: MapEntry): Place {
  const { file, directive } = entry.node;
  const place = wordPlace(file, directive.name);
  const skip = entry.kind === 'pattern' ? (entry.ignoreCase ? 2 : 1) : 0;
  return { ...place, start: place.start + skip };
}

function entryTest(entry: MapEntry, place: Place): OriginEntry {
  const match = (test: OriginTest): OriginEntry => ({ kind: 'match', test, place });
  switch (entry.kind) {
    case 'pattern':
      return match({ kind: 'regex', source: entry.key, flags: entry.ignoreCase ? 'i' : '', dialect: 'pcre' });
    case 'suffix':
      return match({ kind: 'suffix', text: entry.key });
    case 'domain':
      return match({
        kind: 'some',
        of: [
          { kind: 'suffix', text: entry.key },
          { kind: 'equals', text: entry.key.slice(1) },
        ],
      });
    case 'prefix':
      return match({ kind: 'prefix', text: entry.key });
    default:
      return { kind: 'exact', text: entry.key, ignoreCase: true, place };
  }
}
