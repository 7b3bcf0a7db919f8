import { deref, entriesOf, entryOf, type YamlEntry, type YamlMap, type YamlNode } from '../../../yaml/tree';
import type { Resolver } from '../yaml/resolver';

/** A method of the REST API that a plugin makes out of a part of the configuration that is its own. */
export interface PluginMethod {
  /** The package. */
  readonly plugin: string;
  /** Without slashes at the ends; undefined when not certain. */
  readonly path: string | undefined;
  /** In upper case. */
  readonly method: string | undefined;
  /** Its `cors`, unless that is certainly off. */
  readonly cors: YamlEntry | undefined;
}

/**
 * The methods of `serverless-step-functions` (`stepFunctions.stateMachines`, `lib/deploy/events/apiGateway/`) and of
 * `serverless-apigateway-service-proxy` (`custom.apiGatewayServiceProxies`, `lib/apiGateway/`). With `cors`, both make
 * the path's OPTIONS method under the same name as the framework does, and their own merges take the place of its.
 */
export function pluginMethods(root: YamlMap, resolver: Resolver): PluginMethod[] {
  return [...stepFunctions(root, resolver), ...serviceProxies(root, resolver)];
}

const STEP_FUNCTIONS = 'serverless-step-functions';
const SERVICE_PROXY = 'serverless-apigateway-service-proxy';

function stepFunctions(root: YamlMap, resolver: Resolver): PluginMethod[] {
  const machines = resolver.get(resolver.certain(entryOf(root, 'stepFunctions')?.value), 'stateMachines');
  if (machines?.kind !== 'map') return [];
  return [...entriesOf(machines).values()].flatMap(({ value }) => {
    const events = resolver.get(resolver.certain(value), 'events');
    return itemsOf(events).flatMap((item) => {
      const http = entryOf(resolver.certain(item), 'http');
      return http === undefined ? [] : [methodOf(STEP_FUNCTIONS, resolver, http.value)];
    });
  });
}

/** Each item is a map with the service's name as its only key: `- sqs: { path, method, … }`. */
function serviceProxies(root: YamlMap, resolver: Resolver): PluginMethod[] {
  const list = resolver.get(resolver.certain(entryOf(root, 'custom')?.value), 'apiGatewayServiceProxies');
  return itemsOf(list).flatMap((item) => {
    const map = resolver.certain(item);
    const [entry] = map?.kind === 'map' ? entriesOf(map).values() : [];
    return entry === undefined ? [] : [methodOf(SERVICE_PROXY, resolver, entry.value)];
  });
}

function itemsOf(node: YamlNode | undefined): readonly YamlNode[] {
  const list = deref(node);
  return list?.kind === 'list' ? list.items : [];
}

function methodOf(plugin: string, resolver: Resolver, node: YamlNode): PluginMethod {
  const http = resolver.certain(node);
  if (http?.kind === 'scalar') {
    const [method, path] = String(http.value).split(' ');
    return { plugin, path: trimmed(path), method: method?.toUpperCase(), cors: undefined };
  }
  const text = (key: string): string | undefined => {
    const value = resolver.get(http, key);
    return value?.kind === 'scalar' && value.value !== null ? String(value.value) : undefined;
  };
  const cors = entryOf(http, 'cors');
  const value = resolver.certain(cors?.value);
  const isOff = value?.kind === 'scalar' && (value.value === null || value.value === false || value.value === '');
  return {
    plugin,
    path: trimmed(text('path')),
    method: text('method')?.toUpperCase(),
    cors: isOff ? undefined : cors,
  };
}

function trimmed(path: string | undefined): string | undefined {
  return path?.replace(/^\//, '').replace(/\/$/, '');
}
