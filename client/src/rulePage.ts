import * as vscode from 'vscode';
import { ruleOf, SOURCE } from './findings';

/**
 * Shows a rule's page, which comes with the extension.
 * @param subject a rule's id, or something with a `rule`, as the link of a finding or the results view gives it;
 *   without one the rule of the finding at the cursor comes first in a list to choose from
 */
export async function openRulePage(extension: vscode.Uri, subject: unknown): Promise<void> {
  const folder = vscode.Uri.joinPath(extension, 'docs', 'rules');
  const rules = await listRules(folder);
  const rule = readSubject(subject) ?? (await pickRule(rules));
  if (rule === undefined) return;
  if (!rules.includes(rule)) {
    void vscode.window.showWarningMessage(`CORS Lint has no page about ${rule}.`);
    return;
  }
  await showPage(vscode.Uri.joinPath(folder, `${rule}.md`));
}

async function showPage(page: vscode.Uri): Promise<void> {
  try {
    await vscode.commands.executeCommand('markdown.showPreview', page);
  } catch {
    // VS Code's own Markdown extension can be switched off.
    await vscode.window.showTextDocument(page, { preview: true });
  }
}

async function listRules(folder: vscode.Uri): Promise<string[]> {
  const entries = await vscode.workspace.fs.readDirectory(folder);
  return entries.flatMap(([name]) => (name.endsWith('.md') ? [name.slice(0, -'.md'.length)] : [])).sort();
}

function readSubject(subject: unknown): string | undefined {
  if (typeof subject === 'string') return subject;
  if (typeof subject !== 'object' || subject === null || !('rule' in subject)) return undefined;
  return typeof subject.rule === 'string' ? subject.rule : undefined;
}

async function pickRule(rules: readonly string[]): Promise<string | undefined> {
  const here = rulesAtCursor().filter((rule) => rules.includes(rule));
  const items = [...new Set([...here, ...rules])].map((label) =>
    here.includes(label) ? { label, description: 'at the cursor' } : { label },
  );
  return (await vscode.window.showQuickPick(items, { placeHolder: 'The rule to read about' }))?.label;
}

function rulesAtCursor(): string[] {
  const editor = vscode.window.activeTextEditor;
  if (editor === undefined) return [];
  const { active } = editor.selection;
  return vscode.languages
    .getDiagnostics(editor.document.uri)
    .filter(({ source, range }) => source === SOURCE && range.contains(active))
    .map(ruleOf);
}
