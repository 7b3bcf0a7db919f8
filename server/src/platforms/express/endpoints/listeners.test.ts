import { beforeAll, expect, test } from 'vitest';
import { memoryHost } from '../../../../../test/harness/memoryHost';
import { express } from '../platform';

beforeAll(() => express.prepare?.());

/** Where the file listens, and the paths that are answered there. */
function listening(files: Readonly<Record<string, string>>, file = 'server.js'): string[] {
  const host = memoryHost(new Map(Object.entries(files)));
  const { listeners = [] } = express.analyse(file, files[file] ?? '', host, {});
  return listeners.map((listener) => {
    const { port } = listener;
    const at = port.kind === 'fixed' ? `${port.port}` : `${port.name} or ${port.fallback}`;
    return `${at}: ${listener.endpoints().map(({ label }) => label)}`;
  });
}

const HEAD =
  "const express = require('express');\nconst app = express();\napp.get('/x', (req, res) => res.json([]));\n";
const schema = (port: string, rest = ''): string =>
  `import express from 'express';\nimport { z } from 'zod';\nconst schema = z.object({ PORT: ${port} })${rest};\nconst app = express();\napp.get('/x', (req, res) => res.json([]));\n`;

test.each([
  ['a number', `${HEAD}app.listen(3001);`, ['3001: GET /x']],
  ['a variable', `${HEAD}app.listen(process.env.PORT || 3001);`, ['PORT or 3001: GET /x']],
  [
    "the app's setting",
    `${HEAD}app.set('port', process.env.PORT || 8888);\napp.listen(app.get('port'));`,
    ['PORT or 8888: GET /x'],
  ],
  ['another setting', `${HEAD}app.set('host', 8888);\napp.listen(app.get('port'));`, []],
  ['a setting that is set twice', `${HEAD}app.set('port', 1);\napp.set('port', 2);\napp.listen(app.get('port'));`, []],
  [
    'zod, parse',
    `${schema('z.coerce.number().int().default(3000)')}app.listen(schema.parse(process.env).PORT);`,
    ['PORT or 3000: GET /x'],
  ],
  [
    'zod, safeParse',
    `${schema("z.string().default('3000').transform(Number)")}const read = schema.safeParse(process.env);\nconst env = read.data;\napp.listen(env.PORT);`,
    ['PORT or 3000: GET /x'],
  ],
  [
    'zod, strict and without default',
    `${schema('z.coerce.number()', '.strict()')}app.listen(schema.parse(process.env).PORT);`,
    ['PORT or undefined: GET /x'],
  ],
  ['zod, of something else', `${schema('z.number().default(3000)')}app.listen(schema.parse(given).PORT);`, []],
  ['zod, another variable', `${schema('z.number().default(3000)')}app.listen(schema.parse(process.env).HTTP);`, []],
  [
    'envalid',
    `import { cleanEnv, port } from 'envalid';\nimport express from 'express';\nconst env = cleanEnv(process.env, { PORT: port({ default: 4000 }) });\nconst app = express();\napp.get('/x', (req, res) => res.json([]));\napp.listen(env.PORT);`,
    ['PORT or 4000: GET /x'],
  ],
])('listens where the port is %s', (_, text, expected) => {
  expect(listening({ 'server.js': text })).toEqual(expected);
});

const FASTIFY = "import Fastify from 'fastify';\nimport cors from '@fastify/cors';\n";
const KOA =
  "import Koa from 'koa';\nimport cors from '@koa/cors';\nimport { Server } from 'socket.io';\nimport { createServer } from 'node:http';\nconst app = new Koa();\napp.use(cors());\nconst server = createServer(app.callback());\nnew Server(server, { cors: { origin: '*' } });\n";
const HONO =
  "import { Hono } from 'hono';\nimport { cors } from 'hono/cors';\nimport { serve } from '@hono/node-server';\n";

test.each([
  [
    'Fastify, made by a function of another file',
    "import { build } from './app.js';\nconst app = await build();\nawait app.listen({ port: 3001 });",
    `${FASTIFY}export async function build() {\n  const app = Fastify();\n  await app.register(cors);\n  app.get('/x', async () => []);\n  return app;\n}\n`,
    ['3001: GET /x'],
  ],
  [
    'Fastify, made in another file',
    "import { app } from './app.js';\napp.listen({ port: 3001 });",
    `${FASTIFY}export const app = Fastify();\napp.register(cors);\napp.get('/x', async () => []);\n`,
    ['3001: GET /x'],
  ],
  [
    'Fastify, one of two made by a function',
    "import { build } from './app.js';\nbuild().listen({ port: 3001 });",
    `${FASTIFY}export async function build(way) {\n  const one = Fastify();\n  one.register(cors);\n  const two = Fastify();\n  two.register(cors);\n  return way ? one : two;\n}\n`,
    ['3001: '],
  ],
  [
    'Express, made by a function of another file',
    "import { build } from './app.js';\nconst app = await build();\napp.listen(3001);",
    "import express from 'express';\nexport async function build() {\n  const app = express();\n  app.get('/x', (req, res) => res.json([]));\n  return app;\n}\n",
    ['3001: GET /x'],
  ],
  [
    'a server that no app is made for',
    "import { build } from './app.js';\nbuild().listen(3001);",
    "import { createServer } from 'node:http';\nexport async function build() {\n  return createServer(answer);\n}\n",
    [],
  ],
  ['Koa, with sockets beside it', `${KOA}server.listen(3001);`, '', ['3001: the Koa app']],
  [
    'Hono, served',
    `${HONO}const app = new Hono();\napp.use(cors());\napp.get('/x', (c) => c.json([]));\nserve({ fetch: app.fetch, port: 3001 });`,
    '',
    ['3001: GET /x'],
  ],
  [
    'Hono, a chain',
    `${HONO}const app = new Hono().use(cors()).get('/x', (c) => c.json([]));\nserve({ fetch: app.fetch, port: 3001 });`,
    '',
    ['3001: GET /x'],
  ],
  [
    'somebody else who serves',
    'import { serve } from "./app.js";\nserve({ fetch: app.fetch, port: 3001 });',
    'export const serve = (x) => x;',
    [],
  ],
])('%s', (_, server, app, expected) => {
  expect(
    listening({ 'server.js': server, 'app.js': app, 'package.json': '{ "dependencies": { "fastify": "5" } }' }),
  ).toEqual(expected);
});
