import { beforeAll, describe, expect, test } from 'vitest';
import { memoryHost } from '../../../../../test/harness/memoryHost';
import type { Request } from '../../../cors/http';
import { serverless } from '../platform';

beforeAll(() => serverless.prepare?.());

/** Why nothing is said of an answer of the first endpoint; undefined where all of it is known. */
function open(yaml: string, method = 'OPTIONS', ending: Request['ending'] = 'success'): string | undefined {
  const handler = `exports.f = async () => ({ statusCode: 200, headers: {}, body: '' });`;
  const host = memoryHost(new Map([['h.js', handler]]));
  const [endpoint] = serverless.analyse('serverless.yml', yaml, host, {}).endpoints;
  if (endpoint === undefined) throw new Error('no endpoint');
  const origin = 'https://app.example.com';
  const request = { method, scheme: 'https', path: endpoint.path, origin, headers: new Map(), ending } as const;
  return endpoint.respond(request)[0]?.open;
}

const service = (events: string, more: string, provider = ''): string =>
  `provider:\n  name: aws\n${provider}functions:\n  my-fn:\n    handler: h.f\n${events}${more}`;
const rest = `    events:\n      - http: { path: '/notes-x/{id}', method: get, cors: true }\n`;
const guarded = `    events:\n      - http: { path: a, method: get, cors: true, private: true }\n`;
const root = `    events:\n      - http: { path: /, method: get }\n`;
const http = `    events:\n      - httpApi: GET /a\n`;
const url = `    url: { cors: true }\n`;

const extension = (id: string): string =>
  `resources:\n  extensions:\n    ${id}:\n      Properties: { AuthorizationType: NONE }\n`;
const method = (resource: string): string =>
  `resources:\n  Resources:\n    Mine:\n      Type: AWS::ApiGateway::Method\n      Properties: { HttpMethod: OPTIONS, ResourceId: ${resource} }\n`;
const gatewayResponse = (more: string): string =>
  `resources:\n  Resources:\n    Errors:\n      Type: AWS::ApiGateway::GatewayResponse\n${more}      Properties:\n        ResponseType: DEFAULT_4XX\n        ResponseParameters: { gatewayresponse.header.Access-Control-Allow-Origin: "'*'" }\n`;

describe('what changes the resources of the framework', () => {
  test.each([
    ['nothing', service(rest, ''), undefined],
    ['the method extended', service(rest, extension('ApiGatewayMethodNotesDashxIdVarOptions')), 'changes'],
    ['another method extended', service(rest, extension('ApiGatewayMethodNotesDashxIdVarPut')), undefined],
    [
      'the method merged into',
      service(rest, 'resources:\n  Resources:\n    ApiGatewayMethodNotesDashxIdVarOptions: { Properties: {} }\n'),
      'changes',
    ],
    ['the HTTP API extended', service(http, extension('HttpApi')), 'changes HttpApi'],
    ["the HTTP API's stage extended", service(http, extension('HttpApiStage')), undefined],
    ['the HTTP API made elsewhere', service(http, '', '  httpApi: { id: abc }\n'), 'made elsewhere'],
    ['settings out of reach', service(http, '', '  httpApi: ${ssm:/x}\n'), 'decided elsewhere'],
    ['the URL extended', service(url, extension('MyDashfnLambdaFunctionUrl')), 'changes'],
    ['the function extended', service(url, extension('MyDashfnLambdaFunction')), undefined],
    [
      'an OPTIONS method by hand',
      service(rest, method('!Ref ApiGatewayResourceNotesDashxIdVar')),
      'has an OPTIONS method',
    ],
    ['one for another path', service(rest, method('!Ref ApiGatewayResourceOther')), undefined],
    ['one for the root', service(root, method('!GetAtt ApiGatewayRestApi.RootResourceId')), 'has an OPTIONS method'],
    ['a plugin for CORS', service(rest, 'plugins: [serverless-cors-plugin]\n'), 'serverless-cors-plugin'],
    ['a plugin for something else', service(rest, 'plugins: [serverless-offline, ./mine]\n'), undefined],
  ])('%s', (_, yaml, reason) => {
    if (reason === undefined) expect(open(yaml)).toBeUndefined();
    else expect(open(yaml)).toContain(reason);
  });

  test.each([
    ['a gateway response', gatewayResponse(''), undefined],
    ['one under a condition', gatewayResponse('      Condition: IsProd\n'), 'under a condition'],
    ['a plugin of the workspace', `${gatewayResponse('')}plugins:\n  - ./plugins/errors\n`, './plugins/errors'],
    ['a harmless plugin', `${gatewayResponse('')}plugins: { modules: [serverless-apigw-binary] }\n`, undefined],
    ['a plugin for the gateway', `${gatewayResponse('')}plugins: [serverless-aws-gateway-responses]\n`, 'may add them'],
  ])('errors of the gateway: %s', (_, more, reason) => {
    const found = open(service(guarded, more), 'GET', 403);
    if (reason === undefined) expect(found).toBeUndefined();
    else expect(found).toContain(reason);
  });
});

describe('buckets of the provider', () => {
  const cors = `  s3:\n    uploads:\n      name: my-uploads\n      corsConfiguration:\n        CorsRules: [{ AllowedOrigins: ['https://app.example.com'], AllowedMethods: [PUT] }]\n`;
  test.each([
    ['that an event makes', '    events: [{ s3: { bucket: uploads } }]\n', ['the bucket uploads']],
    ['named by the event alone', '    events: [{ s3: uploads }]\n', ['the bucket uploads']],
    ['that exist', '    events: [{ s3: { bucket: uploads, existing: true } }]\n', []],
    ['that no event names', '', []],
  ])('%s', (_, events, labels) => {
    const yaml = service(events, '', cors);
    const { endpoints } = serverless.analyse('serverless.yml', yaml, memoryHost(new Map()), {});
    expect(endpoints.map(({ label }) => label)).toEqual(labels);
  });
});
