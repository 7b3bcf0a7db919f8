import { type CodeAction, CodeActionKind, type Diagnostic, type WorkspaceEdit } from 'vscode-languageserver';
import type { Finding, Fix } from '../lint/types';
import type { Checked } from './check';
import { FIX_ALL_KIND } from './clientTraits';
import { findingKey } from './diagnostics';
import { readAsComment } from './readAsComment';
import type { Session } from './session';
import { type Suppression, suppressFile, suppressLine } from './suppressions';
import { textChanges } from './textChanges';
import { suppressionEdit, workspaceEdit } from './workspaceEdit';

/** What an action does, in a form that travels to the client and back. */
export type Choice =
  | { readonly does: 'fix'; readonly finding: string; readonly title: string }
  | { readonly does: 'fix-all' }
  | { readonly does: 'suppress-line' | 'suppress-file' | 'turn-off'; readonly finding: string };

/** A choice for one version of one document. */
export interface ActionData {
  readonly uri: string;
  /** null for a file that is not open. */
  readonly version: number | null;
  readonly choice: Choice;
}

/** An action without its edit. */
export interface Offer {
  readonly action: CodeAction;
  readonly data: ActionData;
}

/** The fixes of these findings, best first, then ways to silence them. */
export async function offerFixes(
  session: Session,
  checked: Checked,
  findings: readonly Finding[],
  shown: readonly Diagnostic[],
): Promise<Offer[]> {
  const fixes = findings.flatMap((finding) =>
    preferredFirst(finding.fixes()).map(({ title, preferred }) => {
      const choice: Choice = { does: 'fix', finding: findingKey(finding), title };
      const action = { title, kind: CodeActionKind.QuickFix, ...(preferred ? { isPreferred: true } : {}) };
      return offer(checked, withDiagnostics(action, finding, shown), choice);
    }),
  );
  const suppressions: Offer[] = [];
  for (const finding of findings) suppressions.push(...(await offerSuppressions(checked, finding, shown)));
  return [...fixes, ...suppressions, ...(await offerTurnOff(session, checked, findings, shown))];
}

/** A comment for the line is offered only where it would be one. */
async function offerSuppressions(checked: Checked, finding: Finding, shown: readonly Diagnostic[]): Promise<Offer[]> {
  const { id } = finding.rule;
  const forLine = suppressLine(target(checked, finding));
  if (id === 'unused-suppression' || forLine === undefined) return [];
  const add = (title: string, does: 'suppress-line' | 'suppress-file'): Offer => {
    const action = withDiagnostics({ title, kind: CodeActionKind.QuickFix }, finding, shown);
    return offer(checked, action, { does, finding: findingKey(finding) });
  };
  const line = (await readAsComment(checked, forLine)) ? [add(`Disable ${id} for this line`, 'suppress-line')] : [];
  return [...line, add(`Disable ${id} for this file`, 'suppress-file')];
}

/** Once for each rule, however many of its findings the selection touches. */
async function offerTurnOff(
  session: Session,
  checked: Checked,
  findings: readonly Finding[],
  shown: readonly Diagnostic[],
): Promise<Offer[]> {
  if (findings.length === 0) return [];
  // The reader of configurations is loaded when it is first needed.
  const { turnOffEdit } = await import('./configurationEdit');
  const first = new Map([...findings].reverse().map((finding) => [finding.rule.id, finding]));
  return [...first.values()].reverse().flatMap((finding) => {
    const { id } = finding.rule;
    if (turnOffEdit(session, checked, id) === undefined) return [];
    const action = { title: `Turn ${id} off in .corslintrc.json`, kind: CodeActionKind.QuickFix };
    const choice: Choice = { does: 'turn-off', finding: findingKey(finding) };
    return [offer(checked, withDiagnostics(action, finding, shown), choice)];
  });
}

/** One action for every preferred fix of the document. */
export function offerFixAll(checked: Checked): Offer[] {
  if (checked.findings.length === 0) return [];
  const action = { title: 'Make every preferred CORS Lint fix in this file', kind: FIX_ALL_KIND };
  return [offer(checked, action, { does: 'fix-all' })];
}

/** The edit of a choice; undefined when what it is about is no longer there. */
export async function editFor(session: Session, checked: Checked, choice: Choice): Promise<WorkspaceEdit | undefined> {
  if (choice.does === 'fix-all') return fixAllEdit(session, checked);
  const finding = checked.findings.find((candidate) => findingKey(candidate) === choice.finding);
  if (finding === undefined) return undefined;
  if (choice.does === 'fix') {
    const fix = finding.fixes().find(({ title }) => title === choice.title);
    return fix && workspaceEdit(session, checked, fix.edits);
  }
  if (choice.does === 'turn-off') {
    return (await import('./configurationEdit')).turnOffEdit(session, checked, finding.rule.id);
  }
  const suppression = suppressionFor(checked, finding, choice.does);
  return suppression && suppressionEdit(session, checked, suppression);
}

/** Only fixes that keep to the document: what happens on saving one file must not touch another. */
async function fixAllEdit(session: Session, checked: Checked): Promise<WorkspaceEdit | undefined> {
  const { file, text, workspace } = checked;
  const { texts } = await workspace.fixAll(file, (fix) => fix.edits.every((edit) => edit.file === file));
  const changes = textChanges(text, texts.get(file) ?? text);
  if (changes.length === 0) return undefined;
  return workspaceEdit(
    session,
    checked,
    changes.map((change) => ({ file, ...change })),
  );
}

function suppressionFor(checked: Checked, finding: Finding, does: string): Suppression | undefined {
  return does === 'suppress-line' ? suppressLine(target(checked, finding)) : suppressFile(target(checked, finding));
}

function target({ file, text, positions }: Checked, { rule, place }: Finding) {
  return { file, text, positions, rule: rule.id, offset: place.start };
}

function offer(checked: Checked, action: CodeAction, choice: Choice): Offer {
  return { action, data: { uri: checked.uri, version: checked.version ?? null, choice } };
}

/** The client's own copies of the diagnostics, so that it knows which squiggle an action belongs to. */
function withDiagnostics(action: CodeAction, finding: Finding, shown: readonly Diagnostic[]): CodeAction {
  const key = findingKey(finding);
  const diagnostics = shown.filter(({ data }) => isObject(data) && 'finding' in data && data.finding === key);
  return diagnostics.length === 0 ? action : { ...action, diagnostics };
}

function preferredFirst(fixes: readonly Fix[]): Fix[] {
  return [...fixes].sort((a, b) => Number(b.preferred) - Number(a.preferred));
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
