import { afterEach, describe, expect, it } from 'vitest';
import { rules } from '../../server/src/lint/registry';
import { cloudformation } from '../../server/src/platforms/cloudformation/platform';
import { serverless } from '../../server/src/platforms/serverless/platform';
import { type TestClient, type TestFolder, testFolder } from './client';
import { startInProcess } from './inProcess';
import { PROFILES, type Profile } from './profiles';

const CORS = `# shared
httpApi:
  allowedOrigins: '*' # everyone
  allowCredentials: true # cookies
`;
const FUNCTIONS = `legacy:
  handler: src/legacy.get
  events:
    - http:
        path: legacy
        method: get
        cors:
          origins: https://app.example.com
          allowCredential: true # cookies
`;
const GATEWAY = `Resources:
  Refused:
    Type: AWS::ApiGateway::GatewayResponse
    Properties:
      RestApiId: !Ref ApiGatewayRestApi
      ResponseType: DEFAULT_4XX
      ResponseParameters:
        gatewayresponse.header.Access-Control-Allow-Origin: "*"
`;
const SERVICE = `service: shop
frameworkVersion: '3'
provider:
  name: aws
  runtime: nodejs20.x
  httpApi:
    cors: \${file(config/cors.yml):httpApi}
functions:
  - list:
      handler: src/list.get
      events:
        - httpApi: GET /items
  - \${file(functions/legacy.yml)}
resources:
  - \${file(config/gateway.yml)}
`;
const FILES = {
  'serverless.yml': SERVICE,
  'config/cors.yml': CORS,
  'config/gateway.yml': GATEWAY,
  'functions/legacy.yml': FUNCTIONS,
};

/** A part of the configuration, what is found there, a word to mend at, and the part when it is mended. */
const CASES: readonly (readonly [
  part: keyof typeof FILES,
  found: string,
  at: string,
  title: RegExp,
  mended: string,
])[] = [
  [
    'config/cors.yml',
    'wildcard-with-credentials error 2:18-2:21',
    "'*'",
    /^Let in only/,
    CORS.replace("'*'", 'https://app.example.com'),
  ],
  [
    'functions/legacy.yml',
    'serverless-cors-key error 8:10-8:25',
    'allowCredential:',
    /^Write `allowCredentials`/,
    FUNCTIONS.replace('allowCredential:', 'allowCredentials:'),
  ],
  [
    'config/gateway.yml',
    'cloudformation-value-quotes error 7:60-7:63',
    '"*"',
    /^Put single quotes/,
    GATEWAY.replace('"*"', '"\'*\'"'),
  ],
];

describe.each(Object.keys(PROFILES) as Profile[])('parts of a service that `${file(…)}` brings in, %s', (profile) => {
  let folder: TestFolder;
  let client: TestClient;
  afterEach(() => {
    client.connection.dispose();
    folder.dispose();
  });

  const start = async () => {
    folder = testFolder(FILES);
    client = await startInProcess({ profile, folders: [folder], platforms: [serverless, cloudformation], rules });
  };
  const settled = (uri: string, expected: readonly string[]) =>
    expect.poll(() => client.findings(uri), { timeout: 6_000 }).toEqual(expected);

  it.each(CASES)('%s shows its fault at its own line and is mended there', async (part, found, at, title, mended) => {
    await start();
    const uri = await client.open(folder.uriOf(part), FILES[part], 'yaml');
    await settled(uri, [found]);
    const actions = await client.actions(uri, at);
    const fix = actions.find((action) => title.test(action.title));
    if (fix === undefined) throw new Error(`no fix among ${actions.map((action) => action.title).join(', ')}`);
    await client.choose(fix);
    expect(client.text(uri)).toBe(mended);
    await settled(uri, []);
  });

  it('leaves them out of the configuration itself', async () => {
    await start();
    const uri = await client.open(folder.uriOf('serverless.yml'), SERVICE, 'yaml');
    expect(await client.findings(uri)).toEqual([]);
  });

  it('follows an edit of the configuration', async () => {
    await start();
    const part = await client.open(folder.uriOf('config/cors.yml'), CORS, 'yaml');
    const service = await client.open(folder.uriOf('serverless.yml'), SERVICE, 'yaml');
    await settled(part, [CASES[0]?.[1] ?? '']);
    await client.type(service, '    cors: ${file(config/cors.yml):httpApi}\n', '    cors: true\n');
    await client.diagnostics(service);
    await settled(part, []);
  });
});
