import { entryOf, type YamlEntry, type YamlNode } from '../../../yaml/tree';
import { type RestCors, readCors } from './rest';
import type { Service, ServiceEvent, ServiceFunction } from './service';

/** The service's HTTP API: one CORS configuration for all its routes. */
export interface HttpApi {
  readonly cors: RestCors;
  /** Why its settings cannot be read, where they cannot. */
  readonly unread: string | undefined;
  /** `provider.httpApi.id`, unless it is certainly empty: the API is, or may be, made elsewhere, CORS and all. */
  readonly external: YamlEntry | undefined;
  readonly routes: readonly HttpApiRoute[];
}

/** An `httpApi` event. */
export interface HttpApiRoute {
  readonly fn: ServiceFunction;
  readonly event: ServiceEvent;
  /** With a leading slash, or `*` for every path. */
  readonly path: string | undefined;
  readonly pathNode: YamlNode;
  /** In upper case, `ANY` among them. */
  readonly method: string | undefined;
  readonly guard: YamlEntry | undefined;
}

export function readHttpApi(service: Service): HttpApi {
  const { resolver } = service;
  const provider = entryOf(service.root, 'provider');
  const own = entryOf(service.provider, 'httpApi');
  const settings = resolver.certain(own?.value);
  const unread =
    (provider !== undefined && resolver.certain(provider.value) === undefined) ||
    (own !== undefined && settings === undefined);
  return {
    unread: unread ? 'the settings of the HTTP API are decided elsewhere' : undefined,
    cors: readCors(service, entryOf(settings, 'cors')),
    external: isEmpty(service, entryOf(settings, 'id')) ? undefined : entryOf(settings, 'id'),
    routes: service.functions.flatMap((fn) =>
      fn.events.flatMap((event) => (event.kind === 'httpApi' ? (readRoute(service, fn, event) ?? []) : [])),
    ),
  };
}

function isEmpty({ resolver }: Service, entry: YamlEntry | undefined): boolean {
  const value = resolver.certain(entry?.value);
  return value?.kind === 'scalar' && (value.value === null || value.value === '');
}

function readRoute(service: Service, fn: ServiceFunction, event: ServiceEvent): HttpApiRoute | undefined {
  const node = event.value.kind === 'node' ? event.value.node : undefined;
  if (node?.kind === 'scalar') {
    if (node.value === null) return undefined;
    const text = String(node.value);
    const [method, path] = text === '*' ? ['ANY', '*'] : text.split(/\s+/);
    return { fn, event, path, pathNode: node, method: method?.toUpperCase(), guard: undefined };
  }
  if (node?.kind !== 'map') return undefined;
  const pathEntry = entryOf(node, 'path');
  const path = service.resolver.certain(pathEntry?.value);
  const methodEntry = entryOf(node, 'method');
  const method = service.resolver.certain(methodEntry?.value);
  const guard = entryOf(node, 'authorizer');
  return {
    fn,
    event,
    path: path?.kind === 'scalar' && path.value !== null ? String(path.value) : undefined,
    pathNode: pathEntry?.value ?? event.entry.key,
    method: methodEntry === undefined ? 'ANY' : scalarMethod(method),
    guard,
  };
}

function scalarMethod(node: YamlNode | undefined): string | undefined {
  if (node?.kind !== 'scalar' || node.value === null) return undefined;
  return node.value === '*' ? 'ANY' : String(node.value).toUpperCase();
}
