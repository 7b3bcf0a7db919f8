import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import type { CodeAction, Command } from 'vscode-languageserver-protocol';
import { platforms, rules } from '../../server/src/lint/registry';
import { type TestClient, type TestFolder, testFolder } from './client';
import { startInProcess } from './inProcess';

const TITLE = 'Turn tiny-bad off in .corslintrc.json';

let folder: TestFolder;
let client: TestClient;

afterEach(() => {
  client.connection.dispose();
  folder.dispose();
});

async function start(profile: 'pull' | 'push', files: Record<string, string> = {}): Promise<void> {
  folder = testFolder(files);
  client = await startInProcess({ profile, folders: [folder] });
}

async function offered(name: string): Promise<CodeAction | Command | undefined> {
  const uri = await client.open(folder.uriOf(name), 'bad');
  return (await client.actions(uri, 'bad')).find(({ title }) => title === TITLE);
}

describe('turning a rule off', () => {
  it('creates the configuration in the folder of the workspace', async () => {
    await start('pull');
    const action = await offered('api/a.tiny');
    const { edit } = await client.connection.sendRequest<CodeAction>('codeAction/resolve', action);
    const uri = folder.uriOf('.corslintrc.json');
    expect(edit?.documentChanges).toEqual([
      { kind: 'create', uri, options: { ignoreIfExists: true } },
      {
        textDocument: { uri, version: null },
        edits: [
          {
            range: { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } },
            newText: '{\n  "rules": {\n    "tiny-bad": "off"\n  }\n}\n',
          },
        ],
      },
    ]);
  });

  it('edits the nearest configuration as the editor has it, and the finding goes', async () => {
    await start('push', { '.corslintrc.json': '{}', 'api/.corslintrc.json': '{}' });
    const text = '{\n  // ours\n  "rules": {}\n}\n';
    const configuration = await client.open(folder.uriOf('api/.corslintrc.json'), text, 'jsonc');
    const action = await offered('api/a.tiny');
    await client.choose(action ?? { title: '' });
    const now = '{\n  // ours\n  "rules": {\n    "tiny-bad": "off"\n  }\n}\n';
    expect(client.text(configuration)).toBe(now);
    expect(readFileSync(`${folder.path}/.corslintrc.json`, 'utf8')).toBe('{}');
    await client.until(() => client.published.get(folder.uriOf('api/a.tiny'))?.diagnostics.length === 0);
  });

  it.each([
    ['the configuration is broken', 'pull', { '.corslintrc.json': '{ "rules": ' }],
    ['the client cannot create files', 'push', {}],
  ] as const)('is not offered where %s', async (_, profile, files) => {
    await start(profile, files);
    expect(await offered('a.tiny')).toBeUndefined();
  });
});

const SERVICE = `service: s
provider:
  name: aws
  httpApi:
    cors:
      allowedOrigins:
        - >-
          https://app.example.com/
functions:
  f:
    handler: f.main
    events:
      - httpApi: GET /f
`;

describe('a comment for one line', () => {
  it.each([
    // The finding begins at the sign of the block scalar, so the comment stands above it.
    ['serverless.yml', 'yaml', SERVICE, 'https', 2],
    ['serverless.yml', 'yaml', SERVICE.replace('>-\n         ', ''), 'https', 2],
    [
      'app.js',
      'javascript',
      "const app = require('express')();\napp.get('/', (req, res) => {\n  const page = `\n    ${res.set('Access-Control-Allow-Origin', 'https://app.example.com/')}`;\n  res.end(page);\n});\n",
      'https',
      1,
    ],
    [
      'app.js',
      'javascript',
      "const app = require('express')();\nconst a = `x`;\napp.get('/', (req, res) => {\n  res.set('Access-Control-Allow-Origin', 'https://app.example.com/');\n  res.end();\n});\n",
      'https',
      2,
    ],
  ])('%s: is offered where it would be a comment (%#)', async (name, language, text, word, count) => {
    folder = testFolder();
    client = await startInProcess({ profile: 'pull', folders: [folder], platforms, rules });
    const uri = await client.open(folder.uriOf(name), text, language);
    const ways = (await client.actions(uri, word)).filter(({ title }) => title.startsWith('Disable invalid-origin'));
    expect(ways.map(({ title }) => title)).toHaveLength(count);
  });
});
