import type { Place } from './place';
import type { Value } from './value';

/** A request as a server meets it. */
export interface Request {
  /** Case-sensitive, as sent. */
  readonly method: string;
  readonly scheme: 'http' | 'https';
  /** Host name and port as in the Host header; undefined stands for "the one that reaches the endpoint". */
  readonly host?: string;
  /** Path and query: `/items?id=1`. */
  readonly path: string;
  /** The value of the `Origin` header; undefined when it is not sent. */
  readonly origin: string | undefined;
  /** Other headers, names in lower case. */
  readonly headers: ReadonlyMap<string, string>;
  /** How what stands behind the CORS layer (handler, file, upstream) ends. */
  readonly ending: Ending;
}

/** How the handler, the file or the upstream behind an endpoint ends a request, were it reached. */
export type Ending = 'success' | number;

/** One header of a response, with what is known of its value. */
export interface Header {
  /** As written. */
  readonly name: string;
  readonly value: Value;
  /** The whole setting: the directive, the call, the property, the key with its value. */
  readonly place: Place;
  /** Who sets it, in words: "location /api", "cors()", "the handler". */
  readonly layer: string;
  /** True when nobody wrote it: a default of the platform. `place` is then what brought the default in. */
  readonly implied?: boolean;
  /** True when it comes from the application that the endpoint passes requests on to. */
  readonly isBehind?: boolean;
}

/** What kind of thing gave the answer. */
export type AnswererKind =
  | 'handler'
  | 'preflight'
  | 'authentication'
  | 'rate-limit'
  | 'method-gate'
  | 'redirect'
  | 'not-found'
  | 'error'
  | 'file'
  | 'upstream'
  | 'gateway';

export interface Answerer {
  readonly kind: AnswererKind;
  /** In words, to stand in a sentence: "`auth_basic`", "the limiter", "Express's own OPTIONS answer". */
  readonly what: string;
  readonly place: Place;
}

/** A response that the server may give to one request. */
export interface Response {
  /** Undefined when it cannot be told. */
  readonly status: number | undefined;
  readonly answeredBy: Answerer;
  /** In the order they are sent, duplicates kept. */
  readonly headers: readonly Header[];
  /** Lines of `Access-Control-Allow-Origin` and `Vary` that were set and then replaced by another, in that order. */
  readonly overwritten?: readonly Overwritten[];
  /** Headers of the application behind the endpoint that a setting of the endpoint's own keeps back. */
  readonly withheld?: readonly Withheld[];
  /** Set when the response may carry more headers than listed: why, in words. Absence then proves nothing. */
  readonly open?: string;
  /** The circumstance in which this response is given, to finish "when …"; undefined when it always is. */
  readonly when?: string;
  /** The assumptions that it rests on, by their words (`Condition.holds`), and whether each one holds. */
  readonly assumes?: ReadonlyMap<string, boolean>;
  /** Ways that the response is given in: the assumptions of at least one of them hold too. Never empty. */
  readonly assumesOneOf?: readonly ReadonlyMap<string, boolean>[];
}

/** A header that was set and is not sent, because a later write replaced it. */
export interface Overwritten {
  readonly lost: Header;
  readonly by: Header;
}

/** A header that came from behind and is not passed on. */
export interface Withheld {
  readonly header: Header;
  /** The setting that keeps it back. */
  readonly by: Place;
}
