/**
 * What the server understands beyond the Language Server Protocol. Types and method names only, so that a client can
 * share them without loading anything.
 */
import type { Diagnostic, ProgressToken } from 'vscode-languageserver';

/** `initializationOptions` of the `initialize` request; everything may be left out. */
export interface InitializationOptions {
  /**
   * The address that a finding links its rule's page with; `{rule}` stands for the rule's id. Left out: the page that
   * comes with the server, as a `file:` address.
   */
  readonly rulePageLink?: string;
  /** Settings for clients that do not answer `workspace/configuration`; the keys of the `corsLint` section. */
  readonly settings?: unknown;
}

/**
 * Request: lint every file of the workspace, open documents with the text that the client has. Cancelling it stops
 * the audit. Progress goes to `workDoneToken`; the findings of each file go to `partialResultToken` as they are known,
 * as lists of `AuditedFile`.
 */
export const AUDIT_METHOD = 'corsLint/audit';

export interface AuditParams {
  readonly workDoneToken?: ProgressToken;
  readonly partialResultToken?: ProgressToken;
}

/** The findings of one file, and all of them: an empty list means that it is clean. */
export interface AuditedFile {
  readonly uri: string;
  readonly diagnostics: readonly Diagnostic[];
}

export interface AuditResult {
  readonly cancelled: boolean;
  readonly files: {
    readonly seen: number;
    readonly analysed: number;
    readonly skipped: readonly { readonly uri: string; readonly reason: string }[];
  };
  /** The files with findings; empty when the request had a `partialResultToken`, which got them already. */
  readonly found: readonly AuditedFile[];
}

/** Request: the findings of one file as it is now, open or not. A file that is gone has none. */
export const LINT_METHOD = 'corsLint/lint';

export interface LintParams {
  readonly uri: string;
}

/** Request: a rule's page as markdown, or null when there is no such rule. */
export const RULE_PAGE_METHOD = 'corsLint/rulePage';

export interface RulePageParams {
  readonly rule: string;
}

/** Commands of `workspace/executeCommand`, for clients without the means for the requests above. */
export const AUDIT_COMMAND = 'cors-lint.server.audit';
export const APPLY_COMMAND = 'cors-lint.server.applyEdit';

/** `Diagnostic.data` of a finding. */
export interface DiagnosticData {
  /** Equal for the same finding in the same text. */
  readonly finding: string;
}
