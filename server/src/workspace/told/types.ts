/**
 * What every face tells of endpoints, calls and findings: plain data, as the language server's requests carry it and as
 * reports are made from. Lines and characters count from 0, in UTF-16 units; files are URIs.
 */
import type { EffectivePolicy, PolicyRow } from '../../cors/effectivePolicy';
import type { Place } from '../../cors/place';
import type { Severity } from '../../lint/types';

export interface Location {
  readonly uri: string;
  readonly range: {
    readonly start: { readonly line: number; readonly character: number };
    readonly end: { readonly line: number; readonly character: number };
  };
}

/** Tells places as locations; null for a place in a file that cannot be read. */
export type Locate = (place: Place) => Location | null;

/** One endpoint, enough to show and to name it in another request. */
export interface EndpointRef {
  /** Names it in `corsLint/try`: equal for the same endpoint in the same text. */
  readonly id: string;
  /** `nginx`, `express`, … */
  readonly platform: string;
  /** For people: "nginx", "Express and other Node.js servers". */
  readonly platformName: string;
  /** "location /api/", "PUT /users/:id". */
  readonly label: string;
  /** A path that reaches it: `/users/1`. */
  readonly path: string;
  /** Null when any or not known. */
  readonly methods: readonly string[] | null;
  readonly location: Location;
  /** Why it is seen only in part; null when it is seen whole. */
  readonly partial: string | null;
}

export interface EndpointInfo extends EndpointRef {
  /** One line: "any origin · no credentials · GET, POST". */
  readonly summary: string;
  /** The policy as lines of a table, ready to show. */
  readonly rows: readonly PolicyRow<Location>[];
  readonly policy: EffectivePolicy<Location>;
}

export interface TryResult {
  /** The call as it was played, everything filled in. */
  readonly call: TriedCall;
  /** Null when none, or not only one, would answer. */
  readonly endpoint: EndpointRef | null;
  /** Null when the call needs none, or when there is no endpoint. */
  readonly preflight: TriedLeg | null;
  /** What the server gives, or would give were the preflight to pass. */
  readonly actual: TriedLeg | null;
  readonly verdict: 'allowed' | 'blocked' | 'unknown';
  /** The step of the Fetch standard that decided: `cors-check/other-origin`; `same-origin` when nothing is checked. */
  readonly step: string;
  /** The section of the standard. */
  readonly stepUrl: string | null;
  /** One sentence in plain words. */
  readonly reason: string;
}

export interface TriedCall {
  readonly origin: string;
  readonly method: string;
  /** Whole, or a path when the host is not known. */
  readonly url: string;
  readonly headers: readonly { readonly name: string; readonly value: string }[];
  readonly credentials: boolean;
  readonly status: number | null;
}

/** One request and what comes back. */
export interface TriedLeg {
  readonly request: { readonly method: string; readonly headers: readonly { name: string; value: string }[] };
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
  /** Who sets it, in words: "location /api", "cors()". */
  readonly layer: string;
  /** Nobody wrote it: a default of the platform. */
  readonly implied: boolean;
  /** Null when the file cannot be read. */
  readonly location: Location | null;
}

export interface Report {
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
  readonly endpoints: readonly EndpointInfo[];
  /** The worst first, then by file and place. */
  readonly findings: readonly ReportedFinding[];
  /** For each endpoint that something is known of, what stands between the page and the answer. */
  readonly chains: readonly LayerChain[];
}

export interface ReportedFinding {
  readonly rule: string;
  readonly title: string;
  readonly category: 'broken' | 'insecure' | 'fragile' | 'advice';
  readonly severity: Severity;
  readonly message: string;
  readonly location: Location;
  /** The path below the workspace's folder, for people. */
  readonly file: string;
  /** The address of the rule's page; null when there is none. */
  readonly page: string | null;
  readonly cwe: string | null;
  readonly related: readonly { readonly message: string; readonly location: Location }[];
  /** The proof; null for findings without an exchange. */
  readonly tried: TryResult | null;
  /** Titles of the fixes, best first; `null` where they were not worked out (in a report). */
  readonly fixes: readonly string[] | null;
}

/** The layers that write headers of an endpoint's answers, from the front end to whoever answers. */
export interface LayerChain {
  /** `EndpointRef.id`. */
  readonly endpoint: string;
  readonly layers: readonly Layer[];
  /** Headers that more than one layer writes into the same answer. */
  readonly collisions: readonly {
    readonly header: string;
    readonly layers: readonly number[];
    readonly words: string;
  }[];
}

export interface Layer {
  readonly kind: 'front-end' | 'proxy' | 'application' | 'gateway' | 'function' | 'upstream';
  readonly label: string;
  /** Null for what is not in the workspace. */
  readonly location: Location | null;
  readonly sets: readonly TriedHeader[];
}
