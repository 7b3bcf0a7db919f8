import * as vscode from 'vscode';
import { BrowserMessageReader, BrowserMessageWriter, LanguageClient } from 'vscode-languageclient/browser';
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
  // VS Code has a Worker of its own, whose workers are no instances of it: the client would not know one for a worker.
  const startWorker = async () => {
    worker?.terminate();
    worker = new Worker(vscode.Uri.joinPath(folder, 'web', 'server.js').toString(true));
    // The first message, before any of the protocol: a script that was imported cannot tell where it came from.
    worker.postMessage({ scripts: folder.toString(true) });
    return { reader: new BrowserMessageReader(worker), writer: new BrowserMessageWriter(worker) };
  };
  context.subscriptions.push({ dispose: () => worker?.terminate() });
  output.info('The language server runs in a worker of the browser');
  return new LanguageClient('corsLint', 'CORS Lint', startWorker, clientOptions(output));
}
