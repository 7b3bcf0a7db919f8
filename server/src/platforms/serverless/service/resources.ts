import type { Stack } from '../../../aws/endpoints/resource';
import { type Follow, Reader, type Resolved } from '../../../aws/template/reader';
import { type Resource, readResources } from '../../../aws/template/resources';
import type { Decide } from '../../../aws/template/worlds';
import { entriesOf, entryOf, type YamlMap, type YamlNode, type YamlValue } from '../../../yaml/tree';
import type { Resolution } from '../yaml/resolution';
import type { Resolver } from '../yaml/resolver';
import { providerBuckets } from './buckets';
import { type Overrides, overridesIn } from './overrides';
import { pluginMethods } from './pluginMethods';
import { pluginChanges } from './plugins';
import type { Service } from './service';

/** What stands under `resources`: CloudFormation, with the framework's variables in it. */
export interface ServiceResources extends Stack {
  /** Set when there may be more resources than these: why, in words. */
  readonly unread: string | undefined;
  /** The `Resources` map to add to, where the service's own file has one. */
  readonly home: YamlMap | undefined;
  readonly overrides: Overrides;
}

/** Reads `resources`, which is a map or a list of maps, each of them perhaps out of a file. Never throws. */
export function serviceResources(service: Service): ServiceResources {
  const { root, resolver } = service;
  const resources: Resource[] = providerBuckets(service);
  const parameters: YamlMap[] = [];
  const mappings: YamlMap[] = [];
  const conditions: YamlMap[] = [];
  const certain = (node: YamlNode | undefined): YamlValue | undefined => resolver.certain(node);
  let unread: string | undefined;
  let home: YamlMap | undefined;
  const parts = partsOf(root, resolver);
  for (const part of parts) {
    if (part === undefined) {
      unread ??= 'some resources cannot be read';
      continue;
    }
    parameters.push(...mapsUnder(part, 'Parameters', resolver));
    mappings.push(...mapsUnder(part, 'Mappings', resolver));
    conditions.push(...mapsUnder(part, 'Conditions', resolver));
    const entry = entryOf(part, 'Resources');
    if (entry === undefined) continue;
    const map = certain(entry.value);
    if (map === undefined) unread ??= 'some resources cannot be read';
    if (map?.kind !== 'map') continue;
    if (map.source === root.source) home ??= map;
    if ([...entriesOf(map).values()].some(({ value }) => certain(value) === undefined)) {
      unread ??= 'some resources cannot be read';
    }
    resources.push(...readResources(map, certain));
  }
  const sections = { parameters: united(parameters), mappings: united(mappings), conditions: united(conditions) };
  const follow: Follow = (node, decide) => resolvedOf(resolver.resolve(node), node, decide);
  return {
    platform: 'serverless',
    file: root.source.file,
    resources,
    unread,
    home,
    overrides: overridesIn(
      parts.flatMap((part) => part ?? []),
      resources,
      resolver,
      pluginChanges(service).preflights,
      pluginMethods(root, resolver),
    ),
    reader: (decide) => new Reader(sections, decide, follow),
  };
}

/** The maps that `resources` is made of; undefined for one that cannot be read. */
function partsOf(root: YamlMap, resolver: Resolver): (YamlValue | undefined)[] {
  const entry = entryOf(root, 'resources');
  if (entry === undefined) return [];
  const whole = resolver.certain(entry.value);
  return whole?.kind === 'list' ? whole.items.map((item) => resolver.certain(item)) : [whole];
}

function mapsUnder(part: YamlValue, key: string, resolver: Resolver): YamlMap[] {
  const map = resolver.get(part, key);
  return map?.kind === 'map' ? [map] : [];
}

/** The framework merges the parts of the list. */
function united(maps: readonly YamlMap[]): YamlMap | undefined {
  const [first, ...others] = maps;
  return first === undefined || others.length === 0
    ? first
    : { ...first, entries: maps.flatMap(({ entries }) => entries) };
}

/** What a variable comes to in one set of circumstances. */
function resolvedOf(resolution: Resolution, at: YamlNode, decide: Decide): Resolved {
  switch (resolution.kind) {
    case 'node':
      return resolution;
    case 'template':
      return { kind: 'template', parts: resolution.parts.map((part) => ('text' in part ? part.text : undefined)), at };
    case 'choice':
      for (const { holds, otherwise, value } of resolution.options) {
        const is = decide(holds, otherwise);
        if (is === undefined) return { kind: 'unknown', reason: 'it depends on something that is set outside', at };
        if (is) return resolvedOf(value, at, decide);
      }
      return resolvedOf(resolution.last, at, decide);
    case 'unknown':
      return { kind: 'unknown', reason: resolution.reason, at };
  }
}
