import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { type RunningVsCode, startVsCode } from '../harness/codeServer';
import { projectRoot } from '../harness/require';
import { packExtension } from '../harness/vsix';

const pictures = join(projectRoot, 'docs/images');

const look = {
  'editor.fontFamily': "'DejaVu Sans Mono', monospace",
  'editor.fontSize': 14,
  'editor.lineHeight': 22,
  'editor.links': false,
  'editor.minimap.enabled': false,
  'editor.occurrencesHighlight': 'off',
  'editor.renderLineHighlight': 'none',
  'editor.scrollBeyondLastLine': false,
  'editor.stickyScroll.enabled': false,
  'breadcrumbs.enabled': false,
  'explorer.compactFolders': false,
  'problems.defaultViewMode': 'tree',
  // The packages of the examples are not installed, and they are not what is shown.
  'js/ts.validate.enabled': false,
  'javascript.validate.enable': false,
  'typescript.validate.enable': false,
  'window.commandCenter': false,
  'workbench.layoutControl.enabled': false,
};

let vsix: string;
beforeAll(async () => {
  vsix = await packExtension();
  mkdirSync(pictures, { recursive: true });
});

for (const [name, theme] of [
  ['light', 'Light Modern'],
  ['dark', 'Dark Modern'],
] as const) {
  test(`${name} pictures`, async () => {
    await takeTour({ ...look, 'workbench.colorTheme': theme }, name);
  });
}

async function takeTour(settings: Readonly<Record<string, unknown>>, name: string): Promise<void> {
  const scratch = mkdtempSync(join(tmpdir(), 'cors-lint-pictures-'));
  const folder = join(scratch, 'shop');
  cpSync(join(projectRoot, 'examples'), folder, { recursive: true, filter: (path) => !notShown.has(basename(path)) });
  const code = await startVsCode({ vsix, folder, settings, size, scale: 1.5 });
  try {
    await showFix(code, join(pictures, `fix-${name}.png`));
    await showHover(code, join(pictures, `hover-${name}.png`));
    await showAudit(code, join(pictures, `audit-${name}.png`));
    await showReport(code, join(pictures, `report-${name}.png`));
  } finally {
    await code.stop();
    rmSync(scratch, { recursive: true, force: true });
  }
}

const notShown = new Set(['expected.json', 'README.md']);

const size = { width: 1180, height: 720 };
const upperPart = { x: 0, y: 0, width: size.width, height: 540 };

/** A line that makes a location lose its headers, and the menu with the fix. */
async function showFix(code: RunningVsCode, path: string): Promise<void> {
  await code.runCommand('View: Close Primary Side Bar');
  await code.openFile('api.conf');
  await code.page.locator('.squiggly-warning').first().waitFor();
  await code.goTo(22, 12);
  await code.codeActions();
  await code.page.screenshot({ path, clip: { ...upperPart, height: 640 } });
  await code.page.keyboard.press('Escape');
}

/** A pattern that lets a stranger in, and the exchange that proves it. */
async function showHover(code: RunningVsCode, path: string): Promise<void> {
  await code.openFile('admin.ts');
  await code.page.locator('.squiggly-error').first().waitFor();
  await code.goTo(8, 24);
  await code.runCommand('Show or Focus Hover');
  await code.page.locator('.monaco-hover-content').filter({ hasText: 'The browser' }).first().waitFor();
  await code.page.screenshot({ path, clip: upperPart });
  await code.page.keyboard.press('Escape');
  await code.runCommand('View: Close All Editors');
}

/** Problems and the results view after an audit, with the file of one of the findings open. */
async function showAudit(code: RunningVsCode, path: string): Promise<void> {
  await code.runCommand('Audit CORS');
  const rows = await code.problems();
  await rows.nth(5).waitFor();
  await code.openFile('api.conf');
  await code.goTo(22, 9);
  await code.page.waitForTimeout(1500);
  await code.page.screenshot({ path });
}

/** The report, with nothing beside it. */
async function showReport(code: RunningVsCode, path: string): Promise<void> {
  await code.runCommand('View: Close All Editors');
  await code.runCommand('View: Hide Panel');
  await code.runCommand('View: Close Primary Side Bar');
  await code.runCommand('CORS Lint: Show Report');
  const hasReport = async () => {
    const titles = code.page.frames().map((frame) =>
      frame
        .locator('h1')
        .allTextContents()
        .catch(() => []),
    );
    return (await Promise.all(titles)).flat().includes('CORS report');
  };
  await expect.poll(hasReport, { timeout: 30_000 }).toBe(true);
  await code.page.waitForTimeout(500);
  await code.page.screenshot({ path });
}
