import type { Place } from '../../cors/place';
import { entryPlace, placeOf } from '../../yaml/places';
import { entryOf, type YamlMap, type YamlNode } from '../../yaml/tree';
import { gatewayCors } from '../cors/httpCors';
import { HTTP_CORS_EXTENSION, operationsOf } from '../cors/openApi';
import { httpCorsSettings } from '../cors/settings';
import { referenceOf } from '../template/functions';
import type { Reader, Setting } from '../template/reader';
import type { Resource } from '../template/resources';
import { type HttpApi, type HttpApiCors, type HttpRoute, routeEndpoint, urlResponses } from './gatewayRoutes';
import { identityHeaders, USUAL_IDENTITY } from './identity';
import { lazyWorlds, policiesIn, type ResourceEndpoint, readerOf, respondIn, type Stack } from './resource';

const UNREAD = { kind: 'unknown', reason: 'the function behind it is not read' } as const;

/** What a CORS block comes to, given what finds its keys. */
export function readHttpCors(
  reader: Reader,
  block: Setting | undefined,
  layer: string,
  find: (map: YamlMap, key: string) => Setting | undefined = (map, key) => reader.setting(map, key),
): HttpApiCors {
  if (block === undefined) return { kind: 'none' };
  const { value, entry } = block;
  if (value.kind !== 'node') return { kind: 'unknown', reason: 'the CORS configuration is known at deployment' };
  const { node } = value;
  if (node.kind !== 'map') return { kind: 'none' };
  const settings = httpCorsSettings(reader, (key) => find(node, key), { layer, place: entryPlace(entry) });
  return { kind: 'cors', cors: gatewayCors(settings) };
}

/** `AWS::ApiGatewayV2::Api` with `CorsConfiguration`: one endpoint for each of its routes. */
export function httpApiEndpoints(stack: Stack): ResourceEndpoint[] {
  return stack.resources.flatMap((resource): ResourceEndpoint[] => {
    const { type, properties, id } = resource;
    if (type !== 'AWS::ApiGatewayV2::Api') return [];
    const own = readerOf(stack, resource);
    const body = own.at(properties, 'Body');
    const isConfigured = entryOf(properties, 'CorsConfiguration') !== undefined;
    if (!isConfigured && entryOf(body, HTTP_CORS_EXTENSION) === undefined) return [];
    const layer = isConfigured ? '`CorsConfiguration` of the HTTP API' : `\`${HTTP_CORS_EXTENSION}\``;
    const isImported = entryOf(properties, 'Body') !== undefined || entryOf(properties, 'BodyS3Location') !== undefined;
    const cors = lazyWorlds(stack, resource, (reader): HttpApiCors => {
      if (!isConfigured) return readDefinedCors(reader, body, layer);
      return isImported
        ? { kind: 'unknown', reason: 'the API is imported' }
        : readHttpCors(reader, reader.setting(properties, 'CorsConfiguration'), layer);
    });
    const routes = isImported
      ? definedRoutes(stack, own, body)
      : stack.resources.flatMap((other) => routeOf(stack, other, id) ?? []);
    const place = placeOf(resource.entry.key);
    const any: HttpRoute = {
      name: id,
      path: '*',
      method: 'ANY',
      place,
      guard: undefined,
      requestHeaders: [],
      handlerPlace: place,
      handler: () => UNREAD,
    };
    if (routes.length > 0) {
      const api: HttpApi = { platform: stack.platform, layer, routes, cors };
      return routes
        .filter(({ method }) => method !== 'OPTIONS')
        .map((route) => ({ ...routeEndpoint(api, route), kind: 'http-api-resource', resource }));
    }
    // The routes stand elsewhere: any of them answers, and preflights are the gateway's.
    const api: HttpApi = { platform: stack.platform, layer, routes: [], cors };
    return [
      {
        ...routeEndpoint(api, any),
        kind: 'http-api-resource',
        resource,
        label: `the HTTP API ${id}`,
        matches: () => undefined,
      },
    ];
  });
}

/** What an OpenAPI definition says of CORS: the same keys, with a small letter first. */
export function readDefinedCors(reader: Reader, definition: YamlNode | undefined, layer: string): HttpApiCors {
  return readHttpCors(reader, reader.setting(definition, HTTP_CORS_EXTENSION), layer, (map, key) =>
    reader.setting(map, key.charAt(0).toLowerCase() + key.slice(1)),
  );
}

/** The routes of an OpenAPI definition; none where it cannot be read whole. */
export function definedRoutes(stack: Stack, reader: Reader, definition: YamlNode | undefined): HttpRoute[] {
  return (operationsOf(reader, definition) ?? []).map((operation) => {
    const { path, method, place, guard } = operation;
    const handler = operation.function === undefined ? undefined : stack.functions?.get(operation.function);
    return {
      name: operation.function ?? 'imported',
      path: path === '/$default' ? '*' : path,
      method,
      place,
      guard,
      requestHeaders: guard === undefined ? [] : USUAL_IDENTITY,
      handlerPlace: handler?.handlerPlace ?? place,
      handler: () => handler?.handler() ?? UNREAD,
    };
  });
}

function routeOf(stack: Stack, route: Resource, api: string): HttpRoute | undefined {
  const { type, properties, entry, id } = route;
  if (type !== 'AWS::ApiGatewayV2::Route') return undefined;
  if (referenceOf(entryOf(properties, 'ApiId')?.value) !== api) return undefined;
  const reader = readerOf(stack, route);
  const key = reader.textAt(properties, 'RouteKey');
  const [method, path] = key === '$default' ? ['ANY', '*'] : (key?.split(/\s+/) ?? []);
  if (method === undefined || path === undefined) return undefined;
  const authorization = reader.setting(properties, 'AuthorizationType');
  const guarded = reader.textAt(properties, 'AuthorizationType');
  const place: Place = placeOf(entryOf(properties, 'RouteKey')?.value ?? entry.key);
  return {
    name: id,
    path,
    method: method.toUpperCase(),
    place,
    guard:
      authorization === undefined || guarded === undefined || guarded === 'NONE'
        ? undefined
        : entryPlace(authorization.entry),
    requestHeaders: guarded === 'AWS_IAM' ? USUAL_IDENTITY : headersOfAuthorizer(stack, properties),
    handlerPlace: place,
    handler: () => UNREAD,
  };
}

/** What the `AWS::ApiGatewayV2::Authorizer` of the route reads. */
function headersOfAuthorizer(stack: Stack, route: YamlMap | undefined): string[] {
  const name = referenceOf(entryOf(route, 'AuthorizerId')?.value);
  const authorizer = stack.resources.find(({ id, type }) => id === name && type === 'AWS::ApiGatewayV2::Authorizer');
  return authorizer === undefined
    ? []
    : identityHeaders(readerOf(stack, authorizer).at(authorizer.properties, 'IdentitySource'));
}

/** `AWS::Lambda::Url` with `Cors`. */
export function urlEndpoints(stack: Stack): ResourceEndpoint[] {
  return stack.resources.flatMap((resource): ResourceEndpoint[] => {
    const { type, properties, id } = resource;
    if (type !== 'AWS::Lambda::Url' || entryOf(properties, 'Cors') === undefined) return [];
    const layer = '`Cors` of the function URL';
    const cors = lazyWorlds(stack, resource, (reader) =>
      readHttpCors(reader, reader.setting(properties, 'Cors'), layer),
    );
    const place = placeOf(resource.entry.key);
    const url = { place, handlerPlace: place, layer, handler: () => UNREAD };
    return [
      {
        kind: 'url-resource',
        resource,
        platform: stack.platform,
        role: 'gateway',
        label: `the function URL ${id}`,
        place,
        path: '/',
        matches: () => undefined,
        methods: undefined,
        requestHeaders: [],
        get policies() {
          return policiesIn(cors(), (one) => (one.kind === 'cors' ? one.cors.policies : []));
        },
        respond: (request) => respondIn(cors(), (one) => urlResponses(url, one, request)),
      },
    ];
  });
}
