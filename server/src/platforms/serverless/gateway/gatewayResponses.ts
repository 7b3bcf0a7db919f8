import type { Header } from '../../../cors/http';
import type { Value } from '../../../cors/value';
import { entryPlace, placeOf } from '../../../yaml/places';
import { deref, entriesOf, entryOf, type YamlEntry, type YamlMap, type YamlNode } from '../../../yaml/tree';
import type { Service } from '../service/service';

/**
 * What the REST API's gateway puts into the errors that it answers itself: `AWS::ApiGateway::GatewayResponse`
 * resources. https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html
 */
export interface GatewayResponses {
  readonly resources: readonly GatewayResponse[];
  /** Set when there may be more of them: why, in words. */
  readonly open: string | undefined;
  /** The `Resources` map to add to, where the service's own file has one. */
  readonly home: YamlMap | undefined;
}

export interface GatewayResponse {
  readonly id: YamlEntry;
  /** `DEFAULT_4XX`, `UNAUTHORIZED`, … */
  readonly type: string;
  readonly parameters: readonly ResponseParameter[];
}

export interface ResponseParameter {
  readonly entry: YamlEntry;
  /** The header's name, without `gatewayresponse.header.`. */
  readonly name: string;
  /** The name alone. */
  readonly nameStart: number;
  readonly value: Value;
}

const HEADER = 'gatewayresponse.header.';

export function gatewayResponses(service: Service): GatewayResponses {
  const { root, resolver } = service;
  const found: GatewayResponse[] = [];
  let open = openReason(service);
  let home: YamlMap | undefined;
  const entry = entryOf(root, 'resources');
  const whole = resolver.resolve(entry?.value);
  if (entry !== undefined && whole.kind !== 'node') open ??= 'the resources cannot be read';
  const parts =
    whole.kind !== 'node' || entry === undefined ? [] : whole.node.kind === 'list' ? whole.node.items : [whole.node];
  for (const part of parts) {
    const map = resolver.certain(part);
    if (map === undefined) open ??= 'some resources cannot be read';
    const listed = entryOf(map, 'Resources');
    const resources = listed === undefined ? undefined : resolver.resolve(listed.value);
    if (resources !== undefined && resources.kind !== 'node') open ??= 'some resources cannot be read';
    if (resources?.kind !== 'node' || resources.node.kind !== 'map') continue;
    if (resources.node.source === root.source) home ??= resources.node;
    for (const id of entriesOf(resources.node).values()) {
      const resource = resolver.resolve(id.value);
      if (resource.kind !== 'node') open ??= 'some resources cannot be read';
      else found.push(...readResource(service, id, resource.node));
    }
  }
  return { resources: found, open, home };
}

/** Other ways by which the API's error responses come to be. */
function openReason({ root, provider, resolver }: Service): string | undefined {
  const gateway = resolver.certain(provider && entryOf(provider, 'apiGateway')?.value);
  if (entryOf(gateway, 'restApiId') !== undefined) return 'the API is made elsewhere';
  const plugins = resolver.certain(entryOf(root, 'plugins')?.value);
  const names = plugins?.kind === 'list' ? plugins.items.map((item) => deref(item)) : [];
  const plugin = names.find((name) => name?.kind === 'scalar' && /cors|api-?g|gateway/i.test(String(name.value)));
  return plugin?.kind === 'scalar' ? `the plugin ${plugin.value} may add them` : undefined;
}

function readResource(service: Service, id: YamlEntry, node: YamlNode): GatewayResponse[] {
  const { resolver } = service;
  const type = resolver.certain(entryOf(node, 'Type')?.value);
  if (type?.kind !== 'scalar' || type.value !== 'AWS::ApiGateway::GatewayResponse') return [];
  const properties = resolver.certain(entryOf(node, 'Properties')?.value);
  const responseType = resolver.certain(entryOf(properties, 'ResponseType')?.value);
  const parameters = resolver.certain(entryOf(properties, 'ResponseParameters')?.value);
  return [
    {
      id,
      type: responseType?.kind === 'scalar' ? String(responseType.value) : '',
      parameters:
        parameters?.kind === 'map'
          ? [...entriesOf(parameters)].flatMap(([key, entry]) => readParameter(service, key, entry))
          : [],
    },
  ];
}

function readParameter(service: Service, key: string, entry: YamlEntry): ResponseParameter[] {
  if (!key.toLowerCase().startsWith(HEADER)) return [];
  const raw = entry.key.source.text.slice(entry.key.start, entry.key.end);
  const offset = raw.toLowerCase().indexOf(HEADER) + HEADER.length;
  const resolved = service.resolver.resolve(entry.value);
  const node = resolved.kind === 'node' ? resolved.node : undefined;
  const value: Value =
    node?.kind === 'scalar' && node.tag === undefined && typeof node.value === 'string'
      ? mappedValue(node.value, node)
      : { kind: 'unknown', reason: 'its value cannot be read', place: placeOf(entry.value) };
  return [{ entry, name: key.slice(HEADER.length), nameStart: entry.key.start + offset, value }];
}

/**
 * A parameter mapping: text in single quotes, or where to take the value from.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/request-response-data-mappings.html
 */
export function mappedValue(text: string, node: YamlNode): Value {
  const place = placeOf(node);
  const quoted = /^'(.*)'$/s.exec(text);
  if (quoted?.[1] !== undefined) return { kind: 'literal', text: quoted[1], place: innerPlace(quoted[1], node) };
  const header = /^method\.request\.header\.([\w-]+)$/.exec(text)?.[1]?.toLowerCase();
  if (header === 'origin') return { kind: 'request-origin', place };
  if (header !== undefined) return { kind: 'request-header', name: header, place };
  return { kind: 'unknown', reason: `AWS does not take ${text} as it stands`, place };
}

/** The text between both pairs of quotes, where it stands as it is. */
function innerPlace(text: string, node: YamlNode): ReturnType<typeof placeOf> {
  const raw = node.source.text.slice(node.start, node.end);
  const at = text === '' || (node.kind === 'scalar' && node.computed) ? -1 : raw.indexOf(text);
  if (at === -1) return placeOf(node);
  return { file: node.source.file, start: node.start + at, end: node.start + at + text.length };
}

/** The gateway's own types for an error, the most specific first; the class's default ends the list. */
export function typesFor(status: number, cause: 'authentication' | 'no-route' | 'other'): string[] {
  const specific: Readonly<Record<typeof cause, readonly string[]>> = {
    authentication: status === 401 ? ['UNAUTHORIZED'] : ['ACCESS_DENIED'],
    'no-route': ['MISSING_AUTHENTICATION_TOKEN'],
    other: [],
  };
  return [...specific[cause], status >= 500 ? 'DEFAULT_5XX' : 'DEFAULT_4XX'];
}

/** The headers of an error that the gateway answers; undefined when no resource speaks of it. */
export function errorHeaders(responses: GatewayResponses, types: readonly string[]): Header[] | undefined {
  for (const type of types) {
    const resource = responses.resources.find((one) => one.type === type);
    if (resource === undefined) continue;
    return resource.parameters.map(({ name, value, entry }) => ({
      name,
      value,
      place: entryPlace(entry),
      layer: `the gateway response ${type}`,
    }));
  }
  return undefined;
}
