import { afterEach, describe, expect, test } from 'vitest';
import { platforms, rules } from '../../lint/registry';
import { nodeDisk } from '../../workspace/nodeDisk';
import { openWorkspace } from '../../workspace/openWorkspace';
import { openScratch, type Scratch } from '../../workspace/testing/scratch';

let scratch: Scratch;
afterEach(() => scratch?.remove());

const API = `const express = require('express');
const cors = require('cors');
const app = express();
app.use(cors({ origin: 'http://localhost:5173', methods: ['GET', 'POST'], allowedHeaders: ['Content-Type'] }));
app.get('/items', (req, res) => res.json([]));
app.post('/items', (req, res) => res.json({}));
app.patch('/items/:id', (req, res) => res.json({}));
app.listen(3001);
`;
const CLIENT = `import axios from 'axios';\nexport const api = axios.create({ baseURL: import.meta.env.VITE_API ?? 'http://localhost:3001' });\n`;

const PATCH_PAGE = "<script>fetch('http://localhost:3001/items/1', { method: 'PATCH' });</script>";

/** What is said of a front end's file: severities and rules, in order. */
async function found(text: string, more: Readonly<Record<string, string>> = {}): Promise<string[]> {
  scratch = openScratch({
    'web/package.json': '{ "dependencies": { "react-dom": "19", "axios": "1" } }',
    'web/src/client.js': CLIENT,
    'web/src/page.jsx': text,
    'api/server.js': API,
    ...more,
  });
  const workspace = openWorkspace({ disk: nodeDisk, root: scratch.root, platforms, rules });
  const { findings } = await workspace.lintWhole(scratch.at('web/src/page.jsx'));
  const audited = (await workspace.audit()).findings.get(scratch.at('web/src/page.jsx')) ?? [];
  expect(audited.map(({ message }) => message)).toEqual(findings.map(({ message }) => message));
  return findings.map(({ severity, rule }) => `${severity} ${rule.id}`);
}

/** The server's own line is blamed, and the call is only shown. */
const SHOWN = ['info frontend-call-refused'];
const PERHAPS = ['warning frontend-call-refused'];
const AXIOS = "import axios from 'axios';\n";
const SHARED = "import { api } from './client';\n";

describe('a call', () => {
  test.each([
    ['that is allowed', "fetch('http://localhost:3001/items');", []],
    ['of a method that is not listed', "fetch('http://localhost:3001/items/1', { method: 'PATCH' });", SHOWN],
    ['of window.fetch', "window.fetch('http://127.0.0.1:3001/items/1', { method: 'PATCH' });", SHOWN],
    ['with a path that has a hole', 'fetch(`http://localhost:3001/items/${id}`, { method: "PATCH" });', SHOWN],
    ['with a host that has one', 'fetch(`http://${host}:3001/items/1`, { method: "PATCH" });', []],
    ['with a hole in a segment', 'fetch(`http://localhost:3001/items/a${id}`, { method: "PATCH" });', []],
    ['with a header that is not listed', "fetch('http://localhost:3001/items', { headers: { 'X-Id': id } });", SHOWN],
    [
      'with one that may not be sent',
      "fetch('http://localhost:3001/items', { headers: { ...(a ? { 'X-Id': '1' } : {}) } });",
      ['info frontend-call-refused'],
    ],
    [
      'with a listed header',
      "fetch('http://localhost:3001/items', { method: 'POST', headers: { 'Content-Type': 'application/json' } });",
      [],
    ],
    ['with credentials', "fetch('http://localhost:3001/items', { credentials: 'include' });", SHOWN],
    ['with credentials of its own origin', "fetch('http://localhost:3001/items', { credentials: 'same-origin' });", []],
    ['of a method that is not known', "fetch('http://localhost:3001/items/1', { method });", []],
    ['of options that are not known', "fetch('http://localhost:3001/items/1', options);", []],
    ['to its own origin', "fetch('/items/1', { method: 'PATCH' });", []],
    ['to another port', "fetch('http://localhost:3002/items/1', { method: 'PATCH' });", []],
    ['to a path that nothing answers', "fetch('http://localhost:3001/none', { method: 'PATCH' });", []],
    ['of a fetch of its own', "const fetch = wrap(); fetch('http://localhost:3001/items/1', { method: 'PATCH' });", []],
    [
      'of RTK Query with credentials',
      `import { createApi, fetchBaseQuery } from '@reduxjs/toolkit/query/react';
createApi({
  baseQuery: fetchBaseQuery({ baseUrl: 'http://localhost:3001', credentials: 'include' }),
  endpoints: (build) => ({ items: build.query({ query: () => '/items' }) }),
});`,
      SHOWN,
    ],
    ['of axios', `${AXIOS}axios.patch('http://localhost:3001/items/1', {});`, SHOWN],
    ['of axios with JSON that is listed', `${AXIOS}axios.post('http://localhost:3001/items', { a: 1 });`, []],
    ['of axios as a function', `${AXIOS}axios({ url: 'http://localhost:3001/items/1', method: 'PATCH' });`, SHOWN],
    [
      'of axios with credentials',
      `${AXIOS}axios.get('http://localhost:3001/items', { withCredentials: true });`,
      SHOWN,
    ],
    ['of an instance with a default', `${SHARED}api.patch('/items/1', {});`, SHOWN],
    ['of an instance with what is allowed', `${SHARED}api.get('/items');`, []],
  ])('%s', async (_, text, expected) => {
    expect(await found(text)).toEqual(expected);
  });

  test('to the address of a file of variables', async () => {
    const text = `${SHARED}api.patch('/items/1', {});`;
    expect(await found(text, { 'web/.env': 'VITE_API=https://api.example.com\n' })).toEqual([]);
    scratch.remove();
    expect(await found(text, { 'web/.env': 'VITE_API="http://localhost:3001"\n' })).toEqual(SHOWN);
  });

  test('to the last address of the first file of variables that has one', async () => {
    const text = `${SHARED}api.patch('/items/1', {});`;
    const env = { 'web/.env': 'VITE_API=https://api.example.com\n' };
    const twice = 'VITE_API=http://localhost:9\nVITE_API=http://localhost:3001 # the API\n';
    expect(await found(text, { ...env, 'web/.env.local': twice })).toEqual(SHOWN);
    scratch.remove();
    expect(await found(text, { ...env, 'web/.env.local': 'VITE_API=http://localhost:$PORT\n' })).toEqual(SHOWN);
  });

  test.each([
    ['a server', { 'web/package.json': '{ "dependencies": { "express": "5" } }' }],
    ['a server that renders', { 'web/package.json': '{ "dependencies": { "next": "15", "react-dom": "19" } }' }],
    ['an app', { 'web/package.json': '{ "dependencies": { "react-native": "0.7", "react-dom": "19" } }' }],
    ['nobody knows what', { 'web/package.json': '{}' }],
  ])('of %s', async (_, more) => {
    expect(await found("fetch('http://localhost:3001/items/1', { method: 'PATCH' });", more)).toEqual([]);
  });

  test.each([
    [
      'a component of Vue',
      'web/src/Page.vue',
      '<template><a /></template>\n<script setup lang="ts">\nconst id = 1 as number;\nfetch(`http://localhost:3001/items/${id}`, { method: \'PATCH\' });\n</script>\n',
      ['fetch'],
    ],
    [
      'a component of Svelte',
      'web/src/Page.svelte',
      "<script>\n  fetch('http://localhost:3001/items/1', { method: 'PATCH' });\n</script>\n<p>fetch</p>\n",
      ['fetch'],
    ],
    [
      'a page',
      'site/index.html',
      "<!doctype html>\n<p>fetch it</p>\n<script>\n  fetch('http://localhost:3001/items/1', { method: 'PATCH' });\n</script>\n",
      ['fetch'],
    ],
    [
      'a page without scripts',
      'site/tags.html',
      '<img crossorigin src="http://localhost:3001/items">\n<img crossorigin="use-credentials" src="http://localhost:3001/items">\n<img src="http://localhost:3001/items" crossorigin=use-credentials>\n',
      ['crossorigin="use-credentials"', 'crossorigin=use-credentials'],
    ],
    ["a page of the server's", 'api/public/index.html', PATCH_PAGE, []],
  ])('of %s', async (_, file, text, expected) => {
    scratch = openScratch({
      'web/package.json': '{ "dependencies": { "vue": "3", "svelte": "5" } }',
      'api/package.json': '{ "dependencies": { "express": "5" } }',
      'api/server.js': API,
      [file]: text,
    });
    const workspace = openWorkspace({ root: scratch.root, disk: nodeDisk, platforms, rules });
    const { findings } = await workspace.lintWhole(scratch.at(file));
    expect(findings.map(({ place }) => text.slice(place.start, place.end))).toEqual(expected);
  });

  test('of a script that a page loads', async () => {
    scratch = openScratch({
      'site/index.html': '<script defer src="./app.js?v=2"></script>',
      'site/app.js': "fetch('http://localhost:3001/items/1', { method: 'PATCH' });",
      'site/other.js': "fetch('http://localhost:3001/items/1', { method: 'PATCH' });",
      'api/package.json': '{ "dependencies": { "express": "5" } }',
      'api/server.js': API,
    });
    const workspace = openWorkspace({ root: scratch.root, disk: nodeDisk, platforms, rules });
    expect((await workspace.lintWhole(scratch.at('site/app.js'))).findings.length).toBe(1);
    expect((await workspace.lintWhole(scratch.at('site/other.js'))).findings).toEqual([]);
  });

  test('of a client component', async () => {
    const more = { 'web/package.json': '{ "dependencies": { "next": "15", "react-dom": "19" } }' };
    expect(await found("'use client';\nfetch('http://localhost:3001/items/1', { method: 'PATCH' });", more)).toEqual(
      SHOWN,
    );
  });

  test('to a server that has no CORS, and hands the page out itself or not', async () => {
    const bare = API.replace(/app\.use.*\n/, '');
    const call = "fetch('http://localhost:3001/items');";
    expect(await found(call, { 'api/server.js': bare })).toEqual(PERHAPS);
    scratch.remove();
    const serving = bare.replace('app.listen', "app.use(express.static('dist'));\napp.listen");
    expect(await found(call, { 'api/server.js': serving })).toEqual([]);
  });

  test('with a response header on it', async () => {
    const text = "fetch('https://api.example.com/', { headers: { 'Access-Control-Allow-Origin': '*' } });";
    expect(await found(text)).toEqual(['error header-on-request']);
  });
});

test('what is read of a response', async () => {
  const reading = (how: string) => `${AXIOS}async function load() {\n  ${how}\n}\n`;
  const hidden = ['info frontend-header-hidden'];
  const url = "'http://localhost:3001/items'";
  for (const [how, expected] of [
    [`const r = await fetch(${url}); return r.headers.get('X-Total');`, hidden],
    [`fetch(${url}).then((r) => show(r.headers.get('X-Total')));`, hidden],
    [`const r = await axios.get(${url}); return r.headers['x-total'];`, hidden],
    [
      `const r = await fetch(${url}, { headers: { ...(n && { 'Content-Type': n }) } }); r.headers.get('X-Total');`,
      hidden,
    ],
    [`const r = await fetch(${url}); return r.headers.get('Content-Type');`, []],
    [`const r = await fetch(${url}); const q = other(); return q.headers.get('X-Total');`, []],
    [`const r = await fetch('/items'); return r.headers.get('X-Total');`, []],
  ] as const) {
    expect(await found(reading(how)), how).toEqual(expected);
    scratch.remove();
  }
});
