import type { Place } from '../../cors/place';
import { entryPlace, placeOf } from '../../yaml/places';
import { deref, entriesOf, entryOf, type YamlMap, type YamlNode } from '../../yaml/tree';
import { intrinsicOf } from '../template/functions';
import type { Reader } from '../template/reader';

/** A method of a path of an OpenAPI definition that stands in the template, with AWS's extensions. */
export interface Operation {
  readonly path: string;
  /** In upper case, `ANY` among them. */
  readonly method: string;
  readonly node: YamlMap;
  /** The method's key. */
  readonly place: Place;
  /** What a request has to bring, where it has to bring something. */
  readonly guard: Place | undefined;
  /** The logical id of the function that makes the response as a whole. */
  readonly function: string | undefined;
}

const INTEGRATION = 'x-amazon-apigateway-integration';
const METHODS = ['get', 'head', 'post', 'put', 'patch', 'delete', 'options'];

/**
 * The methods of a definition; undefined where it stands elsewhere (`AWS::Include`) or cannot be read whole.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions.html
 */
export function operationsOf(reader: Reader, definition: YamlNode | undefined): readonly Operation[] | undefined {
  const paths = reader.mapAt(definition, 'paths');
  if (paths === undefined) return undefined;
  const found: Operation[] = [];
  for (const [path, entry] of entriesOf(paths)) {
    const methods = reader.read(entry.value);
    if (methods.kind !== 'node' || methods.node.kind !== 'map' || !path.startsWith('/')) return undefined;
    for (const [key, one] of entriesOf(methods.node)) {
      const isAny = key === 'x-amazon-apigateway-any-method';
      if (!isAny && !METHODS.includes(key.toLowerCase())) continue;
      const operation = reader.read(one.value);
      if (operation.kind !== 'node' || operation.node.kind !== 'map') return undefined;
      const { node } = operation;
      found.push({
        path,
        method: isAny ? 'ANY' : key.toUpperCase(),
        node,
        place: placeOf(one.key),
        guard: guardOf(reader, node),
        function: functionOf(reader, node),
      });
    }
  }
  return found;
}

/** `security` of the method itself: API Gateway does not read that of the whole definition. */
function guardOf(reader: Reader, operation: YamlMap): Place | undefined {
  const list = reader.at(operation, 'security');
  const entry = entryOf(operation, 'security');
  return entry !== undefined && list?.kind === 'list' && list.items.length > 0 ? entryPlace(entry) : undefined;
}

/** The address of a proxy integration is made of its function's: `…/functions/${Hello.Arn}/invocations`. */
function functionOf(reader: Reader, operation: YamlMap): string | undefined {
  const integration = reader.mapAt(operation, INTEGRATION);
  if (reader.textAt(integration, 'type')?.toLowerCase() !== 'aws_proxy') return undefined;
  const call = intrinsicOf(entryOf(integration, 'uri')?.value);
  const [first] = call?.argument.kind === 'list' ? call.argument.items : [call?.argument];
  const text = call?.name === 'Sub' ? deref(first) : undefined;
  return text?.kind === 'scalar' ? /\$\{(\w+)\.Arn\}/.exec(String(text.value))?.[1] : undefined;
}

/** The one response of a mock; undefined for another kind of integration, or where a template chooses among several. */
export function mockedResponse(reader: Reader, { node }: Operation): MockedResponse | undefined {
  const integration = reader.mapAt(node, INTEGRATION);
  if (reader.textAt(integration, 'type')?.toLowerCase() !== 'mock') return undefined;
  const responses = reader.mapAt(integration, 'responses');
  const [only, ...others] = responses === undefined ? [] : [...entriesOf(responses).values()];
  const response = only && others.length === 0 ? reader.read(only.value) : undefined;
  if (response?.kind !== 'node' || response.node.kind !== 'map') return undefined;
  return {
    status: reader.textAt(response.node, 'statusCode'),
    parameters: reader.mapAt(response.node, 'responseParameters'),
  };
}

export interface MockedResponse {
  readonly status: string | undefined;
  /** `method.response.header.…` with their values. */
  readonly parameters: YamlMap | undefined;
}

/** The CORS configuration that an HTTP API's definition has. */
export const HTTP_CORS_EXTENSION = 'x-amazon-apigateway-cors';
