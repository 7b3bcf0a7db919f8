import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import type { WorkspaceEdit } from 'vscode-languageserver';
import { CONFIGURATION_FILE } from '../config/loader';
import type { Checked } from './check';
import { isOnDisk } from './fileNames';
import { positionsIn } from './positions';
import type { Session } from './session';
import { configurationWithout, turnRuleOff } from './turnRuleOff';
import { createdFile, editedFile } from './workspaceEdit';

/** A configuration is short; what is longer is something else. */
const MOST_BYTES = 1024 * 1024;

/**
 * The edit that turns a rule off in the configuration that holds for a document: the nearest `.corslintrc.json`, or a
 * new one in the workspace's folder. Undefined where that cannot be: the document is on no disk, the configuration is
 * broken, the client cannot create files.
 */
export function turnOffEdit(
  session: Session,
  { uri, file, workspace }: Checked,
  rule: string,
): WorkspaceEdit | undefined {
  if (!isOnDisk(uri)) return undefined;
  const nearest = nearestConfiguration(session, path.dirname(file));
  if (nearest === undefined) {
    const created = session.names.toUri(path.join(workspace.root, CONFIGURATION_FILE));
    return session.client.createsFiles ? createdFile(created, configurationWithout(rule)) : undefined;
  }
  const text = readConfiguration(session, nearest);
  const edits = text === undefined ? undefined : turnRuleOff(text, rule);
  if (text === undefined || edits === undefined) return undefined;
  const positions = positionsIn(text);
  const changes = edits.map((edit) => ({ range: positions.range(edit), newText: edit.text }));
  return editedFile(session, session.names.toUri(nearest), changes);
}

/** In the folder or the nearest one above, as the loader looks for it: on the disk or opened in the editor. */
function nearestConfiguration(session: Session, folder: string): string | undefined {
  for (let at = folder; ; at = path.dirname(at)) {
    const file = path.join(at, CONFIGURATION_FILE);
    if (openText(session, file) !== undefined || existsSync(file)) return file;
    if (path.dirname(at) === at) return undefined;
  }
}

function readConfiguration(session: Session, file: string): string | undefined {
  const open = openText(session, file);
  if (open !== undefined) return open;
  try {
    const stats = statSync(file);
    return stats.isFile() && stats.size <= MOST_BYTES ? readFileSync(file, 'utf8') : undefined;
  } catch {
    return undefined;
  }
}

function openText({ documents, names }: Session, file: string): string | undefined {
  return documents.get(names.toUri(file))?.getText();
}
