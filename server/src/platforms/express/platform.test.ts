import { beforeAll, describe, expect, it } from 'vitest';
import type { Request } from '../../cors/http';
import { resolveResponse } from '../../cors/resolve';
import { join } from '../../javascript/resolve';
import type { Host } from '../../lint/types';
import type { ExpressAnalysis } from './analysis';
import { express } from './platform';
import { claims } from './sniff';

beforeAll(() => express.prepare?.());

function analyse(files: Readonly<Record<string, string>>): ExpressAnalysis {
  const [file] = Object.keys(files);
  const host: Host = {
    read: (name) => files[name],
    resolve: (from, relative) => join(from.slice(0, from.lastIndexOf('/') + 1), relative),
    glob: () => [],
    version: (name) => (name in files ? 1 : undefined),
  };
  if (file === undefined) throw new Error('no file');
  return express.analyse(file, files[file] ?? '', host, {});
}

/** `GET /x: 200 *, OPTIONS 204 *` for each endpoint; `?` for what is not known, `open` where more may be sent. */
function told(analysis: ExpressAnalysis, origin = 'https://app.example.com'): string[] {
  return analysis.endpoints.map((endpoint) => {
    const ask = (method: string): string => {
      const headers = new Map(method === 'OPTIONS' ? [['access-control-request-method', 'PUT']] : []);
      const request: Request = { method, scheme: 'https', path: endpoint.path, origin, headers, ending: 'success' };
      return endpoint
        .respond(request)
        .flatMap((response) => resolveResponse(response, request))
        .map(({ status, headers: sent, open, when }) => {
          const allow = sent.find(({ name }) => name.toLowerCase() === 'access-control-allow-origin');
          const value = allow ? (allow.text ?? '?') : '-';
          return `${status ?? '?'} ${value}${open ? ' open' : ''}${when.length > 0 ? ` when ${when.join(' and ')}` : ''}`;
        })
        .join(' | ');
    };
    const partial = endpoint.partial ? ' (partial)' : '';
    return `${endpoint.label}${partial}: ${ask(endpoint.methods?.[0] ?? 'GET')}, OPTIONS ${ask('OPTIONS')}`;
  });
}

const HEAD = `const express = require('express');\nconst cors = require('cors');\nconst app = express();\n`;

describe('endpoints', () => {
  it.each<[string, Record<string, string>, string[]]>([
    [
      'a router of another file',
      {
        'src/app.js': `${HEAD}app.use(cors());\napp.use('/api', require('./routes'));`,
        'src/routes.js': `const router = require('express').Router();\nrouter.get('/items', (req, res) => res.json([]));\nmodule.exports = router;`,
      },
      ['GET /api/items: 200 *, OPTIONS 204 *'],
    ],
    [
      'the status of an error of a class of another file',
      {
        'app.js': `${HEAD}const { NotFound } = require('./errors');\napp.get('/x', (req, res, next) => next(new NotFound('it')));\napp.use((err, req, res, next) => res.status(err.statusCode || 500).end());`,
        'errors.js': `class AppError extends Error { constructor(message, code) { super(message); this.statusCode = code; } }\nexports.NotFound = class extends AppError { constructor(what) { super(what + ' is missing', 404); } };`,
      },
      ['GET /x: 404 -, OPTIONS 200 -'],
    ],
    [
      'a header that a cors() may replace which is not read',
      {
        'app.js': `${HEAD}app.use((req, res, next) => { res.set('Access-Control-Allow-Origin', 'https://app.example.com'); next(); });\napp.use(cors({ origin: (origin, done) => (look(origin) ? done(null, true) : done(new Error('no'))) }));\napp.get('/x', (req, res) => res.end());`,
      },
      ['GET /x: 200 - open, OPTIONS ? - open'],
    ],
    [
      'what a pattern finds in the origin',
      {
        'app.js': `${HEAD}app.use(cors({ origin: (origin, done) => done(null, origin.match(/https:.{3}pp\\.example\\.com/)?.[0] === origin) }));\napp.get('/x', (req, res) => res.end());`,
      },
      ['GET /x: 200 https://app.example.com, OPTIONS 204 https://app.example.com'],
    ],
    [
      'what a request has met that ends well',
      {
        'app.js': `${HEAD}app.use(cors());\napp.post('/x', async (req, res) => { const user = await find({ name: req.body.name }); if (!user) return res.status(404).end(); res.json({}); });`,
      },
      ['POST /x: 200 *, OPTIONS 204 *'],
    ],
    [
      'what is settled outside the request',
      {
        'app.js': `${HEAD}app.use(cors());\napp.get('/x', (req, res) => { if (process.env.CLOSED) return res.status(503).end(); res.json({}); });`,
      },
      ['GET /x: 200 * when CLOSED is unset, OPTIONS 204 *'],
    ],
    [
      'a router that is not found',
      { 'app.js': `${HEAD}app.use(cors());\napp.use('/api', require('./gone'));` },
      ['mount /api: 200 * open, OPTIONS 204 *'],
    ],
    [
      'a function that is handed the app',
      {
        'app.js': `${HEAD}require('./setup')(app);\napp.get('/', (req, res) => res.send(''));`,
        'setup.js': `const cors = require('cors');\nmodule.exports = (app) => { app.use(cors({ origin: 'https://a.example' })); };`,
      },
      ['GET /: 200 https://a.example, OPTIONS 204 https://a.example'],
    ],
    [
      'a function that is handed the app and not found',
      { 'app.js': `${HEAD}require('./gone')(app);\napp.get('/', (req, res) => res.send(''));` },
      ['GET /: 200 - open, OPTIONS ? - open'],
    ],
    [
      'a class with its app',
      {
        'app.ts': `import express from 'express';\nimport cors from 'cors';\nexport class App {\n  app = express();\n  constructor() { this.middleware(); this.routes(); }\n  routes() { this.app.get('/x', (req, res) => res.send('')); }\n  middleware() { this.app.use(cors()); }\n}`,
      },
      ['GET /x: 200 *, OPTIONS 204 *'],
    ],
    [
      'a handler without its app',
      {
        'api.js': `module.exports = (req, res) => {\n  res.setHeader('Access-Control-Allow-Origin', '*');\n  res.end();\n};`,
      },
      ['a handler (partial): 200 *, OPTIONS 200 *'],
    ],
    [
      'an app that another file may register routes with',
      { 'app.js': `${HEAD}app.use(express.json());\nmodule.exports = { app };` },
      ['the app (partial): 404 -, OPTIONS 404 -'],
    ],
    [
      'an app that a gateway hands its requests',
      {
        'app.js': `${HEAD}app.post('/x', (req, res) => res.set('Access-Control-Allow-Origin', '*').json({}));\nmodule.exports.handler = require('serverless-http')(app);`,
      },
      ['POST /x (partial): 200 *, OPTIONS 200 -'],
    ],
    [
      'an app that another file hands the requests of a gateway',
      {
        'app.js': `${HEAD}app.post('/x', (req, res) => res.set('Access-Control-Allow-Origin', '*').json({}));\nmodule.exports = app;`,
        'package.json': '{"dependencies": {"@vendia/serverless-express": "^4.12.0"}}',
      },
      ['POST /x (partial): 200 *, OPTIONS 200 -'],
    ],
    [
      'one of such a package that listens itself',
      {
        'app.js': `${HEAD}app.post('/x', (req, res) => res.set('Access-Control-Allow-Origin', '*').json({}));\nmodule.exports = app.listen(1);`,
        'package.json': '{"dependencies": {"@vendia/serverless-express": "^4.12.0"}}',
      },
      ['POST /x: 200 *, OPTIONS 200 -'],
    ],
    [
      "Node's own server",
      {
        'server.js': `require('http').createServer((req, res) => {\n  if (req.method === 'OPTIONS') { res.writeHead(204, { 'Access-Control-Allow-Origin': '*' }); return res.end(); }\n  res.writeHead(200);\n  res.end();\n}).listen(1);`,
      },
      ['the server: 200 -, OPTIONS 204 *'],
    ],
    [
      'an unread middleware',
      { 'app.js': `${HEAD}app.use(require('./mine'));\napp.get('/', (req, res) => res.send(''));` },
      ['GET /: 200 - open, OPTIONS ? - open'],
    ],
    [
      'a condition of the environment',
      {
        'app.js': `${HEAD}if (process.env.NODE_ENV === 'development') app.use(cors());\napp.get('/', (req, res) => res.send(''));`,
      },
      [
        `GET /: 200 * when NODE_ENV is 'development' | 200 - when NODE_ENV is not 'development', OPTIONS 204 * when NODE_ENV is 'development' | 200 - when NODE_ENV is not 'development'`,
      ],
    ],
    [
      'a key that no preflight has',
      {
        'app.js': `${HEAD}app.use((req, res, next) => {\n  if (req.method === 'OPTIONS' && req.headers['x-key'] !== process.env.KEY) return res.sendStatus(401);\n  next();\n});\napp.use(cors());\napp.get('/', (req, res) => res.send(''));`,
      },
      ['GET /: 200 *, OPTIONS 401 -'],
    ],
    [
      'an authentication by name',
      {
        'app.js': `${HEAD}app.use(require('./auth').requireAuth);\napp.use(cors());\napp.get('/', (req, res) => res.send(''));`,
      },
      ['GET /: 200 *, OPTIONS 401 -'],
    ],
    [
      'a check of the origin that is not read',
      {
        'app.js': `${HEAD}const { allowed } = require('./gone');\napp.use((req, res, next) => {\n  if (allowed.includes(req.headers.origin)) res.setHeader('Access-Control-Allow-Origin', req.headers.origin);\n  next();\n});\napp.get('/', (req, res) => res.send(''));`,
      },
      ['GET /: 200 ? open | 200 - open, OPTIONS 200 ? open | 200 - open'],
    ],
    [
      'a value that hangs on such a check',
      {
        'app.js': `${HEAD}const { allowed } = require('./gone');\napp.use((req, res, next) => {\n  res.header('Access-Control-Allow-Origin', allowed.includes(req.headers.origin) ? req.headers.origin : allowed[0]);\n  next();\n});\napp.get('/', (req, res) => res.send(''));`,
      },
      ['GET /: 200 ? open | 200 ? open, OPTIONS 200 ? open | 200 ? open'],
    ],
    [
      'options that the package throws over, in a callback where Express catches it',
      {
        'app.js': `${HEAD}app.use(cors({ origin: (origin, cb) => cb(null, true), methods: undefined }));\napp.get('/', (req, res) => res.send(''));`,
      },
      ['GET /: 200 https://app.example.com, OPTIONS 500 -'],
    ],
    [
      'the same in a callback where nobody does',
      {
        'app.js': `${HEAD}app.use(cors({ origin: async (origin, cb) => cb(null, true), methods: undefined }));\napp.get('/', (req, res) => res.send(''));`,
      },
      ['GET /: 200 https://app.example.com, OPTIONS ? - open'],
    ],
    [
      'cors inside a promise',
      {
        'app.js': `${HEAD}app.use(async (req, res, next) => { await new Promise((resolve, reject) => cors()(req, res, (error) => (error ? reject(error) : resolve()))); next(); });\napp.get('/', (req, res) => res.send(''));`,
      },
      ['GET /: 200 *, OPTIONS 204 *'],
    ],
    [
      'an origin of the environment that is handed to a callback',
      {
        'app.js': `${HEAD}app.use(cors({ origin: (origin, callback) => callback(null, process.env.SITE) }));\napp.get('/', (req, res) => res.send(''));`,
      },
      [
        'GET /: 200 ? when SITE is set | 200 - when SITE is unset, OPTIONS 204 ? when SITE is set | 200 - when SITE is unset',
      ],
    ],
    [
      'a middleware in a promise that may go on',
      {
        'app.js': `${HEAD}app.use(async (req, res, next) => { await new Promise((resolve) => cors({ origin: process.env.SITE })(req, res, resolve)); next(); });\napp.all('/', (req, res) => res.send(''));`,
      },
      [
        'ALL /: 200 ? when SITE is set | 200 - when SITE is unset, OPTIONS 204 ? when SITE is set | 200 - when SITE is unset',
      ],
    ],
    [
      'a function that waits for a middleware',
      {
        'app.js': `${HEAD}const run = (req, res, fn) => new Promise((resolve, reject) => { fn(req, res, (result) => { if (result instanceof Error) return reject(result); resolve(result); }); });\napp.get('/', async (req, res) => { await run(req, res, cors()); res.send(''); });`,
      },
      ['GET /: 200 *, OPTIONS 200 -'],
    ],
    [
      'a local function of that name',
      {
        'app.js': `const express = require('express');\nconst cors = (req, res, next) => next();\nconst app = express();\napp.use(cors);\napp.get('/', (req, res) => res.send(''));`,
      },
      ['GET /: 200 -, OPTIONS 200 -'],
    ],
    [
      'cors called by hand',
      {
        'fn.js': `const cors = require('cors')({ origin: true });\nexports.api = (req, res) => cors(req, res, () => { res.send('ok'); });`,
      },
      ['cors() (partial): ? https://app.example.com open, OPTIONS 204 https://app.example.com'],
    ],
  ])('%s', (_, files, expected) => {
    expect(told(analyse(files))).toEqual(expected);
  });
});

describe('a test that throws, whatever it leads to', () => {
  it.each<[string, string, string]>([
    ['null', `if (new URL(origin).protocol === 'https:') {}`, '500'],
    ['null', `if (new URL(origin).protocol === 'https:') console.log(origin);`, '500'],
    ['null', `switch (new URL(origin).port) { case '3000': console.log('development'); }`, '500'],
    ['null', `console.log(new URL(origin).port);`, '500'],
    ['null', `if (origin !== 'null' && new URL(origin).port) console.log(origin);`, '200'],
    ['null', `try { new URL(origin); } catch {}`, '200'],
    ['https://app.example.com', `if (new URL(origin).protocol === 'https:') {}`, '200'],
  ])('of %s: %s', (origin, test, status) => {
    expect(statuses(origin, test)).toEqual([status]);
  });
});

describe('a test that a catch has a part in, in another function', () => {
  const CHECKS = `
const isNull = (o) => o === 'null';
const isNothing = (o) => o === '';
const isApp = (o) => { let host; try { host = new URL(o).hostname; } catch { return false; } return host === 'app.example.com'; };
const isSecure = (o) => { try { const url = new URL(o); return url.protocol === 'https:' && url.hostname.endsWith('.example.com'); } catch { return false; } };
const isKnown = (o) => { if (o === 'https://a.example') return true; if (isApp(o)) return true; return false; };
`;
  it.each<[string, string, string]>([
    ['null', `isApp(origin)`, '200'],
    ['https://app.example.com', `isApp(origin)`, '204'],
    ['null', `!isApp(origin)`, '204'],
    ['null', `isNothing(origin) || isApp(origin)`, '200'],
    ['null', `isApp(origin) || isNull(origin)`, '204'],
    ['null', `isApp(origin) || new URL(origin)`, '500'],
    ['null', `isApp(origin) && isNull(origin)`, '200'],
    ['null', `isSecure(origin)`, '200'],
    ['https://app.example.com', `isSecure(origin)`, '204'],
    ['null', `isKnown(origin)`, '200'],
    ['https://app.example.com', `isKnown(origin)`, '204'],
    ['https://b.example', `isKnown(origin)`, '200'],
  ])('of %s: %s', (origin, test, status) => {
    expect(statuses(origin, `if (${test}) return res.sendStatus(204);`, CHECKS)).toEqual([status]);
  });
});

/** What `GET /x` is answered with after a middleware of these statements. */
function statuses(origin: string, statements: string, checks = ''): string[] {
  const middleware = `app.use((req, res, next) => { const { origin } = req.headers; ${statements} next(); });`;
  const [endpoint] = analyse({
    'app.js': `${HEAD}${checks}${middleware}\napp.get('/x', (req, res) => res.send(''));`,
  }).endpoints;
  const request: Request = {
    method: 'GET',
    scheme: 'https',
    path: '/x',
    origin,
    headers: new Map(),
    ending: 'success',
  };
  return endpoint?.respond(request).map((response) => String(response.status)) ?? [];
}

describe('settings', () => {
  it('tells responses from requests', () => {
    const { settings } = analyse({
      'a.js': `res.setHeader('Access-Control-Allow-Origins', '*');\nfetch(u, { headers: { 'Access-Control-Allow-Origin': '*' } });\nreq.headers['Access-Control-Allow-Origin'] = '*';\nres.set({ 'Vary': 'Origin' });\nconst v = res.get('Origin');`,
    });
    expect(settings.map(({ name, target }) => `${name} ${target}`)).toEqual([
      'Access-Control-Allow-Origins response',
      'Access-Control-Allow-Origin request',
      'Access-Control-Allow-Origin request',
      'Vary response',
    ]);
  });
});

describe('claims', () => {
  it.each<[string, string | undefined, boolean]>([
    ['a.js', undefined, true],
    ['a.md', undefined, false],
    ['a.js', `import React from 'react';`, false],
    ['a.jsx', `axios.get('/items');`, false],
    ['a.ts', `router.get('/items', list);`, true],
    ['a.mts', `res.setHeader('Access-Control-Allow-Origin', '*')`, true],
    ['a.min.js', `require("cors")`, false],
    ['a.d.ts', `import cors from 'cors'`, false],
  ])('%s %s: %s', (file, text, expected) => {
    expect(claims(file, text)).toBe(expected);
  });
});
