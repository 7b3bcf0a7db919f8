import * as vscode from 'vscode';
import type { BaseLanguageClient } from 'vscode-languageclient';
import { createAudit } from './audit';
import { createClosedFileFindings } from './closedFileFindings';
import * as commands from './commands';
import { createEndpointsView } from './endpoints/view';
import { fixAllOfRule } from './fixes/fixAllOfRule';
import { handOverFiles } from './handOver';
import { showLanguageStatus } from './languageStatus';
import { copyCurl, isTried, showExchange } from './panels/exchange';
import { explainClipboard, explainError } from './panels/explain';
import { createPanel } from './panels/panel';
import { createReports } from './panels/report';
import { endpointsOfFindings } from './results/endpointsOfFindings';
import { createResultsView } from './results/view';
import { openRulePage } from './rulePage';
import { tryRequest } from './tryRequest';

let client: BaseLanguageClient | undefined;

/** Gives the language server's client, not started yet. */
export type CreateLanguageClient = (
  context: vscode.ExtensionContext,
  output: vscode.LogOutputChannel,
) => BaseLanguageClient;

/** Starts the language server and whatever shows its findings. */
export function start(context: vscode.ExtensionContext, createLanguageClient: CreateLanguageClient): void {
  const output = vscode.window.createOutputChannel('CORS Lint', { log: true });
  const started = createLanguageClient(context, output);
  client = started;
  const icon = vscode.Uri.joinPath(context.extensionUri, 'images', 'view.svg');
  const reportPanel = createPanel('corsLint.report', 'CORS Report', icon);
  const answerPanel = createPanel('corsLint.answer', 'CORS Lint', icon);
  const closedFiles = createClosedFileFindings(started);
  const view = createResultsView(context.workspaceState, () => endpointsOfFindings(started));
  const endpoints = createEndpointsView(started, output);
  const audit = createAudit(started, { closedFiles, view, endpoints, output });
  const reports = createReports(started, reportPanel);
  const showTried = async (chosen?: unknown): Promise<void> => {
    const tried = await tryRequest(started, chosen);
    if (tried !== undefined) showExchange(answerPanel, tried);
  };

  /** A command that fails says so, and where to read more. */
  const register = (id: string, run: (subject?: unknown) => unknown): vscode.Disposable =>
    vscode.commands.registerCommand(id, async (subject?: unknown) => {
      try {
        return await run(subject);
      } catch (error) {
        output.error(`${id} failed`, String(error));
        const words = error instanceof Error ? error.message : String(error);
        const choice = await vscode.window.showErrorMessage(`CORS Lint: ${words}`, 'Show Output');
        if (choice !== undefined) output.show(true);
        return undefined;
      }
    });
  context.subscriptions.push(
    output,
    reportPanel,
    answerPanel,
    closedFiles,
    view,
    endpoints,
    handOverFiles(started),
    showLanguageStatus(started),
    register(commands.AUDIT, audit),
    register(commands.SHOW_REPORT, reports.show),
    register(commands.EXPORT_REPORT, reports.exportFile),
    register(commands.EXPLAIN, () => explainError(started, answerPanel)),
    register(commands.EXPLAIN_CLIPBOARD, () => explainClipboard(started, answerPanel)),
    register(commands.TRY, () => showTried()),
    register(commands.TRY_ENDPOINT, showTried),
    register(commands.SHOW_EXCHANGE, (tried) => (isTried(tried) ? showExchange(answerPanel, tried) : undefined)),
    register(commands.COPY_CURL, copyCurl),
    register(commands.FIX_ALL_OF_RULE, (subject) => fixAllOfRule(started, subject)),
    register(commands.RESTART_SERVER, () => restart(started, output)),
    register(commands.SHOW_OUTPUT, () => output.show(true)),
    register(commands.OPEN_RULE_PAGE, (subject) => openRulePage(context.extensionUri, subject)),
  );
  started.start().catch((error: unknown) => output.error('The language server did not start', String(error)));
}

export function stop(): Promise<void> | undefined {
  return client?.isRunning() ? client.stop() : undefined;
}

async function restart(started: BaseLanguageClient, output: vscode.LogOutputChannel): Promise<void> {
  output.info('Restarting the language server');
  if (started.isRunning()) await started.stop();
  await started.start();
}
