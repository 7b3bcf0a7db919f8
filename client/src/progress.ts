import * as vscode from 'vscode';
import {
  type BaseLanguageClient,
  WorkDoneProgress,
  type WorkDoneProgressBegin,
  type WorkDoneProgressEnd,
  type WorkDoneProgressReport,
} from 'vscode-languageclient';

/** Sends a request that may take a while, starting the server if need be: its progress is shown, and it can be cancelled. */
export async function withServerProgress<Params extends object, Result>(
  client: BaseLanguageClient,
  title: string,
  method: string,
  params: Params,
): Promise<Result> {
  await client.start();
  return vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title, cancellable: true },
    async (progress, token) => {
      const workDoneToken = crypto.randomUUID();
      const listener = client.onProgress(WorkDoneProgress.type, workDoneToken, reportTo(progress));
      try {
        return await client.sendRequest<Result>(method, { ...params, workDoneToken }, token);
      } finally {
        listener.dispose();
      }
    },
  );
}

/** The protocol's progress says how far it is, VS Code's how far it has come since. */
export function reportTo(
  progress: vscode.Progress<{ message?: string; increment?: number }>,
): (value: WorkDoneProgressBegin | WorkDoneProgressReport | WorkDoneProgressEnd) => void {
  let last = 0;
  return (value) => {
    if (value.kind === 'end') return;
    const { message, percentage } = value;
    const increment = Math.max(0, (percentage ?? last) - last);
    last += increment;
    progress.report({ increment, ...(message === undefined ? {} : { message }) });
  };
}
