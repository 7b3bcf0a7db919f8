import type { Request, Response } from '../../cors/http';
import type { Place } from '../../cors/place';
import { entryPlace, placeOf } from '../../yaml/places';
import { entryOf, textOf, type YamlNode } from '../../yaml/tree';
import { type Operation, operationsOf } from '../cors/openApi';
import { referenceOf } from '../template/functions';
import type { Reader } from '../template/reader';
import type { Resource } from '../template/resources';
import type { World } from '../template/worlds';
import { handlerResponses } from './handled';
import { type Mock, mockOfMethod, mockOfOperation } from './mocks';
import { fits, samplePath, takenBy } from './paths';
import { type FunctionHandler, lazyWorlds, type ResourceEndpoint, readerOf, respondIn, type Stack } from './resource';

/**
 * `AWS::ApiGateway::Method`: the methods of a path whose OPTIONS method is a mock with CORS headers. What the other
 * methods answer is made behind them.
 */
export function methodEndpoints(stack: Stack): ResourceEndpoint[] {
  const methods = stack.resources.filter(({ type }) => type === 'AWS::ApiGateway::Method');
  const verbOf = (one: Resource): string | undefined =>
    readerOf(stack, one).textAt(one.properties, 'HttpMethod')?.toUpperCase();
  const mocks = methods.filter(
    (one) =>
      verbOf(one) === 'OPTIONS' &&
      readerOf(stack, one).textAt(one.properties, 'Integration', 'Type')?.toUpperCase() === 'MOCK',
  );
  return mocks.flatMap((mock) => {
    const worlds = lazyWorlds(stack, mock, (own) => mockOfMethod(own, mock));
    if (saysNothing(worlds())) return [];
    const guard = guardOf(readerOf(stack, mock), mock);
    return methods.flatMap((method): ResourceEndpoint[] => {
      const verb = verbOf(method);
      if (verb === undefined || verb === 'OPTIONS' || !isSamePath(mock, method)) return [];
      const place = placeOf(entryOf(method.properties, 'HttpMethod')?.value ?? method.entry.key);
      return [
        {
          ...endpointOf(stack, method, verb, place, { mock: worlds, guard }),
          label: `${verb} (${method.id})`,
          path: '/',
          matches: () => undefined,
        },
      ];
    });
  });
}

function saysNothing(worlds: readonly World<Mock | undefined>[]): boolean {
  return worlds.every(({ value }) => value === undefined || value.headers.length === 0);
}

/** Both name the same resource of the same API, in whatever words. */
function isSamePath({ properties: a }: Resource, { properties: b }: Resource): boolean {
  return ['RestApiId', 'ResourceId'].every((key) => {
    const one = nameOf(entryOf(a, key)?.value);
    return one !== undefined && one === nameOf(entryOf(b, key)?.value);
  });
}

function nameOf(node: YamlNode | undefined): string | undefined {
  if (node === undefined) return undefined;
  const id = referenceOf(node);
  // `!GetAtt Api.RootResourceId` and `!Ref Api` are not the same.
  return id === undefined ? undefined : /RootResourceId/.test(textOf(node)) ? `${id}/` : id;
}

function guardOf(reader: Reader, { properties }: Resource): Place | undefined {
  const guard = reader.setting(properties, 'AuthorizationType');
  const type = reader.textAt(properties, 'AuthorizationType');
  return guard === undefined || type === undefined || type === 'NONE' ? undefined : entryPlace(guard.entry);
}

/** `AWS::ApiGateway::RestApi` whose OpenAPI definition stands in the template. */
export function definedEndpoints(stack: Stack): ResourceEndpoint[] {
  return stack.resources.flatMap((resource) => {
    if (resource.type !== 'AWS::ApiGateway::RestApi') return [];
    const reader = readerOf(stack, resource);
    return mockedEndpoints(stack, resource, operationsOf(reader, reader.at(resource.properties, 'Body')) ?? []);
  });
}

/**
 * The methods of each path that has a mocked OPTIONS method with CORS headers.
 * @param guard what stands before OPTIONS methods that say nothing of it themselves
 */
export function mockedEndpoints(
  stack: Stack,
  resource: Resource,
  operations: readonly Operation[],
  guard?: Place,
): ResourceEndpoint[] {
  return operations.flatMap((options) => {
    if (options.method !== 'OPTIONS') return [];
    const mock = lazyWorlds(stack, resource, (own) => mockOfOperation(own, options));
    if (saysNothing(mock())) return [];
    const others = operations.filter(({ path, method }) => path === options.path && method !== 'OPTIONS');
    return others.map((one) =>
      operationEndpoint(stack, resource, one, operations, { mock, guard: options.guard ?? guard }),
    );
  });
}

/** One method of a definition, whose path answers preflights with a mock. */
export function operationEndpoint(
  stack: Stack,
  resource: Resource,
  operation: Operation,
  all: readonly Operation[],
  options: Options,
): ResourceEndpoint {
  const { path, method, place } = operation;
  const paths = all.map((one) => one.path);
  const handler = operation.function === undefined ? undefined : stack.functions?.get(operation.function);
  return {
    ...endpointOf(stack, resource, method, place, options, handler),
    label: `${method} ${path} (${resource.id})`,
    path: samplePath(path),
    matches: (asked, verb) =>
      (method === 'ANY' || verb === method || verb === 'OPTIONS') && fits(path, asked) && !takenBy(path, paths, asked),
    requestHeaders: operation.guard === undefined ? [] : ['Authorization'],
  };
}

/** What answers OPTIONS on a path. */
export interface Options {
  readonly mock: () => readonly World<Mock | undefined>[];
  readonly guard: Place | undefined;
}

function endpointOf(
  stack: Stack,
  resource: Resource,
  verb: string,
  place: Place,
  options: Options,
  handler?: FunctionHandler,
): Omit<ResourceEndpoint, 'label' | 'path' | 'matches'> {
  return {
    kind: 'method',
    resource,
    platform: stack.platform,
    role: 'gateway',
    place,
    methods: verb === 'ANY' ? undefined : [verb],
    requestHeaders: [],
    policies: [],
    respond: (request) => (request.method === 'OPTIONS' ? preflight(options, place) : actual(place, handler, request)),
  };
}

function actual(place: Place, handler: FunctionHandler | undefined, request: Request): readonly Response[] {
  const { ending } = request;
  if (handler !== undefined && ending === 'success') {
    return handlerResponses(handler.handler(), ending, handler.handlerPlace, request);
  }
  const status = ending === 'success' ? 200 : ending;
  const answeredBy = { kind: 'upstream', what: 'the integration', place } as const;
  return [{ status, answeredBy, headers: [], open: 'what the integration answers stands elsewhere' }];
}

function preflight({ mock, guard }: Options, place: Place): readonly Response[] {
  if (guard !== undefined) {
    const answeredBy = { kind: 'authentication', what: 'the authorizer', place: guard } as const;
    return [{ status: 401, answeredBy, headers: [] }];
  }
  return respondIn(mock(), (answer): Response[] => {
    if (answer === undefined) {
      const answeredBy = { kind: 'gateway', what: 'the OPTIONS method', place } as const;
      return [{ status: undefined, answeredBy, headers: [], open: 'what the mock answers cannot be read' }];
    }
    const answeredBy = { kind: 'preflight', what: 'the OPTIONS method', place: answer.place } as const;
    return [{ status: answer.status, answeredBy, headers: answer.headers }];
  });
}
