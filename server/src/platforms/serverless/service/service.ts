import {
  deref,
  entriesOf,
  entryOf,
  type YamlEntry,
  type YamlMap,
  type YamlNode,
  type YamlValue,
} from '../../../yaml/tree';
import type { Resolution } from '../yaml/resolution';
import type { Resolver } from '../yaml/resolver';

/** A service as its configuration describes it: what the framework would package, as far as it can be read. */
export interface Service {
  readonly root: YamlMap;
  readonly resolver: Resolver;
  readonly provider: YamlMap | undefined;
  readonly functions: readonly ServiceFunction[];
  /** Set when functions or events may be missing from the reading: why, in words. */
  readonly partial: string | undefined;
}

export interface ServiceFunction {
  readonly name: string;
  readonly key: YamlNode;
  readonly map: YamlMap;
  /** `src/users.list`, when it is certain. */
  readonly handler: { readonly text: string; readonly node: YamlNode } | undefined;
  readonly events: readonly ServiceEvent[];
}

/** One item of `events`: `- http: GET /users`, `- httpApi: …`. */
export interface ServiceEvent {
  /** `http`, `httpApi`, `s3`, … */
  readonly kind: string;
  readonly entry: YamlEntry;
  /** What stands after the kind, followed. */
  readonly value: Resolution;
  /** The whole item. */
  readonly item: YamlMap;
}

/**
 * Reads a service. Undefined for a root that is no map. Never throws.
 * @param unread why functions may be missing from the root, where they may
 */
export function readService(root: YamlNode | undefined, resolver: Resolver, unread?: string): Service | undefined {
  const map = deref(root);
  if (map?.kind !== 'map') return undefined;
  const provider = resolver.certain(entryOf(map, 'provider')?.value);
  const { functions, partial } = readFunctions(map, resolver);
  return {
    root: map,
    resolver,
    provider: provider?.kind === 'map' ? provider : undefined,
    functions,
    partial: partial ?? unread,
  };
}

/** `functions:` is a map, a variable that gives one, or a list of such. */
function readFunctions(root: YamlMap, resolver: Resolver): Pick<Service, 'functions' | 'partial'> {
  const functions = new Map<string, ServiceFunction>();
  let partial: string | undefined;
  const entry = entryOf(root, 'functions');
  if (entry === undefined) return { functions: [], partial };
  for (const part of parts(entry.value, resolver)) {
    if (typeof part === 'string') {
      partial ??= part;
      continue;
    }
    if (part.kind !== 'map') continue;
    for (const [name, { key, value }] of entriesOf(part)) {
      const map = resolver.resolve(value);
      if (map.kind !== 'node') partial ??= 'a function comes from a variable that cannot be read';
      if (map.kind !== 'node' || map.node.kind !== 'map') continue;
      const read = readFunction(name, key, map.node, resolver);
      functions.set(name, read.fn);
      partial ??= read.partial;
    }
  }
  return { functions: [...functions.values()], partial };
}

function readFunction(
  name: string,
  key: YamlNode,
  map: YamlMap,
  resolver: Resolver,
): { readonly fn: ServiceFunction; readonly partial: string | undefined } {
  const handler = resolver.get(map, 'handler');
  const events: ServiceEvent[] = [];
  let partial: string | undefined;
  const list = entryOf(map, 'events');
  for (const part of list === undefined ? [] : parts(list.value, resolver)) {
    if (typeof part === 'string') partial ??= part;
    else if (part.kind === 'map') events.push(...eventsOf(part, resolver));
  }
  const written = handler?.kind === 'scalar' && typeof handler.value === 'string' ? handler : undefined;
  return {
    fn: { name, key, map, handler: written && { text: String(written.value), node: written }, events },
    partial,
  };
}

/** The framework looks for each kind of event in every item, so one item may hold several. */
function eventsOf(item: YamlMap, resolver: Resolver): ServiceEvent[] {
  return [...entriesOf(item)].map(([kind, entry]) => ({ kind, entry, value: resolver.resolve(entry.value), item }));
}

/** The items of a list, each followed; one value where there is no list; a reason where it cannot be read. */
function parts(node: YamlNode, resolver: Resolver): (YamlValue | string)[] {
  const whole = resolver.resolve(node);
  if (whole.kind !== 'node') return [reasonOf(whole)];
  if (whole.node.kind !== 'list') return [whole.node];
  return whole.node.items.flatMap((item) => {
    const one = resolver.resolve(item);
    if (one.kind !== 'node') return [reasonOf(one)];
    // `- ${file(events.yml)}` may hold a list of its own.
    if (one.node.kind === 'list' && deref(item) !== one.node) return parts(one.node, resolver);
    return [one.node];
  });
}

function reasonOf(resolution: Exclude<Resolution, { kind: 'node' }>): string {
  return resolution.kind === 'unknown' ? resolution.reason : 'it depends on something that is set outside';
}
