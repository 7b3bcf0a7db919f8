import { expect } from 'vitest';
import type { Response } from '../../server/src/cors/http';
import type { ServerlessEndpoint } from '../../server/src/platforms/serverless/endpoints/endpoint';
import { methodId } from '../../server/src/platforms/serverless/service/logicalIds';
import { logicalPath, predict, request } from './serverlessFacts';

/** The resources of a packaged service that carry CORS, by logical id, as far as {@link compareEndpoint} looks. */
export type PackagedResources = Readonly<Record<string, unknown>>;

interface IntegrationResponse {
  readonly s: string;
  readonly p: Readonly<Record<string, string>>;
  readonly t?: string;
}
interface Method {
  readonly m: string;
  readonly type: string;
  readonly auth: string;
  /** Whether the method asks for an API key; not recorded in the facts. */
  readonly key?: boolean;
  readonly ir: readonly IntegrationResponse[];
}
interface CorsConfiguration {
  readonly AllowCredentials?: boolean;
  readonly AllowHeaders?: readonly string[];
  readonly AllowMethods?: readonly string[];
  readonly AllowOrigins?: readonly (string | object)[];
  readonly ExposeHeaders?: readonly string[];
  readonly MaxAge?: number;
}

/** `method.response.header.X: "'v'"` as `X: v`; `true` without quotes is CloudFormation's own. */
function headersOf(response: IntegrationResponse): Record<string, string> {
  return Object.fromEntries(
    Object.entries(response.p).map(([name, value]) => [
      name.replace('method.response.header.', ''),
      value.replace(/^'([\s\S]*)'$/, '$1'),
    ]),
  );
}

function matched(template: string): string[] {
  return [...template.matchAll(/\.matches\("(.*?)"\)(?= \|\||\) )/g)].map(([, pattern]) => pattern ?? '');
}

function only(responses: readonly Response[]): Response {
  expect(responses).toHaveLength(1);
  const [response] = responses;
  if (response === undefined) throw new Error('no response');
  return response;
}

/** Holds one endpoint's prediction to the packaged resources; returns how many things were compared. */
export function compareEndpoint(endpoint: ServerlessEndpoint, resources: Readonly<Record<string, unknown>>): number {
  switch (endpoint.kind) {
    case 'rest':
      return compareRest(endpoint, resources);
    case 'http-api':
      return compareGateway(endpoint, resources['HttpApi'] as CorsConfiguration | 'no-cors', 204);
    case 'url': {
      const { name } = endpoint.url.fn;
      const resource = resources[`${name.charAt(0).toUpperCase()}${name.slice(1)}LambdaFunctionUrl`];
      return compareGateway(endpoint, (resource as { Cors?: CorsConfiguration } | undefined)?.Cors ?? 'no-cors', 200);
    }
  }
}

function compareRest(
  endpoint: Extract<ServerlessEndpoint, { kind: 'rest' }>,
  resources: Readonly<Record<string, unknown>>,
): number {
  const { path = '', method = '' } = endpoint.event;
  const of = (verb: string): Method | undefined =>
    resources[`ApiGatewayMethod${logicalPath(path)}${logicalPath(verb.toLowerCase())}`] as Method | undefined;
  const own = of(method);
  expect(Object.keys(resources)).toContain(methodId(path, method));
  return (
    comparePreflight(endpoint, of('options'), of('any')) +
    (own === undefined || own.type === 'AWS_PROXY' ? 0 : compareMapped(endpoint, method, own))
  );
}

function comparePreflight(
  endpoint: Extract<ServerlessEndpoint, { kind: 'rest' }>,
  options: Method | undefined,
  any: Method | undefined,
): number {
  const preflight = endpoint.respond(request(endpoint, 'OPTIONS'));
  if (options !== undefined && endpoint.optionsEvent === undefined) {
    const [expected] = options.ir;
    const { headers, origins, unknown } = predict(only(preflight).headers);
    // An origin that variables choose is one of several that the list may hold.
    if (expected === undefined || unknown.length > 0 || origins.includes('?')) return 0;
    expect(only(preflight)).toMatchObject({ status: 200, answeredBy: { kind: 'preflight' } });
    expect(headers).toEqual(headersOf(expected));
    expect(origins).toEqual(matched(expected.t ?? ''));
    return 1;
  }
  const taker = options ?? any;
  if (taker === undefined) {
    expect(only(preflight)).toMatchObject({ status: 403, answeredBy: { kind: 'not-found' } });
  } else if (taker.auth !== 'NONE' || taker.key === true) {
    expect(only(preflight).answeredBy.kind).toBe('authentication');
  } else if (taker.type !== 'AWS_PROXY' && taker.ir.length > 0) {
    // Version 3 mixes an event's own method with the one of `cors`; osls does not.
    if (only(preflight).open !== undefined) return 0;
    return compareMapped(endpoint, 'OPTIONS', taker);
  } else {
    expect(only(preflight).answeredBy.kind).toBe(taker.type === 'AWS_PROXY' ? 'handler' : 'upstream');
  }
  return 1;
}

/** The responses that the gateway makes itself: every status with its headers. */
function compareMapped(endpoint: ServerlessEndpoint, verb: string, method: Method): number {
  let compared = 0;
  for (const response of method.ir) {
    // A guard answers these before the integration does; who lacks an API key is told 403.
    if (method.auth !== 'NONE' && ['401', '403'].includes(response.s)) continue;
    if (method.key === true && response.s === '403') continue;
    const ending = response.s === '200' ? 'success' : Number(response.s);
    const actual = only(endpoint.respond({ ...request(endpoint, verb), ending }));
    const { headers, unknown } = predict(actual.headers);
    if (unknown.length > 0) return compared;
    expect({ status: actual.status, headers }).toEqual({ status: Number(response.s), headers: headersOf(response) });
    compared += 1;
  }
  return compared;
}

function compareGateway(endpoint: ServerlessEndpoint, cors: CorsConfiguration | 'no-cors', status: number): number {
  const response = only(endpoint.respond(request(endpoint, 'OPTIONS')));
  if (cors === 'no-cors') {
    expect(response.headers).toEqual([]);
    return 1;
  }
  if (response.answeredBy.kind === 'preflight') expect(response.status).toBe(status);
  if (response.answeredBy.kind === 'authentication') return 1;
  const actual = only(endpoint.respond(request(endpoint, 'GET')));
  const { headers, origins, unknown } = predict(response.headers);
  if (unknown.length > 0 || response.headers.length === 0) return 0;
  const expected: Record<string, string> = {};
  const put = (name: string, value: readonly unknown[] | undefined): void => {
    if (value !== undefined && value.length > 0) expected[name] = value.join(',');
  };
  const star = cors.AllowOrigins?.includes('*') === true;
  if (cors.AllowOrigins !== undefined && cors.AllowOrigins.length > 0) {
    expected['Access-Control-Allow-Origin'] = star ? '*' : '<origin>';
  }
  if (cors.AllowCredentials === true) expected['Access-Control-Allow-Credentials'] = 'true';
  put('Access-Control-Allow-Methods', cors.AllowMethods);
  put('Access-Control-Allow-Headers', cors.AllowHeaders);
  if (cors.MaxAge !== undefined) expected['Access-Control-Max-Age'] = String(cors.MaxAge);
  expect(headers).toEqual(expected);
  const patterns = star
    ? []
    : (cors.AllowOrigins ?? []).map((origin) => (typeof origin === 'string' ? origin.replace(/\./g, '[.]') : '?'));
  // Globs that AWS does not document are not known to match anything, and what a variable chooses is one of several.
  const wanted = new Set(patterns.map((pattern) => (/^https?:\/\/\*.+/.test(pattern) ? '?' : pattern)));
  const known = origins.filter((origin) => origin !== '?');
  if (origins.includes('?')) expect([...wanted]).toEqual(expect.arrayContaining(known));
  else expect(origins).toEqual([...wanted]);
  expect(predict(actual.headers).headers['Access-Control-Expose-Headers']).toBe(cors.ExposeHeaders?.join(','));
  return 1;
}

interface RawMethod {
  readonly HttpMethod: string;
  readonly AuthorizationType?: string;
  readonly ApiKeyRequired?: boolean;
  readonly Integration: {
    readonly Type: string;
    readonly IntegrationResponses?: readonly {
      readonly StatusCode: string | number;
      readonly ResponseParameters?: Readonly<Record<string, string>>;
      readonly ResponseTemplates?: Readonly<Record<string, string>>;
    }[];
  };
}

/** CloudFormation's resources in the form of the recorded facts. */
export function summarise(
  resources: Readonly<Record<string, { readonly Type: string; readonly Properties: object }>>,
): PackagedResources {
  const entries = Object.entries(resources).flatMap(([id, { Type, Properties }]): [string, unknown][] => {
    switch (Type) {
      case 'AWS::ApiGateway::Method': {
        const { HttpMethod, AuthorizationType = 'NONE', ApiKeyRequired, Integration } = Properties as RawMethod;
        const ir = (Integration.IntegrationResponses ?? []).map((one) => ({
          s: String(one.StatusCode),
          p: one.ResponseParameters ?? {},
          t: one.ResponseTemplates?.['application/json'] ?? '',
        }));
        return [
          [id, { m: HttpMethod, auth: AuthorizationType, key: ApiKeyRequired === true, type: Integration.Type, ir }],
        ];
      }
      case 'AWS::ApiGatewayV2::Api':
        return [['HttpApi', (Properties as { CorsConfiguration?: object }).CorsConfiguration ?? 'no-cors']];
      case 'AWS::Lambda::Url':
        return [[id, Properties]];
      default:
        return [];
    }
  });
  return Object.fromEntries(entries);
}
