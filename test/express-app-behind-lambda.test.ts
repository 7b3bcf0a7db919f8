import { beforeAll, describe, expect, test } from 'vitest';
import { lint } from '../server/src/lint/engine';
import { platforms, rules } from '../server/src/lint/registry';
import { DEFAULT_SETTINGS } from '../server/src/lint/settings';
import { memoryHost } from './harness/memoryHost';

/**
 * An app behind a Lambda function. With `cors: true` a REST API answers preflights itself and hands on every other
 * answer as the app gives it, an HTTP API and a function URL put their own headers in the place of the app's: no header
 * comes twice, and what answers the app's preflights may be the gateway. So of the app's own preflights nothing is told,
 * and of the function nothing either, whichever package is between the two and whether they share a file.
 */
const WRAPPERS: readonly [name: string, version: string, code: string][] = [
  ['serverless-http', '3', `module.exports.handler = require('serverless-http')(app);`],
  [
    'aws-serverless-express',
    '3',
    `const proxy = require('aws-serverless-express');\nconst server = proxy.createServer(app);\nexports.handler = (event, context) => proxy.proxy(server, event, context);`,
  ],
  ['@vendia/serverless-express', '4', `exports.handler = require('@vendia/serverless-express')({ app });`],
  ['@codegenie/serverless-express', '4', `exports.handler = require('@codegenie/serverless-express')({ app });`],
  ['@fastify/aws-lambda', '5', `exports.handler = require('@fastify/aws-lambda')(app);`],
  ['hono', '4', `exports.handler = require('hono/aws-lambda').handle(app);`],
];

const EVENTS: readonly [title: string, provider: string, events: string][] = [
  ['REST', '', `    events:\n      - http: { path: '/{proxy+}', method: ANY, cors: true }\n`],
  ['HTTP', '  httpApi: { cors: true }\n', `    events:\n      - httpApi: '*'\n`],
  ['URL', '', `    url: { cors: true }\n`],
];

const EXPRESS = `const app = require('express')();\n`;
const ALLOW = `'Access-Control-Allow-Origin', '*'`;
const APPS: readonly [title: string, wrapped: RegExp, code: string][] = [
  [
    'Express with cors',
    /serverless/,
    `${EXPRESS}app.use(require('cors')());\napp.put('/users/:id', (req, res) => res.json({}));`,
  ],
  [
    'Express with credentials',
    /serverless/,
    `${EXPRESS}app.use(require('cors')({ origin: 'https://app.example.com', credentials: true }));\napp.put('/users/:id', (req, res) => res.json({}));`,
  ],
  [
    'Express by hand',
    /serverless/,
    `${EXPRESS}app.use((req, res, next) => { res.header(${ALLOW}); next(); });\napp.put('/users/:id', (req, res) => res.json({}));`,
  ],
  [
    'Express by hand in a route',
    /serverless/,
    `${EXPRESS}app.put('/users/:id', (req, res) => { res.header(${ALLOW}); res.json({}); });`,
  ],
  [
    'Koa by hand',
    /serverless-http/,
    `const app = new (require('koa'))();\napp.use((ctx) => { ctx.set(${ALLOW}); ctx.body = {}; });`,
  ],
  [
    'Fastify by hand',
    /fastify/,
    `const app = require('fastify')();\napp.put('/users/:id', async (request, reply) => { reply.header(${ALLOW}); return {}; });`,
  ],
  [
    'Hono by hand',
    /hono/,
    `const { Hono } = require('hono');\nconst app = new Hono();\napp.put('/users/:id', (c) => { c.header(${ALLOW}); return c.json({}); });`,
  ],
];

beforeAll(() => Promise.all(platforms.map((platform) => platform.prepare?.())));

/** What is told at error or warning of a workspace's files. */
function told(files: ReadonlyMap<string, string>): string[] {
  return [...files].flatMap(([file, text]) => {
    const platform = platforms.find(({ claims }) => claims(file, text));
    if (platform === undefined) return [];
    const { findings } = lint({ platform, file, text, host: memoryHost(files), settings: DEFAULT_SETTINGS, rules });
    return findings
      .filter(({ severity }) => severity === 'error' || severity === 'warning')
      .map(({ rule, message }) => `${file}: ${rule.id}: ${message}`);
  });
}

const CASES = APPS.flatMap(([title, fitting, app]) =>
  WRAPPERS.filter(([name]) => fitting.test(name)).flatMap(([name, version, wrapper]) =>
    EVENTS.map(([kind, provider, events]) => ({ title, name, version, app, wrapper, kind, provider, events })),
  ),
);

describe('nothing is told of an app behind a gateway', () => {
  test.each(CASES)('$title, $name, $kind', ({ name, version, app, wrapper, provider, events }) => {
    const yaml = (file: string) =>
      `service: s\nprovider:\n  name: aws\n  runtime: nodejs20.x\n${provider}functions:\n  app:\n    handler: ${file}.handler\n${events}`;
    const manifest = JSON.stringify({ dependencies: { [name]: `^${version}.0.0` } });
    const together = new Map([
      ['app.js', `${app}\n${wrapper}\n`],
      ['serverless.yml', yaml('app')],
      ['package.json', manifest],
    ]);
    expect(told(together), 'in one file').toEqual([]);
    const apart = new Map([
      ['app.js', `${app}\nmodule.exports = app;\n`],
      ['handler.js', `const app = require('./app');\n${wrapper}\n`],
      ['serverless.yml', yaml('handler')],
      ['package.json', manifest],
    ]);
    expect(told(apart), 'in two files').toEqual([]);
  });

  test('and what no gateway changes is told all the same', () => {
    const files = new Map([
      [
        'app.js',
        `${EXPRESS}app.use(require('cors')({ origin: '*', credentials: true }));\napp.get('/users', (req, res) => res.json({}));\nmodule.exports = app;\n`,
      ],
      ['package.json', '{"dependencies": {"serverless-http": "^3.0.0"}}'],
    ]);
    expect(told(files).map((line) => line.split(': ')[1])).toEqual(['wildcard-with-credentials']);
  });
});
