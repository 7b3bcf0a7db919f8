import {
  type CancellationToken,
  type CodeAction,
  LSPErrorCodes,
  ResponseError,
  type WorkspaceEdit,
} from 'vscode-languageserver';
import { readActionData } from './actionData';
import { type ActionData, editFor } from './actions';
import { check, isCurrent } from './check';
import type { Session } from './session';
import { signalOf } from './turns';

/** `codeAction/resolve` */
export async function codeActionResolve(
  session: Session,
  action: CodeAction,
  token: CancellationToken,
): Promise<CodeAction> {
  const data = readActionData(action.data);
  if (data === undefined) return action;
  const edit = await resolveEdit(session, data, token);
  return edit ? { ...action, edit } : action;
}

/** The edit of an action that was chosen; rejects when the text is no longer the one that it was offered for. */
export async function resolveEdit(
  session: Session,
  { uri, version, choice }: ActionData,
  token: CancellationToken,
): Promise<WorkspaceEdit | undefined> {
  refuseOther(session, uri, version);
  const checked = await check(session, uri, signalOf(token));
  const edit = checked && isCurrent(session, checked) ? await editFor(session, checked, choice) : undefined;
  refuseOther(session, uri, version);
  return edit;
}

function refuseOther(session: Session, uri: string, version: number | null): void {
  if ((session.documents.get(uri)?.version ?? null) === version) return;
  throw new ResponseError(LSPErrorCodes.ContentModified, 'The text has changed since this fix was offered');
}
