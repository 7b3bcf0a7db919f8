import * as vscode from 'vscode';
import { type BaseLanguageClient, ProgressType, WorkDoneProgress } from 'vscode-languageclient';
import { AUDIT_METHOD, type AuditedFile, type AuditParams, type AuditResult } from '../../server/src/lsp/protocol';
import type { ClosedFileFindings } from './closedFileFindings';
import { SHOW_OUTPUT } from './commands';
import type { EndpointsView } from './endpoints/view';
import { reportTo } from './progress';
import type { ResultsView } from './results/view';

const PARTIAL_RESULT = new ProgressType<AuditedFile[]>();

interface Parts {
  readonly closedFiles: ClosedFileFindings;
  readonly view: ResultsView;
  readonly endpoints: EndpointsView;
  readonly output: vscode.LogOutputChannel;
}

/** The command "Audit CORS". While an audit runs, another call only shows its results. */
export function createAudit(client: BaseLanguageClient, parts: Parts): () => Promise<void> {
  let running = false;
  return async () => {
    if (!vscode.workspace.workspaceFolders?.length) {
      void vscode.window.showInformationMessage('Open a folder to audit its CORS set-up.');
      return;
    }
    await parts.view.focus();
    if (running) return;
    running = true;
    try {
      await audit(client, parts);
      parts.endpoints.refresh();
    } catch (error) {
      parts.output.error('The audit failed', String(error));
      parts.view.setState({ kind: 'none' });
      const choice = await vscode.window.showErrorMessage('The CORS audit failed.', 'Show Output');
      if (choice !== undefined) await vscode.commands.executeCommand(SHOW_OUTPUT);
    } finally {
      running = false;
    }
  };
}

async function audit(client: BaseLanguageClient, { closedFiles, view, output }: Parts): Promise<void> {
  await client.start();
  closedFiles.clear();
  view.setState({ kind: 'running' });
  const result = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title: 'Audit CORS', cancellable: true },
    (progress, token) => request(client, closedFiles, progress, token),
  );
  const { cancelled, files } = result;
  for (const { uri, reason } of files.skipped) output.debug(`Skipped ${vscode.Uri.parse(uri).fsPath}: ${reason}`);
  const summary = `${files.seen} files seen, ${files.analysed} of them concern CORS, ${files.skipped.length} skipped`;
  output.info(`Audit CORS${cancelled ? ' (cancelled)' : ''}: ${summary}`);
  view.setState({ kind: cancelled ? 'cancelled' : 'done', seen: files.seen, analysed: files.analysed });
}

/** Sends the request; findings are taken over as they come. */
async function request(
  client: BaseLanguageClient,
  closedFiles: ClosedFileFindings,
  progress: vscode.Progress<{ message?: string; increment?: number }>,
  token: vscode.CancellationToken,
): Promise<AuditResult> {
  const params: AuditParams = { workDoneToken: crypto.randomUUID(), partialResultToken: crypto.randomUUID() };
  const received: Promise<void>[] = [];
  const listeners = vscode.Disposable.from(
    client.onProgress(WorkDoneProgress.type, params.workDoneToken ?? '', reportTo(progress)),
    client.onProgress(PARTIAL_RESULT, params.partialResultToken ?? '', (files) => {
      received.push(...files.map((file) => closedFiles.set(file)));
    }),
  );
  try {
    const result = await client.sendRequest<AuditResult>(AUDIT_METHOD, params, token);
    await Promise.all(received);
    return result;
  } finally {
    listeners.dispose();
  }
}
