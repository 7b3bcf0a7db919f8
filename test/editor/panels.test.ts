import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Frame, Locator } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RunningVsCode, startVsCode } from '../harness/codeServer';
import { projectRoot, suiteNeeds } from '../harness/require';
import { runningServers } from '../harness/runningServers';
import { packExtension } from '../harness/vsix';

/** Themes, and what VS Code calls their kinds in a webview. */
const themes = [
  ['Light Modern', 'vscode-light'],
  ['Default High Contrast', 'vscode-high-contrast'],
  ['Default High Contrast Light', 'vscode-high-contrast-light'],
] as const;

const formats = [
  { format: 'HTML', ending: 'html' },
  { format: 'Markdown', ending: 'md' },
  { format: 'SARIF', ending: 'sarif' },
  { format: 'JSON', ending: 'json' },
] as const;

const kept = `const cors = require('cors');
const express = require('express');
const app = express();
app.use(cors({ origin: 'https://app.example.com' }));
app.get('/items', (req, res) => res.json([]));
app.listen(3000);
`;

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** High enough for every finding: rows out of sight are not in the page. */
const size = { width: 1280, height: 1700 };

suiteNeeds('code-server', 'chromium')('the views and panels in a real VS Code', () => {
  let code: RunningVsCode;
  let folder: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'cors-lint-panels-'));
    cpSync(join(projectRoot, 'examples'), folder, { recursive: true });
    writeFileSync(join(folder, 'kept.js'), kept);
    code = await startVsCode({ vsix: await packExtension(), folder, size });
  });
  afterAll(async () => {
    await code?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const scenario = (title: string, body: () => Promise<void>) =>
    test(title, { timeout: 120_000, retry: 0 }, () => code.keepPictureOnFailure(title, body));
  const view = () => code.page.locator('.pane').filter({ hasText: 'Findings' }).first();
  const rows = (text: string): Locator => view().locator('.monaco-list-row').filter({ hasText: text });

  scenario('findings are filtered while typing', async () => {
    await code.runCommand('CORS Lint: Audit CORS');
    await rows('api.conf').first().waitFor({ timeout: 60_000 });
    await view().hover();
    await view().getByRole('button', { name: 'Filter Findings…' }).click();
    await code.page.getByPlaceholder('Words of the path, the rule, the message').fill('ADMIN.ts weak');
    await view().getByText('Filter “ADMIN.ts weak” shows').waitFor();
    await expect.poll(() => rows('api.conf').count()).toBe(0);
    await rows('admin.ts').first().waitFor();
    await code.page.keyboard.press('Escape');
    await rows('api.conf').first().waitFor();
  });

  scenario('all fixes of one kind are shown, and made when that is agreed to', async () => {
    const before = readFileSync(join(folder, 'shop/nginx/conf.d/api.conf'), 'utf8');
    await code.startCommand('CORS Lint: Fix All of This Kind…');
    await code.page.keyboard.type('nginx-headers-not-inherited');
    await code.page.keyboard.press('Enter');
    const entries = code.page.locator('.quick-input-list .monaco-list-row');
    await entries.filter({ hasText: /Make \d+ fix/ }).waitFor({ timeout: 60_000 });
    expect(readFileSync(join(folder, 'shop/nginx/conf.d/api.conf'), 'utf8')).toBe(before);
    await code.page.locator('.monaco-editor .line-insert').first().waitFor();
    await code.page.keyboard.press('Enter');
    await expect
      .poll(() => readFileSync(join(folder, 'shop/nginx/conf.d/api.conf'), 'utf8'), { timeout: 20_000 })
      .not.toBe(before);
    await expect.poll(() => rows('nginx-headers-not-inherited').count(), { timeout: 20_000 }).toBe(0);
  });

  scenario('the report can be read by everyone, leads to the line, and holds in every kind of theme', async () => {
    await code.runCommand('CORS Lint: Show Report');
    const page = await panel('CORS report');
    await page.getByRole('heading', { name: 'Findings' }).waitFor();
    expect(await page.locator('article.finding').count()).toBeGreaterThan(9);
    expect(await page.locator('table').count()).toBeGreaterThan(0);
    expect(await violations(page)).toEqual([]);
    const kind = () => page.locator('body').getAttribute('data-vscode-theme-kind');
    for (const [theme, expected] of themes) {
      setTheme(theme);
      await expect.poll(kind, { timeout: 20_000 }).toBe(expected);
      expect(await violations(page)).toEqual([]);
    }
    setTheme('Dark Modern');
    await expect.poll(kind, { timeout: 20_000 }).toBe('vscode-dark');
    await page
      .locator('.place', { hasText: /admin\.ts:\d+|line \d+/ })
      .first()
      .focus();
    await code.page.keyboard.press('Enter');
    await expect.poll(() => code.position()).toMatch(/Ln \d+/);
  });

  scenario('a message of the browser leads to the line to blame', async () => {
    await code.runCommand('View: Close All Editors');
    await code.startCommand('CORS Lint: Explain a CORS Error…');
    await code.page.keyboard.insertText(
      "Access to fetch at 'https://api.example.com/orders' from origin 'https://stranger.example' has been blocked by CORS policy: No 'Access-Control-Allow-Origin' header is present on the requested resource.",
    );
    await code.page.keyboard.press('Enter');
    const page = await panel('CORS error explained');
    await page.getByText('Chrome said:').waitFor();
    expect(await page.locator('main').textContent()).toMatch(/answered by|What to look for/i);
    expect(await violations(page)).toEqual([]);
  });

  scenario('a request is tried step by step', async () => {
    await code.runCommand('View: Close All Editors');
    await code.startCommand('CORS Lint: Try a Request…');
    const list = code.page.locator('.quick-input-widget:visible');
    await list.getByPlaceholder('The endpoint').waitFor({ timeout: 30_000 });
    await code.page.keyboard.press('Enter');
    await list.getByPlaceholder('The origin of the page').waitFor();
    await code.page.keyboard.type('stranger');
    await code.page.keyboard.press('Enter');
    await list.getByPlaceholder('The method').waitFor();
    await code.page.keyboard.press('Enter');
    await list.getByPlaceholder(/Content-Type/).waitFor();
    await code.page.keyboard.press('Enter');
    await list.getByPlaceholder('Cookies').waitFor();
    await code.page.keyboard.press('Enter');
    const page = await panel('https?://|/');
    await page.locator('.verdict').first().waitFor();
    expect(await page.locator('main').textContent()).toContain('https://stranger.example');
    expect(await violations(page)).toEqual([]);
  });

  scenario('the report is exported in every format, with the same findings in each', async () => {
    for (const { format, ending } of formats) {
      await chooseFormat(format);
      await code.page.keyboard.press('Enter');
      const name = code.page.locator('.quick-input-widget:visible input').first();
      await expect.poll(() => name.inputValue()).toBe(exported(ending));
      // While the dialog looks at the folder it takes no Enter: it is pressed again as long as the dialog asks.
      const save = async () => {
        if (existsSync(exported(ending))) return true;
        if (await name.isVisible()) await name.press('Enter', { timeout: 2000 }).catch(() => undefined);
        return false;
      };
      await expect.poll(save, { timeout: 20_000, interval: 500 }).toBe(true);
    }
    const { findings } = await parsed<{ findings: { rule: string }[] }>('json');
    const rules = findings.map(({ rule }) => rule);
    expect(rules.length).toBeGreaterThan(9);
    const { runs } = await parsed<{ runs: { results: { ruleId: string }[] }[] }>('sarif');
    expect(runs.flatMap(({ results }) => results.map(({ ruleId }) => ruleId))).toEqual(rules);
    const markdown = readFileSync(exported('md'), 'utf8');
    for (const rule of rules) expect(markdown).toContain(rule);
    const page = await code.openPage();
    await page.goto(pathToFileURL(exported('html')).href);
    expect(await page.locator('article.finding').count()).toBe(rules.length);
    await page.close();
  });

  scenario('the view of endpoints says what each does, leads to its line, and tries a request on it', async () => {
    await code.runCommand('View: Close All Editors');
    await code.runCommand('Focus on Endpoints View');
    const tree = code.page.locator('.pane').filter({ has: code.page.locator('.pane-header[aria-label*="Endpoints"]') });
    const row = (text: string) => tree.locator('.monaco-list-row').filter({ hasText: text }).first();
    const endpoint = row('PUT /orders/:id');
    await endpoint.click({ timeout: 30_000 });
    await code.page.locator('.tab.active[data-resource-name="admin.ts"]').waitFor();
    await expect.poll(() => code.position()).toContain('Ln 15');
    await code.runCommand('Focus on Endpoints View');
    await code.page.keyboard.press('ArrowRight');
    await row('Credentials').waitFor();
    await endpoint.hover();
    await endpoint.getByRole('button', { name: 'Try' }).click();
    await code.page.locator('.quick-input-widget:visible').getByPlaceholder('The origin of the page').waitFor();
    await code.page.keyboard.press('Escape');
  });

  scenario('a server that was killed comes back with the texts as they are open', async () => {
    await code.openFile('kept.js');
    await code.goTo(4, 48);
    await code.page.keyboard.type('/');
    const errors = code.page.locator('.editor-instance .squiggly-error');
    await errors.first().waitFor();
    const servers = runningServers(code.scratch);
    expect(servers).toHaveLength(1);
    for (const pid of servers) process.kill(pid, 'SIGKILL');
    // It starts again by itself, even if the editor was telling it things when it died.
    await code.page.keyboard.type('/x');
    const isAnother = (pid: number) => !servers.includes(pid);
    await expect.poll(() => runningServers(code.scratch).some(isAnother), { timeout: 20_000 }).toBe(true);
    await code.page.keyboard.press('Backspace');
    await code.page.keyboard.press('Backspace');
    // What is not saved is known to the new server too: it finds the fault, and mends it.
    await errors.first().waitFor();
    await code.takeCodeAction('Write `https://app.example.com`');
    await errors.first().waitFor({ state: 'detached' });
    await code.page.keyboard.type('/');
    await errors.first().waitFor();
    expect(readFileSync(join(folder, 'kept.js'), 'utf8')).toBe(kept);
  });

  const exported = (ending: string) => join(folder, `cors-report.${ending}`);

  /** Brings the format under the cursor. The list closes when the focus goes elsewhere, as after a save on a slow machine. */
  async function chooseFormat(format: string, attempts = 3): Promise<void> {
    await code.startCommand('CORS Lint: Export Report…');
    // The palette that the command was chosen in looks just like it, and is there a little longer.
    await code.page.locator('.quick-input-widget:visible').getByPlaceholder('The format of the report').waitFor();
    await code.page.keyboard.type(format);
    const row = code.page.locator('.quick-input-list .monaco-list-row.focused').filter({ hasText: format });
    try {
      await row.waitFor({ timeout: 8000 });
    } catch (error) {
      if (attempts === 1) throw error;
      await chooseFormat(format, attempts - 1);
    }
  }

  /** The file may be there before all of it is. */
  async function parsed<T>(ending: string): Promise<T> {
    const read = () => readFileSync(exported(ending), 'utf8');
    await expect.poll(() => read().endsWith('}\n')).toBe(true);
    return JSON.parse(read()) as T;
  }

  function setTheme(theme: string): void {
    mkdirSync(join(folder, '.vscode'), { recursive: true });
    writeFileSync(join(folder, '.vscode/settings.json'), JSON.stringify({ 'workbench.colorTheme': theme }));
  }

  /** The page in a webview: a frame in a frame. */
  async function panel(heading: string): Promise<Frame> {
    const find = async (): Promise<Frame | undefined> => {
      for (const frame of code.page.frames()) {
        const titles = await frame
          .locator('h1')
          .allTextContents()
          .catch(() => []);
        if (titles.some((title) => new RegExp(heading).test(title))) return frame;
      }
      return undefined;
    };
    await expect.poll(find, { timeout: 30_000 }).toBeDefined();
    const found = await find();
    if (found === undefined) throw new Error(`The panel "${heading}" is gone`);
    return found;
  }
});

/** What axe-core finds wrong with a page, in a line each. */
async function violations(page: Frame): Promise<string[]> {
  await page.evaluate(axe);
  return page.evaluate<string[]>(
    `axe.run().then(({ violations }) => violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => id + ' ' + html)))`,
  );
}
