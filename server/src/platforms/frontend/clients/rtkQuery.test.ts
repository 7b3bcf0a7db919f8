import { beforeAll, describe, expect, test } from 'vitest';
import { createReader, prepare } from '../../../javascript';
import { targetOf } from '../address';
import { callsIn } from '../calls';
import { mayCall } from '../recognise';

beforeAll(() => prepare());

/** The calls of the first file: method, address, headers other than Accept, credentials. */
function calls(text: string, more: Readonly<Record<string, string>> = {}): string[] {
  const files: Readonly<Record<string, string>> = { '/web/src/api.ts': text, ...more };
  const reader = createReader({ readFile: (path) => files[path] ?? null });
  const module = reader.module('/web/src/api.ts');
  expect(mayCall('/web/src/api.ts', text)).toBe(true);
  return (module === null ? [] : callsIn(reader, module)).map(({ url, base, method, headers, credentials, when }) => {
    const target = targetOf(url, base, () => undefined);
    const address = target === undefined ? '?' : `${target.port}${target.path}`;
    const sent = headers.map(({ name, value }) => `${name}: ${value ?? '?'}`);
    return [method, address, ...sent, ...(credentials ? ['with credentials'] : []), ...(when ?? [])].join(', ');
  });
}

const IMPORT = "import { createApi, fetchBaseQuery, retry } from '@reduxjs/toolkit/query/react';\n";

interface Given {
  readonly base?: string;
  readonly asked?: string;
  readonly kind?: string;
}

function api({ base = '', asked = "'/users'", kind = 'query' }: Given): string {
  return `${IMPORT}export const api = createApi({
  baseQuery: fetchBaseQuery({ baseUrl: 'http://localhost:3001/api', ${base} }),
  endpoints: (build) => ({ x: build.${kind}({ query: (arg) => (${asked}) }) }),
});`;
}

/** As @reduxjs/toolkit 2.14.0 was seen to send them with the fetch of Node. */
describe('what is sent of', () => {
  const JSON_TYPE = 'Content-Type: application/json';
  const post = (more: string): Given => ({ kind: 'mutation', asked: `{ url: '/users', method: 'POST', ${more} }` });
  test.each<[string, Given, string]>([
    ['a path', {}, 'GET, 3001/api/users'],
    ['a path without a slash', { asked: "'users'" }, 'GET, 3001/api/users'],
    ['an address of another server', { asked: "'http://localhost:3002/x'" }, 'GET, 3002/x'],
    ['nothing', { asked: "''" }, 'GET, 3001/api'],
    ['a query alone', { asked: '`?page=${arg}`' }, 'GET, 3001/api'],
    ['a path with an argument', { asked: '`/users/${arg}`' }, 'GET, 3001/api/users/1'],
    ['an object', { asked: "{ url: '/users' }" }, 'GET, 3001/api/users'],
    ['a mutation without a method', { kind: 'mutation', asked: "{ url: '/users' }" }, 'GET, 3001/api/users'],
    ['a method that is not normalised', { asked: "{ url: '/users', method: 'patch' }" }, 'patch, 3001/api/users'],
    ['a method of the base', { base: "method: 'POST'", asked: "{ url: '/users' }" }, 'POST, 3001/api/users'],
    ['an object as the body', post('body: { a: 1 }'), `POST, 3001/api/users, ${JSON_TYPE}`],
    ['a list as the body', post('body: [1]'), `POST, 3001/api/users, ${JSON_TYPE}`],
    ['text', post("body: 'a'"), 'POST, 3001/api/users'],
    ['a form', post('body: new FormData()'), 'POST, 3001/api/users'],
    ['a query as the body', post('body: new URLSearchParams(arg)'), 'POST, 3001/api/users'],
    [
      'JSON of another name',
      { ...post('body: { a: 1 }'), base: "jsonContentType: 'application/vnd.api+json'" },
      'POST, 3001/api/users, Content-Type: application/vnd.api+json',
    ],
    ['a body that is not known', post('body: arg'), 'POST, 3001/api/users'],
    ['credentials of the base', { base: "credentials: 'include'" }, 'GET, 3001/api/users, with credentials'],
    [
      'credentials of the endpoint',
      { asked: "{ url: '/users', credentials: 'include' }" },
      'GET, 3001/api/users, with credentials',
    ],
    [
      'credentials that the endpoint leaves out',
      { base: "credentials: 'include'", asked: "{ url: '/users', credentials: 'omit' }" },
      'GET, 3001/api/users',
    ],
    [
      'credentials that the endpoint has no value for',
      { base: "credentials: 'include'", asked: "{ url: '/users', credentials: undefined }" },
      'GET, 3001/api/users',
    ],
    ['headers of the base', { base: "headers: { 'X-A': '1' }" }, 'GET, 3001/api/users, X-A: 1'],
    [
      'headers of both',
      { base: "headers: { 'X-A': '1' }", asked: "{ url: '/users', headers: { 'X-B': '2' } }" },
      'GET, 3001/api/users, X-B: 2',
    ],
    [
      'a type that is set for all',
      { base: "prepareHeaders: (h) => { h.set('Content-Type', 'application/json'); }" },
      `GET, 3001/api/users, ${JSON_TYPE}`,
    ],
    [
      'a form with a type that is set for all',
      {
        ...post('body: new FormData()'),
        base: "prepareHeaders: (h) => { h.set('Content-Type', 'application/json'); }",
      },
      'POST, 3001/api/users',
    ],
  ])('%s', (_, given, expected) => {
    expect(calls(api(given))).toEqual([expected]);
  });
});

describe('prepareHeaders', () => {
  const SURE = ['GET, 3001/api/users, X-P: 1'];
  const PERHAPS = ['GET, 3001/api/users', 'GET, 3001/api/users, X-P: 1, the page adds X-P'];
  test.each([
    ['that returns them', "prepareHeaders: (h) => { h.set('X-P', '1'); return h; }", SURE],
    ['that returns nothing', "prepareHeaders: (h) => { h.set('X-P', '1'); }", SURE],
    ['of one expression', "prepareHeaders: (h) => h.set('X-P', '1')", SURE],
    ['as a method', "prepareHeaders(h, { getState }) { h.set('X-P', '1'); return h; }", SURE],
    [
      'with a condition',
      "prepareHeaders: (h, { getState }) => { if (getState().t) h.set('X-P', '1'); return h; }",
      PERHAPS,
    ],
    [
      'that may have ended before',
      "prepareHeaders: (h) => { if (no()) return h; h.set('X-P', '1'); return h; }",
      PERHAPS,
    ],
    ['that returns others', "prepareHeaders: (h) => { h.set('X-P', '1'); return other(h); }", PERHAPS],
    ['that sets it later', "prepareHeaders: (h) => { then(() => h.set('X-P', '1')); return h; }", PERHAPS],
    ['that sets it of others', "prepareHeaders: (h) => { other.set('X-P', '1'); return h; }", ['GET, 3001/api/users']],
  ])('%s', (_, base, expected) => {
    expect(calls(api({ base }))).toEqual(expected);
  });
});

const BASE = "fetchBaseQuery({ baseUrl: 'http://localhost:3001', credentials: 'include' })";
const ENDPOINTS = "endpoints: (b) => ({ x: b.query({ query: () => '/a' }) })";
const FOUND = ['GET, 3001/a, with credentials'];

test.each([
  ['a base of its own name', `const base = ${BASE};\ncreateApi({ baseQuery: base, ${ENDPOINTS} });`, FOUND],
  ['one that is tried again', `createApi({ baseQuery: retry(${BASE}, { maxRetries: 2 }), ${ENDPOINTS} });`, FOUND],
  [
    'one that renews a token',
    `const base = ${BASE};
const withToken = async (args, api, extra) => {
  let result = await base(args, api, extra);
  if (result.error) { await base('/refresh', api, extra); result = await base(args, api, extra); }
  return result;
};
createApi({ baseQuery: withToken, ${ENDPOINTS} });`,
    FOUND,
  ],
  [
    'endpoints that are added',
    `const api = createApi({ baseQuery: ${BASE}, endpoints: () => ({}) });\napi.enhanceEndpoints({}).injectEndpoints({ ${ENDPOINTS} });`,
    FOUND,
  ],
  [
    'endpoints that a function returns',
    `createApi({ baseQuery: ${BASE}, endpoints(b) { return { x: b.query({ query: () => '/a' }) }; } });`,
    FOUND,
  ],
  [
    'a base that is not known',
    `createApi({ baseQuery: other({ baseUrl: 'http://localhost:3001' }), ${ENDPOINTS} });`,
    [],
  ],
  [
    'one with a fetch of its own',
    `createApi({ baseQuery: fetchBaseQuery({ baseUrl: 'http://localhost:3001', fetchFn }), ${ENDPOINTS} });`,
    [],
  ],
  [
    'an address that depends',
    `createApi({ baseQuery: ${BASE}, endpoints: (b) => ({ x: b.query({ query: (a) => { if (a) return '/a'; return '/b'; } }) }) });`,
    [],
  ],
  [
    'what is asked by a function',
    `createApi({ baseQuery: ${BASE}, endpoints: (b) => ({ x: b.query({ queryFn: () => ({ data: 1 }) }) }) });`,
    [],
  ],
])('%s', (_, text, expected) => {
  expect(calls(IMPORT + text)).toEqual(expected);
});

test('endpoints in a file of their own', () => {
  const text = `import { api } from './base';\nexport const users = api.injectEndpoints({ ${ENDPOINTS} });`;
  const base = `${IMPORT}export const api = createApi({ baseQuery: ${BASE}, endpoints: () => ({}) });`;
  expect(calls(text, { '/web/src/base.ts': base })).toEqual(FOUND);
});

test('a query of another builder is none', () => {
  expect(calls(`${IMPORT}const other = make({ ${ENDPOINTS} }); createApi({ baseQuery: ${BASE} });`)).toEqual([]);
});
