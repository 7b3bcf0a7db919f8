import type { ConfigurationProblem } from '../config/settings';
import type { Place } from '../cors/place';
import type { Finding } from '../lint/types';
import type { FileResult, Workspace } from '../workspace/types';
import { type Positions, positionsIn } from './positions';
import type { Session } from './session';

/** One document as it is now, with everything there is to say about it. */
export interface Checked {
  readonly uri: string;
  readonly file: string;
  /** The version of the open document; undefined when the text came from the disk. */
  readonly version: number | undefined;
  readonly text: string;
  readonly positions: Positions;
  readonly findings: readonly Finding[];
  /** The mistakes, when this is a configuration file. */
  readonly problems: readonly ConfigurationProblem[];
  readonly workspace: Workspace;
}

/**
 * Looks at a document, or at a file that is not open. Undefined when there is nothing to say: it is gone, ignored,
 * switched off, or a fault of ours was in the way, which is then in the log.
 */
export async function check(session: Session, uri: string, signal?: AbortSignal): Promise<Checked | undefined> {
  const { documents, folders, names, log } = session;
  const document = documents.get(uri);
  const file = names.toFile(uri, document?.languageId);
  try {
    const { workspace, settings } = await folders.of(file);
    if (!settings.enable) return undefined;
    const result = await workspace.lint(file, signal);
    const checked = toChecked(uri, workspace, result);
    if (checked) session.configurationProblems.report(checked);
    return checked;
  } catch (error) {
    if (!signal?.aborted) log.fault(`Could not look at ${file}`, error);
    return undefined;
  }
}

/** Undefined when the file was not read. */
export function toChecked(uri: string, workspace: Workspace, result: FileResult): Checked | undefined {
  const { file, text, overlayVersion: version, findings, problems } = result;
  if (text === undefined) return undefined;
  return { uri, file, version, text, positions: positionsIn(text), findings, problems, workspace };
}

/** Whether what was found belongs to the text that the client has now. */
export function isCurrent(session: Session, checked: Checked): boolean {
  return session.documents.get(checked.uri)?.version === checked.version;
}

/** The positions in whatever file a place is in; undefined when that cannot be read. */
export function positionsOf(checked: Checked, place: Place): Positions | undefined {
  if (place.file === checked.file) return checked.positions;
  const text = checked.workspace.host.read(place.file);
  return text === undefined ? undefined : positionsIn(text);
}
