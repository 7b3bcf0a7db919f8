import type { Place } from './place';

/**
 * Which origins a server lets in, as far as it can be read from its source. The policy admits an origin when one of
 * its entries does.
 */
export interface OriginPolicy {
  /** Where the policy as a whole stands: the option's value, the `map`, the callback. */
  readonly place: Place;
  readonly entries: readonly OriginEntry[];
}

export type OriginEntry =
  /** Every origin. `how` says so in the user's words: "`origin: true`", "the map's default". */
  | { readonly kind: 'any'; readonly how: string; readonly place: Place }
  /** One origin as configured, compared whole. It may be malformed: `https://a.example/`. */
  | { readonly kind: 'exact'; readonly text: string; readonly ignoreCase?: boolean; readonly place: Place }
  /** Every origin that passes the test. */
  | { readonly kind: 'match'; readonly test: OriginTest; readonly place: Place }
  /** Not readable: an environment variable, an unresolved import. */
  | { readonly kind: 'unknown'; readonly reason: string; readonly place: Place };

/** What part of the origin a test looks at. The parts are those of the URL standard: `new URL(origin).hostname`. */
export type OriginPart = 'origin' | 'host' | 'hostname';

/** A check that code or configuration makes on the value of the `Origin` header. */
export type OriginTest =
  /** A regular expression searched for in the part (not anchored by itself). */
  | {
      readonly kind: 'regex';
      readonly source: string;
      readonly flags: string;
      readonly dialect: 'ecmascript' | 'pcre';
      readonly on?: OriginPart;
    }
  | { readonly kind: 'equals'; readonly text: string; readonly ignoreCase?: boolean; readonly on?: OriginPart }
  | { readonly kind: 'prefix'; readonly text: string; readonly on?: OriginPart }
  | { readonly kind: 'suffix'; readonly text: string; readonly on?: OriginPart }
  | { readonly kind: 'contains'; readonly text: string; readonly on?: OriginPart }
  /** The part is somewhere inside `text`: `allowed.includes(origin)` on a string. */
  | { readonly kind: 'inside'; readonly text: string; readonly on?: OriginPart }
  | { readonly kind: 'all'; readonly of: readonly OriginTest[] }
  | { readonly kind: 'some'; readonly of: readonly OriginTest[] }
  | { readonly kind: 'not'; readonly of: OriginTest }
  | { readonly kind: 'unknown'; readonly reason: string };
