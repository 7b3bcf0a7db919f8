import * as vscode from 'vscode';
import {
  type BaseLanguageClient,
  type CodeAction,
  CodeActionRequest,
  CodeActionResolveRequest,
  type Diagnostic,
} from 'vscode-languageclient';
import { ruleOf, SOURCE } from '../findings';
import { plural } from '../results/groups';
import { type FileEdits, type PlacedEdit, together } from './overlap';
import { previewEdits } from './preview';

interface FoundFix {
  readonly uri: string;
  readonly title: string;
  readonly preferred: boolean;
  readonly edits: FileEdits;
}

/**
 * The command "Fix All of This Kind…": the best fix of each finding of one rule, shown as differences first. Nothing
 * is changed until that is agreed to, and no file is opened to work the fixes out.
 */
export async function fixAllOfRule(client: BaseLanguageClient, subject: unknown): Promise<void> {
  const rule = readRule(subject) ?? (await pickRule());
  if (rule === undefined) return;
  const found = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title: `Working out the fixes of ${rule}`, cancellable: true },
    (_progress, token) => findFixes(client, rule, token),
  );
  if (found === undefined) return;
  const { made, left } = together(found);
  if (made.length === 0) {
    void vscode.window.showInformationMessage(`There is no fix for ${rule} that CORS Lint could write.`);
    return;
  }
  const files = new Set(made.flatMap(({ edits }) => [...edits.keys()]));
  const undecided = made.filter(({ preferred }) => !preferred).length;
  const details = [
    ...(undecided > 0 ? [`${undecided} of them want a decision of yours: look at what is inserted.`] : []),
    ...(left.length > 0 ? [`${left.length} more can be made afterwards: they touch the same lines.`] : []),
  ];
  const title = `Make ${made.length === 1 ? '1 fix' : `${made.length} fixes`} in ${plural(files.size, 'file')}`;
  await previewEdits({ name: rule, title, details: details.join(' '), edits: merge(made) });
}

/** One fix for each finding, the preferred one if there is one; undefined when it was cancelled. */
async function findFixes(
  client: BaseLanguageClient,
  rule: string,
  token: vscode.CancellationToken,
): Promise<FoundFix[] | undefined> {
  await client.start();
  const fixes: FoundFix[] = [];
  for (const [uri, diagnostics] of findingsOf(rule)) {
    for (const diagnostic of diagnostics) {
      if (token.isCancellationRequested) return undefined;
      const fix = await findFix(client, uri, await client.code2ProtocolConverter.asDiagnostic(diagnostic));
      if (fix !== undefined) fixes.push(fix);
    }
  }
  return fixes;
}

function findingsOf(rule: string): (readonly [vscode.Uri, readonly vscode.Diagnostic[]])[] {
  return vscode.languages.getDiagnostics().flatMap(([uri, diagnostics]) => {
    const own = diagnostics.filter((one) => one.source === SOURCE && ruleOf(one) === rule);
    return own.length === 0 ? [] : [[uri, own] as const];
  });
}

async function findFix(
  client: BaseLanguageClient,
  uri: vscode.Uri,
  diagnostic: Diagnostic,
): Promise<FoundFix | undefined> {
  const offered = await client.sendRequest(CodeActionRequest.type, {
    textDocument: { uri: client.code2ProtocolConverter.asUri(uri) },
    range: diagnostic.range,
    context: { diagnostics: [diagnostic], only: ['quickfix'] },
  });
  const actions = (offered ?? []).filter((one): one is CodeAction => isFixOf(one, diagnostic));
  const best = actions.find(({ isPreferred }) => isPreferred === true) ?? actions[0];
  if (best === undefined) return undefined;
  const { edit } = best.edit === undefined ? await client.sendRequest(CodeActionResolveRequest.type, best) : best;
  const edits = new Map(
    (edit?.documentChanges ?? []).flatMap((change) =>
      'textDocument' in change
        ? [[change.textDocument.uri, change.edits.filter((one) => 'newText' in one)] as const]
        : [],
    ),
  );
  if (edits.size === 0) return undefined;
  return { uri: uri.toString(), title: best.title, preferred: best.isPreferred === true, edits };
}

/** Not what silences the finding, nor what only shows something, nor a fix of another finding at that place. */
function isFixOf(action: object, diagnostic: Diagnostic): boolean {
  if (!('data' in action) || !('diagnostics' in action)) return false;
  const { data, diagnostics } = action;
  if (typeof data !== 'object' || data === null || !('choice' in data)) return false;
  const { choice } = data;
  const mends = typeof choice === 'object' && choice !== null && 'does' in choice && choice.does === 'fix';
  if (!mends || !Array.isArray(diagnostics)) return false;
  return diagnostics.some(
    (one: Diagnostic) => JSON.stringify(one.range) === JSON.stringify(diagnostic.range) && one.code === diagnostic.code,
  );
}

function merge(fixes: readonly FoundFix[]): Map<string, PlacedEdit[]> {
  const merged = new Map<string, PlacedEdit[]>();
  for (const { edits } of fixes) {
    for (const [file, list] of edits) merged.set(file, [...(merged.get(file) ?? []), ...list]);
  }
  return merged;
}

function readRule(subject: unknown): string | undefined {
  if (typeof subject === 'string') return subject;
  if (typeof subject !== 'object' || subject === null) return undefined;
  if ('rule' in subject && typeof subject.rule === 'string') return subject.rule;
  // A group of the view.
  if ('kind' in subject && subject.kind === 'rule' && 'key' in subject && typeof subject.key === 'string') {
    return subject.key;
  }
  return undefined;
}

async function pickRule(): Promise<string | undefined> {
  const counts = new Map<string, number>();
  for (const [, diagnostics] of vscode.languages.getDiagnostics()) {
    for (const one of diagnostics) {
      if (one.source === SOURCE) counts.set(ruleOf(one), (counts.get(ruleOf(one)) ?? 0) + 1);
    }
  }
  if (counts.size === 0) {
    void vscode.window.showInformationMessage('There is nothing to fix. Audit CORS looks at every file.');
    return undefined;
  }
  const items = [...counts].map(([label, count]) => ({ label, description: plural(count, 'finding') }));
  return (await vscode.window.showQuickPick(items, { placeHolder: 'The kind of finding to fix' }))?.label;
}
