import type { Ending } from '../../server/src/cors/http';

/** The real software, serving an example of a rule page. */
export interface RealServer {
  /** For the log: `nginx`, `Express 5`. */
  readonly name: string;
  /** The ports of 127.0.0.1 that stand for the site's plain and its TLS side. Both speak plain HTTP. */
  readonly ports: { readonly http: number; readonly https: number };
  /** The host names that it distinguishes, as written; empty when it has one site for all. */
  readonly hosts: readonly string[];
  /** Whether what stands behind the endpoints can be made to end like this. */
  canEnd(ending: Ending): boolean;
  /** Makes it so, for the requests to come. */
  end(ending: Ending): Promise<void>;
  /** The value of an `Authorization` header that gets in. */
  readonly authorization: string;
  log(): string;
  stop(): Promise<void>;
}
