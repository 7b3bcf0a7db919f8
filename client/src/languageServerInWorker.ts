import * as vscode from 'vscode';
import { LanguageClient } from 'vscode-languageclient/browser';
import { clientOptions } from './clientOptions';

/** What of a browser's workers is needed here: no type library that VS Code's extensions share has them. */
interface Worker {
  postMessage(message: unknown): void;
  terminate(): void;
}
declare const Worker: new (url: string) => Worker;

/** A client of the language server in a worker. Each start has a worker of its own, and ends the one before it. */
export function createLanguageClient(
  context: vscode.ExtensionContext,
  output: vscode.LogOutputChannel,
): LanguageClient {
  const folder = vscode.Uri.joinPath(context.extensionUri, 'dist');
  let worker: Worker | undefined;
  const startWorker = async (): Promise<Worker> => {
    worker?.terminate();
    worker = new Worker(vscode.Uri.joinPath(folder, 'web', 'server.js').toString(true));
    // The first message, before any of the protocol: a script that was imported cannot tell where it came from.
    worker.postMessage({ scripts: folder.toString(true) });
    return worker;
  };
  context.subscriptions.push({ dispose: () => worker?.terminate() });
  output.info('The language server runs in a worker of the browser');
  return new LanguageClient('corsLint', 'CORS Lint', startWorker, clientOptions(output));
}
