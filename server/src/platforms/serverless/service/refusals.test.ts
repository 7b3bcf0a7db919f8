import { beforeAll, describe, expect, test } from 'vitest';
import { memoryHost } from '../../../../../test/harness/memoryHost';
import type { ServerlessAnalysis } from '../analysis';
import { serverless } from '../platform';
import { externalCors, schemaMode } from './refusals';

beforeAll(() => serverless.prepare?.());

function analyse(yaml: string): ServerlessAnalysis {
  return serverless.analyse('serverless.yml', yaml, memoryHost(new Map()), {});
}

/** Each was packaged by serverless 3.40 and osls 4.3: they stop with EXTERNAL_HTTP_API_CORS_CONFIG, or do not. */
describe('`cors` beside `id` of an HTTP API', () => {
  const event = '    events:\n      - httpApi: GET /a\n';
  test.each([
    ['id: a1\n    cors: true', event, true],
    ['id: a1\n    cors: {}', event, true],
    ['id: a1\n    cors:\n      allowedOrigins: [https://app.example.com]', event, true],
    ['id: a1\n    cors: true', '', true],
    ['id: a1\n    cors: true', '    events:\n      - http: { path: a, method: get }\n', true],
    ['id: !ImportValue api\n    cors: true', event, true],
    ['id:\n      Fn::ImportValue: api\n    cors: true', event, true],
    ['id: 5\n    cors: true', event, true],
    ['id: a1\n    cors: false', event, false],
    ["id: a1\n    cors: 'false'", event, false],
    ['id: a1\n    cors: 0', event, false],
    ['id: a1\n    cors: null', event, false],
    ["id: ''\n    cors: true", event, false],
    ['id: null\n    cors: true', event, false],
    ['id: a1', event, false],
    // What it comes to is set outside.
    ["id: ${param:api, ''}\n    cors: true", event, false],
    ['id: ${ssm:/api}\n    cors: true', event, false],
  ])('%j with %j: %s', (settings, events, stops) => {
    const { service, httpApi } = analyse(
      `provider:\n  name: aws\n  httpApi:\n    ${settings}\nfunctions:\n  list:\n    handler: h.f\n${events}`,
    );
    expect(service && httpApi && externalCors(service, httpApi) !== undefined).toBe(stops);
  });
});

describe('what the schema does', () => {
  test.each([
    ['', 'differs'],
    ['configValidationMode: error', 'stops'],
    ['configValidationMode: warn', 'warns'],
    ["configValidationMode: 'off'", 'warns'],
    ['configValidationMode: ${env:MODE}', 'warns'],
    ["frameworkVersion: '3'", 'warns'],
    ['frameworkVersion: ^3.38.0', 'warns'],
    ['frameworkVersion: ~2.72.x', 'warns'],
    ['frameworkVersion: ^3 || ^4', 'differs'],
    ["frameworkVersion: '>=2.0.0'", 'differs'],
    ["frameworkVersion: '4'", 'differs'],
    ["frameworkVersion: '30'", 'differs'],
  ])('%j: %s', (line, mode) => {
    const { service } = analyse(`service: s\n${line}\nprovider:\n  name: aws\n`);
    expect(service && schemaMode(service)).toBe(mode);
  });
});
