/**
 * What the server understands beyond the Language Server Protocol. Types and method names only, so that a client can
 * share them without loading anything.
 */
import type { Diagnostic, Location, ProgressToken } from 'vscode-languageserver';
import type { EndpointInfo, EndpointRef, ReportedFinding, TryResult } from '../workspace/told/types';

export type { Location } from 'vscode-languageserver';
export type {
  EndpointInfo,
  EndpointRef,
  Layer,
  LayerChain,
  Report as ReportResult,
  ReportedFinding,
  TriedCall,
  TriedHeader,
  TriedLeg,
  TryResult,
} from '../workspace/told/types';

/** `initializationOptions` of the `initialize` request; everything may be left out. */
export interface InitializationOptions {
  /**
   * The address that a finding links its rule's page with; `{rule}` stands for the rule's id. Left out: the page that
   * comes with the server, as a `file:` address.
   */
  readonly rulePageLink?: string;
  /**
   * Commands of `CLIENT_COMMANDS` that this client carries out itself: code actions and lenses with them are offered
   * only then.
   */
  readonly commands?: readonly string[];
  /**
   * Whether the client answers `corsLint/listFolders` and `corsLint/readFiles`: only then the server sees files that are
   * on no disk of its machine, as those of a virtual workspace, or any file when it runs in a browser.
   */
  readonly handsOverFiles?: boolean;
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

/**
 * Request: the endpoints of one file, or of every file of the workspace, with what each does for a front end. Sorted by
 * file and place. Cancelling it gives what is known by then.
 */
export const ENDPOINTS_METHOD = 'corsLint/endpoints';

export interface EndpointsParams {
  /** Left out: the whole workspace. */
  readonly uri?: string;
  readonly workDoneToken?: ProgressToken;
}

export interface EndpointsResult {
  readonly cancelled: boolean;
  readonly endpoints: readonly EndpointInfo[];
}

/**
 * Request: what a browser would do with one call. Rejects with InvalidParams and a sentence for people when the URL or
 * the origin is none.
 */
export const TRY_METHOD = 'corsLint/try';

export interface TryParams {
  /** The id of an endpoint; then `uri` must be the file that it came with, and `url` may be a path or left out. */
  readonly endpoint?: string;
  /** The file to look for the endpoint in; left out: the whole workspace. */
  readonly uri?: string;
  /** `https://api.example.com/items?id=1`, or a path: `/items`. */
  readonly url?: string;
  /** Left out: the first configured origin, else a placeholder. */
  readonly origin?: string;
  /** Left out: GET, or the endpoint's first method. */
  readonly method?: string;
  /** `Name` or `Name: value`. Left out: none, or those that the endpoint needs. */
  readonly headers?: readonly string[];
  readonly credentials?: boolean;
  /** What the handler, file or upstream behind answers; left out: success. */
  readonly status?: number;
}

/**
 * Request: what a browser's console said about CORS, explained by the workspace. The text may hold several messages,
 * prefixes, stacks and anything else around them; `explained` is empty when there is none in it.
 */
export const EXPLAIN_METHOD = 'corsLint/explain';

export interface ExplainParams {
  readonly message: string;
  readonly workDoneToken?: ProgressToken;
}

export interface ExplainResult {
  readonly explained: readonly Explanation[];
}

export interface Explanation {
  readonly message: ParsedMessage;
  /** What the message means, in one or two sentences. */
  readonly meaning: string;
  /** Endpoints of the workspace that may answer that URL, the likeliest first. */
  readonly endpoints: readonly ExplainedEndpoint[];
  /** What to look for: never empty when `endpoints` is. */
  readonly advice: readonly string[];
  /** The rule's id whose page tells more; null when there is none. */
  readonly rule: string | null;
}

export interface ParsedMessage {
  readonly browser: 'chrome' | 'firefox' | 'safari';
  /** The message alone, as it was in the text. */
  readonly text: string;
  /** What it complains of, by the name of the reason: `no-allow-origin`, `method`, … */
  readonly reason: string;
  readonly url: string | null;
  /** The page's origin. Firefox does not tell it. */
  readonly origin: string | null;
  /** The method, header or value that it names. */
  readonly names: string | null;
  readonly isPreflight: boolean;
}

export interface ExplainedEndpoint {
  readonly endpoint: EndpointRef;
  readonly sureness: 'certain' | 'likely' | 'possible';
  /** Why it is believed to answer. */
  readonly because: string;
  readonly tried: TryResult;
  /** Whether the code, played, ends as the browser says: `differs` when the deployed server is not this code. */
  readonly agreement: 'agrees' | 'differs' | 'unknown';
  /** The sentence to show first: what is wrong, or that the deployed server answers differently from this code. */
  readonly says: string;
  /** The line to blame; null when there is none. */
  readonly blame: Location | null;
  /** Findings about this endpoint's answers, those that explain the message first. */
  readonly findings: readonly ReportedFinding[];
}

/**
 * Request: everything that a report shows, as plain data. An audit runs for it; cancelling it gives what is known by
 * then.
 */
export const REPORT_METHOD = 'corsLint/report';

export interface ReportParams {
  readonly workDoneToken?: ProgressToken;
}

/** Request to the client: what is in these folders. Answers come in the order of the URIs. */
export const LIST_FOLDERS_METHOD = 'corsLint/listFolders';

export interface ListFoldersParams {
  readonly uris: readonly string[];
}

export interface ListFoldersResult {
  /** Without entries: the folder is gone or cannot be read. */
  readonly folders: readonly { readonly entries?: readonly ListedEntry[] }[];
}

export interface ListedEntry {
  readonly name: string;
  /** Of what a link leads to. */
  readonly kind: 'file' | 'folder';
  readonly isLink: boolean;
}

/** Request to the client: the texts of these files. Answers come in the order of the URIs. */
export const READ_FILES_METHOD = 'corsLint/readFiles';

export interface ReadFilesParams {
  readonly uris: readonly string[];
}

export interface ReadFilesResult {
  /** Why there is no text, in a few words. */
  readonly files: readonly ({ readonly text: string } | { readonly reason: string })[];
}

/**
 * Commands that a client may carry out itself, if it names them in `initializationOptions.commands`. Their arguments:
 * - showExchange: `TryResult`
 * - copyCurl: the command, a text
 * - openRulePage: the rule's id
 * - tryEndpoint: `{ uri, endpoint }`, to be tried with `corsLint/try`
 */
export const CLIENT_COMMANDS = {
  showExchange: 'corsLint.showExchange',
  copyCurl: 'corsLint.copyCurl',
  openRulePage: 'corsLint.openRulePage',
  tryEndpoint: 'corsLint.tryEndpoint',
} as const;

/** Commands of `workspace/executeCommand`, for clients without the means for the requests above. */
export const AUDIT_COMMAND = 'cors-lint.server.audit';
export const APPLY_COMMAND = 'cors-lint.server.applyEdit';

/** `Diagnostic.data` of a finding. */
export interface DiagnosticData {
  /** Equal for the same finding in the same text. */
  readonly finding: string;
}
