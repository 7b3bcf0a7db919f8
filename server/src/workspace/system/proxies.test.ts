import { afterEach, describe, expect, test } from 'vitest';
import { platforms, rules } from '../../lint/registry';
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
app.get('/api/users', (req, res) => res.json([]));
app.patch('/api/users/:id', (req, res) => res.json({}));
app.listen(3001);
`;

const site = (listen = '8080', name = 'localhost', pass = 'http://127.0.0.1:3001'): string => `server {
  listen ${listen};
  server_name ${name};
  location /api/ {
    if ($request_method = OPTIONS) {
      add_header Access-Control-Allow-Origin https://app.example.com;
      add_header Access-Control-Allow-Methods "GET, POST";
      return 204;
    }
    proxy_pass ${pass};
  }
}
`;

const page = (url: string): string => `export const rename = () => fetch('${url}/api/users/1', { method: 'PATCH' });\n`;

function open(files: Readonly<Record<string, string>>): Workspace {
  scratch = openScratch({ 'web/package.json': '{ "dependencies": { "react-dom": "19" } }', ...files });
  return openWorkspace({ root: scratch.root, disk: nodeDisk, platforms, rules });
}

/** What is told of the method at the proxy, and whether the page is named beside it. */
async function told(workspace: Workspace, file = 'nginx.conf'): Promise<string[]> {
  const linted = (await workspace.lintWhole(scratch.at(file))).findings;
  const audited = (await workspace.audit()).findings.get(scratch.at(file)) ?? [];
  expect(audited.map(({ rule }) => rule.id)).toEqual(linted.map(({ rule }) => rule.id));
  return linted.map(({ severity, rule, related }) => {
    const isCalled = related.some(({ place }) => place.file === scratch.at('web/src/page.js'));
    return `${severity} ${rule.id}${isCalled ? ', called' : ''}`;
  });
}

const CALLED = ['error method-not-allowed, called'];
const CALLED_WHEN = ['warning method-not-allowed, called'];
const UNCALLED = ['warning method-not-allowed'];

const compose = (ports: string, volume = './nginx.conf:/etc/nginx/conf.d/default.conf:ro'): string => `services:
  proxy:
    image: nginx:1.27
    ports: ["${ports}"]
    volumes: ["${volume}"]
  api:
    build: ./api
`;

const TWIN = { 'staging/nginx.conf': site('443', 'a.example.com') };

describe('a page that calls nginx', () => {
  test.each([
    ['on its port', 'http://localhost:8080', site(), {}, CALLED],
    ['on another port', 'http://localhost:8081', site(), {}, UNCALLED],
    ['on port 80', 'http://localhost', site('80', '_'), {}, CALLED],
    ['by its name', 'https://api.example.com', site('443 ssl', 'api.example.com'), {}, CALLED],
    ['by its name, TLS taken off in front', 'https://api.example.com', site('80', 'api.example.com'), {}, CALLED_WHEN],
    ['by another name', 'https://api.example.com', site('443 ssl', 'www.example.com'), {}, UNCALLED],
    ['by a name that two files have', 'https://a.example.com', site('443', 'a.example.com'), TWIN, UNCALLED],
    ['that listens twice', 'http://localhost:8080', site('8080;\n  listen [::]:8080'), {}, CALLED],
  ])('%s', async (_, url, conf, others, expected) => {
    const workspace = open({ 'nginx.conf': conf, 'api/server.js': API, 'web/src/page.js': page(url), ...others });
    expect(await told(workspace)).toEqual(expected);
  });

  test.each([
    ['through the published port', '9000:8080', 'http://localhost:9000', CALLED],
    ['through the port inside', '9000:8080', 'http://localhost:8080', UNCALLED],
  ])('in a container, %s', async (_, ports, url, expected) => {
    const workspace = open({
      'compose.yaml': compose(ports),
      'nginx.conf': site('8080', '_', 'http://api:3001'),
      'api/server.js': API,
      'web/src/page.js': page(url),
    });
    expect(await told(workspace)).toEqual(expected);
  });

  test('whose own files are built into a container', async () => {
    const workspace = open({
      'compose.yaml': `${compose('9000:8080')}  web:\n    build: ./web\n`,
      'nginx.conf': site('8080', '_', 'http://api:3001'),
      'api/server.js': API,
      'web/src/page.js': page('http://localhost:9000'),
    });
    expect(await told(workspace)).toEqual(CALLED);
  });

  test('follows the application and the proxy as they are edited', async () => {
    const workspace = open({
      'nginx.conf': site(),
      'api/server.js': API.replace('app.patch', 'app.put'),
      'web/src/page.js': page('http://localhost:8080'),
    });
    expect(await told(workspace)).toEqual(UNCALLED);
    workspace.setOverlay(scratch.at('api/server.js'), API, 1);
    expect(await told(workspace)).toEqual(CALLED);
    workspace.setOverlay(scratch.at('nginx.conf'), site('8081'), 1);
    expect(await told(workspace)).toEqual(UNCALLED);
  });
});

describe('servers that pass requests on to each other', () => {
  test.each([
    ['a server to itself', { 'nginx.conf': site('8080', 'localhost', 'http://127.0.0.1:8080') }],
    [
      'two files in a circle',
      {
        'nginx.conf': site('8080', 'localhost', 'http://127.0.0.1:8081'),
        'other.conf': site('8081', 'localhost', 'http://127.0.0.1:8080'),
      },
    ],
  ])('%s: comes to an end', async (_, files) => {
    const workspace = open({ ...files, 'api/server.js': API, 'web/src/page.js': page('http://localhost:8080') });
    expect(await told(workspace)).toEqual([]);
  });

  test('one behind another one is linked, with nothing of CORS in it, and no longer to what it asked before', async () => {
    const workspace = open({
      'front/nginx.conf': site('8080', 'localhost', 'http://127.0.0.1:8081'),
      'inner/nginx.conf': 'server {\n  listen 8081;\n  location / {\n    proxy_pass http://localhost:3001;\n  }\n}\n',
      'api/server.js': API,
      'other/server.js': API.replace('3001', '3002'),
    });
    const links = async (): Promise<string[]> => {
      await workspace.audit();
      return workspace.links().map(({ from, address, to }) => `${from} ${address.port} ${to.file}`);
    };
    const [front, inner] = [scratch.at('front/nginx.conf'), scratch.at('inner/nginx.conf')];
    const api = scratch.at('api/server.js');
    const behind = `${inner} 3001 ${api}`;
    expect(await links()).toEqual([`${front} 8081 ${inner}`, behind]);
    workspace.setOverlay(front, site('8080', 'localhost', 'http://127.0.0.1:3002'), 1);
    expect(await links()).toEqual([`${front} 3002 ${scratch.at('other/server.js')}`, behind]);
    workspace.setOverlay(front, site('8080', 'localhost', 'http://127.0.0.1:3001'), 2);
    expect(await links()).toEqual([`${front} 3001 ${api}`, behind]);
  });

  test('one behind another one follows as its port is edited', async () => {
    const workspace = open({
      'front/nginx.conf': 'server {\n  listen 8080;\n  location / {\n    proxy_pass http://localhost:8081;\n  }\n}\n',
      'nginx.conf': site('8081'),
      'api/server.js': API,
      'web/src/page.js': page('http://localhost:8080'),
    });
    expect(await told(workspace)).toEqual(CALLED);
    workspace.setOverlay(scratch.at('nginx.conf'), site('8082'), 1);
    expect(await told(workspace)).toEqual(UNCALLED);
    workspace.setOverlay(scratch.at('nginx.conf'), site('8081'), 2);
    expect(await told(workspace)).toEqual(CALLED);
  });

  test('one behind another one, in two files', async () => {
    const workspace = open({
      'front/nginx.conf': `server {\n  listen 80;\n  location / {\n    add_header Access-Control-Allow-Origin * always;\n    proxy_pass http://localhost:8080;\n  }\n}\n`,
      'inner/nginx.conf': 'server {\n  listen 8080;\n  location / {\n    proxy_pass http://localhost:3001;\n  }\n}\n',
      'api/server.js': API,
    });
    expect(await told(workspace, 'front/nginx.conf')).toContain('error duplicate-header');
  });
});
