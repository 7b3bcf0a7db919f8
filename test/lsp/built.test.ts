import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { AuditResult } from '../../server/src/lsp/protocol';
import { type BuiltServer, build, forkBuilt, startBuilt } from './builtServer';
import { type TestFolder, testFolder } from './client';
import { PROFILES, type Profile } from './profiles';

/** A clean file of each language, and a fault to type into it. */
const FILES = {
  'app.js': {
    language: 'javascript',
    clean: `const cors = require('cors');
const app = require('express')();
app.use(cors({ origin: 'https://app.example.com' }));
app.get('/items', (req, res) => res.json([]));
app.listen(3000);
`,
  },
  'site.conf': {
    language: 'nginx',
    clean: `server {
  listen 80;
  location /api/ {
    add_header Access-Control-Allow-Origin https://app.example.com always;
    proxy_pass http://127.0.0.1:3000;
  }
}
`,
  },
  'serverless.yml': {
    language: 'yaml',
    clean: `service: items
frameworkVersion: '3'
provider:
  name: aws
  httpApi:
    cors:
      allowedOrigins:
        - https://app.example.com
functions:
  items:
    handler: src/items.list
    events:
      - httpApi:
          path: /items
          method: get
`,
  },
};

const RIGHT = 'https://app.example.com';
const WRONG = 'https://app.example.com/';

const profiles = Object.keys(PROFILES) as Profile[];
const names = Object.keys(FILES) as (keyof typeof FILES)[];

describe('the built server', () => {
  let folder: TestFolder;
  let server: BuiltServer;
  beforeAll(build);
  const start = async (profile: Profile, files: Record<string, string> = {}, args?: string[]) => {
    folder = testFolder(files);
    server = await startBuilt({ profile, folders: [folder] }, args);
    return server.client;
  };
  afterEach(async () => {
    server.client.connection.dispose();
    await server.stop();
    folder.dispose();
  });

  it.each(names.flatMap((name) => profiles.map((profile) => [name, profile] as const)))(
    'finds and mends a fault that is typed into %s for a client like %s',
    async (name, profile) => {
      const client = await start(profile);
      const { language, clean } = FILES[name];
      const uri = await client.open(folder.uriOf(name), clean, language);
      expect(await client.findings(uri)).toEqual([]);
      await client.type(uri, RIGHT, WRONG);
      const [finding, ...others] = await client.diagnostics(uri);
      expect(others).toEqual([]);
      expect(finding).toMatchObject({ code: 'invalid-origin', severity: 1, source: 'CORS Lint' });
      const [fix] = await client.actions(uri, WRONG);
      if (fix === undefined) throw new Error('no fix is offered');
      await client.choose(fix);
      expect(client.text(uri)).toBe(clean);
      expect(await client.findings(uri)).toEqual([]);
    },
  );

  it.each(names)('survives %s cut off anywhere', async (name) => {
    const client = await start('pull');
    const { language, clean } = FILES[name];
    const whole = clean.replace(RIGHT, WRONG);
    const uri = await client.open(folder.uriOf(name), '', language);
    for (let end = 0; end < whole.length; end += 7) {
      const text = whole.slice(0, end);
      const range = { start: { line: 0, character: 0 }, end: { line: 99, character: 0 } };
      await client.change(uri, [{ range, text }]);
      for (const { range: found } of await client.diagnostics(uri)) {
        expect(found.end.line).toBeLessThan(text.split('\n').length);
      }
    }
    expect(client.logs.filter(({ type }) => type === 1)).toEqual([]);
  });

  it('audits a folder', async () => {
    const files = Object.entries(FILES).map(([name, { clean }]) => [name, clean.replace(RIGHT, WRONG)] as const);
    const client = await start('pull', { ...Object.fromEntries(files), 'other.js': 'let a;\n', 'README.md': '# x\n' });
    const result = await client.connection.sendRequest<AuditResult>('corsLint/audit', {});
    expect(result.files).toMatchObject({ seen: 5, analysed: 3 });
    expect(result.found.map(({ uri }) => uri.slice(folder.uri.length + 1)).sort()).toEqual([...names].sort());
  });

  it('starts over its standard streams when nothing is said, and ends when it is told to', async () => {
    const client = await start('pull', {}, []);
    expect(client.initialized.serverInfo?.name).toBe('CORS Lint');
    await client.shutdown();
    expect(await server.ended).toBe(0);
  });

  it('works over the channel that VS Code starts it with', async () => {
    folder = testFolder();
    server = await forkBuilt({ profile: 'pull', folders: [folder] });
    const text = FILES['site.conf'].clean.replace(RIGHT, WRONG);
    const uri = await server.client.open(folder.uriOf('site.conf'), text, 'nginx');
    expect(await server.client.findings(uri)).toEqual([expect.stringMatching(/^invalid-origin error 3:/)]);
    await server.client.shutdown();
    expect(await server.ended).toBe(0);
  });
});
