import { referenceOf } from '../../../aws/template/functions';
import type { Resource } from '../../../aws/template/resources';
import { entriesOf, entryOf, type YamlValue } from '../../../yaml/tree';
import type { Resolver } from '../yaml/resolver';
import { methodId, pathId } from './logicalIds';
import type { PluginMethod } from './pluginMethods';

/** What `resources` changes of the resources that the framework makes. */
export interface Overrides {
  /**
   * Why the framework's resource of that id may be another one, in words; undefined where nothing touches it. Neither
   * what is merged into it nor what stands in its place is read.
   */
  of(id: string): string | undefined;
  /** The same for the OPTIONS method of a REST path, which may also be written by hand under a name of its own. */
  ofOptions(path: string): string | undefined;
}

/**
 * @param changed why OPTIONS methods may be others than these, where a plugin changes them
 * @param parts the maps that `resources` is made of
 * @param resources those under `Resources`
 * @param plugins the methods that plugins make out of parts of their own
 */
export function overridesIn(
  parts: readonly YamlValue[],
  resources: readonly Resource[],
  resolver: Resolver,
  changed: string | undefined,
  plugins: readonly PluginMethod[] = [],
): Overrides {
  const merged = new Set(parts.flatMap((part) => keysUnder(part, 'Resources', resolver)));
  const extended = new Set(parts.flatMap((part) => keysUnder(part, 'extensions', resolver)));
  const byHand = new Set(resources.flatMap((resource) => optionsOf(resource) ?? []));
  const of = (id: string): string | undefined => {
    if (extended.has(id)) return `\`resources.extensions\` changes ${id}`;
    return merged.has(id) ? `\`resources\` changes ${id}` : undefined;
  };
  return {
    of,
    ofOptions: (path) =>
      changed ??
      of(methodId(path, 'options')) ??
      byPlugin(plugins, path) ??
      (byHand.has(path === '' ? ROOT : pathId(path)) ? '`resources` has an OPTIONS method for the path' : undefined),
  };
}

/** A plugin that makes the OPTIONS method of the path too, or may. */
function byPlugin(plugins: readonly PluginMethod[], path: string): string | undefined {
  const found = plugins.find(
    (one) => (one.path === undefined || one.path === path) && (one.cors !== undefined || answersOptions(one.method)),
  );
  return found && `the plugin ${found.plugin} makes its OPTIONS method`;
}

function answersOptions(method: string | undefined): boolean {
  return method === undefined || method === 'OPTIONS' || method === 'ANY';
}

const ROOT = 'the root';

function keysUnder(part: YamlValue, key: string, resolver: Resolver): string[] {
  const map = resolver.certain(entryOf(part, key)?.value);
  return map?.kind === 'map' ? [...entriesOf(map).keys()] : [];
}

/** The path's resource that an OPTIONS method, or one for any method, is for. */
function optionsOf({ type, properties }: Resource): string | undefined {
  if (type !== 'AWS::ApiGateway::Method') return undefined;
  const method = entryOf(properties, 'HttpMethod')?.value;
  if (method?.kind !== 'scalar' || !/^(?:options|any)$/i.test(String(method.value))) return undefined;
  const resource = entryOf(properties, 'ResourceId')?.value;
  const id = referenceOf(resource);
  return id === 'ApiGatewayRestApi' ? ROOT : id;
}
