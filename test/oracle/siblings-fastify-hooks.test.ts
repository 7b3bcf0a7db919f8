import { spawnSync } from 'node:child_process';
import { beforeAll, expect, it } from 'vitest';
import { express } from '../../server/src/platforms/express/platform';
import { type Ask, ask, filesWith, predictionIn, serve, stop } from '../harness/siblings';
import { chooseSeed, type Random, randomFrom } from './nginx-random';

/**
 * Apps of Fastify put together at random whose hooks set headers by hand, beside @fastify/cors and without it, in
 * plugins and around them. Whatever is predicted for certain is what the real package answers.
 */
const HEAD = `const app = require('fastify')();
const cors = require('@fastify/cors');
const fp = require('fastify-plugin');
const allowed = ['https://app.example.com', 'https://b.example.com'];
function setCors(reply) { reply.header('Access-Control-Allow-Origin', 'https://helper.example'); }
`;
const PROGRAMS = Number(process.env['SIBLING_PROGRAMS'] ?? 100);
const SETS = [
  "reply.header('Access-Control-Allow-Origin', '*');",
  "reply.header('Access-Control-Allow-Origin', request.headers.origin); reply.header('Vary', 'Origin');",
  "reply.headers({ 'Access-Control-Allow-Origin': 'https://app.example.com', 'Access-Control-Allow-Credentials': 'true' });",
  "reply.raw.setHeader('Access-Control-Allow-Origin', 'https://raw.example');",
  "reply.raw.setHeader('Vary', 'Accept'); reply.header('Access-Control-Expose-Headers', 'X-A').header('X-Own', '1');",
  "const { origin } = request.headers; if (allowed.includes(origin)) { reply.header('Access-Control-Allow-Origin', origin); reply.header('Access-Control-Allow-Credentials', true); }",
  "if (request.headers['origin'] === 'https://b.example.com') reply.header('Access-Control-Allow-Origin', request.headers.origin);",
  "reply.removeHeader('Access-Control-Allow-Origin');",
  "reply.raw.removeHeader('Access-Control-Allow-Origin'); reply.header('Access-Control-Max-Age', 600);",
  "reply.header('Access-Control-Allow-Methods', 'GET, PUT'); reply.header('Access-Control-Allow-Headers', request.headers['access-control-request-headers'] || '*');",
  'setCors(reply);',
];
const ANSWERS = [
  '',
  '',
  "if (request.method === 'OPTIONS') { reply.code(204).send(); return END; }",
  "if (request.method === 'OPTIONS') { return reply.status(200).header('Access-Control-Max-Age', '5').send(); }",
  "if (request.raw.method === 'OPTIONS') { reply.send('ok'); return END; }",
  "if (request.headers.origin === 'https://other.example') { reply.code(403); reply.send({ error: 'no' }); return END; }",
];
const PHASES = [
  'onRequest',
  'onRequest',
  'onRequest',
  'preParsing',
  'preValidation',
  'preHandler',
  'preHandler',
  'onSend',
];
const CORS = [
  '',
  ", { origin: ['https://b.example.com'], credentials: true }",
  ", { origin: true, hook: 'preHandler' }",
];
const ERRORS = [
  '',
  '',
  '',
  "app.setErrorHandler((error, request, reply) => { reply.code(500).send({ error: 'no' }); });",
  "app.setErrorHandler((error, request, reply) => { reply.header('Access-Control-Allow-Origin', 'https://error.example').code(500).send('no'); });",
];

/** What keeps an app able to start: every route has a path of its own, and CORS is set up once on each way inwards. */
interface Made {
  routes: number;
  cors: number;
}

function hook({ pick }: Random, on: string): string {
  const phase = pick(PHASES);
  const isAsync = pick([true, true, false]);
  const payload = phase === 'onSend' || phase === 'preParsing' ? ['payload'] : [];
  const params = ['request', 'reply', ...payload, ...(isAsync ? [] : ['done'])];
  const answer = phase === 'onSend' ? '' : pick(ANSWERS).replace('END', isAsync ? 'reply' : 'undefined');
  const body = `${pick(SETS)} ${answer} ${pick(['', '', pick(SETS).replace('const {', 'var {')])}`;
  const last = isAsync
    ? payload.length > 0
      ? 'return payload;'
      : ''
    : `done(${payload.length > 0 ? 'null, payload' : ''});`;
  return `${on}.addHook('${phase}', ${isAsync ? 'async ' : ''}(${params.join(', ')}) => { ${body.replace(/const \{ origin \}(.*)var \{ origin \}/, 'const { origin }$1const { origin: again }')} ${last} });`;
}

function statement(random: Random, on: string, made: Made, depth: number): string {
  const { pick } = random;
  switch (pick(['hook', 'hook', 'hook', 'get', 'options', 'cors', 'plugin', 'shared', 'own'])) {
    case 'get':
      return `${on}.get('/r${made.routes++}', async () => 'ok');`;
    case 'options':
      return `${on}.options('/r${made.routes}', async () => 'ok'); ${on}.get('/r${made.routes++}', async () => 'ok');`;
    case 'cors':
      return made.cors++ > 0 ? '' : `${pick(['', 'await '])}${on}.register(cors${pick(CORS)});`;
    case 'plugin':
      if (depth > 0) return '';
      return `${pick(['', 'await '])}${on}.register(async (inner) => {\n${body(random, 'inner', made, depth + 1)}\n}${pick(['', ", { prefix: '/api' }"])});`;
    case 'shared':
      if (depth > 0) return '';
      return `${on}.register(fp(async (shared) => {\n${body(random, 'shared', made, depth + 1)}\n}));`;
    case 'own':
      return `${on}.get('/r${made.routes++}', { preHandler: async (request, reply) => { ${pick(SETS)} } }, async () => 'ok');`;
    default:
      return hook(random, on);
  }
}

function body(random: Random, on: string, made: Made, depth: number): string {
  return Array.from({ length: 2 + random.below(3) }, () => statement(random, on, made, depth)).join('\n');
}

const PREFLIGHT = { 'access-control-request-method': 'PUT', 'access-control-request-headers': 'content-type' };
const ASKED = ['/r0', '/r1', '/r2', '/api/r0', '/api/r1', '/api/r2', '/last', '/fails'];
const ORIGINS = ['https://app.example.com', 'https://other.example', undefined];
const tally = { actual: 0, actualKnown: 0, preflight: 0, preflightKnown: 0, failing: 0, failingKnown: 0 };

beforeAll(() => express.prepare?.());

it.each(Array.from({ length: PROGRAMS }, (_, seed) => seed))('program %i', async (seed) => {
  const random = randomFrom(chooseSeed() + seed);
  const made: Made = { routes: 0, cors: 0 };
  const text = `${HEAD}${body(random, 'app', made, 0)}
${random.pick(ERRORS)}
app.get('/last', async () => 'ok');
app.get('/fails', async () => { throw new Error('no'); });`;
  const served = await serve('fastify', text);
  try {
    for (const path of ASKED) {
      for (const method of ['GET', 'OPTIONS']) {
        for (const origin of ORIGINS) {
          // Preflights always have an origin.
          if (method === 'OPTIONS' && origin === undefined) continue;
          const kind = method === 'OPTIONS' ? 'preflight' : path === '/fails' ? 'failing' : 'actual';
          const headers = kind === 'preflight' ? { headers: PREFLIGHT } : {};
          const asking: Ask = { path, method, origin, ...headers, ...(kind === 'failing' ? { ending: 500 } : {}) };
          const predicted = predictionIn(filesWith(text), 'app.js', asking);
          if (predicted === null) continue;
          const real = await ask(served, asking);
          // A hook may answer before anything can fail.
          if (kind === 'failing' && real['status'] !== 500) continue;
          tally[kind] += 1;
          if (predicted === undefined || predicted.isOpen) continue;
          tally[`${kind}Known`] += 1;
          expect(predicted.flat, `${text}\n${method} ${path} ${origin}`).toEqual(real);
        }
      }
    }
  } finally {
    stop(served);
  }
});

it('is mostly certain', () => {
  if (process.env['SHOW_UNKNOWN']) console.log(tally);
  expect(tally.actualKnown / tally.actual).toBeGreaterThan(0.6);
  expect(tally.preflightKnown / tally.preflight).toBeGreaterThan(0.4);
  expect(tally.failingKnown / tally.failing).toBeGreaterThan(0.4);
});

/** CORS in several places, and whether the app starts. */
const PLACES: readonly (readonly [name: string, text: string, starts: boolean])[] = [
  ['twice', 'app.register(cors); app.register(cors, { origin: true });', false],
  ['outside, then inside', 'app.register(cors); app.register(async (inner) => { inner.register(cors); });', false],
  [
    'outside, then inside with a prefix',
    "app.register(cors); app.register(async (inner) => { inner.register(cors); }, { prefix: '/in' });",
    false,
  ],
  ['inside, then outside', 'app.register(async (inner) => { inner.register(cors); }); app.register(cors);', false],
  [
    'inside with a prefix, then outside',
    "app.register(async (inner) => { inner.register(cors); }, { prefix: '/in' }); app.register(cors);",
    true,
  ],
];

it.each(PLACES)('CORS %s', (_, set, starts) => {
  const text = `const app = require('fastify')();
const cors = require('@fastify/cors');
${set}
app.get('/last', async () => 'ok');`;
  const { status } = spawnSync(process.execPath, ['-e', `${text}\napp.ready();`], { timeout: 60_000 });
  expect(status === 0).toBe(starts);
  const asking: Ask = { path: '/last', method: 'GET', origin: 'https://app.example.com' };
  expect(predictionIn(filesWith(text), 'app.js', asking)?.isOpen).toBe(!starts);
});
