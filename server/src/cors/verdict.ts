import type { ResolvedHeader } from './resolve';

/**
 * The steps at which a browser decides, named after the Fetch standard's.
 * - `cors-check/…`: https://fetch.spec.whatwg.org/#concept-cors-check
 * - `preflight/…`: https://fetch.spec.whatwg.org/#cors-preflight-fetch-0
 */
export type Step =
  | 'cors-check/no-allow-origin'
  | 'cors-check/any-origin'
  | 'cors-check/several-origins'
  | 'cors-check/wildcard-with-credentials'
  | 'cors-check/other-origin'
  | 'cors-check/same-origin'
  | 'cors-check/credentials-not-allowed'
  | 'cors-check/credentials-allowed'
  | 'preflight/status'
  | 'preflight/allow-methods-unparsable'
  | 'preflight/allow-headers-unparsable'
  | 'preflight/method'
  | 'preflight/authorization'
  | 'preflight/header'
  | 'preflight/passed'
  | 'unknown';

/** What the browser does at the step that decides. */
export interface Verdict {
  readonly result: 'allowed' | 'blocked' | 'unknown';
  readonly step: Step;
  /** One sentence in plain words, with the values in it. */
  readonly reason: string;
  /** The header line that decided, when one did. */
  readonly header?: ResolvedHeader;
}

/** The section of the Fetch standard that a step belongs to. */
export function stepUrl(step: Step): string | undefined {
  if (step.startsWith('cors-check/')) return 'https://fetch.spec.whatwg.org/#concept-cors-check';
  if (step.startsWith('preflight/')) return 'https://fetch.spec.whatwg.org/#cors-preflight-fetch-0';
  return undefined;
}
