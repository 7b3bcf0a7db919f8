import type * as vscode from 'vscode';
import { start, stop } from './extension';
import { createLanguageClient } from './languageServerInWorker';

/** The extension where VS Code itself runs in a browser and there is no machine behind it. */
export function activate(context: vscode.ExtensionContext): void {
  start(context, createLanguageClient);
}

export const deactivate = stop;
