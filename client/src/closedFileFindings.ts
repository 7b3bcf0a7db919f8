import * as vscode from 'vscode';
import type { BaseLanguageClient } from 'vscode-languageclient';
import { type AuditedFile, LINT_METHOD, type LintParams } from '../../server/src/lsp/protocol';
import { documentSelector } from './documents';

/**
 * What an audit found in files that no editor shows. It stays in the Problems panel until the file changes, and is
 * then looked at again. While an editor shows the file, its findings are those that the server gives for the open text.
 */
export interface ClosedFileFindings extends vscode.Disposable {
  /** Takes over what was found in a file; an empty list takes it out. */
  set(file: AuditedFile): Promise<void>;
  clear(): void;
}

export function createClosedFileFindings(client: BaseLanguageClient): ClosedFileFindings {
  const collection = vscode.languages.createDiagnosticCollection('cors-lint-audit');
  const found = new Map<string, vscode.Diagnostic[]>();

  const show = (uri: vscode.Uri): void => {
    const diagnostics = found.get(uri.toString());
    if (diagnostics === undefined || isShownByServer(client, uri)) collection.delete(uri);
    else collection.set(uri, diagnostics);
  };

  const set = async ({ uri, diagnostics }: AuditedFile): Promise<void> => {
    const key = vscode.Uri.parse(uri);
    if (diagnostics.length === 0) found.delete(key.toString());
    else found.set(key.toString(), await client.protocol2CodeConverter.asDiagnostics([...diagnostics]));
    show(key);
  };

  const lookAgain = async (uri: vscode.Uri): Promise<void> => {
    if (!found.has(uri.toString())) return;
    if (!client.isRunning()) {
      found.delete(uri.toString());
      show(uri);
      return;
    }
    const params: LintParams = { uri: client.code2ProtocolConverter.asUri(uri) };
    await set(await client.sendRequest<AuditedFile>(LINT_METHOD, params));
  };
  const changed = (uri: vscode.Uri): void => {
    lookAgain(uri).catch((error: unknown) => client.error(`Could not look at ${uri.toString()} again`, error, false));
  };

  /** Of a folder that goes only the folder itself is told. */
  const deleted = (uri: vscode.Uri): void => {
    for (const key of found.keys()) {
      if (key === uri.toString() || key.startsWith(`${uri.toString()}/`)) changed(vscode.Uri.parse(key));
    }
  };

  const watcher = vscode.workspace.createFileSystemWatcher('**/*', true);
  const listeners = [
    watcher,
    watcher.onDidChange(changed),
    watcher.onDidDelete(deleted),
    vscode.workspace.onDidOpenTextDocument(({ uri }) => show(uri)),
    vscode.workspace.onDidCloseTextDocument(({ uri }) => changed(uri)),
    client.visibleDocuments.onOpen((uris) => uris.forEach(show)),
    client.visibleDocuments.onClose((uris) => uris.forEach(changed)),
  ];

  return {
    set,
    clear() {
      found.clear();
      collection.clear();
    },
    dispose: () => vscode.Disposable.from(collection, ...listeners).dispose(),
  };
}

/** The server is asked about documents that are open, in a language it knows and in some tab. */
function isShownByServer(client: BaseLanguageClient, uri: vscode.Uri): boolean {
  const document = vscode.workspace.textDocuments.find((open) => open.uri.toString() === uri.toString());
  if (document === undefined || vscode.languages.match(documentSelector, document) === 0) return false;
  return client.isRunning() && client.visibleDocuments.isVisible(document);
}
