import { beforeAll, describe, expect, test } from 'vitest';
import { createReader, prepare } from '../../javascript';
import { targetOf } from './address';
import { callsIn } from './calls';

beforeAll(() => prepare());

/** The calls of the first file, each in one line: method, address, headers that are sent, what is read. */
function calls(text: string, more: Readonly<Record<string, string>> = {}): string[] {
  const files: Readonly<Record<string, string>> = { '/web/src/page.tsx': text, ...more };
  const reader = createReader({ readFile: (path) => files[path] ?? null });
  const module = reader.module('/web/src/page.tsx');
  if (module === null) throw new Error('no module');
  return callsIn(reader, module).map(({ url, base, method, headers, credentials, reads, when: made = [] }) => {
    const target = targetOf(url, base, (name) => ({ VITE_API: 'http://localhost:3001' })[name]);
    const address =
      target === undefined ? '?' : `${target.host === 'localhost' ? '' : target.host}:${target.port}${target.path}`;
    const sent = headers.map(({ name, value }) => `${name}: ${value ?? '?'}`);
    const holds = [...made, ...(target?.provided === undefined ? [] : [target.provided.holds])];
    const when = holds.length === 0 ? [] : [`when ${holds.join(' and ')}`];
    return [
      method,
      address,
      ...sent,
      ...(credentials ? ['with credentials'] : []),
      ...reads.map(({ name }) => `reads ${name}`),
      ...when,
    ].join(', ');
  });
}

const URL = "'http://localhost:3001/a'";
const BASE = "baseURL: 'http://localhost:3001'";
const AXIOS = "import axios from 'axios';\n";
const KY = "import ky from 'ky';\n";
const JSON_TYPE = 'Content-Type: application/json';

describe('fetch', () => {
  test.each([
    ['of a Request', `fetch(new Request(${URL}, { method: 'PUT' }))`, 'PUT, :3001/a'],
    ['of a URL', "fetch(new URL('/b?c=1', 'http://localhost:3001/a'))", 'GET, :3001/b'],
    ['of a URL as text', "fetch(new URL('b', 'http://localhost:3001/a/').href)", 'GET, :3001/a/b'],
    ['with Headers', `fetch(${URL}, { headers: new Headers({ 'X-A': '1' }) })`, 'GET, :3001/a, X-A: 1'],
    ['with pairs', `fetch(${URL}, { headers: [['X-A', '1'], ['X-B', b]] })`, 'GET, :3001/a, X-A: 1, X-B: ?'],
    [
      'with Headers that are appended to',
      `const h = new Headers();\nh.append('X-A', '1');\nif (c()) h.append('X-B', '2');\nfetch(${URL}, { headers: h });`,
      ['GET, :3001/a, X-A: 1', 'GET, :3001/a, X-A: 1, X-B: 2, when the page adds X-B'],
    ],
    ['of JSON that says nothing', `fetch(${URL}, { method: 'POST', body: JSON.stringify(a) })`, 'POST, :3001/a'],
    [
      'of a Blob',
      `fetch(${URL}, { method: 'POST', body: new Blob([a], { type: 'application/json' }) })`,
      `POST, :3001/a, ${JSON_TYPE.toLowerCase().replace('content-type', 'Content-Type')}`,
    ],
    ['of a method that is not normalised', `fetch(${URL}, { method: 'patch' })`, 'patch, :3001/a'],
  ])('%s', (_, text, expected) => {
    expect(calls(text)).toEqual([expected].flat());
  });

  test.each([
    ['of options that cannot be read', `fetch(${URL}, options)`],
    ['of a method that cannot', `fetch(${URL}, { method: a() ? 'PUT' : 'POST' })`],
  ])('%s', (_, text) => {
    expect(calls(text)).toEqual([]);
  });
});

describe('axios', () => {
  test.each([
    ['JSON', `axios.post(${URL}, { a })`, `POST, :3001/a, ${JSON_TYPE}`],
    ['a list', `axios.put(${URL}, [a])`, `PUT, :3001/a, ${JSON_TYPE}`],
    ['a form', `axios.post(${URL}, new FormData())`, 'POST, :3001/a'],
    ['a query', `axios.post(${URL}, new URLSearchParams())`, 'POST, :3001/a'],
    ['text', `axios.post(${URL}, 'a=b')`, 'POST, :3001/a'],
    ['what is not known', `axios.post(${URL}, data)`, 'POST, :3001/a'],
    [
      'a type with nothing',
      `axios.post(${URL}, undefined, { headers: { 'Content-Type': 'application/json' } })`,
      'POST, :3001/a',
    ],
    [
      'a type with something',
      `axios.post(${URL}, data, { headers: { 'content-type': 'application/json' } })`,
      'POST, :3001/a, content-type: application/json',
    ],
    ['a type on a GET', `axios.get(${URL}, { headers: { 'Content-Type': 'application/json' } })`, 'GET, :3001/a'],
    ['a form by name', `axios.postForm(${URL}, { a })`, 'POST, :3001/a'],
    [
      'a form by name, whatever type is set',
      `axios.postForm(${URL}, { a }, { headers: { 'Content-Type': 'application/json' } })`,
      'POST, :3001/a',
    ],
    ['a lower-case method', `axios({ url: ${URL}, method: 'patch', data: { a } })`, `PATCH, :3001/a, ${JSON_TYPE}`],
    ['by request', `axios.request({ url: ${URL}, method: 'delete' })`, 'DELETE, :3001/a'],
    ['the body of a DELETE', `axios.delete(${URL}, { data: { a } })`, `DELETE, :3001/a, ${JSON_TYPE}`],
    [
      'a header that an instance has too',
      `axios.create({ headers: { 'x-a': '1' } }).get(${URL}, { headers: { 'X-A': '2' } })`,
      'GET, :3001/a, X-A: 2',
    ],
    [
      'headers of methods',
      `axios.create({ headers: { common: { 'X-A': '1' }, post: { 'X-B': '1' } } }).get(${URL})`,
      'GET, :3001/a, X-A: 1',
    ],
  ])('sends %s', (_, text, expected) => {
    expect(calls(AXIOS + text)).toEqual([expected]);
  });

  const CLIENT = `${AXIOS}export const api = axios.create({ baseURL: 'http://localhost:3001' });\n`;
  test.each([
    ['a header', "api.defaults.headers.common['X-A'] = '1';", 'GET, :3001/a, X-A: 1'],
    ['a header for GETs alone', "api.defaults.headers.get['X-A'] = '1';", 'GET, :3001/a, X-A: 1'],
    ['a header for POSTs alone', "api.defaults.headers.post['X-A'] = '1';", 'GET, :3001/a'],
    ['credentials', 'api.defaults.withCredentials = true;', 'GET, :3001/a, with credentials'],
    ['a base', "api.defaults.baseURL = 'http://localhost:3002';", 'GET, :3002/a'],
    ['a base on a condition', "if (x()) api.defaults.baseURL = 'http://localhost:3002';", 'GET, ?'],
    [
      'an interceptor',
      "api.interceptors.request.use((config) => { config.headers['X-A'] = t(); return config; });",
      'GET, :3001/a, X-A: ?',
    ],
    [
      'an interceptor by set',
      "api.interceptors.request.use((config) => { config.headers.set('X-A', '1'); return config; });",
      'GET, :3001/a, X-A: 1',
    ],
    [
      'an interceptor on a condition',
      'api.interceptors.request.use((config) => { if (t()) config.headers.A = t; return config; });',
      ['GET, :3001/a', 'GET, :3001/a, A: ?, when the page adds A'],
    ],
    [
      'an interceptor that may return before',
      'api.interceptors.request.use((config) => { if (!t()) return config; config.headers.A = t; return config; });',
      ['GET, :3001/a', 'GET, :3001/a, A: ?, when the page adds A'],
    ],
    [
      'an interceptor that sets the base',
      'api.interceptors.request.use((config) => { if (a()) config.baseURL = b; return config; });',
      'GET, ?',
    ],
    [
      'an interceptor that sends credentials',
      'api.interceptors.request.use((config) => { config.withCredentials = true; return config; });',
      'GET, :3001/a, with credentials',
    ],
    [
      'an interceptor of another',
      'other.interceptors.request.use((config) => { config.headers.A = t; return config; });',
      'GET, :3001/a',
    ],
  ])('changed: %s', (_, change, expected) => {
    const text = "import { api } from './client';\napi.get('/a');";
    expect(calls(text, { '/web/src/client.js': CLIENT + change })).toEqual([expected].flat());
  });

  test('an interceptor decides of credentials over the call', () => {
    const change = 'api.interceptors.request.use((config) => { config.withCredentials = true; return config; });';
    const text = "import { api } from './client';\napi.get('/a', { withCredentials: false });";
    expect(calls(text, { '/web/src/client.js': CLIENT + change })).toEqual(['GET, :3001/a, with credentials']);
  });

  test.each([
    ['surely', 'api.defaults.baseURL = "http://localhost:3002";', 'GET, :3002/a'],
    ['on a condition', 'if (x()) api.defaults.baseURL = "http://localhost:3002";', 'GET, ?'],
    ['by a function', 'export const use = (url) => { api.defaults.baseURL = url; };', 'GET, ?'],
    ['with credentials', 'api.defaults.withCredentials = true;', 'GET, :3001/a, with credentials'],
  ])('the defaults of an instance that another file changes %s', (_, change, expected) => {
    const shared = "import { api } from './client';\n";
    const made = {
      '/web/src/client.js': `${AXIOS}export const api = axios.create({ baseURL: 'http://localhost:3001' });\n`,
    };
    expect(calls(`${shared}api.get('/a');`, { ...made, '/web/src/main.tsx': `${shared}${change}` })).toEqual([
      expected,
    ]);
    expect(calls(`${shared}${change}\napi.get('/a');`, made)).toEqual([expected]);
  });

  test.each([
    ['a base', 'axios.defaults.baseURL = "http://localhost:3001";', '', 'GET, :3001/a'],
    ['credentials', 'axios.defaults.withCredentials = true;', BASE, 'GET, :3001/a, with credentials'],
    ['a header', 'axios.defaults.headers.common["X-A"] = "1";', BASE, 'GET, :3001/a, X-A: 1'],
    ['less than its own', 'axios.defaults.withCredentials = true;', `${BASE}, withCredentials: false`, 'GET, :3001/a'],
    ['no interceptor', 'axios.interceptors.request.use((c) => { c.headers.A = t; return c; });', BASE, 'GET, :3001/a'],
  ])('an instance is made with what is changed of axios above: %s', (_, change, made, expected) => {
    const client = `${AXIOS}${change}\nexport const api = axios.create({ ${made} });\n`;
    expect(calls("import { api } from './client';\napi.get('/a');", { '/web/src/client.js': client })).toEqual([
      expected,
    ]);
    expect(calls(`${AXIOS}const api = axios.create({ ${BASE} });\n${change}\napi.get('/a');`)).toEqual([
      'GET, :3001/a',
    ]);
  });

  test('defaults that another file sets', () => {
    const more = {
      '/web/src/main.jsx': `${AXIOS}import './setupAxios';\n`,
      '/web/src/setupAxios.js': `${AXIOS}axios.defaults.baseURL = import.meta.env.VITE_API;\naxios.defaults.withCredentials = true;\n`,
    };
    expect(calls(`${AXIOS}axios.get('/a');`, more)).toEqual([
      'GET, :3001/a, with credentials, when VITE_API is as in .env',
    ]);
    expect(calls(`${AXIOS}axios.get('/a', { withCredentials: false });`, more)).toEqual([
      'GET, :3001/a, when VITE_API is as in .env',
    ]);
  });
});

describe('others', () => {
  test.each([
    ['ky', `${KY}ky.post(${URL}, { json: a })`, `POST, :3001/a, ${JSON_TYPE}`],
    [
      'ky with a type',
      `${KY}ky.post(${URL}, { json: a, headers: { 'content-type': 'text/plain' } })`,
      'POST, :3001/a, content-type: text/plain',
    ],
    [
      'ky as a function',
      `${KY}ky(${URL}, { method: 'patch', credentials: 'include' })`,
      'PATCH, :3001/a, with credentials',
    ],
    [
      'an instance of ky',
      `${KY}const k = ky.create({ prefixUrl: 'http://localhost:3001', headers: { 'X-A': '1' } });\nk.extend({ credentials: 'include' }).get('a')`,
      'GET, :3001/a, X-A: 1, with credentials',
    ],
    [
      'ofetch',
      `import { ofetch } from 'ofetch';\nofetch('/a', { baseURL: 'http://localhost:3001', method: 'post', body: { a } })`,
      `POST, :3001/a, ${JSON_TYPE}`,
    ],
    [
      'an instance of ofetch',
      `import { $fetch } from 'ofetch';\nconst api = $fetch.create({ baseURL: 'http://localhost:3001' });\napi('/a', { credentials: 'include' })`,
      'GET, :3001/a, with credentials',
    ],
    [
      'jQuery',
      `$.ajax({ url: ${URL}, type: 'put', contentType: 'application/json', xhrFields: { withCredentials: true } })`,
      `PUT, :3001/a, ${JSON_TYPE}, with credentials`,
    ],
    ['jQuery with a URL', `jQuery.ajax(${URL}, { headers: { 'X-A': '1' } })`, 'GET, :3001/a, X-A: 1'],
    ['$.post', `$.post(${URL}, { a })`, 'POST, :3001/a'],
    [
      'what $.ajaxSetup sets',
      `$.ajaxSetup({ type: 'PUT', headers: { 'X-A': '1', 'X-B': '1' }, xhrFields: { withCredentials: true } });\n$.ajax({ url: ${URL}, headers: { 'X-B': '2' } });\n$.get(${URL});`,
      ['PUT, :3001/a, X-A: 1, X-B: 2, with credentials', 'GET, :3001/a, X-A: 1, X-B: 1, with credentials'],
    ],
    [
      'a type that $.ajaxSetup sets, with data only',
      `$.ajaxSetup({ contentType: 'application/json' });\n$.get(${URL}, { a: 1 });\n$.post(${URL});\n$.post(${URL}, null, done);\n$.ajax({ url: ${URL}, method: 'PUT', data: JSON.stringify(a) });\n$.ajax({ url: ${URL}, method: 'PUT', data: '', contentType: 'application/xml' });\n$.post({ url: ${URL}, data: b });`,
      [
        'GET, :3001/a',
        'POST, :3001/a',
        'POST, :3001/a',
        `PUT, :3001/a, ${JSON_TYPE}`,
        'PUT, :3001/a, Content-Type: application/xml',
        'POST, :3001/a',
        `POST, :3001/a, ${JSON_TYPE}, when the page adds Content-Type`,
      ],
    ],
    [
      'what a call sets over $.ajaxSetup',
      `jQuery.ajaxSetup({ method: 'PUT', xhrFields: { withCredentials: true } });\njQuery.ajax({ url: ${URL}, type: 'DELETE', xhrFields: { withCredentials: false } });`,
      'DELETE, :3001/a',
    ],
    [
      'what $.ajaxSetup sets later',
      `function login(t) { $.ajaxSetup({ headers: { 'X-A': t }, xhrFields: { withCredentials: true } }); }\n$.get(${URL});`,
      ['GET, :3001/a', 'GET, :3001/a, X-A: ?, when the page adds X-A'],
    ],
    [
      'XMLHttpRequest',
      `const x = new XMLHttpRequest();\nx.open('PUT', ${URL});\nx.setRequestHeader('X-A', '1');\nif (c()) x.setRequestHeader('X-B', '1');\nx.withCredentials = true;\nx.onload = () => x.getResponseHeader('X-Total');\nx.send();`,
      [
        'PUT, :3001/a, X-A: 1, with credentials, reads X-Total',
        'PUT, :3001/a, X-A: 1, X-B: 1, with credentials, reads X-Total, when the page adds X-B',
      ],
    ],
    ['EventSource', `new EventSource(${URL}, { withCredentials: true })`, 'GET, :3001/a, with credentials'],
    [
      'a beacon of JSON',
      `navigator.sendBeacon(${URL}, new Blob([a], { type: 'application/json' }))`,
      `POST, :3001/a, ${JSON_TYPE}, with credentials`,
    ],
    [
      'an element',
      `const a = <img crossOrigin="use-credentials" src="http://localhost:3001/a" />`,
      'GET, :3001/a, with credentials',
    ],
    [
      'a stylesheet',
      `const a = <link rel="stylesheet" crossOrigin="" href="http://localhost:3001/a" />`,
      'GET, :3001/a',
    ],
    [
      'HttpClient',
      `import { HttpClient, HttpHeaders } from '@angular/common/http';\nclass A { private base = 'http://localhost:3001'; constructor(private http: HttpClient) {}\nsave(a) { return this.http.post(\`\${this.base}/a\`, { a }, { withCredentials: true, headers: new HttpHeaders({ 'X-A': '1' }).set('X-B', a) }); } }`,
      `POST, :3001/a, X-A: 1, X-B: ?, ${JSON_TYPE}, with credentials`,
    ],
    [
      'HttpClient that is injected',
      `import { HttpClient } from '@angular/common/http';\nclass A { private http = inject(HttpClient); get() { return this.http.get<A>(${URL}); } }`,
      'GET, :3001/a',
    ],
  ])('%s', (_, text, expected) => {
    expect(calls(text)).toEqual([expected].flat());
  });

  test.each([
    ['a beacon of text', `navigator.sendBeacon(${URL}, 'a')`],
    ['an element without CORS', `const a = <img src="http://localhost:3001/a" />`],
    ['a link that only connects', `const a = <link rel="preconnect" crossOrigin="" href="http://localhost:3001" />`],
    ['a method that $.ajaxSetup sets perhaps', `if (c()) $.ajaxSetup({ type: 'PUT' });\n$.ajax({ url: ${URL} })`],
    ['a setup of jQuery that is not known', `$.ajaxSetup(shared);\n$.ajax({ url: ${URL} })`],
    ['a $ of its own', `const $ = wrap();\n$.get(${URL})`],
    ['a class of its own', `class EventSource {}\nnew EventSource(${URL})`],
  ])('not %s', (_, text) => {
    expect(calls(text)).toEqual([]);
  });
});

describe('a wrapper', () => {
  const API = "const API = 'http://localhost:3001';\n";
  test.each([
    [
      'of fetch',
      `${API}const request = (path, options) => fetch(API + path, options);\nrequest('/a', { method: 'PUT' });`,
      ['PUT, :3001/a'],
    ],
    [
      'with defaults',
      `${API}async function request(path, options = {}) { const res = await fetch(\`\${API}\${path}\`, { ...options, credentials: 'include' }); return res.json(); }\nrequest('/a');`,
      ['GET, :3001/a, with credentials'],
    ],
    [
      'of a wrapper',
      `${API}const request = (path, method) => fetch(API + path, { method });\nconst put = (path) => request(path, 'PUT');\nput('/a');`,
      ['PUT, :3001/a'],
    ],
    [
      'as a method',
      `${API}const request = (path, method) => fetch(API + path, { method });\nconst api = { get: (path) => request(path, 'GET'), put: (path) => request(path, 'PUT') };\napi.put('/a');`,
      ['PUT, :3001/a'],
    ],
    [
      'that asks again',
      `${API}async function request(path) { let r = await fetch(API + path); if (r.status === 401) r = await fetch(API + path); return r; }\nrequest('/a');`,
      ['GET, ?', 'GET, ?', 'GET, :3001/a'],
    ],
    [
      'that asks two',
      `${API}const both = (a, b) => [fetch(API + a), fetch(API + b)];\nboth('/a', '/b');`,
      ['GET, ?', 'GET, ?'],
    ],
    ['that goes to one place', `${API}const save = (id) => fetch(\`\${API}/a/\${id}\`);\nsave(1);`, ['GET, :3001/a/1']],
    ['that only hands on', `${API}const on = (path) => () => fetch(API + path);\non('/a');`, ['GET, ?']],
    ['that calls itself', `const again = (path) => again(path);\nagain('/a');`, []],
  ])('%s', (_, text, expected) => {
    expect(calls(text).filter((line) => !/^[A-Z]+, \?/.test(line) || expected.includes(line))).toEqual(expected);
  });

  test('of another file', () => {
    const more = {
      '/web/src/api.ts':
        "const API = import.meta.env.VITE_API || 'http://localhost:3002';\nexport async function apiFetch(path: string, init: RequestInit = {}) { return fetch(`${API}${path}`, { ...init, headers: { 'Content-Type': 'application/json', ...init.headers } }); }",
    };
    expect(calls("import { apiFetch } from './api';\napiFetch('/a', { headers: { 'X-A': '1' } });", more)).toEqual([
      `GET, :3001/a, ${JSON_TYPE}, X-A: 1, when VITE_API is as in .env`,
    ]);
  });
});

test.each([
  [
    'an unset variable',
    "fetch((import.meta.env.VITE_B || 'http://localhost:3001') + '/a')",
    ':3001/a, when VITE_B is unset',
  ],
  [
    'a set one',
    "const B = import.meta.env.VITE_API || 'http://localhost:3002';\nfetch(`${B}/a`)",
    ':3001/a, when VITE_API is as in .env',
  ],
  [
    'a choice',
    "const B = process.env.NODE_ENV === 'production' ? 'https://api.example.com' : 'http://localhost:3001';\nfetch(`${B}/a`)",
    ":3001/a, when NODE_ENV is not 'production'",
  ],
  ['a choice of queries', "fetch(`http://localhost:3001/a${q ? `?q=${q}` : ''}`)", ':3001/a'],
  [
    'a window that there is',
    "const B = typeof window !== 'undefined' ? 'http://localhost:3001' : 'http://api:3001';\nfetch(B + '/a')",
    ':3001/a',
  ],
  [
    'the host of the page',
    'fetch(`${window.location.protocol}//${window.location.hostname}:3001/a`)',
    ':3001/a, when the page is at localhost',
  ],
  [
    'a slash at the end',
    "fetch(import.meta.env.VITE_API.replace(/\\/$/, '') + '/a')",
    ':3001/a, when VITE_API is as in .env',
  ],
  ['its own origin', 'fetch(`${window.location.origin}/a`)', '?'],
  ['a host that is not known', 'fetch(`http://${host}:3001/a`)', '?'],
])('an address by %s', (_, text, expected) => {
  expect(calls(text)).toEqual([`GET, ${expected}`]);
});
