import { beforeAll, expect, test } from 'vitest';
import { memoryHost } from '../../../../../../test/harness/memoryHost';
import { lint } from '../../../../lint/engine';
import { DEFAULT_SETTINGS } from '../../../../lint/settings';
import { serverless } from '../../platform';

beforeAll(() => serverless.prepare?.());

const event = (path: string, guard: string): string =>
  `      - http: { path: ${path}, method: get, cors: true, ${guard} }\n`;
const response = (type: string): string =>
  `    ${type.replace('_', '')}:\n      Type: AWS::ApiGateway::GatewayResponse\n      Properties:\n        ResponseType: ${type}\n        ResponseParameters: { gatewayresponse.header.Access-Control-Allow-Origin: "'*'" }\n`;

/** The severity and the first words of what is told of a service with these events and gateway responses. */
function told(events: string, ...types: readonly string[]): string[] {
  const yaml = `provider:\n  name: aws\nfunctions:\n  f:\n    handler: h.f\n    events:\n${events}resources:\n  Resources:\n    T: { Type: AWS::SNS::Topic }\n${types.map(response).join('')}`;
  const { findings } = lint({
    platform: serverless,
    file: 'serverless.yml',
    text: yaml,
    host: memoryHost(new Map()),
    settings: DEFAULT_SETTINGS,
    rules: [],
  });
  return findings.map(({ severity, message }) => `${severity}: ${message.split(/ without|:/)[0]}`);
}

const authorized = event('a', 'authorizer: auth');
const keyed = event('b', 'private: true');

test.each<[title: string, events: string, types: string[], found: string[]]>([
  ['nothing has it', authorized, [], ['warning: The authorizer refuses requests']],
  [
    'denials lack it',
    authorized,
    ['UNAUTHORIZED', 'EXPIRED_TOKEN'],
    ['info: The authorizer refuses requests with ACCESS_DENIED too, and that goes out'],
  ],
  [
    'missing tokens lack it',
    authorized,
    ['ACCESS_DENIED'],
    ['warning: The authorizer refuses requests with UNAUTHORIZED too, and that goes out'],
  ],
  ['both have it', authorized, ['UNAUTHORIZED', 'ACCESS_DENIED'], []],
  ['the default has it', authorized, ['DEFAULT_4XX'], []],
  ['a key is another matter', authorized + keyed, ['UNAUTHORIZED'], ['warning: The API key check refuses requests']],
  ['a key alone', keyed, ['INVALID_API_KEY'], []],
])('%s', (_, events, types, found) => {
  expect(told(events, ...types)).toEqual(found);
});
