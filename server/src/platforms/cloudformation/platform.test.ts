import { beforeAll, describe, expect, it, test } from 'vitest';
import { memoryHost } from '../../../../test/harness/memoryHost';
import { openBrowser } from '../../cors/browser';
import { claims } from './claims';
import { cloudformation } from './platform';

beforeAll(() => cloudformation.prepare?.());

/** What SAM's own translator (1.100 and later) makes of the OPTIONS method of `/x` for these settings of an API. */
const TRANSLATED = [
  ['DefaultAuthorizer: AWS_IAM', 'get', 'guarded', 'GET,OPTIONS'],
  ['DefaultAuthorizer: Pool', 'get', 'guarded', 'GET,OPTIONS'],
  ['DefaultAuthorizer: Pool, AddDefaultAuthorizerToCorsPreflight: false', 'get', 'open', 'GET,OPTIONS'],
  ['ApiKeyRequired: true', 'get', 'guarded', 'GET,OPTIONS'],
  [
    'ApiKeyRequired: true, AddApiKeyRequiredToCorsPreflight: false',
    'any',
    'open',
    'DELETE,GET,HEAD,OPTIONS,PATCH,POST,PUT',
  ],
  ['Authorizers: {}', 'any', 'open', 'DELETE,GET,HEAD,OPTIONS,PATCH,POST,PUT'],
] as const;

describe('the preflight of a SAM API is that of the translator', () => {
  test.each(TRANSLATED)('%s, %s', (auth, method, guard, methods) => {
    const text = `Transform: AWS::Serverless-2016-10-31
Resources:
  Api:
    Type: AWS::Serverless::Api
    Properties: { StageName: live, Cors: "'*'", Auth: { ${auth} } }
  Function:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: nodejs20.x
      Handler: a.b
      Events:
        Http: { Type: Api, Properties: { RestApiId: !Ref Api, Path: /x, Method: ${method} } }
`;
    const host = memoryHost(new Map([['template.yaml', text]]));
    const { endpoints } = cloudformation.analyse('template.yaml', text, host, {});
    const [endpoint] = endpoints;
    if (endpoint === undefined) throw new Error('no endpoint');
    const headers = new Map([['access-control-request-method', 'PUT']]);
    const request = { method: 'OPTIONS', scheme: 'https', path: '/x', origin: 'https://a.example', headers } as const;
    const [response] = openBrowser(endpoint).send({ ...request, ending: 'success' });
    expect(response?.source.answeredBy.kind).toBe(guard === 'guarded' ? 'authentication' : 'preflight');
    const sent = response?.headers.find(({ name }) => name === 'Access-Control-Allow-Methods')?.text;
    expect(sent).toBe(guard === 'guarded' ? undefined : methods);
  });
});

describe('claims', () => {
  it.each([
    ['template.yaml', 'Resources:\n  A:\n    Type: AWS::S3::Bucket\n', true],
    ['stack.json', '{ "Resources": { "A": { "Type": "AWS::S3::Bucket" } } }', true],
    ['stack.template', 'Resources:\n  A:\n    Type: "AWS::S3::Bucket"\n', true],
    ['serverless.yml', 'resources:\n  Resources:\n    A:\n      Type: AWS::S3::Bucket\n', false],
    ['k8s.yaml', 'kind: Pod\n', false],
    ['package.json', '{ "name": "Resources AWS::" }', false],
    ['a.md', 'Resources:\n  Type: AWS::S3::Bucket\n', false],
  ])('%s', (file, text, expected) => {
    expect(claims(file, text)).toBe(expected);
  });
});
