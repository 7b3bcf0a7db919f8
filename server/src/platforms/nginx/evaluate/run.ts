import type { Endpoint } from '../../../cors/endpoint';
import type { Answerer, Ending, Header, Request } from '../../../cors/http';
import { type Place, placeKey } from '../../../cors/place';
import type { OriginPolicy } from '../../../cors/policy';
import type { Condition } from '../../../cors/value';
import type { Configuration } from '../config/configuration';
import type { Level } from '../config/level';
import type { Known } from './known';

/** One way of answering one request: what nginx keeps in `ngx_http_request_t`. */
export interface Run {
  readonly configuration: Configuration;
  readonly request: Request;
  readonly server: Level;
  /** The location configuration that is active: `add_header` and the like are taken from it. */
  level: Level;
  /** What must hold of the origin for an `if` to have become active; only for tests on the origin. */
  readonly guards: Map<Level, Condition>;
  /** The `if` blocks that were taken in the location that the request is in, in order; the last one counts. */
  readonly taken: Level[];
  method: string;
  /** For a subrequest: the request that it serves. It sends no headers, and `$request_method` is the other's. */
  readonly main: Run | undefined;
  /** Decoded path; undefined once a rewrite has made it something that is not known. */
  uri: string | undefined;
  args: string;
  /** What `set` and named groups have assigned so far. */
  readonly variables: Map<string, Known>;
  /** nginx evaluates a map once per request and keeps the result. */
  readonly mapped: Map<string, Known>;
  captures: readonly (string | undefined)[];
  /** Internal redirects and rewrites that are still allowed. */
  changes: number;
  /** The status of the error whose page is being made; overrides the page's own. */
  errorStatus: number | undefined;
  errorPageUsed: boolean;
  internal: boolean;
  /** The path is as the client sent it (`valid_unparsed_uri`). */
  pathAsSent: boolean;
  /** The path still starts with the location's name (`valid_location`): no `break` has kept a rewritten one here. */
  pathInLocation: boolean;
  /** Where a redirect leads, once one has been made. */
  redirect: Redirect | undefined;
  /** What `satisfy any` has noted so far. */
  denied: Denied | undefined;
  /** What `$upstream_http_*` holds: nothing before an upstream has answered. */
  upstream: readonly Header[] | 'none' | 'unknown';
  /** What `$sent_http_*` holds while the headers are put together. */
  sent: readonly Header[];
  /** The status that is being sent; undefined before, and when it cannot be told. */
  status: number | undefined;
  /** Servers of the same configuration that have passed the request on so far. */
  hops: number;
  /** The endpoint of an application that answered, when the request was passed on to one that is known. */
  behind: Endpoint | undefined;
  /** The path that it was asked for. */
  behindPath: string | undefined;
  /** What the application's answer rests on. */
  readonly rests: Map<string, boolean>;
  /** `try_files` found nothing: its fallback, when it is a file, is there. */
  fellBack: boolean;
  /** How the next handler, file or upstream ends; an error is used up by its page. */
  ending: Ending;
  /** Origin checks met on the way, by place. */
  readonly policies: Map<string, OriginPolicy>;
  /** Set once the run rests on a pattern that cannot be read: why nothing is known of its answer. */
  undecided: string | undefined;
  readonly decide: Decide;
}

/**
 * Settles what the source does not: whether `holds` is so in this run. Both are words to finish "when …"; what is
 * empty is told by the next question.
 *
 * @param lasting it is then so for other requests too: a file is there for the preflight and for what follows it
 */
export type Decide = (holds: string, otherwise: string, lasting?: 'lasting') => boolean;

/** A request that is turned away before its content is looked for. */
export interface Denied {
  readonly status: number;
  readonly by: Answerer;
}

/** The target of a redirect, as the configuration gives it. */
export interface Redirect {
  readonly target: Known;
  /** What sends it. */
  readonly place: Place;
  /** An upstream's own: a bare path stays one. */
  readonly relative?: boolean;
}

/** nginx answers 500 at this change of the URI (`NGX_HTTP_MAX_URI_CHANGES` and one). */
export const MAX_CHANGES = 11;

export function startRun(configuration: Configuration, server: Level, request: Request, decide: Decide): Run {
  const { uri, args } = splitTarget(request.path);
  return {
    configuration,
    request,
    server,
    level: server,
    guards: new Map(),
    taken: [],
    method: request.method,
    main: undefined,
    uri,
    args,
    variables: new Map(),
    mapped: new Map(),
    captures: [],
    changes: MAX_CHANGES,
    errorStatus: undefined,
    errorPageUsed: false,
    internal: false,
    pathAsSent: true,
    pathInLocation: true,
    redirect: undefined,
    denied: undefined,
    upstream: 'none',
    sent: [],
    status: undefined,
    hops: 0,
    behind: undefined,
    behindPath: undefined,
    rests: new Map(),
    fellBack: false,
    ending: request.ending,
    policies: new Map(),
    undecided: undefined,
    decide,
  };
}

export function notePolicy(run: Run, policy: OriginPolicy): void {
  run.policies.set(placeKey(policy.place), policy);
}

/** Splits a request target and normalises the path as nginx does before it looks for a location. */
export function splitTarget(target: string): { uri: string; args: string } {
  const [path = '', ...query] = (target.split('#')[0] ?? '').split('?');
  const parts: string[] = [];
  const segments = decode(path)
    .replace(/\/{2,}/g, '/')
    .split('/');
  for (const [i, segment] of segments.entries()) {
    const last = i === segments.length - 1;
    if (segment === '..') {
      parts.pop();
    } else if (segment !== '.' && (segment !== '' || last)) {
      parts.push(segment);
    }
    if ((segment === '.' || segment === '..') && last) {
      parts.push('');
    }
  }
  return { uri: `/${parts.join('/')}`, args: query.join('?') };
}

function decode(path: string): string {
  if (!path.includes('%')) {
    return path;
  }
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
