import * as vscode from 'vscode';
import type { BaseLanguageClient } from 'vscode-languageclient';
import {
  ENDPOINTS_METHOD,
  type EndpointInfo,
  type EndpointsParams,
  type EndpointsResult,
  TRY_METHOD,
  type TryParams,
  type TryResult,
} from '../../server/src/lsp/protocol';
import { nameFile } from './panels/panel';
import { withServerProgress } from './progress';

/** What an endpoint is named by in a link, a lens or a tree. */
export interface ChosenEndpoint {
  readonly uri: string;
  readonly endpoint: string;
}

/**
 * The command "Try a Request": asks step by step for endpoint, origin, method, headers and credentials, each with what
 * is likeliest first, and gives what a browser would do. Undefined when it was called off.
 * @param chosen the endpoint, when it is known
 */
export async function tryRequest(client: BaseLanguageClient, chosen?: unknown): Promise<TryResult | undefined> {
  const named = readChosen(chosen);
  const params: EndpointsParams = named === undefined ? {} : { uri: named.uri };
  const found = await withServerProgress<EndpointsParams, EndpointsResult>(
    client,
    'Looking for endpoints',
    ENDPOINTS_METHOD,
    params,
  );
  const endpoint =
    named === undefined ? await pickEndpoint(found.endpoints) : found.endpoints.find(({ id }) => id === named.endpoint);
  if (endpoint === undefined) return undefined;
  const call = await askForCall(endpoint);
  if (call === undefined) return undefined;
  return client.sendRequest<TryResult>(TRY_METHOD, call);
}

function readChosen(chosen: unknown): ChosenEndpoint | undefined {
  if (typeof chosen !== 'object' || chosen === null || !('uri' in chosen) || !('endpoint' in chosen)) return undefined;
  const { uri, endpoint } = chosen;
  return typeof uri === 'string' && typeof endpoint === 'string' ? { uri, endpoint } : undefined;
}

async function pickEndpoint(endpoints: readonly EndpointInfo[]): Promise<EndpointInfo | undefined> {
  if (endpoints.length === 0) {
    void vscode.window.showInformationMessage('No endpoint of a server was found in this workspace.');
    return undefined;
  }
  const here = vscode.window.activeTextEditor?.document.uri.toString();
  const isHere = ({ location }: EndpointInfo): boolean => location.uri === here;
  const sorted = [...endpoints].sort((a, b) => Number(isHere(b)) - Number(isHere(a)));
  const items = sorted.map((endpoint) => ({
    label: endpoint.label,
    description: `${nameFile(endpoint.location.uri)}:${endpoint.location.range.start.line + 1}`,
    detail: endpoint.summary,
    endpoint,
  }));
  const options = { title: 'Try a request', placeHolder: 'The endpoint', matchOnDescription: true };
  return (await vscode.window.showQuickPick(items, options))?.endpoint;
}

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD'];

async function askForCall(endpoint: EndpointInfo): Promise<TryParams | undefined> {
  const origin = await askForOrigin(endpoint);
  if (origin === undefined) return undefined;
  const own = endpoint.methods ?? [];
  const method = await pick('The method', [...new Set([...own, ...METHODS])], (name) =>
    own.includes(name) ? 'of this endpoint' : '',
  );
  if (method === undefined) return undefined;
  const headers = await vscode.window.showInputBox({
    title: 'Try a request',
    prompt: 'Headers that the page sends, separated by semicolons; leave empty for none',
    placeHolder: 'Content-Type: application/json; Authorization',
    ignoreFocusOut: true,
  });
  if (headers === undefined) return undefined;
  const credentials = await pick('Cookies', [WITHOUT, WITH], (words) =>
    words === WITH ? "credentials: 'include'" : '',
  );
  if (credentials === undefined) return undefined;
  return {
    endpoint: endpoint.id,
    uri: endpoint.location.uri,
    origin,
    method,
    headers: headers.split(';').flatMap((header) => (header.trim() === '' ? [] : [header.trim()])),
    credentials: credentials === WITH,
  };
}

const WITHOUT = 'Without credentials';
const WITH = 'With credentials';
const OTHER = 'Another origin…';

/** Those that the endpoint lets in, those that are set for the folder, and strangers. */
async function askForOrigin({ policy, location }: EndpointInfo): Promise<string | undefined> {
  const known = new Map<string, string>();
  const settings = vscode.workspace.getConfiguration('corsLint', vscode.Uri.parse(location.uri));
  for (const origin of settings.get<readonly string[]>('origins', []))
    known.set(origin, 'a front end, by the settings');
  for (const { value } of policy.origins) {
    if (value.kind !== 'some') continue;
    for (const origin of value.exact) if (!known.has(origin)) known.set(origin, 'named by the endpoint');
  }
  known.set('https://stranger.example', 'a page that has nothing to do with it');
  known.set('null', 'a sandboxed frame or a local file');
  const chosen = await pick('The origin of the page', [...known.keys(), OTHER], (origin) => known.get(origin) ?? '');
  if (chosen !== OTHER) return chosen;
  return vscode.window.showInputBox({
    title: 'Try a request',
    prompt: 'The origin of the page: scheme, host and perhaps port',
    placeHolder: 'https://app.example.com',
    ignoreFocusOut: true,
  });
}

async function pick(
  placeHolder: string,
  labels: readonly string[],
  describe: (label: string) => string,
): Promise<string | undefined> {
  const items = labels.map((label) => ({ label, description: describe(label) }));
  const options = { title: 'Try a request', placeHolder, ignoreFocusOut: true };
  return (await vscode.window.showQuickPick(items, options))?.label;
}
