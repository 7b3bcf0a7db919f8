import { beforeAll, describe, expect, test } from 'vitest';
import type { Response } from '../../server/src/cors/http';
import type { ServerlessAnalysis } from '../../server/src/platforms/serverless/analysis';
import type { ServerlessEndpoint } from '../../server/src/platforms/serverless/endpoints/endpoint';
import { serverless } from '../../server/src/platforms/serverless/platform';
import { memoryHost } from '../harness/memoryHost';
import { caseFiles, logicalPath, packagedCases, predict, request } from '../harness/serverlessFacts';

/**
 * The prediction against the CloudFormation that serverless 3.40 and osls 4.3 made of 149 files: the preflight
 * method of every REST path, the responses of methods without proxy integration, the CORS configuration of the HTTP
 * API and of function URLs.
 */
const cases = packagedCases();

beforeAll(() => serverless.prepare?.());

function analyse(yaml: string): ServerlessAnalysis {
  return serverless.analyse('serverless.yml', yaml, memoryHost(new Map([['serverless.yml', yaml], ...caseFiles])), {});
}

interface IntegrationResponse {
  readonly s: string;
  readonly p: Readonly<Record<string, string>>;
  readonly t?: string;
}
interface Method {
  readonly m: string;
  readonly type: string;
  readonly auth: string;
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

/** Checks one endpoint against the resources; returns what of it was compared. */
function compare(endpoint: ServerlessEndpoint, resources: Readonly<Record<string, unknown>>): number {
  switch (endpoint.kind) {
    case 'rest': {
      const { path = '', method = '' } = endpoint.event;
      const options = resources[`ApiGatewayMethod${logicalPath(path)}Options`] as Method | undefined;
      const preflight = endpoint.respond(request(endpoint, 'OPTIONS'));
      let compared = 0;
      if (options?.type === 'MOCK') {
        const [expected] = options.ir;
        const { headers, origins, unknown } = predict(only(preflight).headers);
        if (expected === undefined || unknown.length > 0) return 0;
        expect(only(preflight)).toMatchObject({ status: 200, answeredBy: { kind: 'preflight' } });
        expect(headers).toEqual(headersOf(expected));
        expect(origins).toEqual(matched(expected.t ?? ''));
        compared += 1;
      } else if (options === undefined && resources[`ApiGatewayMethod${logicalPath(path)}Any`] === undefined) {
        expect(only(preflight)).toMatchObject({ status: 403, answeredBy: { kind: 'not-found' } });
        compared += 1;
      } else {
        const guarded = ((options ?? resources[`ApiGatewayMethod${logicalPath(path)}Any`]) as Method).auth !== 'NONE';
        expect(only(preflight).answeredBy.kind).toBe(guarded ? 'authentication' : 'handler');
        compared += 1;
      }
      const own = resources[`ApiGatewayMethod${logicalPath(path)}${logicalPath(method.toLowerCase())}`] as
        | Method
        | undefined;
      const [first] = own?.type === 'AWS' ? own.ir : [];
      if (first !== undefined) {
        const actual = predict(only(endpoint.respond(request(endpoint, method))).headers);
        expect(actual.headers).toEqual(headersOf(first));
        compared += 1;
      }
      return compared;
    }
    case 'http-api':
      return compareGateway(endpoint, resources['HttpApi'] as CorsConfiguration | 'no-cors', 204);
    case 'url': {
      const resource = Object.entries(resources).find(([id]) => id.endsWith('LambdaFunctionUrl'))?.[1];
      return compareGateway(endpoint, (resource as { Cors?: CorsConfiguration } | undefined)?.Cors ?? 'no-cors', 200);
    }
  }
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
  // Globs that AWS does not document are not known to match anything.
  expect(origins).toEqual(patterns.map((pattern) => (/^https?:\/\/\*.+/.test(pattern) ? '?' : pattern)));
  expect(predict(actual.headers).headers['Access-Control-Expose-Headers']).toBe(cors.ExposeHeaders?.join(','));
  return 1;
}

describe.each([['serverless'], ['osls']] as const)('what %s packaged', (version) => {
  let compared = 0;
  let abstained = 0;
  const packaged = cases.filter((one) => one[version].resources !== null);

  test.each(packaged.map((one) => [one.id, one] as const))('%s', (_, one) => {
    const { resources } = one[version];
    if (resources === null) return;
    const { endpoints } = analyse(one.yaml);
    for (const endpoint of endpoints) {
      const count = compare(endpoint, resources);
      compared += count;
      if (count === 0) abstained += 1;
    }
  });

  test('little is left unknown', () => {
    console.info(
      `${version}: ${packaged.length} files packaged, ${compared} comparisons, ${abstained} endpoints unknown`,
    );
    expect(compared).toBeGreaterThan(version === 'osls' ? 90 : 110);
    expect(abstained / (compared + abstained)).toBeLessThan(0.05);
  });
});
