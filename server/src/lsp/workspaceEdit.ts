import type { SnippetTextEdit, TextDocumentEdit, TextEdit, WorkspaceEdit } from 'vscode-languageserver';
import type { Edit } from '../cors/repair';
import { byFile } from '../lint/edits';
import { type Checked, positionsOf } from './check';
import type { Session } from './session';
import type { Suppression } from './suppressions';

/**
 * The edits as the client takes them: for the versions of the documents that they were made for, where it can tell
 * versions apart. Undefined when a file cannot be read.
 */
export function workspaceEdit(session: Session, checked: Checked, edits: readonly Edit[]): WorkspaceEdit | undefined {
  const changes: DocumentChange[] = [];
  for (const [file, list] of byFile(edits)) {
    const positions = positionsOf(checked, { file, start: 0, end: 0 });
    if (positions === undefined) return undefined;
    const uri = file === checked.file ? checked.uri : session.names.toUri(file);
    changes.push({ uri, edits: list.map((edit) => ({ range: positions.range(edit), newText: edit.text })) });
  }
  return toEdit(session, changes);
}

/** The edit that writes a suppression; the reason is a placeholder to type over where the client has such. */
export function suppressionEdit(session: Session, checked: Checked, suppression: Suppression): WorkspaceEdit {
  const { at, before, reason, after } = suppression;
  const range = checked.positions.range({ start: at, end: at });
  if (session.client.versionedEdits && session.client.snippetEdits && reason !== '') {
    const value = `${escapeSnippet(before)}\${1:${escapeSnippet(reason)}}${escapeSnippet(after)}`;
    const edit: SnippetTextEdit = { range, snippet: { kind: 'snippet', value } };
    return { documentChanges: [documentEdit(session, checked.uri, [edit])] };
  }
  return toEdit(session, [{ uri: checked.uri, edits: [{ range, newText: before + reason + after }] }]);
}

/** The edit of one file, whether it is open or not. */
export function editedFile(session: Session, uri: string, edits: TextEdit[]): WorkspaceEdit {
  return toEdit(session, [{ uri, edits }]);
}

/** The edit that creates a file, for clients that can: see `ClientTraits.createsFiles`. */
export function createdFile(uri: string, text: string): WorkspaceEdit {
  const start = { line: 0, character: 0 };
  const filled = { textDocument: { uri, version: null }, edits: [{ range: { start, end: start }, newText: text }] };
  return { documentChanges: [{ kind: 'create', uri, options: { ignoreIfExists: true } }, filled] };
}

interface DocumentChange {
  readonly uri: string;
  readonly edits: TextEdit[];
}

function toEdit(session: Session, changes: readonly DocumentChange[]): WorkspaceEdit {
  if (!session.client.versionedEdits) {
    return { changes: Object.fromEntries(changes.map(({ uri, edits }) => [uri, edits])) };
  }
  return { documentChanges: changes.map(({ uri, edits }) => documentEdit(session, uri, edits)) };
}

/** A file that is not open has no version: null stands for what is on the disk. */
function documentEdit(session: Session, uri: string, edits: (TextEdit | SnippetTextEdit)[]): TextDocumentEdit {
  return { textDocument: { uri, version: session.documents.get(uri)?.version ?? null }, edits };
}

function escapeSnippet(text: string): string {
  return text.replace(/[\\$}]/g, '\\$&');
}
