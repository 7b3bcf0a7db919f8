import { afterEach, describe, expect, test } from 'vitest';
import { platforms, rules } from '../../server/src/lint/registry';
import type { AuditResult } from '../../server/src/lsp/protocol';
import type { TestClient } from './client';
import { startInProcess } from './inProcess';
import { handOver, virtualFolder } from './virtualFolder';

let client: TestClient | undefined;
afterEach(() => client?.shutdown());

async function start(files: Record<string, string>, handsOverFiles = true) {
  const folder = virtualFolder(files);
  client = await startInProcess({
    profile: 'pull',
    folders: [folder],
    platforms,
    rules,
    initializationOptions: { handsOverFiles, commands: [] },
  });
  handOver(client, folder);
  return { client, folder };
}

const APP = `const express = require('express');
const cors = require('cors');
const { origin } = require('./lib/origin (1)');
const app = express();
app.use(cors({ origin, credentials: true }));
app.get('/a', (req, res) => res.json({}));
`;

describe('a workspace on no disk', () => {
  test('has its imports followed', async () => {
    const { client, folder } = await start({ 'src/app.js': APP, 'src/lib/origin (1).js': 'exports.origin = true;\n' });
    const uri = await client.open(folder.uriOf('src/app.js'), APP, 'javascript');
    await client.diagnostics(uri);
    expect(folder.reads).toEqual(['src/lib/origin (1).js']);
    const found = await client.connection.sendRequest<AuditResult>('corsLint/audit', {});
    expect(found.found.map(({ uri, diagnostics }) => [uri, diagnostics.map(({ code }) => code)])).toEqual([
      [`${folder.uri}/src/lib/origin%20(1).js`, ['reflected-origin']],
    ]);
  });

  test('follows what the watcher tells', async () => {
    const good = 'http { server { listen 80; include conf.d/cors.conf; } }\n';
    const { client, folder } = await start({ 'nginx.conf': good, 'conf.d/cors.conf': '# nothing\n' });
    const audit = async () =>
      (await client.connection.sendRequest<AuditResult>('corsLint/audit', {})).found.map(({ uri }) => uri);
    expect(await audit()).toEqual([]);
    const uri = folder.write('conf.d/cors.conf', 'add_header Access-Control-Allow-Origin $http_origin always;\n');
    await client.watched(uri);
    expect(await audit()).toEqual([uri]);
    folder.remove('conf.d/cors.conf');
    await client.watched(uri, 3);
    expect(await audit()).toEqual([]);
  });

  test('can be given a configuration file', async () => {
    const text = 'server { listen 80; add_header Access-Control-Allow-Origin $http_origin always; }\n';
    const { client, folder } = await start({ 'a/nginx.conf': text });
    const uri = await client.open(folder.uriOf('a/nginx.conf'), text, 'nginx');
    const actions = await client.actions(uri, '$http_origin');
    const off = actions.find(({ title }) => title === 'Turn reflected-origin off in .corslintrc.json');
    expect(JSON.stringify(await client.connection.sendRequest('codeAction/resolve', off))).toContain(
      `${folder.uri}/.corslintrc.json`,
    );
  });

  test('is not asked for where the client does not hand files over', async () => {
    const { client, folder } = await start({ 'nginx.conf': '' }, false);
    const text = 'server { listen 80; add_header Access-Control-Allow-Origin $http_origin always; }\n';
    const uri = await client.open(folder.uriOf('nginx.conf'), text, 'nginx');
    expect((await client.diagnostics(uri)).map(({ code }) => code)).toContain('reflected-origin');
    expect(folder.reads).toEqual([]);
  });
});
