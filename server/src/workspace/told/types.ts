/**
 * What every face tells of endpoints, calls and findings: plain data, as the language server's requests carry it and as
 * reports are made from. Lines and characters count from 0, in UTF-16 units; files are URIs.
 */
import type { EffectivePolicy, PolicyRow } from '../../cors/effectivePolicy';
import type { Place } from '../../cors/place';
import type { Location, ReportData, ReportFinding, Tried } from '../../report/data';

export type {
  Location,
  ReportChain as LayerChain,
  ReportLayer as Layer,
  TriedHeader,
  TriedLeg,
} from '../../report/data';

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

export interface TryResult extends Tried {
  /** The call as it was played, everything filled in. */
  readonly call: TriedCall;
  /** Null when none, or not only one, would answer. */
  readonly endpoint: EndpointRef | null;
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

/** What a report is made from, with all that is told of each endpoint and finding. */
export interface Report extends Omit<ReportData, 'endpoints' | 'findings'> {
  readonly endpoints: readonly EndpointInfo[];
  /** The worst first, then by file and place. */
  readonly findings: readonly ReportedFinding[];
}

export interface ReportedFinding extends ReportFinding {
  readonly category: 'broken' | 'insecure' | 'fragile' | 'advice';
  /** The proof; null for findings without an exchange. */
  readonly tried: TryResult | null;
  /** Titles of the fixes, best first; `null` where they were not worked out (in a report). */
  readonly fixes: readonly string[] | null;
}
