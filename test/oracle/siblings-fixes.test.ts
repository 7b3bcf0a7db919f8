import { beforeAll, describe, expect, it } from 'vitest';
import { actualRequest, type Call, needsPreflight, preflightRequest } from '../../server/src/cors/call';
import { corsCheck } from '../../server/src/cors/corsCheck';
import type { Request, Response } from '../../server/src/cors/http';
import { preflightCheck } from '../../server/src/cors/preflight';
import { type ResolvedResponse, resolveResponse } from '../../server/src/cors/resolve';
import { applyEdits } from '../../server/src/lint/edits';
import { lint } from '../../server/src/lint/engine';
import { rules } from '../../server/src/lint/registry';
import { DEFAULT_SETTINGS } from '../../server/src/lint/settings';
import { express } from '../../server/src/platforms/express/platform';
import { memoryHost } from '../harness/memoryHost';
import { ask, type Flat, type FrameworkName, filesWith, serve, stop } from '../harness/siblings';

/** Faults, their fixes, and what a browser makes of the real answers before and after. */
interface Case {
  readonly name: string;
  readonly framework: FrameworkName;
  readonly text: string;
  readonly rule: string;
  /** How the fix's title begins. */
  readonly fix: string;
  /** What shows it, where it is not a plain GET from a page that is let in. */
  readonly call?: Partial<Call>;
  /** What a browser makes of the call after the fix; before, it is the other. */
  readonly becomes: 'allowed' | 'blocked';
}

const ORIGIN = 'https://app.example.com';
const EVIL = 'https://evil.example';
const LOOKALIKE = `${ORIGIN}.evil.example`;

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
const POLL: Partial<Call> = { path: '/socket.io/?EIO=4&transport=polling' };
const PUT: Partial<Call> = { method: 'PUT' };

const CASES: readonly Case[] = [
  {
    name: '* of `create` over a list of `enableCors`',
    framework: 'nest',
    text: `${NEST}const app = await NestFactory.create(AppModule, { logger: false, cors: true });\napp.enableCors({ origin: ['${ORIGIN}'], credentials: true });`,
    rule: 'wildcard-with-credentials',
    fix: 'Let in',
    call: { credentials: true },
    becomes: 'allowed',
  },
  {
    name: 'every origin with credentials',
    framework: 'nest',
    text: `${NEST}const app = await NestFactory.create(AppModule, { logger: false });\napp.enableCors({ origin: true, credentials: true });`,
    rule: 'reflected-origin',
    fix: 'Let in',
    call: { origin: EVIL, credentials: true },
    becomes: 'blocked',
  },
  {
    name: 'an option of another name',
    framework: 'nest',
    text: `${NEST}const app = await NestFactory.create(AppModule, { logger: false });\napp.enableCors({ origins: ['${ORIGIN}'] });`,
    rule: 'express-cors-option',
    fix: 'Write `origin`',
    call: { origin: EVIL },
    becomes: 'blocked',
  },
  {
    name: 'the origins of version 2',
    framework: 'socket.io',
    text: `${SOCKET}new Server(app, { origins: ['${ORIGIN}'] });`,
    rule: 'express-cors-option',
    fix: 'Write it as',
    call: POLL,
    becomes: 'allowed',
  },
  {
    name: '* with credentials',
    framework: 'socket.io',
    text: `${SOCKET}new Server(app, { cors: { origin: '*', credentials: true } });`,
    rule: 'wildcard-with-credentials',
    fix: 'Let in',
    call: { ...POLL, credentials: true },
    becomes: 'allowed',
  },
  {
    name: 'a method beyond the defaults, without options',
    framework: 'fastify',
    text: `${FASTIFY}app.register(cors);`,
    rule: 'method-not-allowed',
    fix: 'Write',
    call: PUT,
    becomes: 'allowed',
  },
  {
    name: 'a method beyond the defaults',
    framework: 'fastify',
    text: `${FASTIFY}app.register(cors, { origin: '${ORIGIN}' });`,
    rule: 'method-not-allowed',
    fix: 'Write',
    call: PUT,
    becomes: 'allowed',
  },
  {
    name: 'every origin with credentials',
    framework: 'fastify',
    text: `${FASTIFY}app.register(cors, { origin: true, credentials: true, methods: ['PUT'] });`,
    rule: 'reflected-origin',
    fix: 'Let in',
    call: { ...PUT, origin: EVIL, credentials: true },
    becomes: 'blocked',
  },
  {
    name: 'nothing for the origin',
    framework: 'fastify',
    text: `${FASTIFY}app.register(cors, { origin: undefined, methods: ['PUT'] });`,
    rule: 'express-origin-off',
    fix: 'Leave',
    call: PUT,
    becomes: 'allowed',
  },
  {
    name: 'a set',
    framework: 'fastify',
    text: `${FASTIFY}app.register(cors, { origin: new Set(['${ORIGIN}']), methods: ['PUT'] });`,
    rule: 'express-origin-type',
    fix: 'Write it as a list',
    call: { ...PUT, origin: EVIL },
    becomes: 'blocked',
  },
  {
    name: 'credentials reflect every origin',
    framework: 'koa',
    text: `${KOA}app.use(cors({ credentials: true }));${KOA_ROUTE}`,
    rule: 'reflected-origin',
    fix: 'Let in',
    call: { origin: EVIL, credentials: true },
    becomes: 'blocked',
  },
  {
    name: 'a list, which is sent as it is',
    framework: 'koa',
    text: `${KOA}app.use(cors({ origin: ['${ORIGIN}', 'https://b.example.com'] }));${KOA_ROUTE}`,
    rule: 'multiple-origins',
    fix: 'Send back',
    becomes: 'allowed',
  },
  {
    name: 'an error without headers',
    framework: 'koa',
    text: `${KOA}app.use(cors({ origin: '${ORIGIN}', keepHeadersOnError: false }));\nconst Router = require('@koa/router');\nconst router = new Router();\nrouter.get('/', () => { throw new Error('no'); });\napp.use(router.routes());`,
    rule: 'missing-origin-on-error',
    fix: 'Send the CORS headers',
    becomes: 'allowed',
  },
  {
    name: 'an option of another name',
    framework: 'koa',
    text: `${KOA}app.use(cors({ origin: '${ORIGIN}', methods: ['GET'] }));${KOA_ROUTE}`,
    rule: 'express-cors-option',
    fix: 'Write `allowMethods`',
    call: PUT,
    becomes: 'blocked',
  },
  {
    name: 'an option of another name',
    framework: 'hono',
    text: `${HONO}app.use(cors({ origin: '${ORIGIN}', allowedHeaders: ['X-A'] }));\napp.get('/', (c) => c.text('ok'));`,
    rule: 'express-cors-option',
    fix: 'Write `allowHeaders`',
    call: { headers: [['X-B', '1']] },
    becomes: 'blocked',
  },
  {
    name: 'whatever origin asks',
    framework: 'hono',
    text: `${HONO}app.use(cors({ origin: (origin) => origin, credentials: true }));\napp.get('/', (c) => c.text('ok'));`,
    rule: 'reflected-origin',
    fix: 'Let in',
    call: { origin: EVIL, credentials: true },
    becomes: 'blocked',
  },
  {
    name: 'a slash at the end',
    framework: 'hono',
    text: `${HONO}app.use(cors({ origin: '${ORIGIN}/' }));\napp.get('/', (c) => c.text('ok'));`,
    rule: 'invalid-origin',
    fix: 'Write',
    becomes: 'allowed',
  },
  {
    name: 'a pattern, which it cannot use',
    framework: 'hono',
    text: `${HONO}app.use(cors({ origin: /\\.example\\.com$/ }));\napp.get('/', (c) => c.text('ok'));\napp.onError((error, c) => c.text('no', 500));`,
    rule: 'express-origin-off',
    fix: 'Leave',
    becomes: 'allowed',
  },
  {
    name: 'a slash at the end',
    framework: 'nest',
    text: `${NEST}const app = await NestFactory.create(AppModule, { logger: false });\napp.enableCors({ origin: '${ORIGIN}/' });`,
    rule: 'invalid-origin',
    fix: 'Write',
    becomes: 'allowed',
  },
  {
    name: 'a slash at the end',
    framework: 'fastify',
    text: `${FASTIFY}app.register(cors, { origin: '${ORIGIN}/', methods: ['PUT'] });`,
    rule: 'invalid-origin',
    fix: 'Write',
    call: PUT,
    becomes: 'allowed',
  },
  {
    name: 'a slash at the end',
    framework: 'koa',
    text: `${KOA}app.use(cors({ origin: '${ORIGIN}/' }));${KOA_ROUTE}`,
    rule: 'invalid-origin',
    fix: 'Write',
    becomes: 'allowed',
  },
  {
    name: 'a slash at the end',
    framework: 'socket.io',
    text: `${SOCKET}new Server(app, { cors: { origin: '${ORIGIN}/' } });`,
    rule: 'invalid-origin',
    fix: 'Write',
    call: POLL,
    becomes: 'allowed',
  },
  {
    name: 'a pattern without an end',
    framework: 'nest',
    text: `${NEST}const app = await NestFactory.create(AppModule, { logger: false });\napp.enableCors({ origin: /^https:\\/\\/app\\.example\\.com/ });`,
    rule: 'weak-origin-match',
    fix: 'Anchor',
    call: { origin: LOOKALIKE },
    becomes: 'blocked',
  },
  {
    name: 'a pattern without an end',
    framework: 'fastify',
    text: `${FASTIFY}app.register(cors, { origin: /^https:\\/\\/app\\.example\\.com/, methods: ['PUT'] });`,
    rule: 'weak-origin-match',
    fix: 'Anchor',
    call: { ...PUT, origin: LOOKALIKE },
    becomes: 'blocked',
  },
  {
    name: 'a pattern without an end',
    framework: 'socket.io',
    text: `${SOCKET}new Server(app, { cors: { origin: /^https:\\/\\/app\\.example\\.com/ } });`,
    rule: 'weak-origin-match',
    fix: 'Anchor',
    call: { ...POLL, origin: LOOKALIKE },
    becomes: 'blocked',
  },
  {
    name: '* with credentials',
    framework: 'fastify',
    text: `${FASTIFY}app.register(cors, { origin: '*', credentials: true, methods: ['PUT'] });`,
    rule: 'wildcard-with-credentials',
    fix: 'Let in',
    call: { ...PUT, credentials: true },
    becomes: 'allowed',
  },
  {
    name: '* with credentials',
    framework: 'hono',
    text: `${HONO}app.use(cors({ origin: '*', credentials: true }));\napp.get('/', (c) => c.text('ok'));`,
    rule: 'wildcard-with-credentials',
    fix: 'Let in',
    call: { credentials: true },
    becomes: 'allowed',
  },
  {
    name: 'every origin, by hand',
    framework: 'koa',
    text: `${KOA}app.use(async (ctx, next) => {\n  ctx.set('Access-Control-Allow-Origin', ctx.get('Origin'));\n  ctx.set('Access-Control-Allow-Credentials', 'true');\n  await next();\n});${KOA_ROUTE}`,
    rule: 'reflected-origin',
    fix: 'Let in',
    call: { origin: EVIL, credentials: true },
    becomes: 'blocked',
  },
];

beforeAll(() => express.prepare?.());

describe.each(CASES)('$framework: $name', ({ framework, text, rule, fix, call, becomes }) => {
  it(`is found by ${rule}, and the fix alone makes a browser say ${becomes}`, async () => {
    const fixed = mended(text, rule, fix);
    const was = becomes === 'allowed' ? 'blocked' : 'allowed';
    expect(await verdictOf(framework, withoutRouter(text), call), 'before').toBe(was);
    expect(await verdictOf(framework, withoutRouter(fixed), call), fixed).toBe(becomes);
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

/** What a browser makes of the real answers, the preflight's where the call needs one, then the response's. */
async function verdictOf(framework: FrameworkName, text: string, given: Partial<Call> = {}): Promise<string> {
  const call: Call = { ...PLAIN, ...given };
  const served = await serve(framework, text);
  const sent = async (request: Request): Promise<ResolvedResponse> => {
    const { method, path, origin, headers } = request;
    return observed(await ask(served, { method, path, origin, headers: Object.fromEntries(headers) }), request);
  };
  try {
    if (needsPreflight(call)) {
      const preflight = preflightCheck(await sent(preflightRequest(call)), call);
      if (preflight.result !== 'allowed') return preflight.result;
    }
    return corsCheck(await sent(actualRequest(call)), call.origin, call.credentials).result;
  } finally {
    stop(served);
  }
}

const PLAIN: Call = {
  origin: ORIGIN,
  method: 'GET',
  scheme: 'https',
  path: '/',
  headers: [],
  credentials: false,
  ending: 'success',
};

/** What came over the wire, for the model's own checks. */
function observed(flat: Flat, request: Request): ResolvedResponse {
  const place = { file: 'wire', start: 0, end: 0 };
  const { status, ...headers } = flat;
  const response: Response = {
    status: Number(status),
    answeredBy: { kind: 'handler', what: 'the framework', place },
    headers: Object.entries(headers).map(([name, text]) => ({
      name,
      value: { kind: 'literal', text: String(text), place },
      place,
      layer: 'wire',
    })),
  };
  const [only] = resolveResponse(response, request);
  if (only === undefined) throw new Error('no response');
  return only;
}
