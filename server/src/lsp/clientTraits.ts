import { CodeActionKind, type InitializeParams, MarkupKind } from 'vscode-languageserver';
import type { InitializationOptions } from './protocol';

/** What the connected editor can do, as far as the server behaves differently for it. */
export interface ClientTraits {
  /** Asks for diagnostics itself; otherwise they are pushed. */
  readonly pullsDiagnostics: boolean;
  /** Can be told to ask for every document's diagnostics again. */
  readonly refreshesDiagnostics: boolean;
  /** Takes reports of other documents along with the one that it asked for. */
  readonly relatedDocuments: boolean;
  /** Takes code actions with an edit in them; otherwise only commands. */
  readonly codeActionLiterals: boolean;
  /** Asks for an action's edit only when it is chosen. */
  readonly resolvesEdits: boolean;
  /** Takes edits that name the version they are made for. */
  readonly versionedEdits: boolean;
  /** Takes edits with placeholders to fill in. */
  readonly snippetEdits: boolean;
  /** Takes edits that create files. */
  readonly createsFiles: boolean;
  readonly relatedInformation: boolean;
  readonly markdownHover: boolean;
  readonly markdownCompletion: boolean;
  /** Answers `workspace/configuration`. */
  readonly asksForSettings: boolean;
  readonly registersSettingsChange: boolean;
  readonly registersWatchers: boolean;
  readonly workspaceFolders: boolean;
  /** Shows progress that the server starts. */
  readonly showsProgress: boolean;
  /** Answers what is in its folders and files. */
  readonly handsOverFiles: boolean;
  /** Commands of ours that it carries out itself. */
  readonly commands: ReadonlySet<string>;
  /** Can be told to ask for the code lenses again. */
  readonly refreshesLenses: boolean;
  readonly options: InitializationOptions;
}

export function clientTraits({ capabilities, initializationOptions }: InitializeParams): ClientTraits {
  const { textDocument, workspace, window } = capabilities;
  const codeAction = textDocument?.codeAction;
  return {
    pullsDiagnostics: textDocument?.diagnostic !== undefined,
    refreshesDiagnostics: workspace?.diagnostics?.refreshSupport === true,
    relatedDocuments: textDocument?.diagnostic?.relatedDocumentSupport === true,
    codeActionLiterals: codeAction?.codeActionLiteralSupport !== undefined,
    resolvesEdits: codeAction?.dataSupport === true && codeAction.resolveSupport?.properties.includes('edit') === true,
    versionedEdits: workspace?.workspaceEdit?.documentChanges === true,
    snippetEdits: workspace?.workspaceEdit?.snippetEditSupport === true,
    createsFiles:
      workspace?.workspaceEdit?.documentChanges === true &&
      workspace.workspaceEdit.resourceOperations?.includes('create') === true,
    relatedInformation:
      (textDocument?.publishDiagnostics?.relatedInformation ?? textDocument?.diagnostic?.relatedInformation) === true,
    markdownHover: textDocument?.hover?.contentFormat?.includes(MarkupKind.Markdown) === true,
    markdownCompletion:
      textDocument?.completion?.completionItem?.documentationFormat?.includes(MarkupKind.Markdown) === true,
    asksForSettings: workspace?.configuration === true,
    registersSettingsChange: workspace?.didChangeConfiguration?.dynamicRegistration === true,
    registersWatchers: workspace?.didChangeWatchedFiles?.dynamicRegistration === true,
    workspaceFolders: workspace?.workspaceFolders === true,
    showsProgress: window?.workDoneProgress === true,
    handsOverFiles: readOptions(initializationOptions).handsOverFiles === true,
    commands: new Set(readCommands(initializationOptions)),
    refreshesLenses: workspace?.codeLens?.refreshSupport === true,
    options: readOptions(initializationOptions),
  };
}

/** Takes over what has the right type: the options are whatever a user's editor configuration says. */
function readOptions(options: unknown): InitializationOptions {
  if (typeof options !== 'object' || options === null) return {};
  const link = 'rulePageLink' in options ? options.rulePageLink : undefined;
  return {
    ...(typeof link === 'string' && link.includes('{rule}') ? { rulePageLink: link } : {}),
    ...('handsOverFiles' in options && options.handsOverFiles === true ? { handsOverFiles: true } : {}),
    ...('settings' in options ? { settings: options.settings } : {}),
  };
}

function readCommands(options: unknown): string[] {
  if (typeof options !== 'object' || options === null || !('commands' in options)) return [];
  const { commands } = options;
  return Array.isArray(commands) ? commands.filter((command) => typeof command === 'string') : [];
}

/** The kind of the action that makes every preferred fix of a file: an editor may run it whenever a file is saved. */
export const FIX_ALL_KIND = `${CodeActionKind.SourceFixAll}.corsLint`;
