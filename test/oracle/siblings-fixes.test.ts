import { beforeAll, describe, expect, it } from 'vitest';
import { applyEdits } from '../../server/src/lint/edits';
import { lint } from '../../server/src/lint/engine';
import { rules } from '../../server/src/lint/registry';
import { DEFAULT_SETTINGS } from '../../server/src/lint/settings';
import { express } from '../../server/src/platforms/express/platform';
import { memoryHost } from '../harness/memoryHost';
import { type Ask, ask, type Flat, type FrameworkName, filesWith, serve, stop } from '../harness/siblings';

/** Faults, their fixes, and what a browser makes of the real answer before and after. */
interface Case {
  readonly name: string;
  readonly framework: FrameworkName;
  readonly text: string;
  readonly rule: string;
  /** How the fix's title begins. */
  readonly fix: string;
  readonly asking?: Partial<Ask>;
  /** Whether all is well: false of the answer before the fix, true after. */
  isWell(answer: Flat): boolean;
}

const PREFLIGHT: Partial<Ask> = {
  method: 'OPTIONS',
  headers: { 'access-control-request-method': 'PUT', 'access-control-request-headers': 'content-type' },
};
const ORIGIN = 'https://app.example.com';
const isSent = (answer: Flat) => answer['access-control-allow-origin'] === ORIGIN;
const isKept = (answer: Flat) => answer['access-control-allow-origin'] === undefined;
const mayPut = (answer: Flat) => /\bPUT\b/.test(String(answer['access-control-allow-methods']));

const NEST = `const { NestFactory } = require('@nestjs/core');
const { Module } = require('@nestjs/common');
class AppModule {}
Module({})(AppModule);
`;
const FASTIFY =
  "const app = require('fastify')();\nconst cors = require('@fastify/cors');\napp.put('/', async () => 'ok');\n";
const KOA = "const Koa = require('koa');\nconst cors = require('@koa/cors');\nconst app = new Koa();\n";
const KOA_ROUTE = '\napp.use((ctx) => { ctx.body = "ok"; });';
const HONO = "const { Hono } = require('hono');\nconst { cors } = require('hono/cors');\nconst app = new Hono();\n";
const SOCKET = "const app = require('node:http').createServer();\nconst { Server } = require('socket.io');\n";
const POLL: Partial<Ask> = { path: '/socket.io/?EIO=4&transport=polling' };

const CASES: readonly Case[] = [
  {
    name: '* of `create` over a list of `enableCors`',
    framework: 'nest',
    text: `${NEST}const app = await NestFactory.create(AppModule, { logger: false, cors: true });\napp.enableCors({ origin: ['${ORIGIN}'], credentials: true });`,
    rule: 'wildcard-with-credentials',
    fix: 'Let in',
    isWell: isSent,
  },
  {
    name: 'every origin with credentials',
    framework: 'nest',
    text: `${NEST}const app = await NestFactory.create(AppModule, { logger: false });\napp.enableCors({ origin: true, credentials: true });`,
    rule: 'reflected-origin',
    fix: 'Let in',
    asking: { origin: 'https://evil.example' },
    isWell: isKept,
  },
  {
    name: 'an option of another name',
    framework: 'nest',
    text: `${NEST}const app = await NestFactory.create(AppModule, { logger: false });\napp.enableCors({ origins: ['${ORIGIN}'] });`,
    rule: 'express-cors-option',
    fix: 'Write `origin`',
    asking: { origin: 'https://evil.example' },
    isWell: isKept,
  },
  {
    name: 'the origins of version 2',
    framework: 'socket.io',
    text: `${SOCKET}new Server(app, { origins: ['${ORIGIN}'] });`,
    rule: 'express-cors-option',
    fix: 'Write it as',
    asking: POLL,
    isWell: isSent,
  },
  {
    name: '* with credentials',
    framework: 'socket.io',
    text: `${SOCKET}new Server(app, { cors: { origin: '*', credentials: true } });`,
    rule: 'wildcard-with-credentials',
    fix: 'Let in',
    asking: POLL,
    isWell: isSent,
  },
  {
    name: 'a method beyond the defaults, without options',
    framework: 'fastify',
    text: `${FASTIFY}app.register(cors);`,
    rule: 'method-not-allowed',
    fix: 'Write',
    asking: PREFLIGHT,
    isWell: mayPut,
  },
  {
    name: 'a method beyond the defaults',
    framework: 'fastify',
    text: `${FASTIFY}app.register(cors, { origin: '${ORIGIN}' });`,
    rule: 'method-not-allowed',
    fix: 'Write',
    asking: PREFLIGHT,
    isWell: mayPut,
  },
  {
    name: 'every origin with credentials',
    framework: 'fastify',
    text: `${FASTIFY}app.register(cors, { origin: true, credentials: true, methods: ['PUT'] });`,
    rule: 'reflected-origin',
    fix: 'Let in',
    asking: { method: 'PUT', origin: 'https://evil.example' },
    isWell: isKept,
  },
  {
    name: 'nothing for the origin',
    framework: 'fastify',
    text: `${FASTIFY}app.register(cors, { origin: undefined, methods: ['PUT'] });`,
    rule: 'express-origin-off',
    fix: 'Leave',
    asking: { method: 'PUT' },
    isWell: ({ status }) => status === 200,
  },
  {
    name: 'a set',
    framework: 'fastify',
    text: `${FASTIFY}app.register(cors, { origin: new Set(['${ORIGIN}']), methods: ['PUT'] });`,
    rule: 'express-origin-type',
    fix: 'Write it as a list',
    asking: { method: 'PUT', origin: 'https://evil.example' },
    isWell: isKept,
  },
  {
    name: 'credentials reflect every origin',
    framework: 'koa',
    text: `${KOA}app.use(cors({ credentials: true }));${KOA_ROUTE}`,
    rule: 'reflected-origin',
    fix: 'Let in',
    asking: { origin: 'https://evil.example' },
    isWell: (answer) => answer['access-control-allow-origin'] !== 'https://evil.example',
  },
  {
    name: 'a list, which is sent as it is',
    framework: 'koa',
    text: `${KOA}app.use(cors({ origin: ['${ORIGIN}', 'https://b.example.com'] }));${KOA_ROUTE}`,
    rule: 'multiple-origins',
    fix: 'Send back',
    isWell: isSent,
  },
  {
    name: 'an error without headers',
    framework: 'koa',
    text: `${KOA}app.use(cors({ origin: '${ORIGIN}', keepHeadersOnError: false }));\nconst Router = require('@koa/router');\nconst router = new Router();\nrouter.get('/', () => { throw new Error('no'); });\napp.use(router.routes());`,
    rule: 'missing-origin-on-error',
    fix: 'Send the CORS headers',
    isWell: isSent,
  },
  {
    name: 'an option of another name',
    framework: 'koa',
    text: `${KOA}app.use(cors({ origin: '${ORIGIN}', methods: ['GET'] }));${KOA_ROUTE}`,
    rule: 'express-cors-option',
    fix: 'Write `allowMethods`',
    asking: PREFLIGHT,
    isWell: (answer) => !mayPut(answer),
  },
  {
    name: 'an option of another name',
    framework: 'hono',
    text: `${HONO}app.use(cors({ origin: '${ORIGIN}', allowedHeaders: ['X-A'] }));\napp.get('/', (c) => c.text('ok'));`,
    rule: 'express-cors-option',
    fix: 'Write `allowHeaders`',
    asking: PREFLIGHT,
    isWell: (answer) => answer['access-control-allow-headers'] === 'X-A',
  },
  {
    name: 'whatever origin asks',
    framework: 'hono',
    text: `${HONO}app.use(cors({ origin: (origin) => origin, credentials: true }));\napp.get('/', (c) => c.text('ok'));`,
    rule: 'reflected-origin',
    fix: 'Let in',
    asking: { origin: 'https://evil.example' },
    isWell: isKept,
  },
  {
    name: 'a slash at the end',
    framework: 'hono',
    text: `${HONO}app.use(cors({ origin: '${ORIGIN}/' }));\napp.get('/', (c) => c.text('ok'));`,
    rule: 'invalid-origin',
    fix: 'Write',
    isWell: isSent,
  },
  {
    name: 'a pattern, which it cannot use',
    framework: 'hono',
    text: `${HONO}app.use(cors({ origin: /\\.example\\.com$/ }));\napp.get('/', (c) => c.text('ok'));\napp.onError((error, c) => c.text('no', 500));`,
    rule: 'express-origin-off',
    fix: 'Leave',
    isWell: ({ status }) => status === 200,
  },
];

beforeAll(() => express.prepare?.());

describe.each(CASES)('$framework: $name', ({ framework, text, rule, fix, asking, isWell }) => {
  it(`is found by ${rule}, and mended`, async () => {
    const fixed = mended(text, rule, fix);
    expect(isWell(await answerOf(framework, withoutRouter(text), asking)), 'before').toBe(false);
    expect(isWell(await answerOf(framework, withoutRouter(fixed), asking)), fixed).toBe(true);
  });
});

/** The router of Koa is not installed; what it does here is one middleware. */
function withoutRouter(text: string): string {
  return text
    .replace(
      "const Router = require('@koa/router');",
      'class Router { get(_, fn) { this.fn = fn; } routes() { return this.fn; } }',
    )
    .replace("require('@koa/router')", 'null');
}

function mended(text: string, rule: string, title: string): string {
  const { findings } = lint({
    platform: express,
    file: 'app.js',
    text,
    host: memoryHost(filesWith(text)),
    settings: DEFAULT_SETTINGS,
    rules,
    onCrash: ({ error }) => {
      throw error;
    },
  });
  const finding = findings.find((one) => one.rule.id === rule);
  expect(finding, findings.map((one) => `${one.rule.id}: ${one.message}`).join('\n')).toBeDefined();
  const fixes = finding?.fixes() ?? [];
  const fix = fixes.find((one) => one.title.startsWith(title));
  expect(fix, fixes.map((one) => one.title).join(' | ')).toBeDefined();
  return applyEdits(text, fix?.edits ?? []);
}

async function answerOf(framework: FrameworkName, text: string, asking: Partial<Ask> | undefined): Promise<Flat> {
  const served = await serve(framework, text);
  try {
    return await ask(served, { path: '/', method: 'GET', origin: ORIGIN, ...asking });
  } finally {
    stop(served);
  }
}
