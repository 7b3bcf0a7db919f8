import type { ClientCapabilities } from 'vscode-languageserver-protocol';

/** What three kinds of editor say that they can do. */
export const PROFILES = {
  /** As VS Code does: asks for diagnostics, resolves actions, takes versioned edits with placeholders. */
  pull: {
    textDocument: {
      synchronization: { dynamicRegistration: true },
      publishDiagnostics: { relatedInformation: true, codeDescriptionSupport: true, dataSupport: true },
      diagnostic: { dynamicRegistration: true, relatedDocumentSupport: false },
      codeAction: {
        codeActionLiteralSupport: { codeActionKind: { valueSet: ['quickfix', 'source', 'source.fixAll'] } },
        dataSupport: true,
        isPreferredSupport: true,
        resolveSupport: { properties: ['edit'] },
      },
      hover: { contentFormat: ['markdown', 'plaintext'] },
      completion: { completionItem: { documentationFormat: ['markdown', 'plaintext'] } },
    },
    workspace: {
      applyEdit: true,
      configuration: true,
      workspaceFolders: true,
      didChangeConfiguration: { dynamicRegistration: true },
      didChangeWatchedFiles: { dynamicRegistration: true },
      diagnostics: { refreshSupport: true },
      codeLens: { refreshSupport: true },
      workspaceEdit: { documentChanges: true, snippetEditSupport: true, resourceOperations: ['create'] },
    },
    window: { workDoneProgress: true },
  },
  /** A small editor: diagnostics are pushed to it, actions come with their edits, settings come with their change. */
  push: {
    textDocument: {
      publishDiagnostics: {},
      codeAction: { codeActionLiteralSupport: { codeActionKind: { valueSet: ['quickfix'] } } },
      hover: { contentFormat: ['plaintext'] },
    },
    workspace: { workspaceEdit: { documentChanges: true } },
  },
  /** One that can do almost nothing: commands for actions, edits without versions. */
  bare: { workspace: { applyEdit: true } },
} satisfies Record<string, ClientCapabilities>;

export type Profile = keyof typeof PROFILES;
