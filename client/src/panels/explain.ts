import * as vscode from 'vscode';
import type { BaseLanguageClient } from 'vscode-languageclient';
import { EXPLAIN_METHOD, type ExplainParams, type ExplainResult } from '../../../server/src/lsp/protocol';
import { explanationPage } from '../../../server/src/report/explanationHtml';
import { withServerProgress } from '../progress';
import { nameFile, type Panel } from './panel';

/** The command "Explain a CORS Error": asks for what the browser's console printed. */
export async function explainError(client: BaseLanguageClient, panel: Panel): Promise<void> {
  const message = await vscode.window.showInputBox({
    title: 'Explain a CORS error',
    prompt: 'Paste what the console of Chrome, Firefox or Safari printed',
    placeHolder: "Access to fetch at 'https://api.example.com/items' from origin … has been blocked by CORS policy: …",
    ignoreFocusOut: true,
  });
  if (message !== undefined && message.trim() !== '') await explain(client, panel, message);
}

/** The same for what is in the clipboard. */
export async function explainClipboard(client: BaseLanguageClient, panel: Panel): Promise<void> {
  const message = await vscode.env.clipboard.readText();
  if (message.trim() !== '') return explain(client, panel, message);
  void vscode.window.showInformationMessage('The clipboard has no text. Copy the error out of the browser’s console.');
}

/** Longer texts are cut: a console may have been copied whole. */
const MOST_CHARACTERS = 20_000;

async function explain(client: BaseLanguageClient, panel: Panel, text: string): Promise<void> {
  const message = text.slice(0, MOST_CHARACTERS);
  const title = 'Explaining the CORS error';
  const { explained } = await withServerProgress<ExplainParams, ExplainResult>(client, title, EXPLAIN_METHOD, {
    message,
  });
  if (explained.length > 0) {
    panel.show((showing) => explanationPage(explained, nameFile, showing));
    return;
  }
  void vscode.window.showWarningMessage(
    'This is no message about CORS that Chrome, Firefox or Safari prints. Copy it whole, with the address and the reason.',
  );
}
