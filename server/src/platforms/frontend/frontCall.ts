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
  /** Those that are sure to be sent; a value that is not known is undefined. */
  readonly headers: readonly SentHeader[];
  readonly credentials: boolean;
  /** The value of `mode`, where it is one that matters. */
  readonly noCors: Place | undefined;
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
}
