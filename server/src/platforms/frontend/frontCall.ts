import type { TSESTree } from '@typescript-eslint/types';
import type { Place } from '../../cors/place';
import type { JsValue } from '../../javascript';
import type { HeaderRead } from './reads';

/** A call that a page makes, as far as it is written. */
export interface FrontCall {
  /** What makes it, with what is said of it: `fetch`, `axios.get`, `xhr.open`. */
  readonly place: Place;
  readonly node: TSESTree.Node;
  readonly url: JsValue;
  readonly base: JsValue | undefined;
  readonly method: string;
  /** Those that the page sets itself; a value that is not known is undefined. */
  readonly headers: readonly SentHeader[];
  readonly credentials: boolean;
  /** The value of `mode`, where it is one that matters. */
  readonly noCors: Place | undefined;
  /** The circumstances in which it is made so, each to finish "when …"; none when it always is. */
  readonly when?: readonly string[];
  /** Response headers that the page reads. */
  readonly reads: readonly HeaderRead[];
}

export interface SentHeader {
  readonly name: string;
  readonly namePlace: Place;
  readonly value: string | undefined;
  readonly valuePlace: Place;
  /** The whole property. */
  readonly place: Place;
  /** It is sent on a condition, or when a function is called that sets it for the calls to come. */
  readonly perhaps?: true;
}
