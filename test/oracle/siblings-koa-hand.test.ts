import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { express } from '../../server/src/platforms/express/platform';
import { type Ask, ask, filesWith, predictionIn, type Served, serve, stop } from '../harness/siblings';

/**
 * Headers that middleware of Koa sets by hand, before and after `next()`, and answers to OPTIONS by hand, run on the
 * real Koa. What is predicted for certain is what is answered.
 */
const ORIGIN = 'https://app.example.com';
const SETS = [
  "ctx.set('Access-Control-Allow-Origin', '*');",
  "ctx.set('Access-Control-Allow-Origin', ctx.get('Origin')); ctx.vary('Origin');",
  "ctx.response.set('Access-Control-Allow-Origin', ctx.headers.origin); ctx.append('Vary', 'Accept');",
  `ctx.set({ 'Access-Control-Allow-Origin': '${ORIGIN}', 'Access-Control-Allow-Credentials': true });`,
  `if (ctx.request.header.origin === '${ORIGIN}') ctx.set('Access-Control-Allow-Origin', ctx.get('origin')); ctx.vary(['Origin', 'Accept']);`,
  `if (['${ORIGIN}'].includes(ctx.get('Origin'))) { ctx.set('Access-Control-Allow-Origin', ctx.get('Origin')); } else { ctx.remove('Vary'); }`,
  "ctx.set('Access-Control-Allow-Origin', ctx.get('Origin') || '*');",
  "if (!ctx.get('X-Missing')) ctx.set('Access-Control-Allow-Headers', 'X-' + ctx.method);",
  "ctx.set('Access-Control-Allow-Methods', ['GET', 'PUT']);",
  "ctx.set('Access-Control-Allow-Headers', ctx.get('Access-Control-Request-Headers'));",
];
const BRANCHES = [
  '',
  "if (ctx.method === 'OPTIONS') { ctx.status = 204; return; }",
  "if (ctx.method === 'OPTIONS') { ctx.body = 200; return; }",
  "if (ctx.request.method == 'OPTIONS') return void (ctx.status = 200);",
  "if (ctx.method === 'OPTIONS') { ctx.set('Access-Control-Allow-Methods', 'GET,PUT'); ctx.body = ''; return; }",
  "if (ctx.method === 'OPTIONS') { ctx.status = 204; ctx.body = null; return; }",
];
const ENDS = [
  'await next();',
  'return next();',
  "await next(); ctx.set('Access-Control-Expose-Headers', 'X-A');",
  "await next(); if (ctx.method === 'GET') ctx.set('Access-Control-Allow-Origin', 'https://b.example.com');",
  "ctx.body = 'ok';",
  'ctx.status = 200; ctx.body = { a: 1 };',
  "try { await next(); } catch (error) { ctx.status = 500; ctx.body = 'no'; }",
];
const AROUND = [
  '',
  "app.use(cors({ origin: 'https://c.example.com' }));",
  "app.use(async (ctx, next) => { await next(); ctx.vary('Accept-Encoding'); });",
];
const HANDLERS = [
  ["app.use((ctx) => { ctx.set('X-Answer', 'yes'); ctx.body = 'ok'; });", 'success'],
  ["app.use(async (ctx) => { ctx.set('X-Answer', 'yes'); ctx.body = 'ok'; await fail(); });", 500],
] as const;

const HEAD =
  "const Koa = require('koa');\nconst cors = require('@koa/cors');\nconst app = new Koa();\nconst fail = async () => { throw new Error('no'); };\n";
const ASKS: readonly Partial<Ask>[] = [
  { method: 'GET' },
  { method: 'GET', origin: 'https://other.example' },
  { method: 'GET', origin: undefined },
  {
    method: 'OPTIONS',
    headers: { 'access-control-request-method': 'PUT', 'access-control-request-headers': 'content-type' },
  },
];

const tally = { asked: 0, known: 0 };
const running: Served[] = [];

beforeAll(() => express.prepare?.());
afterAll(() => running.forEach(stop));

describe.each(SETS)('%s', (set) => {
  it.each(BRANCHES)('%s', async (branch) => {
    for (const [at, end] of ENDS.entries()) {
      const around = AROUND[(at + BRANCHES.indexOf(branch) + SETS.indexOf(set)) % AROUND.length] ?? '';
      const isBefore = (at + SETS.indexOf(set)) % 2 === 0;
      const own = `app.use(async (ctx, next) => { ${set} ${branch} ${end} });`;
      for (const [handler, ending] of HANDLERS) {
        const text = `${HEAD}${(isBefore ? [around, own] : [own, around]).join('\n')}\n${handler}`;
        const served = await serve('koa', text);
        running.push(served);
        for (const one of ASKS) {
          const isFailing = one.method === 'GET' && /next\(/.test(end);
          if (ending !== 'success' && !isFailing) continue;
          const asking: Ask = {
            path: '/',
            method: 'GET',
            origin: ORIGIN,
            ...one,
            ...(ending === 'success' ? {} : { ending }),
          };
          const predicted = predictionIn(filesWith(text), 'app.js', asking);
          tally.asked += 1;
          if (!predicted || predicted.isOpen) continue;
          tally.known += 1;
          expect(predicted.flat, `${text}\n${JSON.stringify(asking)}`).toEqual(await ask(served, asking));
        }
        stop(served);
        running.pop();
      }
    }
  });
});

/** A condition of the set-up: both ways of it are run, and nothing that only one of them gives is certain. */
const CONDITIONED: readonly ((registration: string) => string)[] = [
  (registration) => `if (process.env.CORS_ON) ${registration};`,
  (registration) => `process.env.CORS_ON && ${registration};`,
  (registration) => `process.env.CORS_ON ? ${registration} : null;`,
  (registration) => `if (!process.env.CORS_ON) {} else { ${registration}; }`,
];

describe.each(CONDITIONED.map((under) => [under('app.use(…)'), under] as const))('%s', (_, under) => {
  it.each([
    ...SETS.slice(0, 5).map((set) => `app.use(async (ctx, next) => { ${set} await next(); })`),
    "app.use(async (ctx, next) => { if (ctx.method === 'OPTIONS') { ctx.set('Access-Control-Allow-Origin', '*'); ctx.status = 204; return; } await next(); })",
  ])('%s', async (registration) => {
    const [handler] = HANDLERS[0];
    for (const around of [AROUND[0], AROUND[1]]) {
      const text = `${HEAD}${around}\n${under(registration)}\n${handler}`;
      for (const isOn of [false, true]) {
        const served = await serve('koa', text.replaceAll('process.env.CORS_ON', String(isOn)));
        running.push(served);
        for (const one of ASKS) {
          const asking: Ask = { path: '/', method: 'GET', origin: ORIGIN, ...one };
          const predicted = predictionIn(filesWith(text), 'app.js', asking);
          if (!predicted || predicted.isOpen) continue;
          expect(predicted.flat, `${text}\n${JSON.stringify(asking)}`).toEqual(await ask(served, asking));
        }
        stop(served);
        running.pop();
      }
    }
  });
});

/** The router is a package of its own: what is registered under a condition may not be there. */
it.each([
  ['app.use(router.routes());', true],
  ['if (process.env.ROUTES_ON) app.use(router.routes());', false],
  ['process.env.ROUTES_ON && app.use(router.routes());', false],
])('routes of a router by %s are certain: %s', (registration, isCertain) => {
  const set = "ctx.set('Access-Control-Allow-Origin', 'https://app.example.com');";
  const text = `const Router = require('@koa/router');\n${HEAD}const router = new Router();\nrouter.get('/items', (ctx) => { ctx.body = 'ok'; });\napp.use(async (ctx, next) => { ${set} await next(); });\n${registration}`;
  const predicted = predictionIn(filesWith(text), 'app.js', { path: '/items', method: 'GET', origin: ORIGIN });
  expect(predicted !== null && predicted !== undefined && !predicted.isOpen).toBe(isCertain);
});

it('is mostly certain', () => {
  expect(tally.known / tally.asked).toBeGreaterThan(0.55);
});
