import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { express } from '../../server/src/platforms/express/platform';
import { type Ask, ask, type FrameworkName, predict, type Served, serve, stop } from '../harness/siblings';

/**
 * Programs of NestJS, socket.io, Fastify, Koa and Hono with options of every shape, run on the real packages. Where a
 * prediction is certain (one response, nothing open, every value known) it must be what is answered.
 */
interface Framework {
  readonly name: string;
  /** The program, with a value for the options; it declares `app`. */
  program(options: string): string;
  /** The options, as source texts; '' for none. */
  readonly options: readonly string[];
  readonly framework: FrameworkName;
  readonly path: string;
  /** The share of the answers that must be certain. */
  readonly certain: number;
}

const LIST = "['https://app.example.com', /\\.example\\.org$/]";
const ORIGINS = [
  '',
  "origin: '*'",
  'origin: true',
  'origin: false',
  'origin: undefined',
  'origin: null',
  "origin: ''",
  'origin: 1',
  "origin: 'https://app.example.com'",
  "origin: 'https://other.com'",
  "origin: ['https://app.example.com']",
  `origin: ${LIST}`,
  "origin: ['*']",
  'origin: []',
  'origin: /\\.example\\.com$/',
  "origin: new Set(['https://app.example.com'])",
];
const NODE_FUNCTIONS = [
  "origin: (origin, callback) => callback(null, ['https://app.example.com'].includes(origin))",
  "origin: (origin, callback) => callback(null, origin === 'https://app.example.com' ? origin : false)",
  "origin: (origin, callback) => { if (origin === 'https://app.example.com') callback(null, true); else callback(new Error('no')); }",
  "origin: (origin, callback) => callback(null, 'https://app.example.com')",
  'origin: (origin, callback) => callback(null, true)',
];
const RETURNS = [
  "origin: async (origin) => origin === 'https://app.example.com'",
  "origin: async (origin) => { if (origin === 'https://app.example.com') return origin; return false; }",
];
const OTHERS = [
  'credentials: true',
  "credentials: 'yes'",
  "methods: ['GET', 'PUT']",
  "methods: 'PUT'",
  "allowedHeaders: ['X-A', 'X-B']",
  'allowedHeaders: []',
  "allowedHeaders: 'X-A'",
  "exposedHeaders: ['X-C', 'X-D']",
  'maxAge: 600',
  'maxAge: 0',
  'preflightContinue: false, optionsSuccessStatus: 200',
];
const CONTEXT_FUNCTIONS = [
  "origin: (ctx) => ctx.get('Origin')",
  "origin: (ctx) => (ctx.get('Origin') === 'https://app.example.com' ? ctx.get('Origin') : '')",
  "origin: (ctx) => { const origin = ctx.request.header.origin; if (['https://app.example.com'].includes(origin)) return origin; }",
  'origin: async (ctx) => (/\\.example\\.com$/.test(ctx.headers.origin) ? ctx.headers.origin : false)',
  "origin: () => 'https://app.example.com'",
  "origin: () => '*'",
];
const RETURNED = [
  'origin: (origin) => origin',
  "origin: (origin) => (origin === 'https://app.example.com' ? origin : null)",
  "origin: (origin) => { if (origin.endsWith('.example.com')) return origin; return 'https://fallback.example'; }",
  "origin: (origin, c) => (['https://app.example.com'].includes(origin) ? origin : undefined)",
  "origin: async (origin) => (origin === 'https://app.example.com' ? origin : '')",
  "origin: () => '*'",
];
const CONTEXT_OTHERS = [
  'credentials: true',
  "origin: '*', credentials: true",
  "origin: 'https://app.example.com', credentials: 'yes'",
  "allowMethods: ['GET', 'PUT']",
  "allowHeaders: ['X-A', 'X-B']",
  'allowHeaders: []',
  "allowedHeaders: ['X-A']",
  "exposeHeaders: ['X-C', 'X-D']",
  'maxAge: 600',
  "origin: ['https://app.example.com', 'https://b.example.com']",
];

const inBraces = (list: readonly string[]) => list.map((one) => (one === '' ? '' : `{ ${one} }`));
const crossed = (origins: readonly string[], others: readonly string[]) => [
  ...inBraces(origins),
  ...inBraces(others),
  ...inBraces(origins.filter((one) => one !== '').map((one) => `${one}, credentials: true`)),
  ...inBraces(others.map((one) => (one.includes('origin:') ? one : `origin: ['https://app.example.com'], ${one}`))),
];

/** What `@Controller() class Items { @Get() list() {} }` comes to. */
const CONTROLLER = `
const { Module, Controller, Get } = require('@nestjs/common');
class Items { list() { return []; } }
Controller()(Items);
Get()(Items.prototype, 'list', Object.getOwnPropertyDescriptor(Items.prototype, 'list'));
class AppModule {}
Module({ controllers: [Items] })(AppModule);`;

const FRAMEWORKS: readonly Framework[] = [
  {
    name: 'NestJS, enableCors',
    program: (options) => `
const { NestFactory } = require('@nestjs/core');
${CONTROLLER}
const app = await NestFactory.create(AppModule, { logger: false });
app.enableCors(${options});`,
    options: crossed([...ORIGINS, ...NODE_FUNCTIONS], OTHERS),
    framework: 'nest',
    path: '/',
    certain: 0.9,
  },
  {
    name: 'NestJS, create and enableCors',
    program: (options) => `
const { NestFactory } = require('@nestjs/core');
${CONTROLLER}
const app = await NestFactory.create(AppModule, { logger: false, cors: ${options || 'true'} });
app.enableCors({ origin: ['https://app.example.com'], credentials: true });`,
    options: ['', "{ origin: '*' }", "{ origin: 'https://app.example.com' }"],
    framework: 'nest',
    path: '/',
    certain: 0.9,
  },
  {
    name: 'socket.io',
    program: (options) => `
const { createServer } = require('node:http');
const { Server } = require('socket.io');
const app = createServer();
const io = new Server(app, { cors: ${options || 'true'} });`,
    options: crossed([...ORIGINS, ...NODE_FUNCTIONS], OTHERS),
    framework: 'socket.io',
    path: '/socket.io/?EIO=4&transport=polling',
    certain: 0.9,
  },
  {
    name: 'Fastify',
    program: (options) => `
const fastify = require('fastify');
const cors = require('@fastify/cors');
const app = fastify();
app.get('/', async () => 'ok');
app.put('/', async () => 'ok');
app.register(cors${options ? `, ${options}` : ''});`,
    options: [
      ...crossed([...ORIGINS, ...NODE_FUNCTIONS, ...RETURNS], OTHERS),
      '{ strictPreflight: false }',
      "{ origin: ['https://app.example.com'], strictPreflight: false }",
      "{ hook: 'preHandler' }",
      '{ preflight: false }',
    ],
    framework: 'fastify',
    path: '/',
    certain: 0.9,
  },
  {
    name: 'Koa',
    program: (options) => `
const Koa = require('koa');
const cors = require('@koa/cors');
const app = new Koa();
app.use(cors(${options}));
app.use((ctx) => { ctx.body = 'ok'; });`,
    options: crossed([...ORIGINS.filter((one) => !one.includes('Set')), ...CONTEXT_FUNCTIONS], CONTEXT_OTHERS),
    framework: 'koa',
    path: '/',
    // OPTIONS that is no preflight is passed on to what is not read.
    certain: 0.8,
  },
  {
    name: 'Hono',
    program: (options) => `
const { Hono } = require('hono');
const { cors } = require('hono/cors');
const app = new Hono();
app.use('/api/*', cors(${options}));
app.get('/api/items', (c) => c.text('ok'));
app.put('/api/items', (c) => c.text('ok'));
app.onError((error, c) => c.text('no', 500));`,
    options: crossed([...ORIGINS, ...RETURNED], CONTEXT_OTHERS),
    framework: 'hono',
    path: '/api/items',
    certain: 0.9,
  },
];

const ASKED = { 'access-control-request-method': 'PUT', 'access-control-request-headers': 'content-type,x-foo' };
const WITHOUT_METHOD = 'OPTIONS that is no preflight';
const REQUESTS: readonly (readonly [string, 'GET' | 'OPTIONS', string | undefined])[] = [
  ['allowed', 'GET', 'https://app.example.com'],
  ['refused', 'GET', 'https://evil.com'],
  ['similar', 'GET', 'https://evilexample.com'],
  ['without origin', 'GET', undefined],
  ['preflight', 'OPTIONS', 'https://app.example.com'],
  ['refused preflight', 'OPTIONS', 'https://evil.com'],
  ['preflight without origin', 'OPTIONS', undefined],
  [WITHOUT_METHOD, 'OPTIONS', 'https://app.example.com'],
];
beforeAll(() => express.prepare?.());

describe.each(FRAMEWORKS)('$name', ({ program, options, framework, path, certain }) => {
  const tally = { certain: 0, all: 0 };
  const running: Served[] = [];
  afterAll(() => running.forEach(stop));

  it.each([...new Set(options)])('%s', async (one) => {
    const text = program(one);
    const served = await serve(framework, text);
    running.push(served);
    for (const [name, method, origin] of REQUESTS) {
      const asking: Ask = {
        path,
        method,
        origin,
        ...(method === 'OPTIONS' && name !== WITHOUT_METHOD ? { headers: ASKED } : {}),
      };
      const predicted = predict(text, asking);
      tally.all += 1;
      if (process.env['SHOW_UNKNOWN'] && predicted === undefined) console.log('unknown', one, name);
      if (predicted === undefined) continue;
      tally.certain += 1;
      expect(predicted, name).toEqual(await ask(served, asking));
    }
  });

  it('is mostly certain', () => {
    if (process.env['SHOW_UNKNOWN']) console.log(tally);
    expect(tally.certain / tally.all).toBeGreaterThanOrEqual(certain);
  });
});
