import { beforeAll, expect, it } from 'vitest';
import { express } from '../../server/src/platforms/express/platform';
import { type Ask, ask, filesWith, predictIn, serve, stop } from '../harness/siblings';
import { chooseSeed, type Random, randomFrom } from './nginx-random';

/**
 * Apps of Fastify put together at random: plugins in plugins, with prefixes, with fastify-plugin, and CORS set up
 * inside them. Whatever is predicted for certain is what the real package answers.
 */
const HEAD = `const app = require('fastify')();
const cors = require('@fastify/cors');
const fp = require('fastify-plugin');
`;
const CORS = [
  '',
  ", { origin: 'https://app.example.com', credentials: true, methods: ['GET', 'PUT'] }",
  ", { origin: ['https://b.example.com'] }",
  ", { origin: true, exposedHeaders: ['X-A'] }",
];
const PREFIXES = ['', '', '/api', '/in'];
const ASKED = ['/r0', '/r1', '/r2', '/r3', '/r4', '/r5'].flatMap((path) =>
  ['', '/api', '/in', '/api/in', '/api/api', '/in/api', '/in/in'].map((prefix) => prefix + path),
);
const PROGRAMS = 80;

/** What keeps an app able to start: every route has a path of its own, and CORS is set up once for each prefix. */
interface Made {
  routes: number;
  readonly prefixes: Set<string>;
}

/** A context, which cannot have CORS after one around it had it. */
interface Context {
  readonly prefix: string;
  readonly outer: Context | null;
  hasCors: boolean;
}

function body(random: Random, on: string, made: Made, context: Context, depth: number): string {
  return Array.from({ length: 1 + random.below(3) }, () => statement(random, on, made, context, depth)).join('\n');
}

function statement(random: Random, on: string, made: Made, context: Context, depth: number): string {
  const { pick } = random;
  switch (pick(['get', 'put', 'options', 'cors', 'cors', 'plugin', 'plugin', 'shared', 'hook'])) {
    case 'get':
      return `${on}.get('/r${made.routes++}', async () => 'ok');`;
    case 'put':
      return `${on}.put('/r${made.routes++}', async () => 'ok');`;
    case 'options':
      return `${on}.route({ method: ['OPTIONS', 'GET'], url: '/r${made.routes++}', handler: async () => 'ok' });`;
    case 'cors': {
      if (made.prefixes.has(context.prefix) || hasCors(context)) return '';
      made.prefixes.add(context.prefix);
      context.hasCors = true;
      return `${on}.register(cors${pick(CORS)});`;
    }
    case 'plugin': {
      const prefix = pick(PREFIXES);
      const inner: Context = { prefix: context.prefix + prefix, outer: context, hasCors: false };
      const options = prefix === '' ? '' : `, { prefix: '${prefix}' }`;
      return depth > 1
        ? ''
        : `${on}.register(async (in${depth}) => {\n${body(random, `in${depth}`, made, inner, depth + 1)}\n}${options});`;
    }
    case 'shared':
      return depth > 1
        ? ''
        : `${on}.register(fp(async (in${depth}) => {\n${body(random, `in${depth}`, made, context, depth + 1)}\n}), { prefix: '/api' });`;
    default:
      return `${on}.addHook('onRequest', async () => {});`;
  }
}

function hasCors(context: Context | null): boolean {
  return context !== null && (context.hasCors || hasCors(context.outer));
}

const PREFLIGHT = { 'access-control-request-method': 'PUT', 'access-control-request-headers': 'content-type' };
const tally = { actual: 0, actualKnown: 0, preflight: 0, preflightKnown: 0 };

beforeAll(() => express.prepare?.());

it.each(Array.from({ length: PROGRAMS }, (_, seed) => seed))('program %i', async (seed) => {
  const root: Context = { prefix: '', outer: null, hasCors: false };
  const made: Made = { routes: 0, prefixes: new Set() };
  const text = `${HEAD}${body(randomFrom(chooseSeed() + seed), 'app', made, root, 0)}\napp.get('/last', async () => 'ok');`;
  const served = await serve('fastify', text);
  try {
    for (const path of ASKED) {
      for (const method of ['GET', 'PUT', 'OPTIONS']) {
        const isPreflight = method === 'OPTIONS';
        const headers = isPreflight ? { headers: PREFLIGHT } : {};
        const asking: Ask = { path, method, origin: 'https://app.example.com', ...headers };
        const predicted = predictIn(filesWith(text), 'app.js', asking);
        if (predicted === null) continue;
        tally[isPreflight ? 'preflight' : 'actual'] += 1;
        if (predicted === undefined) continue;
        tally[isPreflight ? 'preflightKnown' : 'actualKnown'] += 1;
        expect(predicted, `${text}\n${method} ${path}`).toEqual(await ask(served, asking));
      }
    }
  } finally {
    stop(served);
  }
});

it('is mostly certain', () => {
  expect(tally.actualKnown / tally.actual).toBeGreaterThan(0.9);
  expect(tally.preflightKnown / tally.preflight).toBeGreaterThan(0.5);
});
