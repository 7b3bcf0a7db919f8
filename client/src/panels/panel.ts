import * as vscode from 'vscode';
import type { Location } from '../../../server/src/report/data';
import type { Page, Showing } from '../../../server/src/report/page';
import { PAGE_SCRIPT } from './pageScript';

/** A panel beside the editors that shows one page at a time. */
export interface Panel extends vscode.Disposable {
  /** @param commands what the page's buttons do, by their `data-command` */
  show(make: (showing: Showing) => Page, commands?: Readonly<Record<string, () => void>>): void;
}

/** @param id tells panels apart; one with this id is open at a time, and takes every page */
export function createPanel(id: string, title: string, icon: vscode.Uri): Panel {
  let panel: vscode.WebviewPanel | undefined;
  let page: Page = { html: '', places: [] };
  let commands: Readonly<Record<string, () => void>> = {};

  const open = (): vscode.WebviewPanel => {
    const opened = vscode.window.createWebviewPanel(
      id,
      title,
      { viewColumn: vscode.ViewColumn.Active, preserveFocus: false },
      { enableScripts: true, enableFindWidget: true, localResourceRoots: [] },
    );
    opened.iconPath = icon;
    opened.onDidDispose(() => {
      panel = undefined;
    });
    opened.webview.onDidReceiveMessage((message: unknown) => {
      const chosen = readMessage(message);
      const place = chosen.place === undefined ? undefined : page.places[chosen.place];
      if (place !== undefined) void openPlace(place);
      if (chosen.command !== undefined) commands[chosen.command]?.();
    });
    return opened;
  };
  return {
    show(make, handlers = {}) {
      page = make({ in: 'editor', nonce: crypto.randomUUID(), script: PAGE_SCRIPT });
      commands = handlers;
      panel ??= open();
      panel.webview.html = page.html;
      panel.reveal();
    },
    dispose: () => panel?.dispose(),
  };
}

function readMessage(message: unknown): { readonly place?: number; readonly command?: string } {
  if (typeof message !== 'object' || message === null) return {};
  if ('place' in message && typeof message.place === 'number') return { place: message.place };
  if ('command' in message && typeof message.command === 'string') return { command: message.command };
  return {};
}

/** Beside the page, or where the file is open already. */
async function openPlace({ uri, range: { start, end } }: Location): Promise<void> {
  const selection = new vscode.Range(start.line, start.character, end.line, end.character);
  try {
    const document = await vscode.workspace.openTextDocument(vscode.Uri.parse(uri));
    await vscode.window.showTextDocument(document, { selection, viewColumn: vscode.ViewColumn.Beside, preview: true });
  } catch {
    void vscode.window.showWarningMessage(`CORS Lint cannot open ${nameFile(uri)}.`);
  }
}

/** How a file is called in pages: from its folder, with the folder's name where there are several. */
export function nameFile(uri: string): string {
  return vscode.workspace.asRelativePath(vscode.Uri.parse(uri));
}
