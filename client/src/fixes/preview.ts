import * as vscode from 'vscode';
import type { PlacedEdit } from './overlap';

export interface EditPlan {
  /** Of the editor that shows the differences. */
  readonly name: string;
  /** What agreeing does: "Make 3 fixes in 2 files". */
  readonly title: string;
  readonly details: string;
  /** By file, as a URI; they do not overlap. */
  readonly edits: ReadonlyMap<string, readonly PlacedEdit[]>;
}

const SCHEME = 'cors-lint-preview';

/** Shows what every file would become beside what it is, and makes the edits when that is agreed to. */
export async function previewEdits({ name, title, details, edits }: EditPlan): Promise<void> {
  const files = await Promise.all([...edits].map(([uri, list]) => readFile(vscode.Uri.parse(uri), list)));
  const texts = new Map(files.map(({ shown, after }) => [shown.toString(), after]));
  const provider = vscode.workspace.registerTextDocumentContentProvider(SCHEME, {
    provideTextDocumentContent: (uri) => texts.get(uri.toString()),
  });
  try {
    const resources = files.map(({ uri, shown }) => [uri, uri, shown]);
    await vscode.commands.executeCommand('vscode.changes', `CORS Lint: ${name}`, resources);
    const agreed = await agree(title, details);
    await closePreview();
    if (!agreed) return;
    const stale = files.some(({ document, version }) => document.version !== version);
    if (stale) {
      void vscode.window.showWarningMessage('A file has changed meanwhile: nothing was changed. Look again.');
      return;
    }
    const edit = new vscode.WorkspaceEdit();
    for (const { uri, list } of files) edit.set(uri, list);
    const done = await vscode.workspace.applyEdit(edit, { isRefactoring: true });
    if (!done) void vscode.window.showWarningMessage('VS Code did not make the changes.');
    // What was on the disk as it stands here stays so; what somebody is still working on is theirs to save.
    for (const { document, isSaved } of files) if (isSaved) await document.save();
  } finally {
    provider.dispose();
  }
}

interface PreviewedFile {
  readonly uri: vscode.Uri;
  /** The address of the text as it would become. */
  readonly shown: vscode.Uri;
  readonly after: string;
  readonly list: vscode.TextEdit[];
  readonly document: vscode.TextDocument;
  readonly version: number;
  /** Whether the disk had this very text. */
  readonly isSaved: boolean;
}

async function readFile(uri: vscode.Uri, edits: readonly PlacedEdit[]): Promise<PreviewedFile> {
  const document = await vscode.workspace.openTextDocument(uri);
  const list = edits.map(({ range: { start, end }, newText }) =>
    vscode.TextEdit.replace(new vscode.Range(start.line, start.character, end.line, end.character), newText),
  );
  const text = document.getText();
  const last = [...list].sort((a, b) => b.range.start.compareTo(a.range.start));
  const after = last.reduce(
    (made, { range, newText }) =>
      made.slice(0, document.offsetAt(range.start)) + newText + made.slice(document.offsetAt(range.end)),
    text,
  );
  return {
    uri,
    shown: uri.with({ scheme: SCHEME }),
    after,
    list,
    document,
    version: document.version,
    isSaved: !document.isDirty,
  };
}

/** A list with two entries: it can be used by keyboard, and the differences stay in sight. */
async function agree(title: string, details: string): Promise<boolean> {
  const items = [
    { label: `$(check) ${title}`, detail: details, agreed: true },
    { label: '$(close) Change nothing', agreed: false },
  ];
  const options = { title: 'Look at the differences below', placeHolder: title, ignoreFocusOut: true };
  return (await vscode.window.showQuickPick(items, options))?.agreed === true;
}

/** The editor with the differences is the active one, unless the user went elsewhere meanwhile. */
async function closePreview(): Promise<void> {
  const own = vscode.window.tabGroups.all
    .flatMap(({ tabs }) => tabs)
    .filter(({ label }) => label.startsWith('CORS Lint: '));
  if (own.length > 0) await vscode.window.tabGroups.close(own);
}
