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
];

beforeAll(() => express.prepare?.());

it.each(CASES)('%s cors(%s)', (version, options, isOpen) => {
  const text = `const Koa = require('koa');\nconst cors = require('@koa/cors');\nconst app = new Koa();\napp.use(cors(${options}));`;
  const manifest = JSON.stringify({ dependencies: { '@koa/cors': version } });
  const host = memoryHost(
    new Map([
      ['app.js', text],
      ['package.json', manifest],
    ]),
  );
  const [endpoint] = express.analyse('app.js', text, host, {}).endpoints;
  const origin = 'https://app.example.com';
  const [response] =
    endpoint?.respond({
      method: 'OPTIONS',
      scheme: 'https',
      path: '/',
      origin,
      headers: new Map([['access-control-request-method', 'PUT']]),
      ending: 'success',
    }) ?? [];
  expect(response?.open !== undefined).toBe(isOpen);
});
