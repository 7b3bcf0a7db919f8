import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { suiteNeeds } from '../harness/require';
import { type RunningWebVsCode, startWebVsCode } from '../harness/webVsCode';

const NGINX = `server {
    listen 80;
    location / {
        add_header Access-Control-Allow-Origin *;
        add_header Access-Control-Allow-Credentials true;
    }
}
`;

const APP = `const express = require('express');
const cors = require('cors');
const { origin } = require('./origin');
const app = express();
app.get('/b', cors({ origin: 'https://app.example.com/' }), (req, res) => res.json({}));
app.get('/a', cors({ origin, credentials: true }), (req, res) => res.json({}));
app.listen(3000);
`;

const SERVERLESS = `service: shop
provider:
  name: aws
  runtime: nodejs20.x
  httpApi:
    cors:
      allowedOrigins:
        - https://app.example.com/
functions:
  list:
    handler: list.handler
    events:
      - httpApi: GET /items
`;

const FILES = {
  'nginx/nginx.conf': NGINX,
  'api/app.js': APP,
  'api/origin.js': 'exports.origin = true;\n',
  'lambda/serverless.yml': SERVERLESS,
};

suiteNeeds('code-server', 'chromium')('the extension in a browser, with no machine behind it', () => {
  let code: RunningWebVsCode;
  let folder: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'cors-lint-web-'));
    for (const [name, text] of Object.entries(FILES)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
    code = await startWebVsCode({ folder });
  }, 180_000);
  afterAll(async () => {
    await code?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const scenario = (title: string, body: () => Promise<void>) =>
    test(title, { timeout: 120_000, retry: 0 }, () => code.keepPictureOnFailure(title, body));
  const squiggles = () => code.page.locator('.editor-instance .squiggly-error, .editor-instance .squiggly-warning');

  scenario(
    'nginx: a squiggle, in the worker that was started for it, without the parsers of other languages',
    async () => {
      await code.openFile('nginx/nginx.conf');
      await squiggles().first().waitFor({ timeout: 60_000 });
      expect(code.loaded).toContain('dist/web/extension.js');
      expect(code.loaded).toContain('dist/web/server.js');
      expect(
        code.loaded.filter((path) => /extension\.js|server\.js/.test(path) && !path.startsWith('dist/web/')),
      ).toEqual([]);
      expect(code.loaded.filter((path) => path.includes('typescript'))).toEqual([]);
    },
  );

  scenario('nginx: a fix by keyboard', async () => {
    await code.goTo(4, 50);
    await code.codeActions();
    await code.page.keyboard.press('Enter');
    await code.page.locator('.tab.active.dirty').waitFor();
    await code.page.keyboard.press('Escape');
    await code.page.keyboard.press('Control+s');
    await expect
      .poll(() => readFileSync(join(folder, 'nginx/nginx.conf'), 'utf8'), { timeout: 20_000 })
      .not.toBe(NGINX);
  });

  scenario('Serverless: a squiggle', async () => {
    await code.openFile('lambda/serverless.yml');
    await squiggles().first().waitFor({ timeout: 60_000 });
  });

  scenario('Express: a squiggle, and one in the file that it imports', async () => {
    await code.openFile('api/app.js');
    await squiggles().first().waitFor({ timeout: 60_000 });
    expect(code.loaded).toContain('dist/vendor/typescript.js');
    await code.openFile('api/origin.js');
    await squiggles().first().waitFor({ timeout: 60_000 });
  });

  scenario('an audit fills Problems', async () => {
    await code.runCommand('View: Close All Editors');
    await code.runCommand('CORS Lint: Audit CORS');
    const rows = await code.problems();
    for (const name of ['app.js', 'origin.js', 'serverless.yml']) {
      await rows.filter({ hasText: name }).first().waitFor({ timeout: 60_000 });
    }
  });
});
