import * as vscode from 'vscode';
import type { Group, Grouping, Severity, ShownFinding } from './groups';

/** A group, or a finding under a group of some kind. */
export type Node = Group | (ShownFinding & { readonly under: Grouping });

/** What the tree shows for a node. */
export function treeItem(node: Node): vscode.TreeItem {
  return 'findings' in node ? groupItem(node) : findingItem(node);
}

function groupItem({ kind, key, label, severity, findings }: Group): vscode.TreeItem {
  const item = new vscode.TreeItem(label, vscode.TreeItemCollapsibleState.Expanded);
  item.id = `${kind} ${key}`;
  item.description = String(findings.length);
  item.contextValue = kind;
  if (kind === 'file') {
    const uri = vscode.Uri.parse(key);
    item.resourceUri = uri;
    item.label = uri.path.split('/').at(-1) ?? label;
    item.description = `${label.includes('/') ? `${label.slice(0, label.lastIndexOf('/'))} ` : ''}(${findings.length})`;
    item.iconPath = vscode.ThemeIcon.File;
  } else {
    item.iconPath = SEVERITY_ICONS[severity];
  }
  return item;
}

function findingItem({
  uri,
  path,
  rule,
  severity,
  message,
  line,
  character,
  under,
}: ShownFinding & { under: Grouping }) {
  // Messages are longer than the view is wide: what tells findings apart comes first.
  const place = under === 'file' ? `line ${line + 1}` : `${path}:${line + 1}`;
  const item = new vscode.TreeItem(under === 'rule' ? place : rule);
  item.description = under === 'rule' ? message : `${place}: ${message}`;
  item.iconPath = SEVERITY_ICONS[severity];
  item.tooltip = `${message}\n\n${rule}\n${path}:${line + 1}`;
  item.contextValue = 'finding';
  const selection = new vscode.Range(line, character, line, character);
  item.command = { command: 'vscode.open', title: 'Open', arguments: [vscode.Uri.parse(uri), { selection }] };
  return item;
}

const SEVERITY_ICONS: Readonly<Record<Severity, vscode.ThemeIcon>> = {
  0: new vscode.ThemeIcon('error', new vscode.ThemeColor('problemsErrorIcon.foreground')),
  1: new vscode.ThemeIcon('warning', new vscode.ThemeColor('problemsWarningIcon.foreground')),
  2: new vscode.ThemeIcon('info', new vscode.ThemeColor('problemsInfoIcon.foreground')),
  3: new vscode.ThemeIcon('lightbulb'),
};
