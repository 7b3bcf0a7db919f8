import * as vscode from 'vscode';
import { LanguageClient, type ServerOptions, TransportKind } from 'vscode-languageclient/node';
import { clientOptions } from './clientOptions';

/** A client of the language server in a process of its own. */
export function createLanguageClient(
  context: vscode.ExtensionContext,
  output: vscode.LogOutputChannel,
): LanguageClient {
  return new LanguageClient('corsLint', 'CORS Lint', serverOptions(context), clientOptions(output));
}

function serverOptions(context: vscode.ExtensionContext): ServerOptions {
  const module = context.asAbsolutePath('dist/server.js');
  // Node 22 and later keep the compiled code there: the TypeScript parser then loads in half the time.
  const cache = vscode.Uri.joinPath(context.globalStorageUri, 'compile-cache').fsPath;
  const options = { env: { NODE_COMPILE_CACHE: cache } };
  const run = { module, transport: TransportKind.ipc, options };
  return { run, debug: { ...run, options: { ...options, execArgv: ['--nolazy', '--inspect=6019'] } } };
}
