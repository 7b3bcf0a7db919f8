import type { Certainty } from '../../cors/certainty';
import type { Header, Request } from '../../cors/http';
import type { Place } from '../../cors/place';
import type { OriginPolicy } from '../../cors/policy';
import type { Edit } from '../../cors/repair';
import type { ObjectValue } from '../../javascript';

/** What a function's code answers. */
export type HandlerReading =
  | {
      readonly kind: 'responses';
      readonly responses: readonly HandlerResponse[];
      readonly file: string;
      /** What its code shows of its being called by servers and no pages, to begin a sentence with. */
      readonly webhook?: string;
      /**
       * Set where a middleware answers errors without the headers that another one gives to the rest, because of the
       * order in which they stand: the edits that put them in the other.
       */
      readonly reordered?: readonly Edit[];
    }
  | { readonly kind: 'unknown'; readonly reason: string };

/** One response that the handler hands back on some path. */
export interface HandlerResponse {
  /** Undefined when it is computed. */
  readonly status: number | undefined;
  /** The `return`, the callback's call, the middleware: the line to blame. */
  readonly place: Place;
  /** The object literal of the response, and that of its headers where it is written out. */
  readonly object: ObjectValue | undefined;
  readonly headersObject: ObjectValue | undefined;
  readonly headers: readonly Header[];
  /** Why it may have more headers than these; undefined when it was read whole. */
  readonly open: string | undefined;
  /** The branch, to finish "when …"; undefined when it is the only one. */
  readonly when: string | undefined;
  readonly error: boolean;
  /** Set on an error of the class 4xx, of any status in it. */
  readonly clientErrors?: true;
  /** Whether a request gets this one, as far as its method and origin decide that. */
  taken(request: Request): Certainty;
  /** Whether the branch depends on the request's origin: one that is refused gets other headers. */
  readonly byOrigin: boolean;
  /** The checks by which the request's own origin is sent back. */
  readonly policies: readonly OriginPolicy[];
}

/** The two formats of events that API Gateway hands to functions. */
export type Payload = '1.0' | '2.0';
