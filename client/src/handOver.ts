import * as vscode from 'vscode';
import type { BaseLanguageClient } from 'vscode-languageclient';
import {
  LIST_FOLDERS_METHOD,
  type ListFoldersParams,
  type ListFoldersResult,
  READ_FILES_METHOD,
  type ReadFilesParams,
  type ReadFilesResult,
} from '../../server/src/lsp/protocol';

/** The server looks at nothing larger. */
const MOST_BYTES = 1024 * 1024;

/** Answers the server what is in folders and files that are on no disk of its machine. */
export function handOverFiles(client: BaseLanguageClient): vscode.Disposable {
  return vscode.Disposable.from(
    client.onRequest(
      LIST_FOLDERS_METHOD,
      async ({ uris }: ListFoldersParams): Promise<ListFoldersResult> => ({
        folders: await Promise.all(uris.map(list)),
      }),
    ),
    client.onRequest(
      READ_FILES_METHOD,
      async ({ uris }: ReadFilesParams): Promise<ReadFilesResult> => ({ files: await Promise.all(uris.map(read)) }),
    ),
  );
}

async function list(uri: string): Promise<ListFoldersResult['folders'][number]> {
  try {
    const entries = await vscode.workspace.fs.readDirectory(vscode.Uri.parse(uri));
    return {
      entries: entries.map(([name, type]) => ({
        name,
        kind: type & vscode.FileType.Directory ? 'folder' : 'file',
        isLink: (type & vscode.FileType.SymbolicLink) !== 0,
      })),
    };
  } catch {
    return {};
  }
}

async function read(uri: string): Promise<ReadFilesResult['files'][number]> {
  const file = vscode.Uri.parse(uri);
  try {
    const { size } = await vscode.workspace.fs.stat(file);
    if (size > MOST_BYTES) return { reason: 'larger than 1 MiB' };
    const bytes = await vscode.workspace.fs.readFile(file);
    return { text: new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes) };
  } catch (error) {
    const isGone = error instanceof vscode.FileSystemError && error.code === 'FileNotFound';
    return { reason: isGone ? 'no longer there' : 'cannot be read' };
  }
}
