import { beforeAll, expect, it } from 'vitest';
import { memoryHost } from '../../../../../test/harness/memoryHost';
import { openBrowser } from '../../../cors/browser';
import { frontEndOf } from '../../../cors/frontEnd';
import { linesOf } from '../../../cors/headerList';
import { ALLOW_ORIGIN } from '../../../cors/names';
import { applyEdits, overlap, sortEdits } from '../../../lint/edits';
import { express } from '../platform';

beforeAll(() => express.prepare?.());

const ORIGIN = 'https://app.example.com';

/** The text with a list, and credentials, for the first line of Access-Control-Allow-Origin that goes out. */
function mended(text: string): string | undefined {
  const file = 'server.js';
  const host = memoryHost(new Map([[file, text]]));
  const analysis = express.analyse(file, text, host, {});
  const [endpoint] = analysis.endpoints;
  if (endpoint === undefined) throw new Error('there is no endpoint');
  const browser = openBrowser(endpoint);
  const [exchange] = browser.fetch(frontEndOf(browser).plain(ORIGIN));
  const line = exchange && linesOf(exchange.actual.response, ALLOW_ORIGIN)[0];
  if (line === undefined) throw new Error('the header is not sent');
  const { place } = line.header;
  const edits = express.repair(
    analysis,
    { kind: 'allow-list', endpoint, place, origins: [ORIGIN], credentials: true },
    host,
  );
  const sorted = edits && sortEdits(edits);
  if (sorted === undefined || overlap(sorted)) return undefined;
  return applyEdits(text, sorted);
}

const app = (start: string, use: string): string =>
  `const express = require('express');\n${start}const app = express();\n${use}\napp.get('/me', (req, res) => res.json({}));\napp.listen(3001);\n`;
const withCors = (options: string): string => app("const cors = require('cors');\n", `app.use(cors(${options}));`);
const LIST = `origin: ['${ORIGIN}']`;

it.each([
  ['', `{ ${LIST}, credentials: true }`],
  ['{}', `{ ${LIST}, credentials: true }`],
  ["{ origin: '*' }", `{ ${LIST}, credentials: true }`],
  ["{ origin: '*', credentials: false }", `{ ${LIST}, credentials: true }`],
  ["{ methods: ['GET'] }", `{ ${LIST}, methods: ['GET'], credentials: true }`],
  ["{\n  origin: '*',\n  maxAge: 600,\n}", `{\n  ${LIST},\n  maxAge: 600,\n  credentials: true,\n}`],
])('cors(%s)', (before, after) => {
  expect(mended(withCors(before))).toBe(withCors(after));
});

it('options that stand elsewhere', () => {
  const start = (options: string) => `const cors = require('cors');\nconst options = ${options};\n`;
  expect(mended(app(start("{ origin: '*' }"), 'app.use(cors(options));'))).toBe(
    app(start(`{ ${LIST}, credentials: true }`), 'app.use(cors(options));'),
  );
});

it('fastify', () => {
  const plugin = (options: string): string =>
    `const app = require('fastify')();\napp.register(require('@fastify/cors')${options});\napp.get('/me', async () => ({}));\napp.listen({ port: 3001 });\n`;
  expect(mended(plugin(", { origin: '*' }"))).toBe(plugin(`, { ${LIST}, credentials: true }`));
  expect(mended(plugin(''))).toBe(plugin(`, { ${LIST}, credentials: true }`));
});
