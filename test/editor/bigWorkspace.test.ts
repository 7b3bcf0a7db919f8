import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RunningVsCode, startVsCode } from '../harness/codeServer';
import { suiteNeeds } from '../harness/require';
import { packExtension } from '../harness/vsix';

const FILES = 5000;

/** Every one has to be parsed and judged: an audit of all takes many times as long as a keystroke. */
const service = (number: number): string => `import cors from 'cors';
import express from 'express';
const app = express();
app.use(cors({ origin: ['https://app${number}.example.com', 'https://shop.example.com'], credentials: true }));
app.get('/items/${number}', (req, res) => res.json([]));
app.post('/items/${number}', (req, res) => res.status(201).end());
export default app;
`;

suiteNeeds('code-server', 'chromium')('a workspace of 5,000 files in a real VS Code', () => {
  let code: RunningVsCode;
  let folder: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'cors-lint-big-'));
    for (let number = 0; number < FILES; number++) {
      const place = join(folder, `team${number % 50}`);
      if (number < 50) mkdirSync(place);
      writeFileSync(join(place, `service${number}.ts`), service(number));
    }
    writeFileSync(join(folder, 'open.js'), service(1));
    code = await startVsCode({ vsix: await packExtension(), folder });
  });
  afterAll(async () => {
    await code?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const scenario = (title: string, body: () => Promise<void>) =>
    test(title, { timeout: 120_000, retry: 0 }, () => code.keepPictureOnFailure(title, body));

  scenario('typing is answered while an audit runs, and the audit can be called off', async () => {
    const errors = code.page.locator('.editor-instance .squiggly-error');
    const view = code.page.locator('.pane').filter({ hasText: 'Findings' }).first();
    await code.openFile('open.js');
    await code.goTo(4, 51);
    await code.page.keyboard.type('/');
    await errors.first().waitFor({ timeout: 60_000 });
    await code.page.keyboard.press('Backspace');
    await errors.first().waitFor({ state: 'detached' });

    await code.runCommand('CORS Lint: Audit CORS');
    await view.getByText('Looking…').waitFor();
    const toast = code.page.locator('.notification-toast').filter({ hasText: 'Audit CORS' });
    await toast.getByText(/\d+ of \d+/).waitFor();
    await code.runCommand('View: Focus Active Editor Group');
    for (let time = 0; time < 3; time++) {
      await code.page.keyboard.type('/');
      await errors.first().waitFor();
      await code.page.keyboard.press('Backspace');
      await errors.first().waitFor({ state: 'detached' });
    }
    // Were it over by now, typing would have waited for it.
    expect(await view.textContent()).toContain('Looking…');

    await toast.getByRole('button', { name: 'Cancel' }).click();
    await view.getByText('Cancelled').waitFor();
    await code.page.keyboard.type('/');
    await errors.first().waitFor();
  });
});
