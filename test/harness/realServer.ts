import type { Ending } from '../../server/src/cors/http';

/** The real software, serving an example of a rule page. */
export interface RealServer {
  /** For the log: `nginx`, `Express 5`. */
  readonly name: string;
  /** The ports of 127.0.0.1 that stand for the site's plain and its TLS side. Both speak plain HTTP. */
  readonly ports: { readonly http: number; readonly https: number };
  /** The host names that it distinguishes, as written; empty when it has one site for all. */
  readonly hosts: readonly string[];
  /** Makes what stands behind the endpoints end like this, for the requests to come. False: it cannot be made to. */
  end(ending: Ending): boolean;
  /** Whether the last ending was had: the stand-in for what stands behind was asked since. Success needs no stand-in. */
  endedSo(): boolean;
  /** The value of an `Authorization` header that gets in. */
  readonly authorization: string;
  log(): string;
  stop(): Promise<void>;
}
