import { beforeAll, expect, it } from 'vitest';
import { express } from '../../server/src/platforms/express/platform';
import { memoryHost } from '../harness/memoryHost';

/** What versions of @koa/cors do differently leaves the answer open, and what they do alike does not. */
const CASES: readonly (readonly [version: string, options: string, isOpen: boolean])[] = [
  ['^2.2.3', "{ origin: '*', credentials: true }", true],
  ['^3.4.3', '', true],
  ['^4.0.0', "{ origin: '' }", true],
  ['^4.0.0', '{ credentials: true }', false],
  ['^3.4.3', "{ origin: 'https://app.example.com' }", false],
  ['^5.0.0', '', false],
  ['^2.2.3', "{ origin: async () => 'https://app.example.com' }", true],
  ['^3.4.3', "{ origin: '*', credentials: true }", false],
  ['^3.3.0', "{ origin: '*', credentials: true }", true],
  ['~3.4.0', "{ origin: '*', credentials: true }", true],
  ['3.x', "{ origin: () => '*', credentials: true }", true],
  ['3.3.0', "{ origin: '*', credentials: true }", false],
  ['^3.3.0', "{ origin: '*' }", false],
  ['^3.3.0', "{ origin: 'https://app.example.com', credentials: true }", false],
  ['^3.3.0', '{ credentials: true }', false],
  ['^3.3.0', '{ credentials: () => true }', true],
];

const ORIGIN = 'https://app.example.com';

beforeAll(() => express.prepare?.());

/** What is predicted for a preflight of an app with these options, by the version in its package.json and lock file. */
function predicted(version: string, options: string, locked?: string) {
  const [response] = answersTo(version, options, locked, ORIGIN);
  return response;
}

function answersTo(version: string, options: string, locked: string | undefined, origin: string | undefined) {
  const text = `const Koa = require('koa');\nconst cors = require('@koa/cors');\nconst app = new Koa();\napp.use(cors(${options}));`;
  const files = new Map([
    ['app.js', text],
    ['package.json', JSON.stringify({ dependencies: { '@koa/cors': version } })],
  ]);
  if (locked !== undefined)
    files.set('package-lock.json', JSON.stringify({ packages: { 'node_modules/@koa/cors': { version: locked } } }));
  const [endpoint] = express.analyse('app.js', text, memoryHost(files), {}).endpoints;
  return (
    endpoint?.respond({
      method: origin === undefined ? 'GET' : 'OPTIONS',
      scheme: 'https',
      path: '/',
      origin,
      headers: new Map(origin === undefined ? [] : [['access-control-request-method', 'PUT']]),
      ending: 'success',
    }) ?? []
  );
}

it.each(CASES)('%s cors(%s)', (version, options, isOpen) => {
  expect(predicted(version, options)?.open !== undefined).toBe(isOpen);
});

/** What each version sends for `{ origin: '*', credentials: true }`, as observed of the packages. */
it.each([
  ['3.0.0', '*'],
  ['3.3.0', '*'],
  ['3.4.0', '*'],
  ['3.4.1', ORIGIN],
  ['3.4.3', ORIGIN],
  ['4.0.0', ORIGIN],
  ['5.0.0', ORIGIN],
])('the lock file tells that %s sends %s', (locked, sent) => {
  for (const origin of ["'*'", "() => '*'"]) {
    const response = predicted('>=3', `{ origin: ${origin}, credentials: true }`, locked);
    expect(response?.open).toBeUndefined();
    const header = response?.headers.find(({ name }) => /^access-control-allow-origin$/i.test(name));
    expect(header?.value).toMatchObject(sent === '*' ? { kind: 'literal', text: '*' } : { kind: 'request-origin' });
  }
});

/** What each version sends without an Origin for `{ origin: 'https://app.example.com' }`, as observed of the packages. */
it.each([
  ['3.0.0', ['Vary']],
  ['3.4.3', ['Vary']],
  ['4.0.0', ['Access-Control-Allow-Origin', 'Vary']],
  ['5.0.0', ['Access-Control-Allow-Origin', 'Vary']],
])('the lock file tells that %s sends %j without an Origin', (locked, sent) => {
  const [response] = answersTo('>=3', `{ origin: '${ORIGIN}' }`, locked, undefined);
  expect(response?.headers.map(({ name }) => name).sort()).toEqual(sent);
});
