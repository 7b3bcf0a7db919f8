import {
  type CancellationToken,
  LSPErrorCodes,
  ResponseError,
  type WorkDoneProgressReporter,
} from 'vscode-languageserver';
import { catalogue } from '../workspace/catalogue';
import type { FoundEndpoint, Workspace } from '../workspace/types';
import { createLocate, type Locate } from './locate';
import type { Session } from './session';
import { signalOf } from './turns';

/** The endpoints of one workspace folder. */
export interface Catalogue {
  readonly workspace: Workspace;
  readonly locate: Locate;
  readonly endpoints: readonly FoundEndpoint[];
}

/**
 * The endpoints of one file, or of every folder whose checks are on, folder by folder.
 * @param uri the file; undefined for all
 */
export async function catalogues(
  session: Session,
  uri: string | undefined,
  token: CancellationToken,
  reporter?: WorkDoneProgressReporter,
): Promise<Catalogue[]> {
  const signal = signalOf(token);
  const file = uri === undefined ? undefined : session.names.toFile(uri, session.documents.get(uri)?.languageId);
  const folders = file === undefined ? await session.folders.all() : [await session.folders.of(file)];
  const found: Catalogue[] = [];
  for (const { workspace, settings } of folders) {
    if (!settings.enable) continue;
    const endpoints = await catalogue(workspace, {
      ...(file === undefined ? {} : { files: [file] }),
      signal,
      onProgress: (done, total) =>
        reporter?.report(Math.floor((100 * done) / Math.max(1, total)), `${done} of ${total} files`),
    });
    found.push({ workspace, locate: createLocate(session, workspace), endpoints });
  }
  return found;
}

/** For a request that cannot be carried out as it was made: the client shows the sentence. */
export function refuse(message: string): ResponseError<void> {
  return new ResponseError(LSPErrorCodes.RequestFailed, message);
}
