import type { Header, Response } from '../../cors/http';
import type { Place } from '../../cors/place';
import { entryPlace, placeOf } from '../../yaml/places';
import { entriesOf, entryOf, textOf, type YamlNode } from '../../yaml/tree';
import { mappedValue } from '../cors/mapping';
import { referenceOf } from '../template/functions';
import type { Reader } from '../template/reader';
import type { Resource } from '../template/resources';
import { settingValue } from '../template/values';
import { undecided } from '../template/worlds';
import { lazyWorlds, type ResourceEndpoint, respondIn, type Stack } from './resource';

/** The answer that a mocked OPTIONS method gives. */
interface Mock {
  readonly status: number;
  readonly headers: readonly Header[];
  readonly place: Place;
}

const PREFIX = 'method.response.header.';

/**
 * `AWS::ApiGateway::Method`: the methods of a path whose OPTIONS method is a mock with CORS headers. What the other
 * methods answer is made behind them.
 */
export function methodEndpoints(stack: Stack): ResourceEndpoint[] {
  const reader = stack.reader(undecided);
  const methods = stack.resources.filter(({ type }) => type === 'AWS::ApiGateway::Method');
  const mocks = methods.filter(
    ({ properties }) =>
      reader.textAt(properties, 'HttpMethod')?.toUpperCase() === 'OPTIONS' &&
      reader.textAt(properties, 'Integration', 'Type')?.toUpperCase() === 'MOCK',
  );
  return mocks.flatMap((mock) => {
    const worlds = lazyWorlds(stack, (own) => readMock(own, mock));
    if (worlds().every(({ value }) => value === undefined || value.headers.length === 0)) return [];
    return methods.flatMap((method): ResourceEndpoint[] => {
      const verb = reader.textAt(method.properties, 'HttpMethod')?.toUpperCase();
      if (verb === undefined || verb === 'OPTIONS' || !isSamePath(mock, method)) return [];
      return [endpointOf(stack, reader, mock, method, verb, worlds)];
    });
  });
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

function readMock(reader: Reader, { properties, entry }: Resource): Mock | undefined {
  const list = reader.at(properties, 'Integration', 'IntegrationResponses');
  const responses = list?.kind === 'list' ? list.items : [];
  const [only] = responses;
  // Which of several is sent depends on the template that the mock runs.
  if (only === undefined || responses.length > 1) return undefined;
  const response = reader.read(only);
  if (response.kind !== 'node') return undefined;
  const status = Number(reader.textAt(response.node, 'StatusCode') ?? 200);
  const parameters = reader.mapAt(response.node, 'ResponseParameters');
  const headers = parameters === undefined ? [] : [...entriesOf(parameters)];
  return {
    status: Number.isInteger(status) ? status : 200,
    place: placeOf(entryOf(properties, 'HttpMethod')?.value ?? entry.key),
    headers: headers.flatMap(([key, one]): Header[] => {
      const setting = reader.setting(parameters, key);
      if (setting === undefined || !key.toLowerCase().startsWith(PREFIX)) return [];
      const value = settingValue(setting, (node) => mappedValue(String(node.value ?? ''), node));
      return [{ name: key.slice(PREFIX.length), value, place: entryPlace(one), layer: 'the OPTIONS method' }];
    }),
  };
}

function endpointOf(
  stack: Stack,
  reader: Reader,
  mock: Resource,
  method: Resource,
  verb: string,
  worlds: ReturnType<typeof lazyWorlds<Mock | undefined>>,
): ResourceEndpoint {
  const verbEntry = entryOf(method.properties, 'HttpMethod');
  const place = placeOf(verbEntry?.value ?? method.entry.key);
  const guard = reader.setting(mock.properties, 'AuthorizationType');
  const isGuarded = !['NONE', undefined].includes(reader.textAt(mock.properties, 'AuthorizationType'));
  return {
    kind: 'method',
    resource: method,
    platform: stack.platform,
    label: `${verb} (${method.id})`,
    place,
    path: '/',
    matches: () => undefined,
    methods: verb === 'ANY' ? undefined : [verb],
    requestHeaders: [],
    policies: [],
    respond: (request) => {
      const { ending } = request;
      if (request.method !== 'OPTIONS') {
        const status = ending === 'success' ? 200 : ending;
        const answeredBy = { kind: 'upstream', what: 'the integration', place } as const;
        return [{ status, answeredBy, headers: [], open: 'what the integration answers stands elsewhere' }];
      }
      if (isGuarded && guard !== undefined) {
        const answeredBy = { kind: 'authentication', what: 'the authorizer', place: entryPlace(guard.entry) } as const;
        return [{ status: 401, answeredBy, headers: [] }];
      }
      return respondIn(worlds(), (answer): Response[] => {
        if (answer === undefined) {
          const answeredBy = { kind: 'gateway', what: 'the OPTIONS method', place } as const;
          return [{ status: undefined, answeredBy, headers: [], open: 'what the mock answers cannot be read' }];
        }
        const answeredBy = { kind: 'preflight', what: 'the OPTIONS method', place: answer.place } as const;
        return [{ status: answer.status, answeredBy, headers: answer.headers }];
      });
    },
  };
}
