import * as vscode from 'vscode';
import { CLEAR_FILTER, FILTER, GROUP_BY_ENDPOINT, GROUP_BY_FILE, GROUP_BY_RULE, GROUP_BY_SEVERITY } from '../commands';
import { ruleOf, SOURCE } from '../findings';
import {
  countWords,
  filterFindings,
  GROUPINGS,
  type Group,
  type Grouping,
  group,
  plural,
  type ShownFinding,
} from './groups';
import { type Node, treeItem } from './items';

/** How far the last audit has come; counts are of files. */
export type AuditState =
  | { readonly kind: 'none' | 'running' }
  | { readonly kind: 'done' | 'cancelled'; readonly seen: number; readonly analysed: number };

/** The view "Findings": every finding that the Problems panel has from us, grouped and filtered. */
export interface ResultsView extends vscode.Disposable {
  setState(state: AuditState): void;
  focus(): Thenable<void>;
}

/** The label of the endpoint that a finding is about, by its file, rule and line. */
export type EndpointOf = (uri: string, rule: string, line: number) => string | undefined;

const VIEW = 'corsLint.results';
const STATE_KEY = 'corsLint.results.state';
const GROUPING_KEY = 'corsLint.results.grouping';
const FILTERED_KEY = 'corsLint.results.filtered';

/** Findings come one file after the other; drawing waits until some have come. */
const DRAW_AFTER_MS = 100;

/** @param findEndpoints asks which endpoints the findings are about; called when someone groups by them */
export function createResultsView(
  memory: vscode.Memento,
  findEndpoints: () => Promise<EndpointOf | undefined>,
): ResultsView {
  const findings = new Map<string, ShownFinding[]>();
  let grouping = readGrouping(memory.get(GROUPING_KEY));
  let filter = '';
  let endpointOf: EndpointOf = () => undefined;
  let state: AuditState = { kind: 'none' };
  let timer: NodeJS.Timeout | undefined;
  const changed = new vscode.EventEmitter<void>();
  const shown = (): readonly ShownFinding[] => {
    const all = [...findings.values()].flat();
    if (grouping !== 'endpoint') return filterFindings(all, filter);
    const placed = all.map((finding) => {
      const endpoint = endpointOf(finding.uri, finding.rule, finding.line);
      return endpoint === undefined ? finding : { ...finding, endpoint };
    });
    return filterFindings(placed, filter);
  };
  const view = vscode.window.createTreeView<Node>(VIEW, {
    showCollapseAll: true,
    treeDataProvider: {
      onDidChangeTreeData: changed.event,
      getChildren: (node) => children(node, shown, grouping),
      getTreeItem: treeItem,
    },
  });

  const draw = (): void => {
    timer = undefined;
    const all = [...findings.values()].flat();
    const filtered = filter === '' ? '' : `Filter “${filter}” shows ${shown().length} of ${all.length}. `;
    view.message = filtered + (message(state, all) ?? '');
    view.badge = all.length === 0 ? undefined : { value: all.length, tooltip: plural(all.length, 'CORS finding') };
    changed.fire();
  };
  const drawSoon = (): void => {
    timer ??= setTimeout(draw, DRAW_AFTER_MS);
  };
  const take = (uris: readonly vscode.Uri[]): void => {
    for (const uri of uris) {
      const shown = findingsIn(uri, vscode.languages.getDiagnostics(uri));
      if (shown.length > 0) findings.set(uri.toString(), shown);
      else if (!findings.delete(uri.toString())) continue;
      drawSoon();
    }
  };
  const groupBy = (by: Grouping): void => {
    grouping = by;
    void memory.update(GROUPING_KEY, by);
    setContext(GROUPING_KEY, by);
    draw();
  };
  const groupByEndpoint = async (): Promise<void> => {
    const found = await findEndpoints();
    if (found === undefined) return;
    endpointOf = found;
    groupBy('endpoint');
  };
  const setFilter = (next: string): void => {
    filter = next.trim();
    setContext(FILTERED_KEY, filter !== '');
    draw();
  };
  const setState = (next: AuditState): void => {
    state = next;
    setContext(STATE_KEY, next.kind);
    draw();
  };

  groupBy(grouping);
  setState(state);
  take(vscode.languages.getDiagnostics().map(([uri]) => uri));
  const parts = [
    view,
    changed,
    vscode.languages.onDidChangeDiagnostics(({ uris }) => take(uris)),
    vscode.commands.registerCommand(GROUP_BY_FILE, () => groupBy('file')),
    vscode.commands.registerCommand(GROUP_BY_SEVERITY, () => groupBy('severity')),
    vscode.commands.registerCommand(GROUP_BY_RULE, () => groupBy('rule')),
    vscode.commands.registerCommand(GROUP_BY_ENDPOINT, groupByEndpoint),
    vscode.commands.registerCommand(FILTER, () => askForFilter(filter, setFilter)),
    vscode.commands.registerCommand(CLEAR_FILTER, () => setFilter('')),
  ];
  return {
    setState,
    focus: () => vscode.commands.executeCommand(`${VIEW}.focus`),
    dispose() {
      clearTimeout(timer);
      vscode.Disposable.from(...parts).dispose();
    },
  };
}

/** The view follows what is typed; Escape goes back to what was. */
function askForFilter(before: string, set: (filter: string) => void): void {
  const box = vscode.window.createInputBox();
  box.title = 'Filter findings';
  box.placeholder = 'Words of the path, the rule, the message';
  box.value = before;
  let accepted = false;
  box.onDidChangeValue(set);
  box.onDidAccept(() => {
    accepted = true;
    box.hide();
  });
  box.onDidHide(() => {
    if (!accepted) set(before);
    box.dispose();
  });
  box.show();
}

function children(node: Node | undefined, shown: () => readonly ShownFinding[], grouping: Grouping): Node[] {
  if (node === undefined) return group(shown(), grouping);
  return isGroup(node) ? node.findings.map((finding) => ({ ...finding, under: node.kind })) : [];
}

function isGroup(node: Node): node is Group {
  return 'findings' in node;
}

function findingsIn(uri: vscode.Uri, diagnostics: readonly vscode.Diagnostic[]): ShownFinding[] {
  const path = vscode.workspace.asRelativePath(uri);
  return diagnostics
    .filter(({ source }) => source === SOURCE)
    .map((diagnostic) => ({
      uri: uri.toString(),
      path,
      rule: ruleOf(diagnostic),
      severity: diagnostic.severity,
      message: diagnostic.message,
      line: diagnostic.range.start.line,
      character: diagnostic.range.start.character,
    }));
}

function message(state: AuditState, all: readonly ShownFinding[]): string | undefined {
  const counts = countWords(all);
  switch (state.kind) {
    case 'running':
      return counts === undefined ? 'Looking…' : `Looking… ${counts} so far`;
    case 'none':
      return counts && `${counts}. Only files that were opened: run Audit CORS for all of them.`;
    case 'cancelled':
      return counts === undefined ? 'Cancelled.' : `Cancelled: ${counts} so far.`;
    case 'done': {
      const seen = `${state.analysed} of ${plural(state.seen, 'file')} set up CORS.`;
      return `${counts ?? 'Nothing found'}. ${seen}`;
    }
  }
}

/** Which endpoints findings are about is not remembered, so neither is grouping by them. */
function readGrouping(value: unknown): Grouping {
  return GROUPINGS.find((known) => known === value && known !== 'endpoint') ?? 'file';
}

function setContext(key: string, value: string | boolean): void {
  void vscode.commands.executeCommand('setContext', key, value);
}
