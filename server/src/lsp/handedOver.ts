import type { Connection } from 'vscode-languageserver';
import type { Source } from '../workspace/fetched/source';
import type { FileNames } from './fileNames';
import type { Log } from './log';
import {
  LIST_FOLDERS_METHOD,
  type ListFoldersParams,
  type ListFoldersResult,
  READ_FILES_METHOD,
  type ReadFilesParams,
  type ReadFilesResult,
} from './protocol';

/** The files that the client hands over, for workspaces that are on no disk of ours. A failure is told in the log. */
export function createSource(connection: Connection, names: FileNames, log: Log): Source {
  return {
    async list(folders) {
      const params: ListFoldersParams = { uris: folders.map(names.toUri) };
      const result = await ask<ListFoldersResult>(LIST_FOLDERS_METHOD, params);
      return folders.map((_, i) => result?.folders[i]?.entries);
    },
    async read(files) {
      const params: ReadFilesParams = { uris: files.map(names.toUri) };
      const result = await ask<ReadFilesResult>(READ_FILES_METHOD, params);
      return files.map((_, i) => result?.files[i] ?? { reason: 'not handed over' });
    },
  };

  async function ask<T>(method: string, params: object): Promise<T | undefined> {
    try {
      return await connection.sendRequest<T>(method, params);
    } catch (error) {
      log.fault('The editor did not hand over its files', error);
      return undefined;
    }
  }
}
