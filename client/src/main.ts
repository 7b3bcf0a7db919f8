import type * as vscode from 'vscode';
import { start, stop } from './extension';
import { createLanguageClient } from './languageServer';

/** The extension where VS Code runs extensions in Node.js: on the desktop, on a remote machine. */
export function activate(context: vscode.ExtensionContext): void {
  start(context, createLanguageClient);
}

export const deactivate = stop;
