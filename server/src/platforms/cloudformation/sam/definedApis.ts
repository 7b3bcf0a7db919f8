import { HTTP_CORS_EXTENSION, type Operation, operationsOf } from '../../../aws/cors/openApi';
import { type HttpApi, routeEndpoint } from '../../../aws/endpoints/gatewayRoutes';
import { definedRoutes, readDefinedCors } from '../../../aws/endpoints/httpApiResources';
import { mockedEndpoints, operationEndpoint } from '../../../aws/endpoints/methods';
import { lazyWorlds, type ResourceEndpoint, readerOf } from '../../../aws/endpoints/resource';
import type { Resource } from '../../../aws/template/resources';
import { entryPlace } from '../../../yaml/places';
import { entryOf } from '../../../yaml/tree';
import type { Template } from '../template';
import { LAYER, readCors } from './httpApi';
import { Layers } from './layers';
import { preflightGuard, readPreflight } from './restApi';

/**
 * SAM's APIs whose OpenAPI definition stands in the template, as far as SAM puts CORS into it: an OPTIONS method for
 * each path of a REST API that has none of its own, and the configuration of an HTTP API.
 */
export function samDefinedEndpoints(template: Template): ResourceEndpoint[] {
  return template.resources.flatMap((resource) => {
    const reader = readerOf(template, resource);
    const operations = operationsOf(reader, reader.at(resource.properties, 'DefinitionBody'));
    if (operations === undefined) return [];
    if (resource.type === 'AWS::Serverless::Api') return restEndpoints(template, resource, operations);
    return resource.type === 'AWS::Serverless::HttpApi' ? httpEndpoints(template, resource) : [];
  });
}

function restEndpoints(template: Template, resource: Resource, operations: readonly Operation[]): ResourceEndpoint[] {
  const globals = template.globals('Api');
  const settings = new Layers(readerOf(template, resource), resource.properties, globals);
  const by = preflightGuard(settings);
  const guard = by && entryPlace(by);
  const own = mockedEndpoints(template, resource, operations, guard);
  if (settings.setting('Cors') === undefined) return own;
  const answered = new Set(operations.filter(({ method }) => method === 'OPTIONS').map(({ path }) => path));
  const added = operations.flatMap((operation): ResourceEndpoint[] => {
    if (answered.has(operation.path)) return [];
    const methods = operations.filter(({ path }) => path === operation.path).map(({ method }) => method);
    const mock = lazyWorlds(template, resource, (reader) => {
      const made = readPreflight(new Layers(reader, resource.properties, globals), methods);
      return made.kind === 'mock' ? { status: 200, headers: made.headers, place: made.place } : undefined;
    });
    return [operationEndpoint(template, resource, operation, operations, { mock, guard })];
  });
  return [...own, ...added];
}

function httpEndpoints(template: Template, resource: Resource): ResourceEndpoint[] {
  const globals = template.globals('HttpApi');
  const reader = readerOf(template, resource);
  const settings = new Layers(reader, resource.properties, globals);
  const definition = reader.at(resource.properties, 'DefinitionBody');
  const isConfigured = settings.setting('CorsConfiguration') !== undefined;
  if (!isConfigured && entryOf(definition, HTTP_CORS_EXTENSION) === undefined) return [];
  // SAM puts the keys of the one over those of the other.
  if (isConfigured && entryOf(definition, HTTP_CORS_EXTENSION) !== undefined) return [];
  const layer = isConfigured ? LAYER : `\`${HTTP_CORS_EXTENSION}\``;
  const cors = lazyWorlds(template, resource, (own) =>
    isConfigured
      ? readCors(new Layers(own, resource.properties, globals))
      : readDefinedCors(own, own.at(resource.properties, 'DefinitionBody'), layer),
  );
  const routes = definedRoutes(template, reader, definition);
  const api: HttpApi = { platform: template.platform, layer, routes, cors };
  return routes
    .filter(({ method }) => method !== 'OPTIONS')
    .map((route) => ({ ...routeEndpoint(api, route), kind: 'http-api-resource', resource }));
}
