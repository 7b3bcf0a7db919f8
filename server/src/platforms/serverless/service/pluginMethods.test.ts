import { beforeAll, describe, expect, test } from 'vitest';
import { memoryHost } from '../../../../../test/harness/memoryHost';
import type { Request } from '../../../cors/http';
import { serverless } from '../platform';
import { pluginMethods } from './pluginMethods';

beforeAll(() => serverless.prepare?.());

const ORIGIN = 'https://app.example.com';

const YAML = `provider: { name: aws }
plugins: [serverless-step-functions, serverless-apigateway-service-proxy]
custom:
  machines: { path: /file/, method: put, cors: { origin: '${ORIGIN}' } }
  apiGatewayServiceProxies:
    - sqs: { path: /queue, method: post, queueName: q, cors: true }
    - s3: { path: /plain, method: get, bucket: b, key: k, action: GetObject }
stepFunctions:
  stateMachines:
    order:
      events:
        - http: { path: order, method: post, cors: true }
        - http: POST bare
        - http: \${self:custom.machines}
        - http: { path: off, method: get, cors: false }
        - http: { path: '\${ssm:/path}', method: get }
        - schedule: rate(1 day)
functions:
`;

test('the methods that plugins make', () => {
  const { service } = serverless.analyse('serverless.yml', YAML, memoryHost(new Map()), {});
  if (service === undefined) throw new Error('no service');
  const made = pluginMethods(service.root, service.resolver);
  expect(made.map(({ path, method, cors }) => [path, method, cors !== undefined])).toEqual([
    ['order', 'POST', true],
    ['bare', 'POST', false],
    ['file', 'PUT', true],
    ['off', 'GET', false],
    [undefined, 'GET', false],
    ['queue', 'POST', true],
    ['plain', 'GET', false],
  ]);
});

/**
 * As serverless 3.40 packages it with serverless-step-functions 3.28 and serverless-apigateway-service-proxy 2.2: where
 * a path of theirs is an event's too, their OPTIONS method takes the place of the framework's, headers and all.
 */
describe('a path that a plugin has too', () => {
  const sharing = YAML.split('\n')
    .filter((line) => !line.includes('ssm'))
    .join('\n');
  test.each([
    ['order', true],
    ['queue', true],
    ['file', true],
    ['bare', false],
    ['plain', false],
    ['off', false],
    ['own', false],
  ])('%s: %s', (path, isOpen) => {
    const yaml = `${sharing}  f:\n    handler: h.f\n    events:\n      - http: { path: ${path}, method: get, cors: true }\n`;
    const [endpoint] = serverless.analyse('serverless.yml', yaml, memoryHost(new Map()), {}).endpoints;
    if (endpoint === undefined) throw new Error('no endpoint');
    const request: Request = {
      method: 'OPTIONS',
      scheme: 'https',
      path: endpoint.path,
      origin: ORIGIN,
      headers: new Map(),
      ending: 'success',
    };
    expect(endpoint.respond(request).every(({ open }) => open !== undefined)).toBe(isOpen);
  });

  test('one whose path is not known may be any', () => {
    const yaml = `${YAML.replace('method: get }\n        - sched', 'method: get, cors: true }\n        - sched')}  f:\n    handler: h.f\n    events:\n      - http: { path: own, method: get }\n`;
    const [endpoint] = serverless.analyse('serverless.yml', yaml, memoryHost(new Map()), {}).endpoints;
    const request = { method: 'OPTIONS', scheme: 'https', path: '/own', origin: ORIGIN } as const;
    const answers = endpoint?.respond({ ...request, headers: new Map(), ending: 'success' }) ?? [];
    expect(answers.map(({ open }) => open)).toEqual(['the plugin serverless-step-functions makes its OPTIONS method']);
  });
});
