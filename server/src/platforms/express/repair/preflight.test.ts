import { beforeAll, describe, expect, it } from 'vitest';
import { memoryHost } from '../../../../../test/harness/memoryHost';
import { applyEdits } from '../../../lint/edits';
import { lint } from '../../../lint/engine';
import { rules } from '../../../lint/registry';
import { DEFAULT_SETTINGS } from '../../../lint/settings';
import { express } from '../platform';

beforeAll(() => express.prepare?.());

/** The text with the first fix of a rule's first finding made; undefined where the rule finds nothing or offers none. */
function mended(rule: string, text: string): string | undefined {
  const file = 'app.js';
  const manifest = JSON.stringify({ dependencies: { express: '^4.21.0', cors: '^2.8.5' } });
  const host = memoryHost(
    new Map([
      [file, text],
      ['package.json', manifest],
    ]),
  );
  const onCrash = ({ error }: { readonly error: unknown }) => {
    throw error;
  };
  const { findings } = lint({ platform: express, file, text, host, settings: DEFAULT_SETTINGS, rules, onCrash });
  const finding = findings.find((one) => one.rule.id === rule);
  expect(finding, findings.map((one) => one.rule.id).join(', ')).toBeDefined();
  const [fix] = finding?.fixes() ?? [];
  return fix && applyEdits(text, fix.edits);
}

const START = `const express = require('express');
const passport = require('passport');
const limit = require('express-rate-limit');
const cors = require('cors');
const app = express();
`;
const PUT = "app.put('/items', (req, res) => res.json({}));\napp.listen(3000);\n";
const LIST = "cors({ origin: 'https://app.example.com' })";
const program = (...lines: string[]): string => `${START}${lines.map((line) => `${line}\n`).join('')}${PUT}`;

describe.each<[string, string, readonly string[], readonly string[]]>([
  [
    'OPTIONS ends in a route ahead of cors',
    'preflight-incomplete',
    ["app.options('*', (req, res) => res.sendStatus(200));", `app.use(${LIST});`],
    [`app.use(${LIST});`, "app.options('*', (req, res) => res.sendStatus(200));"],
  ],
  [
    'OPTIONS ends in middleware ahead of cors',
    'preflight-incomplete',
    [
      'app.use((req, res, next) => {',
      "  if (req.method === 'OPTIONS') return res.sendStatus(204);",
      '  next();',
      '});',
      `app.use(${LIST});`,
    ],
    [
      `app.use(${LIST});`,
      'app.use((req, res, next) => {',
      "  if (req.method === 'OPTIONS') return res.sendStatus(204);",
      '  next();',
      '});',
    ],
  ],
  [
    'OPTIONS ends ahead of a route with cors of its own',
    'express-preflight-route-only',
    ["app.options('*', (req, res) => res.sendStatus(200));", `app.delete('/one', ${LIST}, (req, res) => res.end());`],
    [
      `app.options('/one', ${LIST});`,
      "app.options('*', (req, res) => res.sendStatus(200));",
      `app.delete('/one', ${LIST}, (req, res) => res.end());`,
    ],
  ],
  [
    'a limiter and a check stand ahead of cors',
    'preflight-needs-auth',
    ['app.use(limit());', "app.use(passport.authenticate('jwt'));", "app.all('*', cors());"],
    ["app.all('*', cors());", 'app.use(limit());', "app.use(passport.authenticate('jwt'));"],
  ],
  [
    'the check that refuses OPTIONS sets the headers itself',
    'preflight-needs-auth',
    [
      'app.use((req, res, next) => {',
      "  res.header('Access-Control-Allow-Origin', 'https://app.example.com');",
      "  res.header('Access-Control-Allow-Methods', 'GET, PUT');",
      "  if (req.method === 'OPTIONS') return res.status(405).end();",
      '  next();',
      '});',
    ],
    [
      'app.use((req, res, next) => {',
      "  res.header('Access-Control-Allow-Origin', 'https://app.example.com');",
      "  res.header('Access-Control-Allow-Methods', 'GET, PUT');",
      "  if (req.method === 'OPTIONS') return res.status(204).end();",
      '  next();',
      '});',
    ],
  ],
  [
    'the same in braces, the other way round',
    'preflight-needs-auth',
    [
      'app.use((req, res, next) => {',
      "  res.header('Access-Control-Allow-Origin', 'https://app.example.com');",
      "  res.header('Access-Control-Allow-Methods', 'GET, PUT');",
      "  if ('OPTIONS' == req.method) {",
      '    res.sendStatus(403);',
      '    return;',
      '  }',
      '  next();',
      '});',
    ],
    [
      'app.use((req, res, next) => {',
      "  res.header('Access-Control-Allow-Origin', 'https://app.example.com');",
      "  res.header('Access-Control-Allow-Methods', 'GET, PUT');",
      "  if ('OPTIONS' == req.method) {",
      '    res.sendStatus(204);',
      '    return;',
      '  }',
      '  next();',
      '});',
    ],
  ],
  ['cors stands for OPTIONS of every path', 'missing-origin', [`app.options('*', ${LIST});`], [`app.use(${LIST});`]],
  [
    'cors stands for OPTIONS of some paths',
    'missing-origin',
    [`app.options('/item*', ${LIST});`],
    [`app.all('/item*', ${LIST});`],
  ],
  [
    'an answer stands behind it',
    'missing-origin',
    [`app.options('*', ${LIST}, (req, res) => res.sendStatus(200));`],
    [`app.use(${LIST});`, `app.options('*', ${LIST}, (req, res) => res.sendStatus(200));`],
  ],
  [
    'the header is set for OPTIONS alone',
    'missing-origin',
    [
      'app.use((req, res, next) => {',
      "  if (req.method === 'OPTIONS') {",
      "    res.header('Access-Control-Allow-Origin', 'https://app.example.com');",
      "    res.header('Access-Control-Allow-Methods', 'PUT');",
      "    res.header('Access-Control-Allow-Credentials', 'true');",
      '    return res.sendStatus(204);',
      '  }',
      '  next();',
      '});',
    ],
    [
      'app.use((req, res, next) => {',
      "  res.header('Access-Control-Allow-Origin', 'https://app.example.com');",
      "  res.header('Access-Control-Allow-Credentials', 'true');",
      "  if (req.method === 'OPTIONS') {",
      "    res.header('Access-Control-Allow-Methods', 'PUT');",
      '    return res.sendStatus(204);',
      '  }',
      '  next();',
      '});',
    ],
  ],
  [
    'other methods are sent away first',
    'missing-origin',
    [
      'app.use((req, res, next) => {',
      "  if (req.method !== 'OPTIONS') return next();",
      "  res.set('Access-Control-Allow-Origin', 'https://' + 'app.example.com'); // ours",
      "  res.set('Access-Control-Allow-Methods', 'PUT');",
      '  res.sendStatus(204);',
      '});',
    ],
    [
      'app.use((req, res, next) => {',
      "  res.set('Access-Control-Allow-Origin', 'https://' + 'app.example.com');",
      "  if (req.method !== 'OPTIONS') return next();",
      '  // ours',
      "  res.set('Access-Control-Allow-Methods', 'PUT');",
      '  res.sendStatus(204);',
      '});',
    ],
  ],
])('%s', (_, rule, before, after) => {
  it(`is mended for ${rule}`, () => {
    expect(mended(rule, program(...before))).toBe(program(...after));
  });
});

it('is not opened: a route with a limit of its own, beside one that only its preflight lets in', () => {
  const own = "app.put('/mine', cors({ origin: ['https://admin.example.com'] }), (req, res) => res.json({}));";
  expect(mended('missing-origin', program("app.options('*', cors());", own))).toBe(
    program("app.options('*', cors());", own).replace("'/items', ", "'/items', cors(), "),
  );
});

it('stays: a limit of its own of the route that its preflight lets in', () => {
  const text = `${START}app.options('*', cors());
app.put('/mine', cors({ origin: ['https://app.example.com/'] }), (req, res) => res.json({}));
app.listen(3000);
`;
  expect(mended('missing-origin', text)).toBeUndefined();
});
