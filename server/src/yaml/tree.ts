/**
 * A YAML document as plain data: what the rest of the platform walks.
 *
 * Nodes keep where they stand (`source` and UTF-16 offsets, half-open), so that a value that was reached through an
 * alias, a merge key or `${file(…)}` still points at the text that defines it. Aliases are links, never copies: a
 * document of a thousand nested aliases costs a thousand nodes.
 */

/** The text that a node was read from. */
export interface YamlText {
  /** The file's path as the workspace names it. */
  readonly file: string;
  readonly text: string;
}

interface Place {
  readonly source: YamlText;
  readonly start: number;
  readonly end: number;
  /** `!Ref`, `!Sub`, … as written, if any. */
  readonly tag: string | undefined;
  /** The name of the anchor that stands before the node, if any. */
  readonly anchor: string | undefined;
}

export interface YamlScalar extends Place {
  readonly kind: 'scalar';
  readonly value: string | number | boolean | null;
  readonly style: 'plain' | 'single' | 'double' | 'block';
  /** True when the value was put together out of variables: the text at the range is not the value. */
  readonly computed: boolean;
}

export interface YamlEntry {
  readonly key: YamlScalar;
  readonly value: YamlNode;
  /** True for `<<:`. */
  readonly merge: boolean;
}

export interface YamlMap extends Place {
  readonly kind: 'map';
  /** `{ a: 1 }`, not lines. */
  readonly flow: boolean;
  /** As written, `<<` and repeated keys included. */
  readonly entries: readonly YamlEntry[];
}

export interface YamlList extends Place {
  readonly kind: 'list';
  readonly flow: boolean;
  readonly items: readonly YamlNode[];
}

export interface YamlAlias extends Place {
  readonly kind: 'alias';
  readonly name: string;
  /** What the anchor of that name holds at this place; undefined when no anchor stands before it. */
  readonly target: YamlNode | undefined;
}

export type YamlNode = YamlScalar | YamlMap | YamlList | YamlAlias;
export type YamlValue = YamlScalar | YamlMap | YamlList;

/** A chain of aliases longer than this is taken for a cycle. */
const MAX_HOPS = 32;
/** A map whose merge keys bring more entries than this is read as far as that. */
const MAX_MERGED_ENTRIES = 5_000;

/** Follows aliases to the node that is meant; undefined for an alias without an anchor or a cycle of them. */
export function deref(node: YamlNode | undefined): YamlValue | undefined {
  let here = node;
  for (let hops = 0; hops < MAX_HOPS; hops += 1) {
    if (here?.kind !== 'alias') return here;
    here = here.target;
  }
  return undefined;
}

const effective = new WeakMap<YamlMap, ReadonlyMap<string, YamlEntry>>();

/**
 * The entries that a map has once its merge keys are applied: own keys win over merged ones, an earlier merged map
 * over a later one (https://yaml.org/type/merge.html); of a repeated own key the last is kept. Order is that of first
 * appearance. Never expands more than a bounded number of entries.
 */
export function entriesOf(map: YamlMap): ReadonlyMap<string, YamlEntry> {
  const known = effective.get(map);
  if (known !== undefined) return known;
  const result = new Map<string, YamlEntry>();
  collect(map, result, new Set(), true);
  effective.set(map, result);
  return result;
}

function collect(map: YamlMap, into: Map<string, YamlEntry>, visited: Set<YamlMap>, own: boolean): void {
  // A map merged twice brings nothing the second time; without this, merges of merges would multiply.
  if (visited.has(map) || into.size > MAX_MERGED_ENTRIES) return;
  visited.add(map);
  const mine = new Set<string>();
  for (const entry of map.entries) {
    if (entry.merge) continue;
    const name = String(entry.key.value);
    if (!into.has(name) || mine.has(name) || own) into.set(name, entry);
    mine.add(name);
  }
  for (const entry of map.entries) {
    if (!entry.merge) continue;
    const merged = deref(entry.value);
    const maps = merged?.kind === 'list' ? merged.items.map(deref) : [merged];
    for (const one of maps) if (one?.kind === 'map') collect(one, into, visited, false);
  }
}

/** The entry under `key` of a map, merge keys applied; undefined for anything that is no map. */
export function entryOf(node: YamlNode | undefined, key: string): YamlEntry | undefined {
  const map = deref(node);
  return map?.kind === 'map' ? entriesOf(map).get(key) : undefined;
}

/** A scalar with nothing written: the value of `key:` followed by a line's end. */
export function isEmpty(node: YamlNode): boolean {
  return node.kind === 'scalar' && node.start === node.end;
}

/** The characters that stand at a node. */
export function textOf(node: YamlNode): string {
  return node.source.text.slice(node.start, node.end);
}
