import type { Header } from '../../cors/http';
import type { Place } from '../../cors/place';
import { entryPlace, placeOf } from '../../yaml/places';
import { entriesOf, entryOf } from '../../yaml/tree';
import { mappedValue } from '../cors/mapping';
import { type MockedResponse, mockedResponse, type Operation } from '../cors/openApi';
import type { Reader } from '../template/reader';
import type { Resource } from '../template/resources';
import { settingValue } from '../template/values';

/** The answer that a mocked OPTIONS method gives. */
export interface Mock {
  readonly status: number;
  readonly headers: readonly Header[];
  readonly place: Place;
}

const PREFIX = 'method.response.header.';

/** The mock of an `AWS::ApiGateway::Method`; undefined where it cannot be told what it answers. */
export function mockOfMethod(reader: Reader, { properties, entry }: Resource): Mock | undefined {
  const list = reader.at(properties, 'Integration', 'IntegrationResponses');
  const responses = list?.kind === 'list' ? list.items : [];
  const [only] = responses;
  // Which of several is sent depends on the template that the mock runs.
  if (only === undefined || responses.length > 1) return undefined;
  const response = reader.read(only);
  if (response.kind !== 'node') return undefined;
  const answer = {
    status: reader.textAt(response.node, 'StatusCode'),
    parameters: reader.mapAt(response.node, 'ResponseParameters'),
  };
  return mockOf(reader, answer, placeOf(entryOf(properties, 'HttpMethod')?.value ?? entry.key));
}

/** The mock of a method of an OpenAPI definition. */
export function mockOfOperation(reader: Reader, operation: Operation): Mock | undefined {
  const response = mockedResponse(reader, operation);
  return response && mockOf(reader, response, operation.place);
}

function mockOf(reader: Reader, { status, parameters }: MockedResponse, place: Place): Mock {
  const code = Number(status ?? 200);
  const headers = parameters === undefined ? [] : [...entriesOf(parameters)];
  return {
    status: Number.isInteger(code) ? code : 200,
    place,
    headers: headers.flatMap(([key, one]): Header[] => {
      const setting = reader.setting(parameters, key);
      if (setting === undefined || !key.toLowerCase().startsWith(PREFIX)) return [];
      const value = settingValue(setting, (node) => mappedValue(String(node.value ?? ''), node));
      return [{ name: key.slice(PREFIX.length), value, place: entryPlace(one), layer: 'the OPTIONS method' }];
    }),
  };
}
