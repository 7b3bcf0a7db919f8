import type * as vscode from 'vscode';
import type { LanguageClientOptions } from 'vscode-languageclient';
import { CLIENT_COMMANDS, type InitializationOptions } from '../../server/src/lsp/protocol';
import { OPEN_RULE_PAGE } from './commands';
import { createErrorHandler } from './crashes';
import { documentSelector } from './documents';

/** What the client tells the server, wherever that runs. */
export function clientOptions(outputChannel: vscode.LogOutputChannel): LanguageClientOptions {
  const commands = Object.values(CLIENT_COMMANDS);
  const initializationOptions: InitializationOptions = {
    rulePageLink: `command:${OPEN_RULE_PAGE}?%5B%22{rule}%22%5D`,
    handsOverFiles: true,
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
