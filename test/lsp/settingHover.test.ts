import { afterEach, expect, it } from 'vitest';
import { type CodeAction, type CodeLens, type Hover, MarkupContent } from 'vscode-languageserver-protocol';
import { platforms, rules } from '../../server/src/lint/registry';
import { CLIENT_COMMANDS, type TryResult } from '../../server/src/lsp/protocol';
import { type TestClient, type TestFolder, testFolder } from './client';
import { startInProcess } from './inProcess';
import type { Profile } from './profiles';

const APP = `const app = require('express')();
app.get('/orders', (req, res) => {
  res.set('Access-Control-Allow-Origin', 'https://app.example.com');
  res.json([]);
});
app.get('/plain', (req, res) => res.json([]));
`;
const SITE = `server {
  listen 80;
  location /files/ {
    add_header Access-Control-Allow-Origin * always;
    add_header Access-Control-Allow-Credentials true always;
    root /srv;
  }
}
`;

let folder: TestFolder;
let client: TestClient;

afterEach(() => {
  client.connection.dispose();
  folder.dispose();
});

async function start(
  profile: Profile,
  settings: object = {},
  files: Readonly<Record<string, string>> = {},
): Promise<void> {
  folder = testFolder({ 'pages/wildcard-with-credentials.md': '# page\n', ...files });
  const initializationOptions = { settings, commands: Object.values(CLIENT_COMMANDS) };
  const pagesFolder = `${folder.path}/pages`;
  client = await startInProcess({
    profile,
    folders: [folder],
    platforms,
    rules,
    settings,
    initializationOptions,
    pagesFolder,
  });
}

async function hover(uri: string, word: string): Promise<string> {
  const shown = await client.connection.sendRequest<Hover | null>('textDocument/hover', {
    textDocument: { uri },
    position: client.positionOf(uri, word),
  });
  return MarkupContent.is(shown?.contents) ? shown.contents.value : '';
}

const lenses = (uri: string) =>
  client.connection.sendRequest<CodeLens[]>('textDocument/codeLens', { textDocument: { uri } });

it.each(['pull', 'push', 'bare'] as const)(
  'a client like %s is told what a setting means and does',
  async (profile) => {
    await start(profile);
    const app = await client.open(folder.uriOf('app.js'), APP, 'javascript');
    const shown = await hover(app, 'Access-Control-Allow-Origin');
    expect(shown).toContain('Whose pages may read the answer');
    expect(shown).toContain('https://fetch.spec.whatwg.org/#http-access-control-allow-origin');
    expect(shown).toContain('What `GET /orders` does for a page of another origin:');
    expect(shown).toContain('- Credentials: no');
    expect(await hover(app, "'/orders'")).toContain('What `GET /orders` does for a page of another origin:');
    expect(await hover(app, "'/plain'")).toBe('');
    expect(await hover(app, 'require')).toBe('');
  },
);

it('a route says which pages call it, and what becomes of their calls', async () => {
  await start(
    'pull',
    {},
    {
      'app.js': `${APP}app.listen(3001);\n`,
      'web/package.json': '{ "dependencies": { "react-dom": "19" } }',
      'web/src/page.js': "fetch('http://localhost:3001/orders');\n",
    },
  );
  const app = await client.open(folder.uriOf('app.js'), `${APP}app.listen(3001);\n`, 'javascript');
  await client.diagnostics(app);
  await expect
    .poll(() => hover(app, "'/orders'"), { timeout: 10_000 })
    .toContain('- Called by pages: GET \\(allowed\\)');
});

it('a directive of nginx says what it means', async () => {
  await start('pull');
  const site = await client.open(folder.uriOf('site.conf'), SITE, 'nginx');
  expect(await hover(site, 'Access-Control-Allow-Credentials')).toContain('Only the value `true` counts');
});

it('lenses show the policy where the setting asks for them, and come and go with it', async () => {
  await start('pull', { codeLens: true });
  const app = await client.open(folder.uriOf('app.js'), APP, 'javascript');
  const [lens, ...others] = await lenses(app);
  expect(others).toEqual([]);
  expect(lens).toMatchObject({
    range: { start: { line: 1 } },
    command: {
      title: 'CORS: https://app.example.com · no credentials · GET · preflight fails',
      command: 'corsLint.tryEndpoint',
      arguments: [{ uri: app }],
    },
  });
  await client.configure({});
  await client.until(() => client.lensRefreshes > 0);
  expect(await lenses(app)).toEqual([]);
});

const OPTIONS = `const cors = require('cors');
const app = require('express')();
const allow = {
  origin: 'https://app.example.com',
  credentials: true,
};
app.use(cors(allow));
app.get('/orders', (req, res) => res.json([]));
app.get('/items', (req, res) => res.json([]));
app.listen(3000);
`;
const TEMPLATE = `Transform: AWS::Serverless-2016-10-31
Resources:
  Api:
    Type: AWS::Serverless::HttpApi
    Properties:
      CorsConfiguration:
        AllowOrigins: [https://app.example.com]
        AllowCredentials: true
  List:
    Type: AWS::Serverless::Function
    Properties:
      Handler: index.list
      Events:
        Items:
          Type: HttpApi
          Properties:
            ApiId: !Ref Api
            Path: /items
            Method: GET
`;
const SERVICE = `service: items
provider:
  name: aws
  httpApi:
    cors:
      allowedOrigins:
        - https://app.example.com
      allowCredentials: true
functions:
  items:
    handler: src/items.list
    events:
      - httpApi: GET /items
`;

it.each([
  ['app.js', OPTIONS, 'origin:', 'Whose pages may read the answer', 'GET /orders'],
  ['app.js', OPTIONS, 'https://app', 'Whose pages may read the answer', 'GET /orders'],
  ['app.js', OPTIONS, 'credentials', 'cookies', 'GET /orders'],
  ['serverless.yml', SERVICE, 'allowedOrigins', 'Whose pages may read the answer', 'GET /items'],
  ['serverless.yml', SERVICE, 'allowCredentials', 'cookies', 'GET /items'],
  ['template.yaml', TEMPLATE, 'AllowOrigins', 'Whose pages may read the answer', 'GET /items'],
  ['template.yaml', TEMPLATE, 'AllowCredentials', 'cookies', 'GET /items'],
])(
  'an option in %s says what it means, and what comes of those it is among: %#',
  async (name, text, word, meaning, endpoint) => {
    await start('pull');
    const uri = await client.open(folder.uriOf(name), text, 'any');
    const shown = await hover(uri, word);
    expect(shown).toContain(meaning);
    expect(shown).toMatch(new RegExp(`What .*${endpoint}.* does for a page of another origin:\\n\\n- Origins: https:`));
  },
);

it('an option that no endpoint comes of says what it means, and one that is none says nothing', async () => {
  await start('pull');
  const uri = await client.open(
    folder.uriOf('a.js'),
    "module.exports = cors({ maxAge: 5, orgin: '*' });\n",
    'javascript',
  );
  expect(await hover(uri, 'maxAge')).toMatch(/^\*\*Access\\-Control\\-Max\\-Age\*\*: [^\n]*\n\nIn seconds\.$/);
  expect(await hover(uri, 'orgin')).toBe('');
});

it('a lens above middleware tells what it does for the endpoints behind it', async () => {
  await start('pull', { codeLens: true });
  const app = await client.open(folder.uriOf('app.js'), OPTIONS, 'javascript');
  const shown = await lenses(app);
  const own = 'https://app.example.com · credentials · GET · preflight 204';
  expect(shown.map(({ range, command }) => [range.start.line, command?.title])).toEqual([
    [7, `CORS: ${own}`],
    [8, `CORS: ${own}`],
    [6, `CORS of 2 endpoints: ${own}`],
  ]);
});

it('actions that the client carries out come with what they need', async () => {
  await start('pull');
  const site = await client.open(folder.uriOf('site.conf'), SITE, 'nginx');
  const actions = (await client.actions(site, '* always')) as CodeAction[];
  const command = (title: string) => actions.find((action) => action.title.startsWith(title))?.command;
  const tried = command('Show the exchange')?.arguments?.[0] as TryResult;
  expect(tried).toMatchObject({ verdict: 'blocked', step: 'cors-check/wildcard-with-credentials' });
  expect(command('Copy the request as curl')?.arguments).toEqual([tried.actual?.curl]);
  expect(command('Open the page of wildcard-with-credentials')?.arguments).toEqual(['wildcard-with-credentials']);
});
