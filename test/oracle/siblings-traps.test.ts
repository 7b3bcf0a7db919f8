import { beforeAll, expect, it } from 'vitest';
import { lint } from '../../server/src/lint/engine';
import { rules } from '../../server/src/lint/registry';
import { DEFAULT_SETTINGS } from '../../server/src/lint/settings';
import { express } from '../../server/src/platforms/express/platform';
import { memoryHost } from '../harness/memoryHost';

/** What looks wrong in the frameworks beside Express and is right, or is not known: nothing is said of it. */
const FASTIFY = "const app = require('fastify')();\nconst cors = require('@fastify/cors');\n";
const KOA = "const Koa = require('koa');\nconst cors = require('@koa/cors');\nconst app = new Koa();\n";
const HONO = "import { Hono } from 'hono';\nimport { cors } from 'hono/cors';\nconst app = new Hono();\n";
const NEST =
  "import { NestFactory } from '@nestjs/core';\nimport { AppModule } from './app.module';\nconst app = await NestFactory.create(AppModule);\n";
const FIVE = JSON.stringify({ dependencies: { '@fastify/cors': '^11.0.0', 'socket.io': '^2.5.0' } });

const TRAPS: readonly (readonly [string, string])[] = [
  [
    'a local function called cors',
    "const Koa = require('koa');\nconst app = new Koa();\nconst cors = (options) => (ctx, next) => next();\napp.use(cors({ credentials: true, origins: [] }));",
  ],
  [
    'another plugin called cors',
    "const app = require('fastify')();\nconst cors = require('./cors');\napp.register(cors, { origins: [], origin: undefined });\napp.put('/', async () => 1);",
  ],
  [
    'methods of a preflight that a route decides itself',
    `${FASTIFY}app.register(cors, { origin: 'https://app.example.com' });\napp.put('/', { config: { cors: { methods: ['PUT'] } } }, async () => 1);`,
  ],
  [
    'a promise in the place of a callback',
    `${FASTIFY}app.register(cors, { origin: async (origin) => ['https://app.example.com'].includes(origin), credentials: true });`,
  ],
  [
    'a pattern with a memory that the plugin clears',
    `${FASTIFY}app.register(cors, { origin: /^https:\\/\\/app\\.example\\.com$/g });`,
  ],
  ['a list with a star, which the plugin takes for every origin', `${FASTIFY}app.register(cors, { origin: ['*'] });`],
  [
    'options of the plugin itself',
    `${FASTIFY}app.register(cors, { origin: 'https://app.example.com', hook: 'preHandler', strictPreflight: false, prefix: '/api', logLevel: 'warn' });`,
  ],
  [
    'options for each request',
    `${FASTIFY}app.register(cors, { delegator: (request, callback) => callback(null, { origin: true, credentials: true }) });`,
  ],
  ['a pattern of text that is not known', `${FASTIFY}app.register(cors, { origin: new RegExp(process.env.SITE) });`],
  [
    'a plugin that sets CORS up for itself',
    `${FASTIFY}app.register(async (inner) => { inner.register(cors, { origin: 'https://app.example.com' }); });\napp.put('/', async () => 1);`,
  ],
  [
    'a hook that sets headers itself',
    `${FASTIFY}app.register(cors, { origin: ['https://app.example.com'], methods: ['GET'] });\napp.addHook('onSend', async (request, reply) => { reply.header('Access-Control-Allow-Methods', 'PUT'); });\napp.put('/', async () => 1);`,
  ],
  [
    'a plugin with CORS of its own beside routes that do without',
    `${FASTIFY}app.register(async (inner) => { inner.register(cors, { origin: 'https://app.example.com', methods: ['PUT'] }); inner.put('/items', async () => 1); }, { prefix: '/api' });\napp.get('/', async () => 1);`,
  ],
  [
    'CORS of a plugin under a prefix that is not known',
    `${FASTIFY}app.register(async (inner) => { inner.register(cors, { origin: 'https://app.example.com', methods: ['GET'] }); }, settings);\napp.put('/items', async () => 1);`,
  ],
  [
    'a function that looks into a list',
    `${KOA}const allowed = ['https://app.example.com'];\napp.use(cors({ origin: (ctx) => (allowed.includes(ctx.get('Origin')) ? ctx.get('Origin') : ''), credentials: true }));`,
  ],
  [
    'options of the middleware itself',
    `${KOA}app.use(cors({ origin: 'https://app.example.com', keepHeadersOnError: true, privateNetworkAccess: true, secureContext: true }));`,
  ],
  [
    'a health check ahead of cors',
    `${HONO}app.get('/health', (c) => c.text('ok'));\napp.use(cors({ origin: 'https://app.example.com' }));\napp.get('/items', (c) => c.json([]));\nexport default app;`,
  ],
  [
    'a route that its path leaves out',
    `${HONO}app.get('/', (c) => c.text('home'));\napp.use('/api/*', cors({ origin: 'https://app.example.com' }));\napp.get('/api/items', (c) => c.json([]));\nexport default app;`,
  ],
  [
    'cors for preflights alone, behind the route that has its own',
    `${HONO}app.put('/items', cors({ origin: 'https://app.example.com' }), (c) => c.json([]));\napp.options('*', cors({ origin: 'https://app.example.com' }));\nexport default app;`,
  ],
  [
    'a route for every method with cors in its list',
    `${HONO}app.all('/items', cors({ origin: 'https://app.example.com' }), (c) => c.json([]));`,
  ],
  [
    'routes of an app that may be mounted where preflights are answered',
    `${HONO}app.put('/items', cors({ origin: 'https://app.example.com' }), (c) => c.json([]));\nexport default app;`,
  ],
  [
    'an app that another file goes on setting up',
    `${HONO}app.put('/items', cors({ origin: 'https://app.example.com' }), (c) => c.json([]));\nsetUp(app);\nserve(app);`,
  ],
  [
    'a 404 that is made by hand',
    `${HONO}app.put('/items', cors({ origin: 'https://app.example.com' }), (c) => c.json([]));\napp.notFound((c) => c.body(null, 204, HEADERS));`,
  ],
  [
    'cors of the app that is mounted, beside a route that does without',
    `${HONO}const api = new Hono();\napi.use(cors({ origin: 'https://app.example.com' }));\napi.get('/items', (c) => c.json([]));\napp.get('/', (c) => c.text('home'));\napp.route('/api', api);`,
  ],
  [
    'an app that is set up below where it is mounted',
    `${HONO}const api = new Hono();\nexport function start() { app.route('/api', api); }\napi.get('/items', (c) => c.json([]));\napi.use(cors({ origin: 'https://app.example.com' }));\napp.use('/other/*', cors());\nstart();`,
  ],
  [
    'an origin that is compared with what is not known',
    `${HONO}app.use(cors({ origin: (origin, c) => (c.env.ALLOWED.split(',').includes(origin) ? origin : null), credentials: true }));\nexport default app;`,
  ],
  [
    'an app that another one mounts',
    `${HONO}const api = new Hono();\napi.get('/items', (c) => c.json([]));\napp.use(cors({ origin: 'https://app.example.com' }));\napp.route('/api', api);\nexport default app;`,
  ],
  [
    'a list of the environment',
    `${NEST}app.enableCors({ origin: process.env.ORIGINS.split(','), credentials: true });\nawait app.listen(3000);`,
  ],
  [
    'a function that asks',
    `${NEST}app.enableCors({ origin: (origin, callback) => callback(null, isAllowed(origin)), credentials: true });`,
  ],
  [
    'CORS that is turned off',
    "import { NestFactory } from '@nestjs/core';\nimport { AppModule } from './app.module';\nconst app = await NestFactory.create(AppModule, { cors: false });\nawait app.listen(3000);",
  ],
  [
    'one policy or the other',
    `${NEST}if (process.env.NODE_ENV === 'production') app.enableCors({ origin: ['https://app.example.com'], credentials: true });\nelse app.enableCors({ origin: 'http://localhost:3000', credentials: true });`,
  ],
  ['origins of socket.io 2', "const io = require('socket.io')(3000, { origins: ['https://app.example.com:443'] });"],
  [
    'a client of socket.io',
    "const { io } = require('socket.io-client');\nconst socket = io('https://api.example.com', { withCredentials: true, origins: [] });",
  ],
];

beforeAll(() => express.prepare?.());

it.each(TRAPS)('%s', (_, text) => {
  const { findings } = lint({
    platform: express,
    file: 'app.js',
    text,
    host: memoryHost(
      new Map([
        ['app.js', text],
        ['package.json', FIVE],
      ]),
    ),
    settings: DEFAULT_SETTINGS,
    rules,
    onCrash: ({ error }) => {
      throw error;
    },
  });
  const grave = findings.filter(({ severity }) => severity === 'error' || severity === 'warning');
  expect(grave.map(({ rule, message }) => `${rule.id}: ${message}`)).toEqual([]);
});

it('says nothing of methods where the version is not known', () => {
  const text = `${FASTIFY}app.register(cors, { origin: 'https://app.example.com' });\napp.put('/', async () => 1);`;
  const host = memoryHost(new Map([['app.js', text]]));
  const { findings } = lint({ platform: express, file: 'app.js', text, host, settings: DEFAULT_SETTINGS, rules });
  expect(findings).toEqual([]);
});
