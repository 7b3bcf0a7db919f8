import { entriesOf, entryOf, type YamlEntry, type YamlMap, type YamlNode, type YamlScalar } from '../../../yaml/tree';
import type { Resolution } from '../yaml/resolution';
import type { Service, ServiceEvent, ServiceFunction } from './service';

/** An `http` event: one method of the service's REST API. */
export interface RestEvent {
  readonly fn: ServiceFunction;
  readonly event: ServiceEvent;
  /** The event's map; undefined for `http: GET /users`. */
  readonly map: YamlMap | undefined;
  /** Without slashes at the ends, as the framework keys it; undefined when not certain. */
  readonly path: string | undefined;
  readonly pathNode: YamlNode;
  /** In upper case, `ANY` among them; undefined when not certain. */
  readonly method: string | undefined;
  readonly integration: RestIntegration;
  /** The `authorizer` or `private: true` that guards the method. */
  readonly guard: YamlEntry | undefined;
  readonly cors: RestCors;
}

/** Who makes the response: the handler with all its headers, or the gateway out of the configuration. */
export type RestIntegration = 'lambda-proxy' | 'lambda' | 'http' | 'http-proxy' | 'mock' | 'unknown';

/** What `cors:` of an `http` event says. */
export type RestCors =
  | { readonly kind: 'none' }
  /** `true`, or anything else that is neither a map nor false: the framework's defaults. */
  | { readonly kind: 'default'; readonly entry: YamlEntry }
  | { readonly kind: 'map'; readonly entry: YamlEntry; readonly map: YamlMap; readonly settings: CorsSettings }
  | { readonly kind: 'unknown'; readonly entry: YamlEntry; readonly reason: string };

/** The keys of a `cors` block with what they come to. */
export type CorsSettings = ReadonlyMap<string, CorsSetting>;

export interface CorsSetting {
  readonly entry: YamlEntry;
  readonly value: Resolution;
}

/** Every `http` event of the service, in the order in which the framework compiles them. */
export function restEvents(service: Service): RestEvent[] {
  return service.functions.flatMap((fn) =>
    fn.events.flatMap((event) => (event.kind === 'http' ? (readEvent(service, fn, event) ?? []) : [])),
  );
}

function readEvent(service: Service, fn: ServiceFunction, event: ServiceEvent): RestEvent | undefined {
  const { resolver } = service;
  const base = { fn, event, map: undefined, guard: undefined };
  const node = event.value.kind === 'node' ? event.value.node : undefined;
  if (node?.kind === 'scalar') {
    if (node.value === null) return undefined;
    const [method, path] = String(node.value).split(' ');
    return {
      ...base,
      path: path === undefined ? undefined : trimPath(path),
      pathNode: node,
      method: method?.toUpperCase(),
      integration: 'lambda-proxy',
      cors: { kind: 'none' },
    };
  }
  if (node?.kind !== 'map') return undefined;
  const pathEntry = entryOf(node, 'path');
  const path = resolver.certain(pathEntry?.value);
  const method = resolver.certain(entryOf(node, 'method')?.value);
  return {
    ...base,
    map: node,
    path: path?.kind === 'scalar' && path.value !== null ? trimPath(String(path.value)) : undefined,
    pathNode: pathEntry?.value ?? event.entry.key,
    method: method?.kind === 'scalar' && method.value !== null ? anyMethod(String(method.value)) : undefined,
    integration: integrationOf(service, node),
    guard: guardOf(service, node),
    cors: readCors(service, entryOf(node, 'cors')),
  };
}

function anyMethod(method: string): string {
  return method === '*' ? 'ANY' : method.toUpperCase();
}

/** `getHttpPath` of the framework's `api-gateway/lib/validate.js`. */
function trimPath(path: string): string {
  return path.replace(/^\//, '').replace(/\/$/, '');
}

const INTEGRATIONS: Readonly<Record<string, RestIntegration>> = {
  LAMBDA: 'lambda',
  AWS: 'lambda',
  LAMBDA_PROXY: 'lambda-proxy',
  AWS_PROXY: 'lambda-proxy',
  HTTP: 'http',
  HTTP_PROXY: 'http-proxy',
  MOCK: 'mock',
};

/** `getIntegration` of `api-gateway/lib/validate.js`. */
function integrationOf(service: Service, map: YamlMap): RestIntegration {
  const entry = entryOf(map, 'integration');
  if (entry !== undefined) {
    const value = service.resolver.certain(entry.value);
    if (value?.kind !== 'scalar') return 'unknown';
    if (value.value !== null) return INTEGRATIONS[String(value.value).toUpperCase().replace('-', '_')] ?? 'unknown';
  }
  const async = entryOf(map, 'async');
  if (async === undefined) return 'lambda-proxy';
  const value = service.resolver.certain(async.value);
  if (value?.kind !== 'scalar') return 'unknown';
  return value.value === true || value.value === 'true' ? 'lambda' : 'lambda-proxy';
}

function guardOf(service: Service, map: YamlMap): YamlEntry | undefined {
  const authorizer = entryOf(map, 'authorizer');
  if (authorizer !== undefined && isSet(service, authorizer)) return authorizer;
  const key = entryOf(map, 'private');
  return key !== undefined && isSet(service, key) ? key : undefined;
}

function isSet(service: Service, entry: YamlEntry): boolean {
  const value = service.resolver.certain(entry.value);
  if (value?.kind !== 'scalar') return value !== undefined;
  return value.value !== null && value.value !== false && value.value !== 'false' && value.value !== '';
}

/** What a `cors` key comes to, for REST and for the two newer kinds alike. */
export function readCors(service: Service, entry: YamlEntry | undefined): RestCors {
  if (entry === undefined) return { kind: 'none' };
  const value = service.resolver.resolve(entry.value);
  if (value.kind !== 'node') {
    const reason = value.kind === 'unknown' ? value.reason : 'it depends on something that is set outside';
    return { kind: 'unknown', entry, reason };
  }
  const { node } = value;
  if (node.kind === 'map') return { kind: 'map', entry, map: node, settings: settingsOf(service, node) };
  if (node.kind === 'scalar' && isOff(node)) return { kind: 'none' };
  if (node.kind === 'scalar' && node.tag !== undefined) {
    return { kind: 'unknown', entry, reason: 'CloudFormation works it out' };
  }
  return { kind: 'default', entry };
}

/** The schema turns `"false"` into `false`; an empty value is none. */
function isOff(node: YamlScalar): boolean {
  return node.value === null || node.value === false || node.value === 'false' || node.value === 0 || node.value === '';
}

function settingsOf(service: Service, map: YamlMap): CorsSettings {
  return new Map(
    [...entriesOf(map)].map(([key, entry]) => [key, { entry, value: service.resolver.resolve(entry.value) }] as const),
  );
}
