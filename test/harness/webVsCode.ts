import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { chromium, type Page } from 'playwright-core';
import { chromiumFlags, quietSettings, type VsCodeActions, vsCodeActions } from './codeServer';
import { needPart, projectRoot, toolsDirectory } from './require';
import { serveFolders } from './staticServer';

export interface WebVsCodeOptions {
  /** The folder to open, as a virtual workspace. */
  readonly folder: string;
  /** User settings beside those that keep VS Code quiet. */
  readonly settings?: Readonly<Record<string, unknown>>;
}

/** A VS Code that is a page and nothing else, with what the tests do to it. */
export interface RunningWebVsCode extends VsCodeActions {
  readonly page: Page;
  /** The files of the extension that the page has loaded, by their paths in it. */
  readonly loaded: readonly string[];
  stop(): Promise<void>;
}

/** Of VS Code's own extensions, those that say which files are in which language, and show Markdown. */
const OWN_EXTENSIONS = ['yaml', 'javascript', 'typescript-basics', 'json', 'markdown-basics', 'theme-defaults'];

/**
 * Opens VS Code as vscode.dev does: its files come from a server that serves files, there is no machine behind it, and
 * all extensions run in a worker of the browser. The folder is a virtual workspace: an extension of the test's own
 * reads and writes it over HTTP. Of our extension there is what is packed, and nothing else.
 */
export async function startWebVsCode({ folder, settings }: WebVsCodeOptions): Promise<RunningWebVsCode> {
  needPart('code-server');
  const vsCode = join(toolsDirectory, 'code-server/node_modules/code-server/lib/vscode');
  const packed = new Set(await packedFiles());
  const loaded: string[] = [];
  let page = '';
  const mounts = { '/vscode': vsCode, '/extension': projectRoot };
  const server = await serveFolders(mounts, async (request, response, { pathname, searchParams }) => {
    if (pathname === '/') return send(response, 'text/html', page);
    if (pathname === '/files/package.json') return send(response, 'application/json', FILES_MANIFEST);
    if (pathname === '/files/main.js') return send(response, 'text/javascript', FILES_MAIN);
    if (pathname === '/files') return answerFiles(folder, searchParams, request, response);
    if (pathname === WORKBENCH) return send(response, 'text/javascript', await ownWorkbench(vsCode));
    if (!pathname.startsWith('/extension/')) return false;
    const path = decodeURIComponent(pathname.slice('/extension/'.length));
    if (packed.has(path)) loaded.push(path);
    else response.writeHead(404).end();
    return !packed.has(path);
  });
  page = workbench(server.origin, basename(folder), { ...quietSettings, ...settings });
  const browser = await chromium.launch({ executablePath: needPart('chromium'), args: chromiumFlags });
  const stop = async () => {
    await browser.close();
    await server.stop();
  };
  try {
    const tab = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    await tab.goto(`${server.origin}/`);
    await tab.locator('.monaco-workbench .statusbar').waitFor({ timeout: 60_000 });
    await tab.locator('.explorer-folders-view .monaco-list-row').first().waitFor({ timeout: 60_000 });
    const actions = vsCodeActions(tab);
    const openFile = async (name: string) => {
      await actions.startCommand(OPEN);
      await tab.keyboard.insertText(name);
      await tab.keyboard.press('Enter');
      await tab.locator(`.tab.active[data-resource-name="${basename(name)}"]`).waitFor();
      await tab.locator('.editor-instance .view-line').first().waitFor();
    };
    return { page: tab, loaded, ...actions, openFile, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

const WORKBENCH = '/vscode/out/vs/code/browser/workbench/workbench.js';

/** VS Code as code-server has it without what makes it one: the machine that it connects to and keeps settings on. */
async function ownWorkbench(vsCode: string): Promise<string> {
  const text = await readFile(join(vsCode, WORKBENCH.slice('/vscode/'.length)), 'utf8');
  const settings = /\.with\(\{scheme:(\w+)\.vscodeRemote\}\),"User"\)/;
  const machine = ',remoteAuthority:location.host}';
  if (!settings.test(text) || !text.includes(machine))
    throw new Error('This code-server is another than was looked at.');
  return text.replace(settings, '.with({scheme:$1.vscodeUserData}),"User")').replace(machine, '}');
}

/** What `npm run package` packs, by the paths in the package. */
async function packedFiles(): Promise<string[]> {
  const vsce = join(projectRoot, 'node_modules/@vscode/vsce/vsce');
  const run = promisify(execFile);
  await run(process.execPath, ['esbuild.mjs', '--quiet'], { cwd: projectRoot });
  const { stdout } = await run(process.execPath, [vsce, 'ls', '--no-dependencies'], { cwd: projectRoot });
  return stdout.split('\n').filter(Boolean);
}

/** The page that starts VS Code: as its own, with what its server would have filled in. */
function workbench(origin: string, folder: string, settings: object): string {
  const { host } = new URL(origin);
  const at = (path: string) => ({ scheme: 'http', authority: host, path });
  const configuration = {
    folderUri: { scheme: SCHEME, authority: '', path: `/${folder}` },
    additionalBuiltinExtensions: [
      at('/files'),
      ...OWN_EXTENSIONS.map((name) => at(`/vscode/extensions/${name}`)),
      at('/extension'),
    ],
    configurationDefaults: settings,
    enableWorkspaceTrust: false,
    // What code-server's VS Code asks for beside.
    userDataPath: '/',
    isEnabledFileDownloads: false,
    isEnabledFileUploads: false,
    isEnabledCoderGettingStarted: false,
  };
  const attribute = JSON.stringify(configuration).replaceAll('&', '&amp;').replaceAll('"', '&quot;');
  return `<!doctype html>
<meta charset="utf-8">
<meta id="vscode-workbench-web-configuration" data-settings="${attribute}">
<link rel="stylesheet" href="/vscode/out/vs/code/browser/workbench/workbench.css">
<body aria-label="">
<script>globalThis._VSCODE_FILE_ROOT = '${origin}/vscode/out/';</script>
<script type="module" src="/vscode/out/nls.messages.js"></script>
<script type="module" src="/vscode/out/vs/code/browser/workbench/workbench.js"></script>
</body>`;
}

const SCHEME = 'virtual';
const OPEN = 'Files: Open by Path';

const FILES_MANIFEST = JSON.stringify({
  name: 'files',
  publisher: 'test',
  version: '1.0.0',
  engines: { vscode: '^1.91.0' },
  browser: './main.js',
  activationEvents: [`onFileSystem:${SCHEME}`],
  contributes: { commands: [{ command: 'files.open', title: OPEN }] },
  capabilities: { virtualWorkspaces: true, untrustedWorkspaces: { supported: true } },
});

/**
 * The extension that has the files: paths begin with the folder's name. It opens them, too: nobody searches the names of
 * a virtual workspace for Ctrl+P.
 */
const FILES_MAIN = `
const vscode = require('vscode');
exports.activate = (context) => {
  const base = context.extensionUri.toString(true);
  const changes = new vscode.EventEmitter();
  const ask = async (what, uri, options = {}, more = '') => {
    const response = await fetch(base + '?ask=' + what + '&path=' + encodeURIComponent(uri.path) + more, options);
    if (response.status === 404) throw vscode.FileSystemError.FileNotFound(uri);
    if (!response.ok) throw vscode.FileSystemError.Unavailable(await response.text());
    return response;
  };
  const tell = (type, uri) => changes.fire([{ type, uri }]);
  context.subscriptions.push(vscode.workspace.registerFileSystemProvider('${SCHEME}', {
    onDidChangeFile: changes.event,
    watch: () => new vscode.Disposable(() => {}),
    stat: async (uri) => (await ask('stat', uri)).json(),
    readDirectory: async (uri) => (await ask('list', uri)).json(),
    readFile: async (uri) => new Uint8Array(await (await ask('read', uri)).arrayBuffer()),
    writeFile: async (uri, body) => {
      await ask('write', uri, { method: 'POST', body });
      tell(vscode.FileChangeType.Changed, uri);
    },
    createDirectory: async (uri) => { await ask('folder', uri, { method: 'POST' }); },
    delete: async (uri) => {
      await ask('delete', uri, { method: 'POST' });
      tell(vscode.FileChangeType.Deleted, uri);
    },
    rename: async (from, to) => {
      await ask('rename', from, { method: 'POST' }, '&to=' + encodeURIComponent(to.path));
      tell(vscode.FileChangeType.Deleted, from);
      tell(vscode.FileChangeType.Created, to);
    },
  }, { isCaseSensitive: true }));
  context.subscriptions.push(vscode.commands.registerCommand('files.open', async () => {
    const path = await vscode.window.showInputBox();
    const [folder] = vscode.workspace.workspaceFolders;
    await vscode.window.showTextDocument(vscode.Uri.joinPath(folder.uri, path), { preview: false });
  }));
};
`;

async function answerFiles(
  folder: string,
  query: URLSearchParams,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<boolean> {
  const path = (name: string) => join(dirname(folder), query.get(name) ?? '');
  const file = path('path');
  const json = (value: unknown) => send(response, 'application/json', JSON.stringify(value));
  try {
    switch (query.get('ask')) {
      case 'stat': {
        const { mtimeMs, ctimeMs, size } = await stat(file);
        return json({ type: await typeOf(file), mtime: mtimeMs, ctime: ctimeMs, size });
      }
      case 'list': {
        const names = await readdir(file);
        return json(await Promise.all(names.map(async (name) => [name, await typeOf(join(file, name))])));
      }
      case 'read':
        return send(response, 'application/octet-stream', await readFile(file));
      case 'write':
        await writeFile(file, await bodyOf(request));
        return json(null);
      case 'folder':
        await mkdir(file, { recursive: true });
        return json(null);
      case 'delete':
        await rm(file, { recursive: true });
        return json(null);
      case 'rename':
        await rename(file, path('to'));
        return json(null);
      default:
        response.writeHead(400).end();
        return true;
    }
  } catch {
    response.writeHead(404).end();
    return true;
  }
}

/** `vscode.FileType` */
async function typeOf(file: string): Promise<number> {
  return (await stat(file)).isDirectory() ? 2 : 1;
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

function send(response: ServerResponse, type: string, body: string | Buffer): true {
  response.writeHead(200, { 'Content-Type': type }).end(body);
  return true;
}
