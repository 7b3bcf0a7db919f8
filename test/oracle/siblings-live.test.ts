import { beforeAll, describe, expect, it } from 'vitest';
import { express } from '../../server/src/platforms/express/platform';
import { type Ask, ask, type FrameworkName, predict, serve, stop } from '../harness/siblings';

/** What the frameworks do beyond options: paths, order, errors. What is predicted for certain is what is answered. */
interface Case {
  readonly name: string;
  readonly framework: FrameworkName;
  readonly text: string;
  readonly asks: readonly Partial<Ask>[];
}

const PREFLIGHT: Partial<Ask> = {
  method: 'OPTIONS',
  headers: { 'access-control-request-method': 'PUT', 'access-control-request-headers': 'content-type' },
};
const FASTIFY = "const app = require('fastify')();\nconst cors = require('@fastify/cors');\n";
const KOA = "const Koa = require('koa');\nconst cors = require('@koa/cors');\nconst app = new Koa();\n";
const HONO = "const { Hono } = require('hono');\nconst { cors } = require('hono/cors');\nconst app = new Hono();\n";
const LIST = "{ origin: ['https://app.example.com'] }";

const CASES: readonly Case[] = [
  {
    name: 'routes ahead of the plugin are covered too',
    framework: 'fastify',
    text: `${FASTIFY}app.get('/items', async () => []);\napp.register(cors, ${LIST});`,
    asks: [{ path: '/items' }, { path: '/items', ...PREFLIGHT }],
  },
  {
    name: 'routes of a plugin with a prefix',
    framework: 'fastify',
    text: `${FASTIFY}app.register(cors, ${LIST});\napp.register(async (instance) => { instance.put('/items/:id', async () => ({})); }, { prefix: '/api' });`,
    asks: [
      { path: '/api/items/1', method: 'PUT' },
      { path: '/api/items/1', ...PREFLIGHT },
    ],
  },
  {
    name: 'a route as an object',
    framework: 'fastify',
    text: `${FASTIFY}app.register(cors, { origin: true, methods: ['GET', 'PUT'] });\napp.route({ method: 'PUT', url: '/items', handler: async () => ({}) });`,
    asks: [
      { path: '/items', method: 'PUT' },
      { path: '/items', ...PREFLIGHT },
    ],
  },
  {
    name: 'an error keeps the headers',
    framework: 'fastify',
    text: `${FASTIFY}app.register(cors, ${LIST});\napp.get('/items', async () => { throw new Error('no'); });`,
    asks: [{ path: '/items', ending: 500 }],
  },
  {
    name: 'a preflight without a requested method is refused',
    framework: 'fastify',
    text: `${FASTIFY}app.register(cors, ${LIST});\napp.get('/items', async () => []);`,
    asks: [{ path: '/items', method: 'OPTIONS' }],
  },
  {
    name: 'an error keeps the headers',
    framework: 'koa',
    text: `${KOA}app.use(cors({ origin: 'https://app.example.com' }));\napp.use(() => { throw new Error('no'); });`,
    asks: [{ ending: 500 }],
  },
  {
    name: 'an error loses the headers',
    framework: 'koa',
    text: `${KOA}app.use(cors({ origin: 'https://app.example.com', keepHeadersOnError: false }));\napp.use(() => { throw new Error('no'); });`,
    asks: [{ ending: 500 }],
  },
  {
    name: 'a 404 keeps the headers',
    framework: 'koa',
    text: `${KOA}app.use(cors({ origin: 'https://app.example.com', keepHeadersOnError: false }));`,
    asks: [{ ending: 404 }],
  },
  {
    name: 'paths',
    framework: 'hono',
    text: `${HONO}app.use('/api/*', cors(${LIST}));\napp.get('/api', (c) => c.text('a'));\napp.get('/api/x', (c) => c.text('b'));\napp.get('/apix', (c) => c.text('c'));\napp.get('/other', (c) => c.text('d'));`,
    asks: [
      { path: '/api' },
      { path: '/api/x' },
      { path: '/apix' },
      { path: '/other' },
      { path: '/api/x', ...PREFLIGHT },
    ],
  },
  {
    name: 'order',
    framework: 'hono',
    text: `${HONO}app.get('/early', (c) => c.text('a'));\napp.use(cors(${LIST}));\napp.get('/late', (c) => c.text('b'));`,
    asks: [{ path: '/early' }, { path: '/late' }, { path: '/late', ...PREFLIGHT }],
  },
  {
    name: 'a chain',
    framework: 'hono',
    text: `const { Hono } = require('hono');\nconst { cors } = require('hono/cors');\nconst app = new Hono().use('*', cors(${LIST})).put('/items/:id', (c) => c.json({}));`,
    asks: [
      { path: '/items/1', method: 'PUT' },
      { path: '/items/1', ...PREFLIGHT },
    ],
  },
  {
    name: 'an error keeps the headers',
    framework: 'hono',
    text: `${HONO}app.use(cors(${LIST}));\napp.get('/items', () => { throw new Error('no'); });\napp.onError((error, c) => c.text('no', 500));`,
    asks: [{ path: '/items', ending: 500 }],
  },
  {
    name: 'a path of its own',
    framework: 'socket.io',
    text: "const app = require('node:http').createServer();\nconst { Server } = require('socket.io');\nnew Server(app, { path: '/live/', cors: { origin: 'https://app.example.com' } });",
    asks: [{ path: '/live/?EIO=4&transport=polling' }, { path: '/live/', ...PREFLIGHT }],
  },
];

beforeAll(() => express.prepare?.());

describe.each(CASES)('$framework: $name', ({ framework, text, asks }) => {
  it.each(asks)('$method $path', async (one) => {
    const asking: Ask = { path: '/', method: 'GET', origin: 'https://app.example.com', ...one };
    const served = await serve(framework, text);
    try {
      expect(predict(text, asking)).toEqual(await ask(served, asking));
    } finally {
      stop(served);
    }
  });
});
