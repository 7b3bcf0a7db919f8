import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RunningVsCode, startVsCode } from '../harness/codeServer';
import { projectRoot, suiteNeeds } from '../harness/require';
import { packExtension } from '../harness/vsix';

/** Clean files of the three languages. Each test plants a fault into one of them by typing. */
const clean = {
  'clean/app.js': `const cors = require('cors');
const express = require('express');
const app = express();
app.use(cors({ origin: 'https://app.example.com' }));
app.get('/items', (req, res) => res.json([]));
app.listen(3000);
`,
  'clean/site.conf': `server {
    listen 80;
    location /api/ {
        add_header Access-Control-Allow-Origin https://app.example.com always;
        proxy_pass http://127.0.0.1:3000;
    }
}
`,
  'clean/serverless.yml': `service: items
frameworkVersion: '3'
provider:
  name: aws
  httpApi:
    cors:
      allowedOrigins:
        - https://app.example.com
functions:
  items:
    handler: src/items.list
    events:
      - httpApi:
          path: /items
          method: get
`,
};

/** High enough for every finding: rows out of sight are not in the page. */
const size = { width: 1280, height: 1700 };

suiteNeeds('code-server', 'chromium')('the extension in a real VS Code', () => {
  let code: RunningVsCode;
  let folder: string;
  const onDisk = (file: string) => readFileSync(join(folder, file), 'utf8');

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'cors-lint-folder-'));
    cpSync(join(projectRoot, 'examples'), folder, { recursive: true });
    for (const [file, text] of Object.entries(clean)) {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(join(folder, file), text);
    }
    code = await startVsCode({ vsix: await packExtension(), folder, size });
  });
  afterAll(async () => {
    await code?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const scenario = (title: string, body: () => Promise<void>) =>
    test(title, { timeout: 120_000, retry: 0 }, () => code.keepPictureOnFailure(title, body));

  const save = async (file: string, done: (text: string) => boolean) => {
    await code.page.keyboard.press('Control+s');
    await code.page.locator('.tab.active.dirty').waitFor({ state: 'detached' });
    expect(onDisk(file)).toSatisfy(done);
  };
  const errors = () => code.page.locator('.editor-instance .squiggly-error');

  // Type after an origin what no browser ever sends there, and let the lightbulb take it away again.
  for (const [file, line, column] of [
    ['clean/app.js', 4, 48],
    ['clean/site.conf', 4, 71],
    ['clean/serverless.yml', 8, 34],
  ] as const) {
    scenario(`a squiggle while typing in ${file}, and the lightbulb's fix`, async () => {
      const text = clean[file];
      await code.openFile(file);
      await code.goTo(line, column);
      await code.page.keyboard.type('/');
      // The first time the server has to start.
      await errors().first().waitFor({ timeout: 60_000 });
      expect(onDisk(file)).toBe(text);
      await save(file, (now) => now !== text);

      const actions = await code.codeActions();
      expect(await actions.first().textContent()).toContain('https://app.example.com');
      await code.page.keyboard.press('Enter');
      await errors().first().waitFor({ state: 'detached' });
      expect(onDisk(file)).not.toBe(text);
      await save(file, (now) => now === text);
    });
  }

  scenario('the hover shows what the browser would do', async () => {
    await code.openFile('api/src/corsOptions.ts');
    await errors().first().waitFor();
    await code.goTo(5, 20);
    await code.runCommand('Show or Focus Hover');
    const hover = code.page.locator('.monaco-hover-content').filter({ hasText: 'invalid-origin' });
    await hover.first().waitFor();
    expect(await hover.first().textContent()).toContain('https://shop.example.com/');
  });

  scenario('Audit CORS fills Problems and the results view, and a result opens at its line', async () => {
    await code.runCommand('View: Close All Editors');
    await code.runCommand('Audit CORS');
    const view = code.page.locator('.tree-explorer-viewlet-tree-view');
    const counts = await auditWithCommandLine(folder);
    expect(counts.errors).toBeGreaterThan(9);
    await expect.poll(() => problemCounts(), { timeout: 30_000 }).toEqual(counts);
    await view.getByText(`${counts.errors} errors, ${counts.warnings} warnings`).waitFor();

    const rows = await code.problems();
    await code.page.locator('.markers-panel').getByText('profile.js').first().waitFor();
    expect(await rows.count()).toBeGreaterThan(5);

    const result = view.locator('.monaco-list-row').filter({ hasText: 'nginx-headers-not-inherited' }).first();
    await result.click();
    await code.page.locator('.tab.active[data-resource-name="api.conf"]').waitFor();
    await expect.poll(() => code.position()).toContain('Ln 22');
  });

  async function problemCounts(): Promise<Counts> {
    const label = (await code.page.locator('#status\\.problems a').getAttribute('aria-label')) ?? '';
    const number = (name: string) => Number(new RegExp(`${name}: (\\d+)`).exec(label)?.[1] ?? 0);
    return { errors: number('Errors'), warnings: number('Warnings') };
  }
});

interface Counts {
  readonly errors: number;
  readonly warnings: number;
}

/** What the command line finds in the same folder: the editor has to find the same. */
async function auditWithCommandLine(folder: string): Promise<Counts> {
  const cli = join(projectRoot, 'dist/cli.js');
  const stdout = await new Promise<string>((resolve) => {
    // It ends with 1 where there are errors.
    execFile(process.execPath, [cli, 'audit', '--format', 'json'], { cwd: folder }, (_error, text) => resolve(text));
  });
  const { findings } = JSON.parse(stdout) as { readonly findings: readonly { readonly severity: string }[] };
  const count = (severity: string) => findings.filter((finding) => finding.severity === severity).length;
  return { errors: count('error'), warnings: count('warning') };
}
