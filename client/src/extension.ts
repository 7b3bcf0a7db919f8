import * as vscode from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';
import { createAudit } from './audit';
import { createClosedFileFindings } from './closedFileFindings';
import { AUDIT, OPEN_RULE_PAGE, RESTART_SERVER, SHOW_OUTPUT } from './commands';
import { createLanguageClient } from './languageServer';
import { showLanguageStatus } from './languageStatus';
import { createResultsView } from './results/view';
import { openRulePage } from './rulePage';

let client: LanguageClient | undefined;

/** Starts the language server and whatever shows its findings. */
export function activate(context: vscode.ExtensionContext): void {
  const output = vscode.window.createOutputChannel('CORS Lint', { log: true });
  const started = createLanguageClient(context, output);
  client = started;
  const closedFiles = createClosedFileFindings(started);
  const view = createResultsView(context.workspaceState);
  const audit = createAudit(started, { closedFiles, view, output });
  context.subscriptions.push(
    output,
    closedFiles,
    view,
    showLanguageStatus(started),
    vscode.commands.registerCommand(AUDIT, audit),
    vscode.commands.registerCommand(RESTART_SERVER, () => restart(started, output)),
    vscode.commands.registerCommand(SHOW_OUTPUT, () => output.show(true)),
    vscode.commands.registerCommand(OPEN_RULE_PAGE, (subject: unknown) => openRulePage(context.extensionUri, subject)),
  );
  started.start().catch((error: unknown) => output.error('The language server did not start', String(error)));
}

export function deactivate(): Promise<void> | undefined {
  return client?.isRunning() ? client.stop() : undefined;
}

async function restart(started: LanguageClient, output: vscode.LogOutputChannel): Promise<void> {
  output.info('Restarting the language server');
  if (started.isRunning()) await started.restart();
  else await started.start();
}
