import path from 'node:path';
import type { WorkspaceEdit } from 'vscode-languageserver';
import { CONFIGURATION_FILE } from '../config/loader';
import type { Checked } from './check';
import { isOnDisk } from './fileNames';
import { positionsIn } from './positions';
import type { Session } from './session';
import { configurationWithout, turnRuleOff } from './turnRuleOff';
import { createdFile, editedFile } from './workspaceEdit';

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
  if (!isOnDisk(uri) && (uri.startsWith('untitled:') || !session.client.handsOverFiles)) return undefined;
  const nearest = workspace.configurationFor(file);
  if (nearest === undefined) {
    const created = session.names.toUri(path.join(workspace.root, CONFIGURATION_FILE));
    return session.client.createsFiles ? createdFile(created, configurationWithout(rule)) : undefined;
  }
  const uriOfNearest = session.names.toUri(nearest.file);
  // One above the workspace may be open too.
  const text = session.documents.get(uriOfNearest)?.getText() ?? nearest.text;
  const edits = text === undefined ? undefined : turnRuleOff(text, rule);
  if (text === undefined || edits === undefined) return undefined;
  const positions = positionsIn(text);
  const changes = edits.map((edit) => ({ range: positions.range(edit), newText: edit.text }));
  return editedFile(session, uriOfNearest, changes);
}
