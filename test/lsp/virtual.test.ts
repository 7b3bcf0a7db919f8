import { afterEach, describe, expect, test } from 'vitest';
import { platforms, rules } from '../../server/src/lint/registry';
import {
  type AuditResult,
  LIST_FOLDERS_METHOD,
  type ListFoldersParams,
  type ListFoldersResult,
  READ_FILES_METHOD,
  type ReadFilesParams,
  type ReadFilesResult,
} from '../../server/src/lsp/protocol';
import type { TestClient, TestFolder } from './client';
import { startInProcess } from './inProcess';

const FOLDER = 'vscode-vfs://github/owner/shop';

let client: TestClient | undefined;
afterEach(() => client?.shutdown());

/** A folder that only the client knows. */
function virtualFolder(files: Record<string, string>): TestFolder & { readonly reads: string[] } {
  const uriOf = (name: string) => `${FOLDER}/${name}`;
  return {
    path: FOLDER,
    uri: FOLDER,
    reads: [],
    uriOf,
    write(name, text) {
      files[name] = text;
      return uriOf(name);
    },
    remove(name) {
      delete files[name];
    },
    dispose: () => undefined,
  };
}

async function start(files: Record<string, string>, handsOverFiles = true) {
  const folder = virtualFolder(files);
  const started = await startInProcess({
    profile: 'pull',
    folders: [folder],
    platforms,
    rules,
    initializationOptions: { handsOverFiles, commands: [] },
  });
  client = started;
  const wayOf = (uri: string) => decodeURIComponent(uri.slice(FOLDER.length + 1));
  started.connection.onRequest(
    LIST_FOLDERS_METHOD,
    ({ uris }: ListFoldersParams): ListFoldersResult => ({
      folders: uris.map((uri) => {
        const prefix = wayOf(uri) === '' ? '' : `${wayOf(uri)}/`;
        const below = Object.keys(files).flatMap((name) =>
          name.startsWith(prefix) ? [name.slice(prefix.length)] : [],
        );
        const names = new Map(below.map((name) => [name.split('/')[0] ?? '', name.includes('/')]));
        return { entries: [...names].map(([name, deep]) => ({ name, kind: deep ? 'folder' : 'file', isLink: false })) };
      }),
    }),
  );
  started.connection.onRequest(READ_FILES_METHOD, ({ uris }: ReadFilesParams): ReadFilesResult => {
    folder.reads.push(...uris.map(wayOf));
    return {
      files: uris.map((uri) => {
        const text = files[wayOf(uri)];
        return text === undefined ? { reason: 'no longer there' } : { text };
      }),
    };
  });
  return { client: started, folder };
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
      [`${FOLDER}/src/lib/origin%20(1).js`, ['reflected-origin']],
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
      `${FOLDER}/.corslintrc.json`,
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
