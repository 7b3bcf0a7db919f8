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

async function start(profile: Profile, settings: object = {}): Promise<void> {
  folder = testFolder({ 'pages/wildcard-with-credentials.md': '# page\n' });
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
