import path from 'node:path';
import {
  CodeLensRefreshRequest,
  type Connection,
  DidChangeConfigurationNotification,
  type InitializeParams,
  TextDocuments,
} from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { Disk } from '../workspace/disk';
import type { Workspace } from '../workspace/types';
import { audit } from './audit';
import { clientTraits } from './clientTraits';
import { codeAction } from './codeAction';
import { codeActionResolve } from './codeActionResolve';
import { createConfigurationProblems } from './configurationProblems';
import { createSettingsSource, SECTION } from './editorSettings';
import { executeCommand } from './executeCommand';
import { createFileNames, isOnDisk } from './fileNames';
import { contains, createFolders, type OpenWorkspace } from './folders';
import { createSource } from './handedOver';
import { hover } from './hover';
import { lintRequest } from './lintRequest';
import { createLog } from './log';
import {
  AUDIT_METHOD,
  type AuditParams,
  ENDPOINTS_METHOD,
  type EndpointsParams,
  EXPLAIN_METHOD,
  type ExplainParams,
  LINT_METHOD,
  type LintParams,
  REPORT_METHOD,
  type ReportParams,
  RULE_PAGE_METHOD,
  type RulePageParams,
  TRY_METHOD,
  type TryParams,
} from './protocol';
import { pullDiagnostics } from './pullDiagnostics';
import { createPusher } from './pushDiagnostics';
import { createRefresh } from './refresh';
import { createRelatedDocuments } from './relatedDocuments';
import type { RulePages } from './rulePages';
import { serverCapabilities } from './serverCapabilities';
import type { Session } from './session';
import { changedOnDisk, registerWatchers } from './watchedFiles';

export interface ServerOptions {
  /** The rules' pages that come with the server. @param link as `InitializationOptions.rulePageLink` */
  readonly createRulePages: (link: string | undefined) => RulePages;
  /** The file system of the machine that the server runs on; undefined in a browser, which has none. */
  readonly disk: Disk | undefined;
  readonly version: string;
  readonly openWorkspace: OpenWorkspace;
}

/** Serves one client. Nothing but the protocol is loaded until the first file has to be looked at. */
export function serve(connection: Connection, options: ServerOptions): void {
  connection.onInitialize((params) => {
    const session = openSession(connection, params, options);
    handleRequests(session, options.version);
    handleChanges(session);
    return {
      capabilities: serverCapabilities(session.client),
      serverInfo: { name: 'CORS Lint', version: options.version },
    };
  });
  connection.listen();
}

function openSession(connection: Connection, params: InitializeParams, options: ServerOptions): ChangingSession {
  const client = clientTraits(params);
  const documents = new TextDocuments(TextDocument);
  const names = createFileNames();
  const log = createLog(connection.console);
  const settings = createSettingsSource(client, (scopeUri) =>
    connection.workspace.getConfiguration({ section: SECTION, ...(scopeUri === undefined ? {} : { scopeUri }) }),
  );
  let onStale = (): void => undefined;
  const folders = createFolders(foldersOf(params), {
    names,
    settings,
    openWorkspace: options.openWorkspace,
    disk: options.disk,
    source: client.handsOverFiles ? createSource(connection, names, log) : undefined,
    onLimit: log.warn,
    onOpen: (workspace) => {
      for (const document of documents.all()) showText(session, workspace, document);
    },
    onCrash: ({ file, during, error }) => log.fault(`${during} failed on ${file}`, error),
    onStale: () => onStale(),
  });
  const configurationProblems = createConfigurationProblems({ connection, documents, names, log });
  const pages = options.createRulePages(client.options.rulePageLink);
  const session = { connection, client, documents, names, folders, pages, log, configurationProblems };
  const pusher = client.pullsDiagnostics ? undefined : createPusher(session);
  const refresh = createRefresh(session, pusher);
  onStale = refresh;
  return { ...session, settings, pusher, refresh };
}

interface ChangingSession extends Session {
  readonly settings: ReturnType<typeof createSettingsSource>;
  readonly pusher: ReturnType<typeof createPusher> | undefined;
  readonly refresh: () => void;
}

function foldersOf({ workspaceFolders, rootUri }: InitializeParams): string[] {
  if (workspaceFolders) return workspaceFolders.map(({ uri }) => uri);
  return rootUri ? [rootUri] : [];
}

function handleRequests(session: Session, version: string): void {
  const { connection } = session;
  const related = session.client.relatedDocuments ? createRelatedDocuments(session) : undefined;
  connection.languages.diagnostics.on((params, token) => pullDiagnostics(session, params, token, related));
  connection.onCodeAction((params, token) => codeAction(session, params, token));
  connection.onCodeActionResolve((action, token) => codeActionResolve(session, action, token));
  connection.onExecuteCommand((params, token, progress) => executeCommand(session, params, token, progress));
  connection.onHover((params, token) => hover(session, params, token));
  connection.onCodeLens(async (params, token) => (await import('./codeLens')).codeLens(session, params, token));
  connection.onCompletion(async (params, token) => (await import('./completion')).completion(session, params, token));
  connection.onCompletionResolve(async (item) => (await import('./completion')).completionResolve(session, item));
  connection.onRequest(AUDIT_METHOD, (params: AuditParams, token) => audit(session, params, token));
  connection.onRequest(LINT_METHOD, (params: LintParams, token) => lintRequest(session, params, token));
  // The model is loaded when it is first needed: an editor waits for the server's start.
  connection.onRequest(ENDPOINTS_METHOD, async (params: EndpointsParams, token) =>
    (await import('./endpointsRequest')).endpointsRequest(session, params, token),
  );
  connection.onRequest(TRY_METHOD, async (params: TryParams, token) =>
    (await import('./tryRequest')).tryRequest(session, params, token),
  );
  connection.onRequest(EXPLAIN_METHOD, async (params: ExplainParams, token) =>
    (await import('./explainRequest')).explainRequest(session, params, token),
  );
  connection.onRequest(REPORT_METHOD, async (params: ReportParams, token) =>
    (await import('./reportRequest')).reportRequest(session, params, token, version),
  );
  connection.onRequest(RULE_PAGE_METHOD, ({ rule }: RulePageParams) => session.pages.read(rule) ?? null);
}

function handleChanges(session: ChangingSession): void {
  const { connection, client, documents, folders, names, settings, pusher, refresh, log } = session;
  documents.onDidOpen(({ document: { uri, languageId } }) => {
    session.configurationProblems.opened(uri, names.toFile(uri, languageId));
  });
  documents.onDidChangeContent(({ document }) => {
    for (const { workspace } of folders.opened()) showText(session, workspace, document);
    pusher?.changed(document.uri);
    if (isConfiguration(document.uri)) refresh();
  });
  documents.onDidClose(({ document: { uri, languageId } }) => {
    const file = names.toFile(uri, languageId);
    for (const { workspace } of folders.opened()) {
      if (contains(workspace.root, file)) workspace.setOverlay(file, undefined);
    }
    pusher?.closed(uri);
    if (isConfiguration(uri)) refresh();
    if (!isOnDisk(uri)) names.forget(uri);
  });
  documents.listen(connection);

  connection.onDidChangeWatchedFiles(({ changes }) => {
    if (changedOnDisk(session, changes)) refresh();
  });
  connection.onDidChangeConfiguration(({ settings: told }) => {
    settings.changed(told);
    log.background('Could not read the settings', folders.reconfigure().then(refresh).then(refreshLenses));
  });
  const refreshLenses = (): Promise<void> | undefined =>
    client.refreshesLenses ? connection.sendRequest(CodeLensRefreshRequest.type) : undefined;
  connection.onInitialized(() => {
    if (client.registersSettingsChange) {
      const register = connection.client.register(DidChangeConfigurationNotification.type, { section: SECTION });
      log.background('Could not ask for changes of settings', register);
    }
    if (client.registersWatchers) registerWatchers(session);
    if (!client.workspaceFolders) return;
    connection.workspace.onDidChangeWorkspaceFolders(({ added, removed }) => {
      folders.change(
        added.map(({ uri }) => uri),
        removed.map(({ uri }) => uri),
      );
      refresh();
    });
  });
}

/** Gives a workspace the text that the client has open. */
function showText({ names }: Session, workspace: Workspace, document: TextDocument): void {
  const file = names.toFile(document.uri, document.languageId);
  if (contains(workspace.root, file)) workspace.setOverlay(file, document.getText(), document.version);
}

/** Every other document depends on it. */
function isConfiguration(uri: string): boolean {
  return path.posix.basename(uri) === '.corslintrc.json';
}
