import { CodeActionKind, type ServerCapabilities, TextDocumentSyncKind } from 'vscode-languageserver';
import { type ClientTraits, FIX_ALL_KIND } from './clientTraits';
import { APPLY_COMMAND, AUDIT_COMMAND } from './protocol';

/** Names the diagnostics of this server among others that an editor pulls. */
export const DIAGNOSTICS_ID = 'cors-lint';

/** What the server offers to a client with these traits. */
export function serverCapabilities(client: ClientTraits): ServerCapabilities {
  return {
    textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental, save: false },
    ...(client.pullsDiagnostics
      ? {
          diagnosticProvider: {
            identifier: DIAGNOSTICS_ID,
            interFileDependencies: true,
            workspaceDiagnostics: false,
          },
        }
      : {}),
    codeActionProvider: client.codeActionLiterals
      ? { codeActionKinds: [CodeActionKind.QuickFix, FIX_ALL_KIND], resolveProvider: client.resolvesEdits }
      : true,
    executeCommandProvider: {
      commands: client.codeActionLiterals ? [AUDIT_COMMAND] : [AUDIT_COMMAND, APPLY_COMMAND],
    },
    hoverProvider: true,
    completionProvider: { triggerCharacters: ["'", '"', ' '], resolveProvider: true },
    codeLensProvider: { resolveProvider: false },
    workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
  };
}
