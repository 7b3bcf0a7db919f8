import * as vscode from 'vscode';
import type { ReportData } from '../../../server/src/report/data';
import { htmlReport } from '../../../server/src/report/html';
import { jsonReport } from '../../../server/src/report/json';
import { markdownReport } from '../../../server/src/report/markdown';
import { sarifReport } from '../../../server/src/report/sarif';
import { nameFile } from './panel';

/** What a report can be written as, by the ending of the file's name. */
const FORMATS: Readonly<Record<string, (data: ReportData) => string>> = {
  html: (data) => htmlReport(data, nameFile, { in: 'browser', nonce: crypto.randomUUID() }).html,
  md: (data) => markdownReport(data, nameFile),
  sarif: (data) => sarifReport(data, nameFile),
  json: (data) => jsonReport(data, nameFile),
};

const CHOICES: readonly (vscode.QuickPickItem & { readonly ending: string })[] = [
  { label: 'HTML', description: 'one page, for people', ending: 'html' },
  { label: 'Markdown', description: 'for issues and pull requests', ending: 'md' },
  { label: 'SARIF', description: 'for code scanning', ending: 'sarif' },
  { label: 'JSON', description: 'for programs', ending: 'json' },
];

/** Asks for the format and the file, writes it, and offers to open it. */
export async function exportReport(data: ReportData): Promise<void> {
  const choice = await vscode.window.showQuickPick(CHOICES, { placeHolder: 'The format of the report' });
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const format = choice && FORMATS[choice.ending];
  if (choice === undefined || format === undefined) return;
  const target = await vscode.window.showSaveDialog({
    title: 'Export the CORS report',
    filters: { [choice.label]: [choice.ending] },
    ...(folder === undefined ? {} : { defaultUri: vscode.Uri.joinPath(folder, `cors-report.${choice.ending}`) }),
  });
  if (target === undefined) return;
  await vscode.workspace.fs.writeFile(target, new TextEncoder().encode(format(data)));
  const open = 'Open';
  const answer = await vscode.window.showInformationMessage(`The report is in ${nameFile(target.toString())}.`, open);
  if (answer === open) await vscode.commands.executeCommand('vscode.open', target);
}
