import { afterEach, describe, expect, test } from 'vitest';
import { openBrowser } from '../../cors/browser';
import { effectivePolicy, policyRows } from '../../cors/effectivePolicy';
import { platforms, rules } from '../../lint/registry';
import type { Finding } from '../../lint/types';
import { catalogue } from '../catalogue';
import { nodeDisk } from '../nodeDisk';
import { openWorkspace } from '../openWorkspace';
import { openScratch, type Scratch } from '../testing/scratch';
import type { Workspace } from '../types';

let scratch: Scratch;
afterEach(() => scratch?.remove());

const API = `const express = require('express');
const cors = require('cors');
const app = express();
app.use(cors({ origin: 'https://app.example.com' }));
app.get('/users', (req, res) => res.json([]));
app.put('/users/:id', (req, res) => res.json({}));
app.listen(3001);
`;

const proxy = (pass = 'http://127.0.0.1:3001', inside = ''): string => `server {
  listen 80;
  server_name api.example.com;
  location / {
    add_header Access-Control-Allow-Origin https://app.example.com always;
    ${inside}proxy_pass ${pass};
  }
}
`;

function open(files: Readonly<Record<string, string>>, stale: string[] = []): Workspace {
  scratch = openScratch(files);
  return openWorkspace({ disk: nodeDisk, root: scratch.root, platforms, rules, onStale: (all) => stale.push(...all) });
}

const told = (findings: readonly Finding[]): string[] =>
  findings
    .filter(({ severity }) => severity === 'error' || severity === 'warning')
    .map(({ rule, severity }) => `${severity} ${rule.id}`);

async function bothWays(workspace: Workspace, file: string): Promise<string[]> {
  const linted = told((await workspace.lintWhole(scratch.at(file))).findings);
  const audited = told((await workspace.audit()).findings.get(scratch.at(file)) ?? []);
  expect(linted).toEqual(audited);
  return linted;
}

const BOTH = ['error duplicate-header'];

describe('a proxy in front of an application', () => {
  test('that listens on the port: both send the header', async () => {
    const workspace = open({ 'nginx.conf': proxy(), 'api/server.js': API });
    expect(await bothWays(workspace, 'nginx.conf')).toEqual(BOTH);
    const [finding] = (await workspace.lintWhole(scratch.at('nginx.conf'))).findings;
    expect(finding?.related[0]?.place.file).toBe(scratch.at('api/server.js'));
    const { texts } = await workspace.fixAll(scratch.at('nginx.conf'));
    expect([...texts.values()].join()).toContain('proxy_hide_header Access-Control-Allow-Origin;');
  });

  test.each([
    ['the port of another one', proxy('http://127.0.0.1:3002'), API, []],
    ['another machine', proxy('http://192.0.2.1:3001'), API, []],
    ['a group of one', `upstream api { server localhost:3001; }\n${proxy('http://api')}`, API, BOTH],
    [
      'a group of two',
      `upstream api { server localhost:3001; server localhost:3002; }\n${proxy('http://api')}`,
      API,
      [],
    ],
    ['a variable', proxy('http://$backend'), API, []],
    ['a header that is kept back', proxy(undefined, 'proxy_hide_header Access-Control-Allow-Origin;\n    '), API, []],
    ['a default port', proxy(), API.replace('3001', 'process.env.PORT || 3001'), ['warning duplicate-header']],
    ['another default port', proxy(), API.replace('3001', 'Number(process.env.PORT ?? 3000)'), []],
    ['a port that is not told', proxy(), API.replace('3001', 'config.port'), []],
    ['a port out of a variable', proxy(), API.replace('3001', 'process.env.PORT'), ['warning duplicate-header']],
    [
      'a port out of a variable, and one of two without it',
      proxy(),
      API.replace('3001', 'process.env.PORT || (process.env.LIVE ? 80 : 5000)'),
      ['warning duplicate-header'],
    ],
    ['a server of Node', proxy(), API.replace('app.listen(', "require('http').createServer(app).listen("), BOTH],
  ])('%s', async (_, conf, api, expected) => {
    expect(await bothWays(open({ 'nginx.conf': conf, 'api/server.js': api }), 'nginx.conf')).toEqual(expected);
  });

  test('that another file makes listen', async () => {
    const workspace = open({
      'nginx.conf': proxy(),
      'api/app.js': API.replace('app.listen(3001);', 'module.exports = app;'),
      'api/bin.js': "const app = require('./app');\napp.listen(3001);\n",
    });
    expect(await bothWays(workspace, 'nginx.conf')).toEqual(BOTH);
  });

  test('one of two whose ports are told nowhere', async () => {
    const unset = API.replace('3001', 'process.env.PORT');
    const workspace = open({ 'nginx.conf': proxy(), 'a/server.js': unset, 'b/server.js': unset });
    expect(await bothWays(workspace, 'nginx.conf')).toEqual([]);
  });

  test('one whose port a file of variables tells', async () => {
    const unset = API.replace('3001', 'process.env.PORT');
    const workspace = open({ 'nginx.conf': proxy(), 'api/server.js': unset, 'api/.env': 'PORT=4000\n' });
    expect(await bothWays(workspace, 'nginx.conf')).toEqual([]);
  });

  test('one of two on that port: the nearer one', async () => {
    const silent = API.replace("app.use(cors({ origin: 'https://app.example.com' }));\n", '');
    const files = { 'a/nginx.conf': proxy(), 'a/server.js': silent, 'b/nginx.conf': proxy(), 'b/server.js': API };
    const workspace = open(files);
    expect(await bothWays(workspace, 'a/nginx.conf')).not.toContain('error duplicate-header');
    expect(await bothWays(workspace, 'b/nginx.conf')).toEqual(BOTH);
  });

  test('neither of two as near', async () => {
    const workspace = open({ 'nginx.conf': proxy(), 'a/server.js': API, 'b/server.js': API });
    expect(await bothWays(workspace, 'nginx.conf')).toEqual([]);
  });

  test('not the one that a test starts', async () => {
    expect(await bothWays(open({ 'nginx.conf': proxy(), 'test/server.js': API }), 'nginx.conf')).toEqual([]);
  });
});

describe('a service of Compose', () => {
  const compose = (more = ''): string =>
    `services:\n  proxy:\n    image: nginx\n    volumes: ['./nginx:/etc/nginx/conf.d']\n  api:\n    build: ./api\n${more}`;
  const site = proxy('http://api:4000');
  const byVariable = API.replace('3001', 'process.env.PORT || 3001');
  test.each([
    ['on its port', compose(), API.replace('3001', '4000'), {}, BOTH],
    ['on another port', compose(), API, {}, []],
    ['by its environment', compose('    environment:\n      PORT: 4000\n'), byVariable, {}, BOTH],
    ['by its environment, as a list', compose('    environment: [PORT=4000]\n'), byVariable, {}, BOTH],
    ['by an environment that is filled in', compose('    environment:\n      PORT: ${API_PORT}\n'), byVariable, {}, []],
    ['by its image', compose(), byVariable, { 'api/Dockerfile': 'FROM node\nENV PORT=4000\n' }, BOTH],
    ['by a default that nothing overrides', compose(), byVariable.replace('3001', '4000'), {}, BOTH],
    [
      'by a default that a file may override',
      compose('    env_file: .env.api\n'),
      byVariable.replace('3001', '4000'),
      {},
      ['warning duplicate-header'],
    ],
    ['by a file of variables', compose(), byVariable, { 'api/.env': 'PORT=4000\n' }, ['warning duplicate-header']],
  ])('%s', async (_, yaml, api, more, expected) => {
    const workspace = open({ 'compose.yaml': yaml, 'nginx/site.conf': site, 'api/server.js': api, ...more });
    expect(await bothWays(workspace, 'nginx/site.conf')).toEqual(expected);
  });

  test.each([
    ['in both', 'api', BOTH],
    ['in one of them', 'other', []],
  ])('known %s of two projects that the proxy runs in', async (_, name, expected) => {
    const workspace = open({
      'docker-compose.local.yml': compose(),
      'docker-compose.cloud.yml': compose().replace('api:', `${name}:`),
      'nginx/site.conf': site,
      'api/server.js': API.replace('3001', '4000'),
    });
    expect(await bothWays(workspace, 'nginx/site.conf')).toEqual(expected);
  });

  const WARNED = ['warning duplicate-header'];
  const listening = API.replace('3001', '4000');
  const bare = API.replace('3001', 'process.env.PORT');
  const asked = (name: string): string => proxy(`http://${name}:4000`);
  const inNetworks = (ofProxy: string, ofApi: string): string =>
    compose(`    networks: ${ofApi}\n`).replace('image: nginx', `image: nginx\n    networks: ${ofProxy}`);
  const proxied = compose().replace('  api:', "    links: ['api:backend']\n  api:");
  test.each([
    ['a profile that it may be without', compose('    profiles: [dev]\n'), 'api', listening, {}, WARNED],
    [
      'a profile that both have',
      compose('    profiles: [dev]\n').replace('image: nginx', 'image: nginx\n    profiles: [dev]'),
      'api',
      listening,
      {},
      BOTH,
    ],
    ['a link of its own', proxied, 'backend', listening, {}, BOTH],
    ["a link of another one's", compose("    links: ['api:backend']\n"), 'backend', listening, {}, []],
    ['a name of its container', compose('    container_name: shop\n'), 'shop', listening, {}, BOTH],
    ['a name that may be another', compose('    container_name: ${N:-shop}\n'), 'shop', listening, {}, WARNED],
    ['a name in a network', inNetworks('[a, b]', '{ a: { aliases: [shop] } }'), 'shop', listening, {}, BOTH],
    ['a name in a network of others', inNetworks('[b]', '{ a: { aliases: [shop] }, b: }'), 'shop', listening, {}, []],
    ['no network that both are in', inNetworks('[a]', '[b]'), 'api', listening, {}, []],
    ['the default network and another one', inNetworks('[default]', '[a]'), 'api', listening, {}, []],
    ['networks that may be the same', inNetworks('["${NET}"]', '[b]'), 'api', listening, {}, BOTH],
    ["the machine's network, by name", compose('    network_mode: host\n'), 'api', listening, {}, []],
    ["the machine's network", compose('    network_mode: host\n'), 'host.docker.internal', listening, {}, BOTH],
    [
      "the machine's network, from there",
      compose('    network_mode: host\n').replace('image: nginx', 'image: nginx\n    network_mode: host'),
      'localhost',
      listening,
      {},
      BOTH,
    ],
    ['no network', compose('    network_mode: none\n'), 'api', listening, {}, []],
    ['the network of the proxy', compose('    network_mode: service:proxy\n'), 'localhost', listening, {}, BOTH],
    [
      'the network of the proxy, by its name',
      compose('    network_mode: service:proxy\n'),
      'proxy',
      listening,
      {},
      BOTH,
    ],
    ['the network of the proxy, by its own', compose('    network_mode: service:proxy\n'), 'api', listening, {}, []],
    ['the network of nobody', compose('    network_mode: service:nobody\n'), 'localhost', listening, {}, []],
    [
      'files that are listed',
      'services: {}\n',
      'api',
      byVariable,
      {
        'compose.base.yaml': compose(),
        'compose.dev.yaml': 'services:\n  api:\n    environment: { PORT: 4000 }\n',
        '.env': 'COMPOSE_FILE=compose.base.yaml:compose.dev.yaml\n',
      },
      WARNED,
    ],
    ['a port that it exposes', compose('    expose: [4000]\n'), 'api', bare, {}, WARNED],
    ['a port that its image exposes', compose(), 'api', bare, { 'api/Dockerfile': 'FROM node\nEXPOSE 4000\n' }, WARNED],
    ['a port that nothing tells', compose(), 'api', bare, {}, []],
    [
      'a stage of its image',
      compose().replace('build: ./api', 'build: { context: ./api, target: dev }'),
      'api',
      byVariable,
      { 'api/Dockerfile': 'FROM node AS base\nENV PORT=4000\nFROM base AS dev\nFROM base\nENV PORT=5000\n' },
      BOTH,
    ],
    [
      'an override file',
      compose(),
      'api',
      byVariable,
      { 'compose.override.yaml': 'services:\n  api:\n    environment: { PORT: 4000 }\n' },
      WARNED,
    ],
    [
      'what is included',
      "include: ['api/compose.yaml']\nservices:\n  proxy:\n    image: nginx\n    volumes: ['./nginx:/etc/nginx/conf.d']\n",
      'api',
      listening,
      { 'api/compose.yaml': 'services:\n  api:\n    build: .\n' },
      BOTH,
    ],
    [
      'what it extends',
      compose('    extends: { file: base.yml, service: node }\n'),
      'api',
      byVariable,
      { 'base.yml': 'services:\n  node:\n    environment: { PORT: 4000 }\n' },
      BOTH,
    ],
    [
      'the variables of the project',
      compose('    environment: ["PORT=${API_PORT}"]\n'),
      'api',
      byVariable,
      { '.env': 'API_PORT=4000\n' },
      WARNED,
    ],
  ])('by %s', async (_, yaml, name, api, more, expected) => {
    const files = { 'compose.yaml': yaml, 'nginx/site.conf': asked(name), 'api/server.js': api, ...more };
    expect(await bothWays(open(files), 'nginx/site.conf')).toEqual(expected);
  });

  test('follows its files of variables as they are edited', async () => {
    const workspace = open({
      'compose.yaml': compose('    env_file: compose.env\n'),
      'compose.env': 'PORT=5000\n',
      'nginx/site.conf': site,
      'api/server.js': byVariable,
    });
    expect(await bothWays(workspace, 'nginx/site.conf')).toEqual([]);
    workspace.setOverlay(scratch.at('compose.env'), 'PORT=4000\n', 1);
    expect(told((await workspace.lint(scratch.at('nginx/site.conf'))).findings)).toEqual(WARNED);
  });

  test.each([
    ['a file of variables', compose('    env_file: ../compose.env\n'), WARNED],
    ['an included file', `include: ['../outer.yaml']\n${compose()}`, BOTH],
    ['a base', compose('    extends: { file: ../outer.yaml, service: api }\n'), WARNED],
  ])('never reads outside the workspace: %s', async (_, yaml, expected) => {
    scratch = openScratch({
      'compose.env': 'PORT=5000\n',
      'outer.yaml': 'services:\n  api:\n    environment: { PORT: 5000 }\n',
      'w/compose.yaml': yaml,
      'w/nginx/site.conf': site,
      'w/api/server.js': byVariable.replace('3001', '4000'),
    });
    const read: string[] = [];
    const reading = (file: string): ReturnType<typeof nodeDisk.read> => {
      read.push(file);
      return nodeDisk.read(file);
    };
    const disk = { ...nodeDisk, read: reading };
    const workspace = openWorkspace({ disk, root: scratch.at('w'), platforms, rules });
    expect(told((await workspace.lintWhole(scratch.at('w/nginx/site.conf'))).findings)).toEqual(expected);
    expect(read.filter((file) => !file.startsWith(scratch.at('w/')))).toEqual([]);
  });

  test('is not what a container calls itself', async () => {
    const files = { 'compose.yaml': compose(), 'nginx/site.conf': proxy(), 'api/server.js': API };
    expect(await bothWays(open(files), 'nginx/site.conf')).toEqual([]);
  });

  test('is reached on the port that it publishes', async () => {
    const yaml = `services:\n  api:\n    build: ./api\n    ports: ["8080:3001"]\n`;
    const files = { 'compose.yaml': yaml, 'nginx/site.conf': proxy('http://localhost:8080'), 'api/server.js': API };
    expect(await bothWays(open(files), 'nginx/site.conf')).toEqual(BOTH);
  });
});

test('follows what is typed on either side', async () => {
  const stale: string[] = [];
  const workspace = open({ 'nginx.conf': proxy(), 'api/server.js': API }, stale);
  const conf = scratch.at('nginx.conf');
  const now = async (): Promise<string[]> => told((await workspace.lint(conf)).findings);
  await workspace.lint(conf);
  await expect.poll(() => stale).toContain(conf);
  expect(await now()).toEqual(BOTH);
  workspace.setOverlay(scratch.at('api/server.js'), API.replace(/app\.use.*\n/, ''), 1);
  expect(await now()).not.toContain('error duplicate-header');
  workspace.setOverlay(scratch.at('api/server.js'), API.replace('3001', '3002'), 2);
  expect(await now()).toEqual([]);
  workspace.setOverlay(scratch.at('api/server.js'), API, 3);
  expect(await now()).toEqual(BOTH);
  workspace.setOverlay(conf, proxy('http://127.0.0.1:9'), 1);
  expect(await now()).toEqual([]);
});

test('what a proxy lists for all is not said of the files of a page behind it', async () => {
  const workspace = open({
    'compose.yaml': 'services:\n  web:\n    image: nginx\n    volumes: ["./web:/etc/nginx/conf.d"]\n',
    'nginx.conf': `server {
  listen 80;
  location / {
    add_header Access-Control-Allow-Origin https://app.example.com always;
    add_header Access-Control-Allow-Methods "GET, PUT" always;
    add_header Access-Control-Allow-Headers Authorization always;
    proxy_pass http://web;
  }
}
`,
    'web/site.conf':
      'server {\n  listen 80;\n  root /srv;\n  location = /admin { return 301 /admin/; }\n  location ~ \\.js$ { expires 30d; }\n  location / { try_files $uri /index.html; }\n}\n',
  });
  expect(await bothWays(workspace, 'web/site.conf')).toEqual([]);
  expect(await bothWays(workspace, 'nginx.conf')).toEqual([]);
});

describe('a page that calls a server', () => {
  const server = (
    options = "origin: 'http://localhost:5173', methods: ['GET'], allowedHeaders: ['Content-Type']",
  ): string =>
    `const express = require('express');
const cors = require('cors');
const app = express();
app.use(cors({ ${options} }));
app.all('/items/:id', (req, res) => res.json({}));
app.listen(3001);
`;
  const page = (call: string, start = ''): Record<string, string> => ({
    'web/package.json': '{ "dependencies": { "react-dom": "19" } }',
    'web/src/page.js': `${start}export const load = () => ${call};\n`,
  });
  const put = page("fetch('http://localhost:3001/items/1', { method: 'PUT' })");

  test.each([
    ['a method', put, server(), ['error method-not-allowed']],
    [
      'a header',
      page("fetch('http://localhost:3001/items/1', { headers: { 'X-Id': '1' } })"),
      server(),
      ['error header-not-allowed'],
    ],
    [
      'credentials',
      page("fetch('http://localhost:3001/items/1', { credentials: 'include' })"),
      server(),
      ['error credentials-not-allowed'],
    ],
    [
      'credentials, and `*`',
      page("fetch('http://localhost:3001/items/1', { credentials: 'include' })"),
      server('exposedHeaders: []'),
      ['error wildcard-with-credentials'],
    ],
    ['what is allowed', page("fetch('http://localhost:3001/items/1')"), server(), []],
    ['another port', page("fetch('http://localhost:3002/items/1', { method: 'PUT' })"), server(), []],
    ['another path', page("fetch('http://localhost:3001/else', { method: 'PUT' })"), server(), []],
    [
      'an address that a variable may change',
      page(
        "api.put('/items/1')",
        "import axios from 'axios';\nconst api = axios.create({ baseURL: import.meta.env.VITE_API || 'http://localhost:3001' });\n",
      ),
      server(),
      ['warning method-not-allowed'],
    ],
  ])('%s', async (_, files, api, expected) => {
    const workspace = open({ 'api/server.js': api, ...files });
    expect(await bothWays(workspace, 'api/server.js')).toEqual(expected);
    const { findings } = await workspace.lintWhole(scratch.at('api/server.js'));
    for (const { related, severity } of findings) {
      if (severity !== 'info') expect(related.map(({ place }) => place.file)).toContain(scratch.at('web/src/page.js'));
    }
  });

  test('is answered by a route out of another file', async () => {
    const workspace = open({
      'api/server.js': server().replace(
        "app.all('/items/:id', (req, res) => res.json({}));",
        "app.use('/items', require('./items'));",
      ),
      'api/items.js': `const { Router } = require('express');
const router = Router();
router.all('/:id', (req, res) => res.json({}));
module.exports = router;
`,
      ...put,
    });
    expect(await bothWays(workspace, 'api/server.js')).toEqual(['error method-not-allowed']);
  });

  test('is mended at the server, and what else the file says moves', async () => {
    const workspace = open({ 'api/server.js': server(), ...put });
    await workspace.lintWhole(scratch.at('api/server.js'));
    const { texts } = await workspace.fixAll(scratch.at('api/server.js'));
    expect(texts.get(scratch.at('api/server.js'))).toContain("methods: ['GET', 'PUT']");
  });

  test('is followed as it is typed', async () => {
    const workspace = open({ 'api/server.js': server(), ...put });
    const now = async (): Promise<string[]> => told((await workspace.lint(scratch.at('api/server.js'))).findings);
    await workspace.lintWhole(scratch.at('api/server.js'));
    expect(await now()).toEqual(['error method-not-allowed']);
    workspace.setOverlay(scratch.at('web/src/page.js'), "fetch('http://localhost:3001/items/1');\n", 1);
    expect(await now()).toEqual([]);
    workspace.setOverlay(
      scratch.at('web/src/page.js'),
      "fetch('http://localhost:3001/items/1', { method: 'PATCH' });\n",
      2,
    );
    expect(await now()).toEqual(['error method-not-allowed']);
    workspace.setOverlay(scratch.at('api/server.js'), server("origin: 'http://localhost:5173'"), 1);
    expect(await now()).toEqual([]);
  });

  test('stands in the inventory of endpoints', async () => {
    const workspace = open({ 'api/server.js': server(), ...put });
    await workspace.audit();
    const all = await catalogue(workspace);
    const rows = all.flatMap(({ endpoint, callers }) => policyRows(effectivePolicy(openBrowser(endpoint, callers))));
    expect(rows.filter(({ key }) => key === 'callers')).toEqual([
      {
        key: 'callers',
        label: 'Called by pages',
        words: 'PUT (refused)',
        at: [expect.objectContaining({ file: scratch.at('web/src/page.js') })],
      },
    ]);
  });

  test.each([
    ['once where further headers change nothing', "allowedHeaders: ['X-Id']", ['GET (allowed)']],
    ['twice where they decide', '', ['GET (allowed); GET (refused) when the page adds X-Id']],
  ])('stands there %s', async (_, headers, expected) => {
    const workspace = open({
      'api/server.js': server(
        `origin: 'http://localhost:5173', methods: ['GET'], ${headers || "allowedHeaders: ['X-Other']"}`,
      ),
      'web/package.json': '{ "dependencies": { "react-dom": "19" } }',
      'web/src/page.js': "fetch('http://localhost:3001/items/1', { headers: { ...(id ? { 'X-Id': id } : {}) } });\n",
    });
    await workspace.audit();
    const all = await catalogue(workspace);
    const rows = all.flatMap(({ endpoint, callers }) => policyRows(effectivePolicy(openBrowser(endpoint, callers))));
    const called = rows.filter(({ key }) => key === 'callers');
    expect(called.map(({ words }) => words)).toEqual(expected);
    expect(called[0]?.at.length).toBe(headers ? 1 : 2);
  });

  test('and reads a header that is not exposed', async () => {
    const reading = {
      'web/package.json': '{ "dependencies": { "react-dom": "19" } }',
      'web/src/page.js': "fetch('http://localhost:3001/items/1').then((r) => show(r.headers.get('X-Total')));\n",
    };
    const workspace = open({ 'api/server.js': server(), ...reading });
    expect(await bothWays(workspace, 'api/server.js')).toEqual(['warning header-not-exposed']);
    const { texts } = await workspace.fixAll(scratch.at('api/server.js'));
    expect(texts.get(scratch.at('api/server.js'))).toContain("exposedHeaders: ['X-Total']");
  });
});

test('a route stands in the inventory once: where the app that mounts its router is read', async () => {
  const workspace = open({
    'api/server.js': API.replace('app.listen', "app.use('/orders', require('./orders'));\napp.listen"),
    'api/orders.js':
      "const router = require('express').Router();\nrouter.get('/:id', (req, res) => res.json({}));\nmodule.exports = router;\n",
    'api/loose.js':
      "const router = require('express').Router();\nrouter.get('/loose', require('cors')(), (req, res) => res.json({}));\nmodule.exports = router;\n",
  });
  const all = await catalogue(workspace);
  const labels = all.map(({ endpoint }) => `${endpoint.label}${endpoint.partial === undefined ? '' : ', in part'}`);
  expect(labels).toContain('GET /orders/:id');
  expect(labels).toContain('GET /loose, in part');
  expect(labels).not.toContain('GET /:id, in part');
});

test('without a proxy nothing is read for it', async () => {
  scratch = openScratch({ 'api/server.js': API, 'compose.yaml': 'services: {}\n' });
  const analysed: string[] = [];
  const counting = platforms.map((platform) => ({
    ...platform,
    analyse: (...given: Parameters<typeof platform.analyse>) => {
      analysed.push(given[0]);
      return platform.analyse(...given);
    },
  }));
  await openWorkspace({ disk: nodeDisk, root: scratch.root, platforms: counting, rules }).audit();
  expect(analysed).toEqual([scratch.at('api/server.js')]);
});
