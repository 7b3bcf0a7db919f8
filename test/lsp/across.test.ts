import { basename } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { platforms, rules } from '../../server/src/lint/registry';
import { type TestClient, type TestFolder, testFolder } from './client';
import { startInProcess } from './inProcess';

/** A proxy, an API, and a page that calls the one through the other. */
const FILES = {
  'compose.yaml': `services:
  proxy:
    image: nginx:1.27
    ports: ["8080:80"]
    volumes: ["./nginx/site.conf:/etc/nginx/conf.d/default.conf:ro"]
  api:
    build: ./api
`,
  'nginx/site.conf': `server {
  listen 80;
  location /api/ {
    proxy_pass http://api:3000;
  }
}
`,
  'api/Dockerfile': 'FROM node\n',
  'api/package.json': '{ "dependencies": { "express": "5", "cors": "2" } }',
  'api/server.js': `const express = require('express');
const cors = require('cors');
const app = express();
app.use(cors({ origin: 'http://localhost:5173', methods: ['GET', 'POST'] }));
app.all('/api/items/:id', (req, res) => res.json({}));
app.listen(3000);
`,
  'api/words.js': 'module.exports = ["one", "two"];\n',
  'status/nginx.conf': `server {
  listen 9000;
  add_header Access-Control-Allow-Origin https://app.example.com always;
}
`,
  'docs/nginx.conf': `server {
  listen 9001;
  server_name search.example.com;
  location / {
    add_header Access-Control-Allow-Origin https://app.example.com always;
    proxy_pass http://127.0.0.1:7000;
  }
}
`,
  'docs/search.js': `const express = require('express');
const app = express();
app.get('/', (req, res) => res.json([]));
app.listen(7000);
`,
  'web/package.json': '{ "dependencies": { "react-dom": "19" }, "devDependencies": { "vite": "7" } }',
  'web/.env': 'VITE_API=http://localhost:8080/api\n',
  'web/src/page.js': "fetch(`${import.meta.env.VITE_API}/items/1`, { method: 'PUT' });\n",
};
type Name = keyof typeof FILES;

const REFUSED = { api: ['method-not-allowed warning 3:57-3:72'], page: ['frontend-call-refused info 0:0-0:5'] };
const NOTHING = { api: [], page: [] };
/** The proxy answers itself, with a 404. */
const NOT_FOUND = { api: [], page: ['frontend-call-refused warning 0:0-0:5'] };

/** A group that nothing is passed on to, and a location that passes on to another project. */
const SPARE = 'upstream spare { server 127.0.0.1:7001; }';
const SEARCH = 'location /search/ { proxy_pass http://host.docker.internal:7000/; }';

let folder: TestFolder;
let client: TestClient;
let analysed: string[];

afterEach(() => {
  client.connection.dispose();
  folder.dispose();
});

const counting = platforms.map((platform) => ({
  ...platform,
  analyse: (...given: Parameters<typeof platform.analyse>) => {
    analysed.push(given[0].slice(folder.path.length + 1));
    return platform.analyse(...given);
  },
}));

/** With the API and the page open, and what the whole folder says of them. */
async function start(): Promise<void> {
  analysed = [];
  folder = testFolder(FILES);
  client = await startInProcess({ profile: 'pull', folders: [folder], platforms: counting, rules });
  await openFile('api/server.js');
  await openFile('web/src/page.js');
  await told();
  // The rest of the folder is read after the first answer, and the client is told to ask again.
  await client.until(() => client.refreshes > 0);
  expect(await told()).toEqual(REFUSED);
}

const openFile = (name: Name): Promise<string> =>
  client.open(folder.uriOf(name), FILES[name], /\.js$/.test(name) ? 'javascript' : basename(name));

/** What is said of the call that is refused: in the API's file, and in the page's. */
async function told(): Promise<typeof REFUSED> {
  const of = async (name: Name): Promise<string[]> => {
    const all = await client.findings(folder.uriOf(name));
    return all.filter((finding) => /^(method-not-allowed|frontend-call-refused) /.test(finding));
  };
  return { api: await of('api/server.js'), page: await of('web/src/page.js') };
}

describe('with the API and the page open', () => {
  it.each<[string, Name, string, string, typeof REFUSED?]>([
    ['the proxy asks another port', 'nginx/site.conf', 'api:3000', 'api:4000'],
    ['the proxy serves other paths', 'nginx/site.conf', 'location /api/', 'location /v2/', NOT_FOUND],
    ['the proxy is published on another port', 'compose.yaml', '8080:80', '8081:80'],
    ['the service has another name', 'compose.yaml', '  api:', '  backend:'],
    ['the page calls another base address', 'web/.env', ':8080/', ':8081/'],
    ['the page sends another method', 'web/src/page.js', 'PUT', 'POST'],
  ])(
    'what is said of both follows when %s, and when it no longer does',
    async (_, name, instead, text, then = NOTHING) => {
      await start();
      if (name !== 'web/src/page.js') await openFile(name);
      const uri = folder.uriOf(name);
      await client.type(uri, instead, text);
      expect(await told()).toEqual(then);
      await client.type(uri, text, instead);
      expect(await told()).toEqual(REFUSED);
    },
  );

  const called: readonly Name[] = ['api/server.js', 'web/src/page.js'];
  const inFront: readonly Name[] = ['nginx/site.conf', 'web/src/page.js'];
  const status: readonly Name[] = ['status/nginx.conf'];
  const docs: readonly Name[] = ['docs/nginx.conf'];
  const search: readonly Name[] = ['docs/search.js', 'docs/nginx.conf'];
  it.each<[string, Name, string, string, readonly Name[]]>([
    ['nothing by a file without CORS', 'api/words.js', 'two', 'three', []],
    ['both and the proxy by the proxy', 'nginx/site.conf', 'api:3000', 'api:4000', [...called, 'nginx/site.conf']],
    ['both by Compose', 'compose.yaml', '8080:80', '8081:80', called],
    ['both by the base address', 'web/.env', ':8080/', ':8081/', called],
    // What is said at either rests on places in the API's file.
    ['all three by a comment in the API', 'api/server.js', '3000);', '3000); // here', [...called, 'nginx/site.conf']],
    ['all three by its port', 'api/server.js', '3000);', '4000);', [...called, 'nginx/site.conf']],
    ['the proxy and its page by its name', 'nginx/site.conf', '80;', '80;\n  server_name a.example;', inFront],
    ['the proxy and its page by a group', 'nginx/site.conf', 'server {', `${SPARE}\nserver {`, inFront],
    ['the proxy and its page by one more upstream', 'nginx/site.conf', '80;', `80;\n  ${SEARCH}`, inFront],
    ['itself only: a comment in a server that nobody calls', 'status/nginx.conf', '9000;', '9000; # here', status],
    ['itself only: the port of that', 'status/nginx.conf', '9000;', '9002;', status],
    ['itself only: the port of a proxy that nobody calls', 'docs/nginx.conf', '9001;', '9002;', docs],
    ['itself only: its name', 'docs/nginx.conf', 'search.example', 'find.example', docs],
    ['itself and the proxy in front, nobody calls', 'docs/search.js', '7000);', '7000); // here', search],
    ['itself and the proxy that lost it, nobody calls', 'docs/search.js', '7000);', '7001);', search],
  ])('an edit analyses %s', async (_, name, instead, text, expected) => {
    await start();
    const uri = await openFile(name);
    const ask = async (): Promise<void> => {
      await client.diagnostics(uri);
      await told();
    };
    await ask();
    analysed = [];
    await client.type(uri, instead, text);
    await ask();
    // What listens and is also shown is read for each.
    expect(new Set(analysed)).toEqual(new Set(expected));
  });
});
