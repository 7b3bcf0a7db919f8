import type { Call } from './call';
import type { Place } from './place';

/** A call that a page of the workspace is known to make. */
export interface Caller {
  /** What is said of it: `fetch`, `api.patch`. */
  readonly place: Place;
  readonly method: string;
  readonly scheme: 'http' | 'https';
  /** Without query. */
  readonly path: string;
  /** Headers that the page sets itself and that are sure to be sent, names as written. */
  readonly headers: Call['headers'];
  /** `credentials: 'include'`. */
  readonly credentials: boolean;
  /** The response headers that the page reads. */
  readonly reads: readonly HeaderRead[];
  /** The circumstances in which it is made, and gets where it is said to, each to finish "when …". */
  readonly when: readonly string[];
}

/** A response header that a page reads, and where. */
export interface HeaderRead {
  /** As written. */
  readonly name: string;
  readonly place: Place;
}

/** The caller's call, from a page at `origin`. */
export function callBy({ method, scheme, path, headers, credentials }: Caller, origin: string): Call {
  return { origin, method, scheme, path, headers, credentials, ending: 'success' };
}

/** Where a finding says who calls. */
export function calledBy({ place, method, credentials }: Caller): { readonly place: Place; readonly message: string } {
  return { place, message: `a page calls it here: ${method}${credentials ? ' with credentials' : ''}` };
}
