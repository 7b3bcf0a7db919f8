import * as vscode from 'vscode';
import type { BaseLanguageClient } from 'vscode-languageclient';
import {
  ENDPOINTS_METHOD,
  type EndpointInfo,
  type EndpointsParams,
  type EndpointsResult,
} from '../../../server/src/lsp/protocol';
import { REFRESH_ENDPOINTS } from '../commands';
import { nameFile } from '../panels/panel';
import { plural } from '../results/groups';
import type { ChosenEndpoint } from '../tryRequest';

/** The view "Endpoints": what answers requests, by file, with what each does for front ends of other origins. */
export interface EndpointsView extends vscode.Disposable {
  /** Asks for them anew, if the view is open; else when it is opened. */
  refresh(): void;
}

const VIEW = 'corsLint.endpoints';
const STATE_KEY = 'corsLint.endpoints.state';

/** Files are often saved in a row. */
const REFRESH_AFTER_MS = 1000;

export function createEndpointsView(client: BaseLanguageClient, output: vscode.LogOutputChannel): EndpointsView {
  let endpoints: readonly EndpointInfo[] = [];
  let stale = true;
  let timer: NodeJS.Timeout | undefined;
  let asked: vscode.CancellationTokenSource | undefined;
  const changed = new vscode.EventEmitter<void>();
  const view = vscode.window.createTreeView<Node>(VIEW, {
    showCollapseAll: true,
    treeDataProvider: {
      onDidChangeTreeData: changed.event,
      getChildren: (node) => (node === undefined ? filesOf(endpoints) : childrenOf(node)),
      getTreeItem: treeItem,
    },
  });

  const load = async (): Promise<void> => {
    stale = false;
    asked?.cancel();
    const source = new vscode.CancellationTokenSource();
    asked = source;
    try {
      await client.start();
      const params: EndpointsParams = {};
      const found = await vscode.window.withProgress({ location: { viewId: VIEW } }, () =>
        client.sendRequest<EndpointsResult>(ENDPOINTS_METHOD, params, source.token),
      );
      if (found.cancelled || source !== asked) return;
      endpoints = found.endpoints;
      setState(endpoints.length === 0 ? 'empty' : 'some');
      view.description = endpoints.length === 0 ? '' : plural(endpoints.length, 'endpoint');
      changed.fire();
    } catch (error) {
      if (source === asked) output.error('The endpoints could not be listed', String(error));
    } finally {
      source.dispose();
    }
  };
  const refresh = (): void => {
    stale = true;
    clearTimeout(timer);
    timer = setTimeout(() => {
      if (view.visible && stale && vscode.workspace.workspaceFolders?.length) void load();
    }, REFRESH_AFTER_MS);
  };
  const refreshNow = (): void => {
    if (vscode.workspace.workspaceFolders?.length) void load();
  };

  setState('none');
  const parts = [
    view,
    changed,
    view.onDidChangeVisibility(({ visible }) => {
      if (visible && stale) refreshNow();
    }),
    vscode.workspace.onDidSaveTextDocument(({ uri }) => {
      if (endpoints.some(({ location }) => location.uri === uri.toString())) refresh();
    }),
    vscode.commands.registerCommand(REFRESH_ENDPOINTS, refreshNow),
  ];
  return {
    refresh,
    dispose() {
      clearTimeout(timer);
      vscode.Disposable.from(...parts).dispose();
    },
  };
}

interface FileNode {
  readonly kind: 'file';
  readonly uri: string;
  readonly endpoints: readonly EndpointInfo[];
}

/** `uri` and `endpoint` make it what "Try a Request" takes. */
interface EndpointNode extends ChosenEndpoint {
  readonly kind: 'endpoint';
  readonly info: EndpointInfo;
}

interface RowNode {
  readonly kind: 'row';
  readonly row: EndpointInfo['rows'][number];
}

type Node = FileNode | EndpointNode | RowNode;

function filesOf(endpoints: readonly EndpointInfo[]): FileNode[] {
  const files = new Map<string, EndpointInfo[]>();
  for (const endpoint of endpoints) {
    const known = files.get(endpoint.location.uri);
    if (known) known.push(endpoint);
    else files.set(endpoint.location.uri, [endpoint]);
  }
  return [...files].map(([uri, members]) => ({ kind: 'file', uri, endpoints: members }));
}

function childrenOf(node: Node): Node[] {
  if (node.kind === 'row') return [];
  if (node.kind === 'endpoint') return node.info.rows.map((row) => ({ kind: 'row', row }));
  return node.endpoints.map((info) => ({ kind: 'endpoint', uri: node.uri, endpoint: info.id, info }));
}

function treeItem(node: Node): vscode.TreeItem {
  if (node.kind === 'file') return fileItem(node);
  return node.kind === 'endpoint' ? endpointItem(node.info) : rowItem(node.row);
}

function fileItem({ uri, endpoints }: FileNode): vscode.TreeItem {
  const item = new vscode.TreeItem(vscode.Uri.parse(uri), vscode.TreeItemCollapsibleState.Expanded);
  item.id = uri;
  item.iconPath = vscode.ThemeIcon.File;
  const folder = nameFile(uri).split('/').slice(0, -1).join('/');
  item.description = `${folder} (${endpoints.length})`.trimStart();
  return item;
}

function endpointItem({ label, location, summary, platformName, partial, policy }: EndpointInfo): vscode.TreeItem {
  const item = new vscode.TreeItem(label, vscode.TreeItemCollapsibleState.Collapsed);
  item.description = summary;
  item.tooltip = [label, platformName, ...(partial === null ? [] : [`Seen in part only: ${partial}`])].join('\n');
  item.iconPath = new vscode.ThemeIcon(policy.isForOthers ? 'globe' : 'home');
  item.contextValue = 'endpoint';
  item.command = openCommand(location);
  return item;
}

function rowItem({ label, words, at }: EndpointInfo['rows'][number]): vscode.TreeItem {
  const item = new vscode.TreeItem(label);
  item.description = words;
  item.tooltip = `${label}: ${words}`;
  const [place] = at;
  if (place !== undefined) item.command = openCommand(place);
  return item;
}

function openCommand({ uri, range: { start, end } }: EndpointInfo['location']): vscode.Command {
  const selection = new vscode.Range(start.line, start.character, end.line, end.character);
  return { command: 'vscode.open', title: 'Open', arguments: [vscode.Uri.parse(uri), { selection }] };
}

function setState(state: 'none' | 'some' | 'empty'): void {
  void vscode.commands.executeCommand('setContext', STATE_KEY, state);
}
