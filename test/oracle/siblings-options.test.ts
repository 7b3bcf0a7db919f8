import { createServer, type Server, request as send } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Request } from '../../server/src/cors/http';
import { type ResolvedResponse, resolveResponse } from '../../server/src/cors/resolve';
import { express } from '../../server/src/platforms/express/platform';
import { memoryHost } from '../harness/memoryHost';

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
  /** A server, or a handler of standard requests, out of the program's `app`. */
  serve(app: unknown): Promise<Server | ((request: globalThis.Request) => Promise<globalThis.Response>)>;
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

async function listening(server: Server): Promise<Server> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

/** The parts of the packages that are called here. */
interface NestApp {
  listen(port: number, host: string): Promise<Server>;
}
interface FastifyApp {
  readonly server: Server;
  listen(options: { readonly port: number; readonly host: string }): Promise<string>;
}
interface KoaApp {
  silent: boolean;
  callback(): Parameters<typeof createServer>[1];
}
interface HonoApp {
  fetch(request: globalThis.Request): Promise<globalThis.Response> | globalThis.Response;
}

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
    serve: async (app) => (app as NestApp).listen(0, '127.0.0.1'),
    path: '/',
    certain: 0.35,
  },
  {
    name: 'NestJS, create and enableCors',
    program: (options) => `
const { NestFactory } = require('@nestjs/core');
${CONTROLLER}
const app = await NestFactory.create(AppModule, { logger: false, cors: ${options || 'true'} });
app.enableCors({ origin: ['https://app.example.com'], credentials: true });`,
    options: ['', "{ origin: '*' }", "{ origin: 'https://app.example.com' }"],
    serve: async (app) => (app as NestApp).listen(0, '127.0.0.1'),
    path: '/',
    certain: 0.35,
  },
  {
    name: 'socket.io',
    program: (options) => `
const { createServer } = require('node:http');
const { Server } = require('socket.io');
const app = createServer();
const io = new Server(app, { cors: ${options || 'true'} });`,
    options: crossed([...ORIGINS, ...NODE_FUNCTIONS], OTHERS),
    serve: (app) => listening(app as Server),
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
      "{ hook: 'preHandler' }",
      '{ preflight: false }',
    ],
    async serve(app) {
      const { server, listen } = app as FastifyApp;
      await listen.call(app, { port: 0, host: '127.0.0.1' });
      return server;
    },
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
    async serve(app) {
      const koa = app as KoaApp;
      koa.silent = true;
      return listening(createServer(koa.callback()));
    },
    path: '/',
    certain: 0.35,
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
    serve: async (app) => async (request) => (app as HonoApp).fetch(request),
    path: '/api/items',
    certain: 0.9,
  },
];

const ASKED = { 'access-control-request-method': 'PUT', 'access-control-request-headers': 'content-type,x-foo' };
const REQUESTS: readonly (readonly [string, 'GET' | 'OPTIONS', string | undefined])[] = [
  ['allowed', 'GET', 'https://app.example.com'],
  ['refused', 'GET', 'https://evil.com'],
  ['similar', 'GET', 'https://evilexample.com'],
  ['without origin', 'GET', undefined],
  ['preflight', 'OPTIONS', 'https://app.example.com'],
  ['refused preflight', 'OPTIONS', 'https://evil.com'],
];
const HEADERS = [
  'access-control-allow-origin',
  'access-control-allow-credentials',
  'access-control-allow-methods',
  'access-control-allow-headers',
  'access-control-expose-headers',
  'access-control-max-age',
  'vary',
];

const require = createRequire(import.meta.url);
const MANIFEST = JSON.stringify({ dependencies: { '@fastify/cors': '^11.0.0' } });

type Flat = Readonly<Record<string, unknown>>;

/** Everything that is predicted for certain: headers alone where what stands behind is not read. */
function predict(text: string, path: string, method: string, origin: string | undefined): Flat | undefined {
  const files = new Map([
    ['app.js', text],
    ['package.json', MANIFEST],
  ]);
  const { endpoints } = express.analyse('app.js', text, memoryHost(files), {});
  const [endpoint] = endpoints;
  if (endpoint === undefined) throw new Error('no endpoint');
  const headers = new Map(Object.entries(method === 'OPTIONS' ? ASKED : {}));
  const request: Request = { method, scheme: 'https', path, origin, headers, ending: 'success' };
  const [response, ...others] = endpoint.respond(request).flatMap((one) => resolveResponse(one, request));
  return response === undefined || others.length > 0 ? undefined : flatten(response);
}

function flatten(response: ResolvedResponse): Flat | undefined {
  if (response.status === undefined) return undefined;
  const flat: Record<string, unknown> = { status: response.status };
  for (const name of HEADERS) {
    const lines = response.headers.filter((header) => header.name.toLowerCase() === name).map((header) => header.text);
    if (lines.includes(undefined)) return undefined;
    if (lines.length > 0) flat[name] = lines.join(', ');
  }
  return flat;
}

async function ask(
  served: Server | ((request: globalThis.Request) => Promise<globalThis.Response>),
  path: string,
  method: string,
  origin: string | undefined,
): Promise<Flat> {
  const headers = { ...(origin === undefined ? {} : { origin }), ...(method === 'OPTIONS' ? ASKED : {}) };
  if (typeof served === 'function') {
    const response = await served(new Request(`http://localhost${path}`, { method, headers }));
    return flatOf(response.status, (name) => response.headers.get(name));
  }
  const { port } = served.address() as AddressInfo;
  return new Promise((resolve, reject) => {
    const going = send({ host: '127.0.0.1', port, path, method, headers, agent: false }, (response) => {
      response.resume();
      response.on('end', () =>
        resolve(flatOf(response.statusCode ?? 0, (name) => response.headersDistinct[name]?.join(', ') ?? null)),
      );
    });
    going.on('error', reject);
    going.end();
  });
}

function flatOf(status: number, get: (name: string) => string | null): Flat {
  const flat: Record<string, unknown> = { status };
  // An empty line says what none says.
  for (const name of HEADERS) if (get(name)) flat[name] = get(name);
  return flat;
}

beforeAll(() => express.prepare?.());

describe.each(FRAMEWORKS)('$name', ({ program, options, serve, path, certain }) => {
  const tally = { certain: 0, all: 0 };
  const servers: Server[] = [];
  afterAll(() => {
    for (const server of servers) {
      server.closeAllConnections();
      server.close();
    }
  });

  it.each([...new Set(options)])('%s', async (one) => {
    const text = program(one);
    const start = new Function('require', `return (async () => { ${text}\nreturn { app }; })();`);
    const { app } = (await start(require)) as { readonly app: unknown };
    const served = await serve(app);
    if (typeof served !== 'function') servers.push(served);
    for (const [name, method, origin] of REQUESTS) {
      const predicted = predict(text, path, method, origin);
      tally.all += 1;
      if (process.env['SHOW_UNKNOWN'] && predicted === undefined) console.log('unknown', one, name);
      if (predicted === undefined) continue;
      tally.certain += 1;
      expect(predicted, name).toEqual(await ask(served, path, method, origin));
    }
  });

  it('is mostly certain', () => {
    expect(tally.certain / tally.all).toBeGreaterThanOrEqual(certain);
  });
});
