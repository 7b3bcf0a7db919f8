import * as vscode from 'vscode';
import {
  LanguageClient,
  type LanguageClientOptions,
  type ServerOptions,
  TransportKind,
} from 'vscode-languageclient/node';
import { CLIENT_COMMANDS, type InitializationOptions } from '../../server/src/lsp/protocol';
import { OPEN_RULE_PAGE } from './commands';
import { createErrorHandler } from './crashes';
import { documentSelector } from './languages';

/** The language server's client, not started yet. */
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

function clientOptions(outputChannel: vscode.LogOutputChannel): LanguageClientOptions {
  const commands = Object.values(CLIENT_COMMANDS);
  const initializationOptions: InitializationOptions = {
    rulePageLink: `command:${OPEN_RULE_PAGE}?%5B%22{rule}%22%5D`,
    commands,
  };
  return {
    documentSelector,
    initializationOptions,
    outputChannel,
    diagnosticCollectionName: 'cors-lint-configuration',
    diagnosticPullOptions: { onChange: true },
    errorHandler: createErrorHandler(),
    markdown: { isTrusted: { enabledCommands: commands } },
  };
}
