import {
  LIST_FOLDERS_METHOD,
  type ListFoldersParams,
  type ListFoldersResult,
  READ_FILES_METHOD,
  type ReadFilesParams,
  type ReadFilesResult,
} from '../../server/src/lsp/protocol';
import type { TestClient, TestFolder } from './client';

const FOLDER = 'vscode-vfs://github/owner/shop';

/** A folder that only the client knows. */
export interface VirtualFolder extends TestFolder {
  /** By their paths from the folder, with forward slashes. */
  readonly files: Readonly<Record<string, string>>;
  /** What the server has asked for, in its order. */
  readonly reads: string[];
}

export function virtualFolder(files: Record<string, string>): VirtualFolder {
  const uriOf = (name: string) => `${FOLDER}/${name.split('/').map(encodeURIComponent).join('/')}`;
  return {
    path: FOLDER,
    uri: FOLDER,
    files,
    reads: [],
    uriOf,
    write(name, text) {
      files[name] = text;
      return uriOf(name);
    },
    remove(name) {
      delete files[name];
    },
    dispose: () => undefined,
  };
}

/** Answers the server what is in the folder, as the extension does. */
export function handOver({ connection }: TestClient, { files, reads }: VirtualFolder): void {
  connection.onRequest(
    LIST_FOLDERS_METHOD,
    ({ uris }: ListFoldersParams): ListFoldersResult => ({
      folders: uris.map((uri) => ({ entries: entriesOf(files, wayOf(uri)) })),
    }),
  );
  connection.onRequest(READ_FILES_METHOD, ({ uris }: ReadFilesParams): ReadFilesResult => {
    reads.push(...uris.map(wayOf));
    return {
      files: uris.map((uri) => {
        const text = files[wayOf(uri)];
        return text === undefined ? { reason: 'no longer there' } : { text };
      }),
    };
  });
}

function wayOf(uri: string): string {
  return decodeURIComponent(uri.slice(FOLDER.length + 1));
}

function entriesOf(
  files: VirtualFolder['files'],
  folder: string,
): NonNullable<ListFoldersResult['folders'][0]['entries']> {
  const prefix = folder === '' ? '' : `${folder}/`;
  const below = Object.keys(files).flatMap((name) => (name.startsWith(prefix) ? [name.slice(prefix.length)] : []));
  const names = new Map(below.map((name) => [name.split('/')[0] ?? '', name.includes('/')]));
  return [...names].map(([name, isDeep]) => ({ name, kind: isDeep ? 'folder' : 'file', isLink: false }));
}
