import { beforeAll, expect, it, vi } from 'vitest';
import { express } from '../../server/src/platforms/express/platform';
import { type Ask, ask, type Flat, filesWith, predictionIn, serve } from '../harness/siblings';
import { chooseSeed, type Random, randomFrom } from './nginx-random';

/**
 * Apps of Hono put together at random whose middleware and handlers set headers by hand, before and after `next()`,
 * answer by the context or by themselves, and fail. Whatever is predicted for certain is what the real package answers.
 */
const HEAD = `const { Hono } = require('hono');
const { cors } = require('hono/cors');
const { HTTPException } = require('hono/http-exception');
const { createMiddleware } = require('hono/factory');
const allowed = ['https://app.example.com', 'https://b.example.com'];
const app = new Hono();
`;
const PROGRAMS = Number(process.env['SIBLING_PROGRAMS'] ?? 120);
const PATHS = ['/a', '/a/b', '/a/:id', '/b'];
const PATTERNS = ['*', '/a/*', '/a', '/b', '/api/*'];
const SETS = [
  "c.header('Access-Control-Allow-Origin', '*');",
  "c.header('Access-Control-Allow-Origin', c.req.header('Origin')); c.header('Vary', 'Origin', { append: true });",
  "c.header('Access-Control-Allow-Origin', c.req.header('origin') || '*');",
  "c.res.headers.set('Access-Control-Allow-Origin', 'https://app.example.com'); c.res.headers.append('Vary', 'Origin');",
  "const origin = c.req.header('Origin'); if (allowed.includes(origin)) { c.header('Access-Control-Allow-Origin', origin); c.header('Access-Control-Allow-Credentials', 'true'); } c.header('Vary', 'Origin');",
  "const origin = c.req.raw.headers.get('origin'); if (origin === 'https://b.example.com') c.res.headers.set('Access-Control-Allow-Origin', origin);",
  "c.header('Access-Control-Allow-Methods', 'GET, PUT'); c.header('Access-Control-Allow-Headers', c.req.header('Access-Control-Request-Headers') ?? '*');",
  "c.header('Access-Control-Allow-Origin', undefined); c.header('Access-Control-Max-Age', '600');",
  "c.res.headers.delete('Access-Control-Allow-Origin'); c.header('Vary', 'Accept', { append: true });",
  "if (c.req.path.startsWith('/a')) c.header('Access-Control-Expose-Headers', 'X-A');",
  "c.header('X-Own', '1');",
  'setCors(c);',
];
const BRANCHES = [
  '',
  '',
  "if (c.req.method === 'OPTIONS') return c.body(null, 204);",
  "if (c.req.method === 'OPTIONS') return new Response(null, { status: 204 });",
  "if (c.req.method === 'OPTIONS') { c.header('Access-Control-Max-Age', '5'); return c.text('', 200); }",
  "if (c.req.method === 'OPTIONS') { c.status(204); return c.body(null); }",
  "if (!allowed.includes(c.req.header('Origin'))) return c.text('no', 403);",
  "if (c.req.header('Origin') === 'https://other.example') throw new HTTPException(403, { message: 'no' });",
];
const ENDS = ['await next();', 'await next();', 'return next();', 'return await next();'];
const ANSWERS = [
  "return c.text('ok');",
  'return c.json({ ok: true });',
  "return c.json({}, 200, { 'Access-Control-Allow-Origin': 'https://own.example' });",
  "return c.text('ok', { status: 201, headers: { 'Access-Control-Expose-Headers': 'X-Own' } });",
  "return new Response('ok');",
  "return new Response('ok', { headers: { 'Access-Control-Allow-Origin': 'https://raw.example', Vary: 'Accept' } });",
  'return Response.json({});',
  "return c.newResponse('ok', 202);",
  "return c.html('<p>ok</p>');",
];
const CORS = ['cors()', "cors({ origin: ['https://b.example.com'], credentials: true })"];
const ERRORS = [
  '',
  '',
  "app.onError((error, c) => c.text('no', 500));",
  "app.onError((error, c) => { c.header('Access-Control-Allow-Origin', 'https://error.example'); return c.json({}, 500); });",
  "app.onError((error, c) => { if (error instanceof HTTPException) return error.getResponse(); return c.text('no', 500); });",
  "app.onError((error, c) => new Response('no', { status: 500 }));",
];
const FAILURES = [
  ["return c.text('ok');", 'success'],
  ["return c.text('ok');", 'success'],
  ["throw new Error('no');", 500],
  ['throw new HTTPException(401);', 401],
  ["return c.json({ error: 'no' }, 404);", 404],
] as const;
const HELPER = "function setCors(c) { c.header('Access-Control-Allow-Origin', 'https://app.example.com'); }\n";

type Pick = Random['pick'];

function middleware(pick: Pick): string {
  const body = `${pick(SETS)} ${pick(BRANCHES)} ${pick(ENDS)}`;
  const after = body.endsWith('await next();') && !body.includes('return await') ? late(pick) : '';
  const fn = `async (c, next) => { ${body} ${after} }`;
  return pick([fn, fn, `createMiddleware(${fn})`]);
}

/** Something that is set behind `await next()`; in a block, for names are declared once. */
function late(pick: Pick): string {
  return pick(['', `{ ${pick(SETS)} }`, `if (c.req.method === 'GET') { ${pick(SETS)} }`]);
}

function statement(pick: Pick, on: string): string {
  switch (pick(['use', 'use', 'use-all', 'route', 'route', 'guarded', 'options', 'cors'] as const)) {
    case 'use':
      return `${on}.use('${pick(PATTERNS)}', ${middleware(pick)});`;
    case 'use-all':
      return `${on}.use(${middleware(pick)});`;
    case 'route':
      return `${on}.${pick(['get', 'put', 'all'])}('${pick(PATHS)}', (c) => { ${pick([...SETS, ''])} ${pick(ANSWERS)} });`;
    case 'guarded':
      return `${on}.${pick(['get', 'on', 'put']).replace(/^on$/, 'get')}('${pick(PATHS)}', ${middleware(pick)}, (c) => { ${pick(ANSWERS)} });`;
    case 'options':
      return `${on}.options('${pick([...PATHS, '*'])}', (c) => { ${pick(SETS)} ${pick(['return c.body(null, 204);', 'return new Response(null, { status: 204 });'])} });`;
    case 'cors':
      return `${on}.use('${pick(PATTERNS)}', ${pick(CORS)});`;
  }
}

interface Program {
  readonly text: string;
  readonly ending: number | 'success';
}

function program(pick: Pick): Program {
  const [answer, ending] = pick(FAILURES);
  const own = () => statement(pick, 'app');
  const first = `app.use('*', ${middleware(pick)});`;
  const last = `app.all('/last', (c) => { ${answer} });`;
  const body = pick([false, false, true])
    ? [
        first,
        'const sub = new Hono();',
        statement(pick, 'sub'),
        statement(pick, 'sub'),
        "app.route('/api', sub);",
        own(),
      ]
    : [pick([first, '']), own(), own(), own()];
  return { text: [HEAD + HELPER, pick(ERRORS), ...body, last].join('\n'), ending };
}

const PREFLIGHT = { 'access-control-request-method': 'PUT', 'access-control-request-headers': 'content-type' };
const ASKED = ['/a', '/a/b', '/b', '/api/a', '/last'];
const ORIGINS = ['https://app.example.com', 'https://other.example', undefined];
const tally = { actual: 0, actualKnown: 0, preflight: 0, preflightKnown: 0, failing: 0, failingKnown: 0 };

beforeAll(async () => {
  await express.prepare?.();
  // Hono prints the errors that it answers by itself.
  vi.spyOn(console, 'error').mockImplementation(() => undefined);
});

it.each(Array.from({ length: PROGRAMS }, (_, seed) => seed))('program %i', async (seed) => {
  const { text, ending } = program(randomFrom(chooseSeed() + seed).pick);
  const served = await serve('hono', text);
  for (const path of ASKED) {
    for (const method of ['GET', 'OPTIONS']) {
      for (const origin of ORIGINS) {
        const isPreflight = method === 'OPTIONS';
        const isFailing = path === '/last' && !isPreflight && ending !== 'success';
        const asking: Ask = {
          path,
          method,
          origin,
          ...(isPreflight ? { headers: PREFLIGHT } : {}),
          ...(isFailing ? { ending } : {}),
        };
        const predicted = predictionIn(filesWith(text), 'app.js', asking);
        if (predicted === null) continue;
        const real = await ask(served, asking);
        // A middleware may answer before anything can fail.
        if (isFailing && real['status'] !== ending) continue;
        const kind = isPreflight ? 'preflight' : isFailing ? 'failing' : 'actual';
        tally[kind] += 1;
        if (predicted === undefined || predicted.isOpen) continue;
        tally[`${kind}Known`] += 1;
        expect(plain(predicted.flat), `${text}\n${method} ${path} ${origin}`).toEqual(plain(real));
      }
    }
  }
});

it('is mostly certain', () => {
  if (process.env['SHOW_UNKNOWN']) console.log(tally);
  expect(tally.actualKnown / tally.actual).toBeGreaterThan(0.8);
  expect(tally.preflightKnown / tally.preflight).toBeGreaterThan(0.7);
  expect(tally.failingKnown / tally.failing).toBeGreaterThan(0.4);
});

/** A field that `Vary` names twice is named once. */
function plain({ vary, ...others }: Flat): Flat {
  if (typeof vary !== 'string') return others;
  return { ...others, vary: [...new Set(vary.split(', '))].sort().join(', ') };
}
