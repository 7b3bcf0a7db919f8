import { afterEach, expect, test } from 'vitest';
import { platforms, rules } from '../../lint/registry';
import { nodeDisk } from '../nodeDisk';
import { openWorkspace } from '../openWorkspace';
import { openScratch, type Scratch } from '../testing/scratch';

let scratch: Scratch | undefined;
afterEach(() => scratch?.remove());

const API = `const express = require('express');
const cors = require('cors');
const app = express();
app.use(cors({ origin: 'http://localhost:5173', methods: ['GET'] }));
app.all('/items/:id', (req, res) => res.json({}));
app.all('/v1/items/:id', (req, res) => res.json({}));
app.listen(3001);
`;

const proxy = (inside: string): string => `server {
  listen 8080;
  ${inside}
}
`;

/** What is told at the application of a page's call to the proxy in front of it. */
async function toldBehind(inside: string, path: string, api = API): Promise<string[]> {
  scratch = openScratch({
    'nginx.conf': proxy(inside),
    'api/server.js': api,
    'web/package.json': '{ "dependencies": { "react-dom": "19" } }',
    'web/src/page.js': `export const load = () => fetch('http://localhost:8080${path}', { method: 'PUT' });\n`,
  });
  const workspace = openWorkspace({ disk: nodeDisk, root: scratch.root, platforms, rules, onStale: () => {} });
  const { findings } = await workspace.lintWhole(scratch.at('api/server.js'));
  const page = scratch.at('web/src/page.js');
  return findings.flatMap(({ rule, exchange, related }) =>
    related.some(({ place }) => place.file === page) ? [`${rule.id} ${exchange?.call.path}`] : [],
  );
}

test.each([
  ['as it is', 'location / { proxy_pass http://127.0.0.1:3001; }', '/items/1', '/items/1'],
  ['without its beginning', 'location /api/ { proxy_pass http://127.0.0.1:3001/; }', '/api/items/1', '/items/1'],
  ['with another beginning', 'location /api/ { proxy_pass http://127.0.0.1:3001/v1/; }', '/api/items/1', '/v1/items/1'],
  [
    'rewritten',
    'location /api/ { rewrite ^/api/(.*)$ /$1 break; proxy_pass http://127.0.0.1:3001; }',
    '/api/items/1',
    '/items/1',
  ],
  [
    'rewritten to another beginning',
    'location /api/ { rewrite ^/api/(.*)$ /v1/$1 break; proxy_pass http://127.0.0.1:3001; }',
    '/api/items/1',
    '/v1/items/1',
  ],
  [
    'rewritten by the later one',
    'location /api/ { rewrite ^/none/(.*)$ /v1/$1 break; rewrite ^/api/(.*)$ /$1; rewrite ^/(.*)$ /v1/$1 break; proxy_pass http://127.0.0.1:3001; }',
    '/api/items/1',
    '/v1/items/1',
  ],
])('a call gets to the application behind nginx under the path that it has there: %s', async (_, inside, from, to) => {
  expect(await toldBehind(inside, from)).toEqual([`method-not-allowed ${to}`]);
});

test.each([
  ['answers nothing', 'location /api/ { proxy_pass http://127.0.0.1:3001/v2/; }'],
  ['is not known', 'location /api/ { proxy_pass http://127.0.0.1:3001/$version/; }'],
])('and nowhere where that path %s', async (_, inside) => {
  expect(await toldBehind(inside, '/api/items/1')).toEqual([]);
});

test.each([
  ['a route behind the files', '/items/1', ['method-not-allowed /items/1']],
  ['nothing, where only the files are left', '/others/1', []],
])('a call gets past files of a folder to %s', async (_, path, expected) => {
  const api = API.replace("app.all('/items", "app.use(express.static('public'));\napp.all('/items");
  expect(await toldBehind('location / { proxy_pass http://127.0.0.1:3001; }', path, api)).toEqual(expected);
});
