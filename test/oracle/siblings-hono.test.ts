import { beforeAll, expect, it } from 'vitest';
import { express } from '../../server/src/platforms/express/platform';
import { type Ask, ask, type Flat, filesWith, predictIn, serve } from '../harness/siblings';
import { chooseSeed, type Random, randomFrom } from './nginx-random';

/**
 * Apps of Hono put together at random: `cors()` for paths and in the lists of routes, apps that mount apps, prefixes.
 * Whatever is predicted for certain is what the real package answers.
 */
const HEAD = "const { Hono } = require('hono');\nconst { cors } = require('hono/cors');\nconst app = new Hono();\n";
const CORS = [
  'cors()',
  "cors({ origin: 'https://app.example.com', credentials: true })",
  "cors({ origin: ['https://b.example.com'], allowMethods: ['GET', 'PUT'] })",
];
const PATHS = ['/a', '/a/b', '/a/:id', '/b'];
const PATTERNS = ['*', '/a/*', '/a', '/api/*', '/api/a/*', '/b'];
const PREFIXES = ['/api', '/a', '/'];
const VERBS = ['get', 'put', 'all', 'options'];
const ASKED = ['/a', '/a/b', '/b', '/api/a', '/api/a/b', '/api/b', '/api/api/a', '/a/a'];
const PROGRAMS = 150;

type Pick = Random['pick'];

function statement(pick: Pick, on: string): string {
  const handler = "(c) => c.text('ok')";
  switch (pick(['use', 'use-all', 'route', 'route', 'guarded', 'guarded', 'preflight', 'on'] as const)) {
    case 'use':
      return `${on}.use('${pick(PATTERNS)}', ${pick(CORS)});`;
    case 'use-all':
      return `${on}.use(${pick(CORS)});`;
    case 'route':
      return `${on}.${pick(VERBS.slice(0, 3))}('${pick(PATHS)}', ${handler});`;
    case 'guarded':
      return `${on}.${pick(VERBS)}('${pick(PATHS)}', ${pick(CORS)}, ${handler});`;
    case 'preflight':
      return `${on}.options('${pick([...PATHS, '*'])}', ${pick(CORS)});`;
    case 'on':
      return `${on}.on(['GET', 'PUT'], '${pick(PATHS)}', ${pick(CORS)}, ${handler});`;
  }
}

function program(pick: Pick): string {
  const own = () => statement(pick, 'app');
  const sub = () => statement(pick, 'sub');
  const mount = `app.route('${pick(PREFIXES)}', sub);`;
  switch (pick(['flat', 'mounted', 'mounted', 'based', 'based-apart', 'twice'] as const)) {
    case 'flat':
      return [HEAD, own(), own(), own(), own()].join('\n');
    case 'mounted':
      return [HEAD, own(), 'const sub = new Hono();', sub(), sub(), own(), mount, own()].join('\n');
    case 'based':
      return [HEAD.replace('new Hono()', `new Hono().basePath('${pick(PREFIXES)}')`), own(), own(), own()].join('\n');
    case 'based-apart':
      return [HEAD, own(), `const sub = app.basePath('${pick(PREFIXES)}');`, sub(), own(), sub()].join('\n');
    case 'twice':
      return [
        HEAD,
        `const sub = new Hono().basePath('${pick(PREFIXES)}');`,
        sub(),
        'const second = new Hono();',
        statement(pick, 'second'),
        `sub.route('${pick(PREFIXES)}', second);`,
        own(),
        mount,
      ].join('\n');
  }
}

const PREFLIGHT = { 'access-control-request-method': 'PUT', 'access-control-request-headers': 'content-type' };
const tally = { actual: 0, actualKnown: 0, preflight: 0, preflightKnown: 0 };

beforeAll(() => express.prepare?.());

it.each(Array.from({ length: PROGRAMS }, (_, seed) => seed))('program %i', async (seed) => {
  const text = `${program(randomFrom(chooseSeed() + seed).pick)}\napp.get('/last', (c) => c.text('ok'));`;
  const served = await serve('hono', text);
  for (const path of ASKED) {
    for (const method of ['GET', 'PUT', 'OPTIONS']) {
      const asking: Ask = {
        path,
        method,
        origin: 'https://app.example.com',
        ...(method === 'OPTIONS' ? { headers: PREFLIGHT } : {}),
      };
      const predicted = predictIn(filesWith(text), 'app.js', asking);
      if (predicted === null) continue;
      const isPreflight = method === 'OPTIONS';
      tally[isPreflight ? 'preflight' : 'actual'] += 1;
      if (predicted === undefined) continue;
      tally[isPreflight ? 'preflightKnown' : 'actualKnown'] += 1;
      expect(plain(predicted), `${text}\n${method} ${path}`).toEqual(plain(await ask(served, asking)));
    }
  }
});

it('is mostly certain', () => {
  expect(tally.actualKnown / tally.actual).toBeGreaterThan(0.9);
  expect(tally.preflightKnown / tally.preflight).toBeGreaterThan(0.7);
});

/** A field that `Vary` names twice is named once. */
function plain({ vary, ...others }: Flat): Flat {
  if (typeof vary !== 'string') return others;
  return { ...others, vary: [...new Set(vary.split(', '))].sort().join(', ') };
}
