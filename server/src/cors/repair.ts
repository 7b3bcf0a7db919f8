import type { Endpoint } from './endpoint';
import type { Header } from './http';
import type { Place } from './place';

/**
 * What would mend an exchange, in words that no platform owns. A platform turns it into text edits, or declines.
 * Places are those that the platform itself handed out.
 */
export type Repair =
  /** Put `text` for the value at `place`; the platform quotes and escapes as its syntax and the file's style want. */
  | { readonly kind: 'replace-value'; readonly place: Place; readonly text: string }
  /** Put these values, a list, for the value at `place`. */
  | { readonly kind: 'replace-with-list'; readonly place: Place; readonly texts: readonly string[] }
  /** Put this regular expression, anchored and escaped, for the check at `place`. */
  | { readonly kind: 'replace-pattern'; readonly place: Place; readonly source: string; readonly flags: string }
  /** Give the header, option or key whose name stands at `place` another name. */
  | { readonly kind: 'rename'; readonly place: Place; readonly name: string }
  /** Take the setting (header line, option, list item, key with its value) at `place` out. */
  | { readonly kind: 'remove'; readonly place: Place }
  /** At the endpoint, keep back the header that what stands behind it sends with the setting at `place`. */
  | { readonly kind: 'hide-header'; readonly endpoint: Endpoint; readonly name: string; readonly place: Place }
  /** Make these headers of the endpoint go out with error statuses too. */
  | { readonly kind: 'apply-to-errors'; readonly endpoint: Endpoint; readonly headers: readonly Header[] }
  /** Send this header with every response of the endpoint. `near`: a header line to stand by. */
  | {
      readonly kind: 'set-header';
      readonly endpoint: Endpoint;
      readonly name: string;
      readonly value: string;
      readonly near?: Place;
    }
  /** Send this header, which only the answer to the endpoint's preflight has, with its every response. */
  | { readonly kind: 'send-always'; readonly endpoint: Endpoint; readonly header: Header }
  /** Append `Origin` to the Vary header of every response of the endpoint. */
  | { readonly kind: 'vary-origin'; readonly endpoint: Endpoint; readonly near: Place }
  /** Answer the endpoint's preflight with success, its own CORS headers, and these. */
  | {
      readonly kind: 'answer-preflight';
      readonly endpoint: Endpoint;
      readonly methods: readonly string[];
      readonly headers: readonly string[];
    }
  /** Let OPTIONS past what stands at `place` (authentication, a limiter, a method gate). */
  | { readonly kind: 'exempt-preflight'; readonly endpoint: Endpoint; readonly place: Place }
  /**
   * Instead of `*` or every origin, let in only those of a list; the request's own origin is then sent back. A platform
   * that cannot let them in with credentials, where that is wanted, declines.
   */
  | {
      readonly kind: 'allow-list';
      readonly endpoint: Endpoint;
      /** The header setting or the origin check to replace. */
      readonly place: Place;
      readonly origins: readonly string[];
      /** They call with credentials, which are not allowed so far. */
      readonly credentials?: true;
    };

/** Put `text` for what stands between `start` and `end` (UTF-16 offsets of the unedited file). */
export interface Edit extends Place {
  readonly text: string;
}

/** The origin that a fix writes where only the user knows the right one. */
export const PLACEHOLDER_ORIGIN = 'https://app.example.com';
