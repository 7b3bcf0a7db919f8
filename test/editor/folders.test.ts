import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RunningVsCode, startVsCode } from '../harness/codeServer';
import { suiteNeeds } from '../harness/require';
import { runningServers } from '../harness/runningServers';
import { packExtension } from '../harness/vsix';

/** An origin that no browser sends stands in line 4: `invalid-origin`, by itself an error. */
const faulty = `const cors = require('cors');
const express = require('express');
const app = express();
app.use(cors({ origin: 'https://app.example.com/' }));
app.get('/items', (req, res) => res.json([]));
app.listen(3000);
`;
const clean = faulty.replace('.com/', '.com');

/** The file of the workspace, with settings that hold in all of its folders. */
const workspaceFile = (settings: Readonly<Record<string, unknown>>) =>
  JSON.stringify({ folders: ['shop', 'notes', 'proxy', 'own'].map((path) => ({ path })), settings });

const files = {
  'all.code-workspace': workspaceFile({}),
  'shop/.corslintrc.json': '{ "rules": { "invalid-origin": "warning" } }',
  'shop/shop.js': faulty,
  'shop/api/.corslintrc.json': '{ "rules": { "invalid-origin": "info" } }',
  'shop/api/api.js': faulty,
  'notes/notes.js': faulty,
  'notes/saved.js': clean,
  'notes/line.js': faulty,
  'notes/whole.js': faulty,
  'own/quiet.js': faulty,
  'proxy/site.conf': `server {
    listen 80;
    include snippets/cors.conf;
    location /api/ {
        add_header X-Frame-Options DENY;
        proxy_pass http://127.0.0.1:3000;
    }
}
`,
  'proxy/snippets/cors.conf': 'add_header Access-Control-Allow-Origin https://app.example.com/ always;\n',
};

suiteNeeds('code-server', 'chromium')('settings and files of several folders in a real VS Code', () => {
  let code: RunningVsCode;
  let scratch: string;
  const onDisk = (file: string) => readFileSync(join(scratch, file), 'utf8');

  beforeAll(async () => {
    scratch = mkdtempSync(join(tmpdir(), 'cors-lint-folders-'));
    for (const [file, text] of Object.entries(files)) write(file, text);
    code = await startVsCode({ vsix: await packExtension(), folder: join(scratch, 'all.code-workspace') });
  });
  afterAll(async () => {
    await code?.stop();
    rmSync(scratch, { recursive: true, force: true });
  });

  const write = (file: string, text: string) => {
    mkdirSync(dirname(join(scratch, file)), { recursive: true });
    writeFileSync(join(scratch, file), text);
  };
  const changeSettings = (settings: Readonly<Record<string, unknown>>) =>
    write('all.code-workspace', workspaceFile(settings));
  const scenario = (title: string, body: () => Promise<void>) =>
    test(title, { timeout: 120_000, retry: 0 }, () => code.keepPictureOnFailure(title, body));
  const squiggles = (level: 'error' | 'warning' | 'info') =>
    code.page.locator(`.editor-instance .squiggly-${level}`).first();
  const gone = { state: 'detached' } as const;

  scenario('the nearest configuration file of each folder counts', async () => {
    for (const [file, level] of [
      ['notes.js', 'error'],
      ['shop.js', 'warning'],
      ['api.js', 'info'],
    ] as const) {
      await code.openFile(file);
      await squiggles(level).waitFor({ timeout: 60_000 });
    }
  });

  scenario('a change of settings shows at once, in the folder that it is for, by the same server', async () => {
    const servers = runningServers(code.scratch);
    expect(servers).toHaveLength(1);
    await code.openFile('notes.js');
    await squiggles('error').waitFor();
    changeSettings({ 'corsLint.rules': { 'invalid-origin': 'info' } });
    await squiggles('info').waitFor();
    await squiggles('error').waitFor(gone);
    await code.openFile('shop.js');
    await squiggles('warning').waitFor();
    changeSettings({});

    await code.openFile('notes.js');
    await squiggles('error').waitFor();
    write('notes/.vscode/settings.json', '{ "corsLint.enable": false }');
    await squiggles('error').waitFor(gone);
    await code.openFile('shop.js');
    await squiggles('warning').waitFor();
    rmSync(join(scratch, 'notes/.vscode'), { recursive: true });
    await code.openFile('notes.js');
    await squiggles('error').waitFor();
    expect(runningServers(code.scratch)).toEqual(servers);
  });

  scenario('saving makes the preferred fixes where the editor is told to', async () => {
    changeSettings({ 'editor.codeActionsOnSave': { 'source.fixAll.corsLint': 'explicit' } });
    await code.openFile('saved.js');
    await code.goTo(4, 48);
    await code.page.keyboard.type('/');
    await squiggles('error').waitFor();
    await code.page.keyboard.press('Control+s');
    await squiggles('error').waitFor(gone);
    await code.page.locator('.tab.active.dirty').waitFor(gone);
    expect(onDisk('notes/saved.js')).toBe(clean);
    changeSettings({});
  });

  // The comment comes with its reason selected: what is typed then is the reason.
  for (const [file, action, line, comment] of [
    ['notes/line.js', 'Disable invalid-origin for this line', 4, 'cors-lint-disable-next-line'],
    ['notes/whole.js', 'Disable invalid-origin for this file', 1, 'cors-lint-disable-file'],
  ] as const) {
    scenario(`the lightbulb: ${action}`, async () => {
      await code.openFile(basename(file));
      await squiggles('error').waitFor();
      await code.goTo(4, 30);
      await code.takeCodeAction(action);
      await squiggles('error').waitFor(gone);
      await code.page.keyboard.type('a partner wants it');
      await code.page.keyboard.press('Control+s');
      await code.page.locator('.tab.active.dirty').waitFor(gone);
      const lines = faulty.split('\n');
      lines.splice(line - 1, 0, `// ${comment} invalid-origin -- a partner wants it`);
      expect(onDisk(file)).toBe(lines.join('\n'));
    });
  }

  scenario('the lightbulb turns a rule off in the configuration of its folder', async () => {
    await code.openFile('quiet.js');
    await squiggles('error').waitFor();
    await code.goTo(4, 30);
    await code.takeCodeAction('Turn invalid-origin off in .corslintrc.json');
    await squiggles('error').waitFor(gone);
    await code.runCommand('File: Save All Files');
    await expect
      .poll(() => existsSync(join(scratch, 'own/.corslintrc.json')) && JSON.parse(onDisk('own/.corslintrc.json')))
      .toEqual({ rules: { 'invalid-origin': 'off' } });
    await code.openFile('notes.js');
    await squiggles('error').waitFor();
  });

  scenario('findings follow a file that is renamed and one that is deleted', async () => {
    await code.runCommand('View: Close All Editors');
    await code.runCommand('CORS Lint: Audit CORS');
    await code.problems();
    const panel = code.page.locator('.markers-panel');
    const snippet = panel.getByText('cors.conf').first();
    // Without the headers that the snippet brings, the location of site.conf has none to keep out.
    const location = panel.getByText('nginx-headers-not-inherited').first();
    await snippet.waitFor();
    await location.waitFor();

    await code.openFile('site.conf');
    await squiggles('warning').waitFor();
    await code.openFile('cors.conf');
    await code.selectInExplorer('cors.conf');
    await rename('headers.conf');
    await snippet.waitFor(gone);
    await code.openFile('site.conf');
    await location.waitFor(gone);

    await code.openFile('headers.conf');
    await code.selectInExplorer('headers.conf');
    await rename('cors.conf');
    await snippet.waitFor();
    await code.openFile('site.conf');
    await location.waitFor();

    await code.openFile('cors.conf');
    await code.selectInExplorer('cors.conf');
    await code.page.keyboard.press('Delete');
    await code.page.locator('.monaco-dialog-box').waitFor();
    await code.page.keyboard.press('Enter');
    await snippet.waitFor(gone);
    await code.openFile('site.conf');
    await location.waitFor(gone);
    await squiggles('warning').waitFor(gone);
    expect(existsSync(join(scratch, 'proxy/snippets/cors.conf'))).toBe(false);
  });

  async function rename(name: string): Promise<void> {
    await code.page.keyboard.press('F2');
    const box = code.page.locator('.explorer-folders-view .monaco-inputbox input');
    await box.waitFor();
    await box.fill(name);
    await code.page.keyboard.press('Enter');
    await expect.poll(() => existsSync(join(scratch, 'proxy/snippets', name))).toBe(true);
  }
});
