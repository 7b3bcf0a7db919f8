/**
 * What a report is made from: plain data, as the language server's `corsLint/report` gives it and as the command line
 * gathers it. Lines and characters count from 0, in UTF-16 units; files are URIs.
 */

export type Severity = 'error' | 'warning' | 'info' | 'hint';

export interface Location {
  readonly uri: string;
  readonly range: {
    readonly start: { readonly line: number; readonly character: number };
    readonly end: { readonly line: number; readonly character: number };
  };
}

export interface ReportData {
  /** True when it was stopped before the end: what is here is right, but not all there is. */
  readonly cancelled: boolean;
  /** Of CORS Lint. */
  readonly version: string;
  readonly counts: {
    readonly severities: Readonly<Record<Severity, number>>;
    /** The most frequent first. */
    readonly rules: readonly { readonly rule: string; readonly title: string; readonly count: number }[];
    readonly files: { readonly seen: number; readonly analysed: number; readonly withFindings: number };
    readonly endpoints: number;
  };
  readonly endpoints: readonly ReportEndpoint[];
  readonly findings: readonly ReportFinding[];
  readonly chains: readonly ReportChain[];
}

export interface ReportEndpoint {
  readonly id: string;
  readonly platformName: string;
  readonly label: string;
  readonly location: Location;
  /** Why it is seen only in part; null when it is seen whole. */
  readonly partial: string | null;
  /** The policy as lines of a table: "Origins", "https://app.example.com". */
  readonly rows: readonly { readonly key: string; readonly label: string; readonly words: string }[];
}

export interface ReportFinding {
  readonly rule: string;
  readonly title: string;
  readonly category: string;
  readonly severity: Severity;
  readonly message: string;
  readonly location: Location;
  /** The path for people. */
  readonly file: string;
  /** The address of the rule's page; null when there is none. */
  readonly page: string | null;
  readonly cwe: string | null;
  readonly related: readonly { readonly message: string; readonly location: Location }[];
  /** The proof; null for findings without an exchange. */
  readonly tried: Tried | null;
}

/** One call of a front end, played. */
export interface Tried {
  readonly call: {
    readonly origin: string;
    readonly method: string;
    readonly url: string;
    readonly credentials: boolean;
  };
  /** Null when the call needs none, or when there is no endpoint. */
  readonly preflight: TriedLeg | null;
  /** What the server gives, or would give were the preflight to pass; null when there is no endpoint. */
  readonly actual: TriedLeg | null;
  readonly verdict: 'allowed' | 'blocked' | 'unknown';
  /** The step of the Fetch standard that decided: `cors-check/other-origin`; `same-origin` when nothing is checked. */
  readonly step: string;
  /** The section of the standard. */
  readonly stepUrl: string | null;
  /** One sentence in plain words. */
  readonly reason: string;
}

/** One request and what comes back. */
export interface TriedLeg {
  readonly request: {
    readonly method: string;
    readonly headers: readonly { readonly name: string; readonly value: string }[];
  };
  /** A `curl` command that sends it. */
  readonly curl: string;
  /** Null when it cannot be told. */
  readonly status: number | null;
  /** Who answers; empty when it depends. */
  readonly answeredBy: string;
  readonly headers: readonly TriedHeader[];
}

export interface TriedHeader {
  readonly name: string;
  /** Null when it cannot be told. */
  readonly value: string | null;
  /** Who sets it, in words. */
  readonly layer: string;
  /** Nobody wrote it: a default of the platform. */
  readonly implied: boolean;
  /** Null when the file cannot be read. */
  readonly location: Location | null;
}

/** The layers that write headers of an endpoint's answers, from the front end to whoever answers. */
export interface ReportChain {
  /** `ReportEndpoint.id`. */
  readonly endpoint: string;
  readonly layers: readonly ReportLayer[];
  /** Headers that more than one layer writes into the same answer; `layers` are indices. */
  readonly collisions: readonly {
    readonly header: string;
    readonly layers: readonly number[];
    readonly words: string;
  }[];
}

export interface ReportLayer {
  readonly kind: 'front-end' | 'proxy' | 'application' | 'gateway' | 'function' | 'upstream';
  readonly label: string;
  /** Null for what is not in the workspace. */
  readonly location: Location | null;
  readonly sets: readonly TriedHeader[];
}

/** How a file's URI is written for people: the path below the workspace's folder. */
export type NameFile = (uri: string) => string;
