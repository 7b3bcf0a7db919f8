import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type BuiltServer, build, startBuilt } from './builtServer';
import { type TestFolder, testFolder } from './client';
import { PROFILES, type Profile } from './profiles';

const SNIPPET = 'snippets/cors.conf';
const NO_ALWAYS = 'add_header Access-Control-Allow-Origin https://app.example.com;\n';
const SITE = `server {
  location /api/ {
    include snippets/cors.conf;
    proxy_pass http://127.0.0.1:3000;
  }
}
`;
const FILES = {
  'nginx.conf': 'events {}\nhttp {\n  include sites/*.conf;\n}\n',
  'sites/a.conf': SITE,
  [SNIPPET]: NO_ALWAYS,
};
const FOUND = ['missing-origin-on-error warning 0:0-0:63'];

describe.each(Object.keys(PROFILES) as Profile[])('a snippet of nginx in an editor like %s', (profile) => {
  let folder: TestFolder;
  let server: BuiltServer;
  beforeAll(build);
  afterEach(async () => {
    server.client.connection.dispose();
    await server.stop();
    folder.dispose();
  });

  const start = async () => {
    folder = testFolder(FILES);
    server = await startBuilt({ profile, folders: [folder] });
    return server.client;
  };

  /** What is shown once the background has told of the includers. */
  const settled = async (uri: string, expected: readonly string[]): Promise<void> => {
    const { client } = server;
    await expect.poll(() => client.findings(uri), { timeout: 6_000 }).toEqual(expected);
  };

  it('shows what its includer brings to light, alone and unsaved, and mends it there', async () => {
    const client = await start();
    const uri = await client.open(folder.uriOf(SNIPPET), NO_ALWAYS, 'nginx');
    await settled(uri, FOUND);
    await client.type(uri, 'https://app.example.com', '*');
    await settled(uri, ['missing-origin-on-error warning 0:0-0:41']);
    const [fix] = await client.actions(uri, 'add_header');
    if (fix === undefined) throw new Error('no fix is offered');
    await client.choose(fix);
    expect(client.text(uri)).toBe('add_header Access-Control-Allow-Origin * always;\n');
    await settled(uri, []);
  });

  it('follows its includer, whether that is open or changes on the disk', async () => {
    const client = await start();
    const uri = await client.open(folder.uriOf(SNIPPET), NO_ALWAYS, 'nginx');
    const site = await client.open(folder.uriOf('sites/a.conf'), SITE, 'nginx');
    await settled(uri, FOUND);
    await client.type(site, 'include snippets/cors.conf;', '');
    await client.diagnostics(site);
    await settled(uri, []);
    await client.type(site, 'proxy_pass', 'include snippets/cors.conf;\n    proxy_pass');
    await client.diagnostics(site);
    await settled(uri, FOUND);
    await client.close(site);
    folder.write('sites/a.conf', 'server {\n  return 404;\n}\n');
    await client.watched(site);
    await settled(uri, []);
    folder.write('sites/a.conf', SITE);
    await client.watched(site);
    await settled(uri, FOUND);
  });

  it('leaves its faults to its own file when only the includer is open', async () => {
    const client = await start();
    const site = await client.open(folder.uriOf('sites/a.conf'), SITE, 'nginx');
    expect(await client.findings(site)).toEqual([]);
  });
});
