import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  type ApplyWorkspaceEditParams,
  type ClientCapabilities,
  type CodeAction,
  type Command,
  type ConfigurationParams,
  createProtocolConnection,
  type Diagnostic,
  type InitializeResult,
  type LogMessageParams,
  type MessageReader,
  type MessageWriter,
  type Position,
  type ProtocolConnection,
  type PublishDiagnosticsParams,
  type Range,
  type Registration,
  SnippetTextEdit,
  TextDocumentEdit,
  type TextEdit,
  type WorkspaceEdit,
} from 'vscode-languageserver-protocol/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { PROFILES, type Profile } from './profiles';

export interface TestFolder {
  readonly path: string;
  readonly uri: string;
  uriOf(name: string): string;
  write(name: string, text: string): string;
  remove(name: string): void;
  dispose(): void;
}

/** A folder on the disk with these files. */
export function testFolder(files: Readonly<Record<string, string>> = {}): TestFolder {
  const path = realpathSync(mkdtempSync(join(tmpdir(), 'cors-lint-lsp-')));
  const uriOf = (name: string) => pathToFileURL(join(path, name)).href;
  const write = (name: string, text: string) => {
    mkdirSync(dirname(join(path, name)), { recursive: true });
    writeFileSync(join(path, name), text);
    return uriOf(name);
  };
  for (const [name, text] of Object.entries(files)) write(name, text);
  return {
    path,
    uri: pathToFileURL(path).href,
    uriOf,
    write,
    remove: (name) => rmSync(join(path, name), { recursive: true }),
    dispose: () => rmSync(path, { recursive: true, force: true }),
  };
}

export interface ClientOptions {
  readonly profile: Profile;
  readonly folders: readonly TestFolder[];
  readonly settings?: unknown;
  readonly initializationOptions?: unknown;
  /** Takes reports of related documents, as the profile's editor does not. */
  readonly takesRelated?: boolean;
}

/** An editor as a language server sees one: keeps documents, asks, and takes what it is sent. */
export async function connectClient(
  transport: { reader: MessageReader; writer: MessageWriter },
  options: ClientOptions,
) {
  const connection = createProtocolConnection(transport.reader, transport.writer);
  const client = new TestClient(connection, options);
  connection.listen();
  const { folders } = options;
  client.initialized = await connection.sendRequest<InitializeResult>('initialize', {
    processId: null,
    rootUri: folders[0]?.uri ?? null,
    workspaceFolders: folders.map(({ uri }, i) => ({ uri, name: `folder ${i}` })),
    capabilities: capabilitiesOf(options),
    ...(options.initializationOptions === undefined ? {} : { initializationOptions: options.initializationOptions }),
  });
  await connection.sendNotification('initialized', {});
  return client;
}

function capabilitiesOf({ profile, takesRelated = false }: ClientOptions): ClientCapabilities {
  const capabilities: ClientCapabilities = PROFILES[profile];
  if (!takesRelated) return capabilities;
  const { textDocument } = capabilities;
  const diagnostic = { ...textDocument?.diagnostic, relatedDocumentSupport: true };
  return { ...capabilities, textDocument: { ...textDocument, diagnostic } };
}

const WAIT_MS = 20_000;

export class TestClient {
  initialized: InitializeResult = { capabilities: {} };
  readonly documents = new Map<string, TextDocument>();
  readonly published = new Map<string, PublishDiagnosticsParams>();
  readonly publications: PublishDiagnosticsParams[] = [];
  readonly registrations: Registration[] = [];
  readonly logs: LogMessageParams[] = [];
  readonly applied: WorkspaceEdit[] = [];
  refreshes = 0;
  lensRefreshes = 0;
  settings: unknown;
  private readonly listeners = new Set<() => void>();

  constructor(
    readonly connection: ProtocolConnection,
    readonly options: ClientOptions,
  ) {
    this.settings = options.settings;
    connection.onNotification('textDocument/publishDiagnostics', (params: PublishDiagnosticsParams) => {
      this.published.set(params.uri, params);
      this.publications.push(params);
      this.notify();
    });
    connection.onNotification('window/logMessage', (params: LogMessageParams) => {
      this.logs.push(params);
      this.notify();
    });
    connection.onRequest('workspace/configuration', ({ items }: ConfigurationParams) =>
      items.map(({ section }) => (section === 'corsLint' ? (this.settings ?? null) : null)),
    );
    connection.onRequest('client/registerCapability', ({ registrations }: { registrations: Registration[] }) => {
      this.registrations.push(...registrations);
      this.notify();
      return null;
    });
    connection.onRequest('workspace/diagnostic/refresh', () => {
      this.refreshes += 1;
      this.notify();
      return null;
    });
    connection.onRequest('workspace/codeLens/refresh', () => {
      this.lensRefreshes += 1;
      this.notify();
      return null;
    });
    connection.onRequest('window/workDoneProgress/create', () => null);
    connection.onRequest('workspace/applyEdit', ({ edit }: ApplyWorkspaceEditParams) => {
      this.applied.push(edit);
      this.applyEdit(edit);
      return { applied: true };
    });
  }

  async open(uri: string, text: string, languageId = 'tiny'): Promise<string> {
    this.documents.set(uri, TextDocument.create(uri, languageId, 1, text));
    await this.connection.sendNotification('textDocument/didOpen', {
      textDocument: { uri, languageId, version: 1, text },
    });
    return uri;
  }

  /** Puts text for the first occurrence of another, as typing does. */
  async type(uri: string, instead: string, text: string): Promise<void> {
    const document = this.document(uri);
    const start = document.getText().indexOf(instead);
    if (start < 0) throw new Error(`There is no ${JSON.stringify(instead)}`);
    const range = { start: document.positionAt(start), end: document.positionAt(start + instead.length) };
    await this.change(uri, [{ range, text }]);
  }

  async change(uri: string, contentChanges: { range: Range; text: string }[]): Promise<void> {
    const document = TextDocument.update(this.document(uri), contentChanges, this.document(uri).version + 1);
    this.documents.set(uri, document);
    const textDocument = { uri, version: document.version };
    await this.connection.sendNotification('textDocument/didChange', { textDocument, contentChanges });
  }

  async close(uri: string): Promise<void> {
    this.documents.delete(uri);
    await this.connection.sendNotification('textDocument/didClose', { textDocument: { uri } });
  }

  text(uri: string): string {
    return this.document(uri).getText();
  }

  /** Line and character of the first occurrence of a word. */
  positionOf(uri: string, word: string): Position {
    const document = this.document(uri);
    return document.positionAt(document.getText().indexOf(word));
  }

  /** The findings of the text as it is now, however this client gets them. */
  async diagnostics(uri: string): Promise<readonly Diagnostic[]> {
    if (this.options.profile === 'pull') return this.pull(uri);
    const version = this.document(uri).version;
    await this.until(() => this.published.get(uri)?.version === version);
    return this.published.get(uri)?.diagnostics ?? [];
  }

  async pull(uri: string): Promise<readonly Diagnostic[]> {
    const report = await this.connection.sendRequest<{ items: Diagnostic[] }>('textDocument/diagnostic', {
      textDocument: { uri },
    });
    return report.items;
  }

  /** "rule severity line:character-line:character", one for each finding. */
  async findings(uri: string): Promise<string[]> {
    return (await this.diagnostics(uri)).map(inWords);
  }

  async actions(uri: string, at: string | Range, only?: string[]): Promise<(CodeAction | Command)[]> {
    const start = typeof at === 'string' ? this.positionOf(uri, at) : at.start;
    const range = typeof at === 'string' ? { start, end: start } : at;
    const diagnostics = await this.diagnostics(uri);
    return this.connection.sendRequest('textDocument/codeAction', {
      textDocument: { uri },
      range,
      context: { diagnostics, ...(only ? { only } : {}) },
    });
  }

  /** Does what an editor does when an action is chosen. */
  async choose(action: CodeAction | Command): Promise<void> {
    if (typeof action.command === 'string') {
      const { command, arguments: args } = action as Command;
      await this.connection.sendRequest('workspace/executeCommand', { command, arguments: args });
      return;
    }
    const { profile } = this.options;
    const resolved =
      profile === 'pull'
        ? await this.connection.sendRequest<CodeAction>('codeAction/resolve', action)
        : (action as CodeAction);
    if (resolved.edit) this.applyEdit(resolved.edit);
  }

  /** Takes an edit over into the open documents; refuses one for another version. The server is told by `sync`. */
  applyEdit({ changes, documentChanges }: WorkspaceEdit): void {
    for (const [uri, edits] of Object.entries(changes ?? {})) this.edit(uri, edits);
    for (const change of documentChanges ?? []) {
      if (!TextDocumentEdit.is(change)) throw new Error('Only edits of texts are expected');
      const { uri, version } = change.textDocument;
      if (version !== this.document(uri).version) throw new Error(`The edit is for version ${version}`);
      this.edit(
        uri,
        change.edits.map((edit) =>
          SnippetTextEdit.is(edit) ? { range: edit.range, newText: fill(edit.snippet.value) } : edit,
        ),
      );
    }
  }

  private edit(uri: string, edits: TextEdit[]): void {
    const document = this.document(uri);
    const text = TextDocument.applyEdits(document, edits);
    const whole = { start: document.positionAt(0), end: document.positionAt(document.getText().length) };
    this.change(uri, [{ range: whole, text }]).catch((error: unknown) => {
      throw error;
    });
  }

  async watched(uri: string, type: 1 | 2 | 3 = 2): Promise<void> {
    await this.connection.sendNotification('workspace/didChangeWatchedFiles', { changes: [{ uri, type }] });
  }

  async configure(settings: unknown): Promise<void> {
    this.settings = settings;
    const told = this.options.profile === 'pull' ? null : { corsLint: settings };
    await this.connection.sendNotification('workspace/didChangeConfiguration', { settings: told });
  }

  /** Waits for what comes with messages of the server. */
  async until(holds: () => boolean, ms = WAIT_MS): Promise<void> {
    if (holds()) return;
    await new Promise<void>((resolve, reject) => {
      const done = () => {
        if (!holds()) return;
        clearTimeout(timer);
        this.listeners.delete(done);
        resolve();
      };
      const timer = setTimeout(() => {
        this.listeners.delete(done);
        reject(new Error(`Waited in vain for ${holds.toString()}`));
      }, ms);
      this.listeners.add(done);
    });
  }

  notify(): void {
    for (const listener of [...this.listeners]) listener();
  }

  async shutdown(): Promise<void> {
    await this.connection.sendRequest('shutdown');
    await this.connection.sendNotification('exit');
  }

  private document(uri: string): TextDocument {
    const document = this.documents.get(uri);
    if (document === undefined) throw new Error(`${uri} is not open`);
    return document;
  }
}

const SEVERITIES = ['', 'error', 'warning', 'info', 'hint'];

export function inWords({ code, severity, range }: Diagnostic): string {
  const { start, end } = range;
  return `${code} ${SEVERITIES[severity ?? 0]} ${start.line}:${start.character}-${end.line}:${end.character}`;
}

/** The text of a snippet whose placeholders are left as they are. */
function fill(snippet: string): string {
  return snippet.replace(/\$\{\d+:((?:[^\\}]|\\.)*)\}/g, '$1').replace(/\\([\\$}])/g, '$1');
}
