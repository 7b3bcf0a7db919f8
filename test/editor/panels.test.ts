import { cpSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Frame, Locator } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RunningVsCode, startVsCode } from '../harness/codeServer';
import { projectRoot, suiteNeeds } from '../harness/require';
import { packExtension } from '../harness/vsix';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

suiteNeeds('code-server', 'chromium')('the views and panels in a real VS Code', () => {
  let code: RunningVsCode;
  let folder: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'cors-lint-panels-'));
    cpSync(join(projectRoot, 'examples'), folder, { recursive: true });
    code = await startVsCode({ vsix: await packExtension(), folder });
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
    await rows('api.conf').first().waitFor({ timeout: 30_000 });
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
    await entries.filter({ hasText: /Make \d+ fix/ }).waitFor({ timeout: 30_000 });
    expect(readFileSync(join(folder, 'shop/nginx/conf.d/api.conf'), 'utf8')).toBe(before);
    await code.page.locator('.monaco-editor .line-insert').first().waitFor();
    await code.page.keyboard.press('Enter');
    await expect
      .poll(() => readFileSync(join(folder, 'shop/nginx/conf.d/api.conf'), 'utf8'), { timeout: 20_000 })
      .not.toBe(before);
    await expect.poll(() => rows('nginx-headers-not-inherited').count(), { timeout: 20_000 }).toBe(0);
  });

  scenario('the report can be read by everyone, leads to the line, and holds in light and dark', async () => {
    await code.runCommand('CORS Lint: Show Report');
    const page = await panel('CORS report');
    await page.getByRole('heading', { name: 'Findings' }).waitFor();
    expect(await page.locator('article.finding').count()).toBeGreaterThan(9);
    expect(await page.locator('table').count()).toBeGreaterThan(0);
    expect(await violations(page)).toEqual([]);
    const theme = () => page.locator('body').getAttribute('data-vscode-theme-kind');
    const before = await theme();
    await code.runCommand('Preferences: Toggle between Light/Dark Themes');
    await expect.poll(theme).not.toBe(before);
    expect(await violations(page)).toEqual([]);
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

  scenario('squiggles come back when the server was killed', async () => {
    await code.openFile('admin.ts');
    const errors = code.page.locator('.editor-instance .squiggly-error');
    await errors.first().waitFor();
    const servers = languageServers();
    expect(servers).toHaveLength(1);
    for (const pid of servers) process.kill(pid, 'SIGKILL');
    await expect.poll(languageServers, { timeout: 20_000 }).not.toEqual(servers);
    await code.goTo(8, 1);
    await code.page.keyboard.press('Control+ArrowRight');
    await code.page.keyboard.type(' ');
    await errors.first().waitFor();
  });

  /** The processes that run this installation's server: no other VS Code's. */
  function languageServers(): number[] {
    return readdirSync('/proc').flatMap((pid) => {
      try {
        const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
        readlinkSync(`/proc/${pid}/exe`);
        return command.includes(code.scratch) && command.includes('dist/server.js') ? [Number(pid)] : [];
      } catch {
        return [];
      }
    });
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
