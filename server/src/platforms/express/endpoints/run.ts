import type { Request } from '../../../cors/http';
import type { Reader } from '../../../javascript';
import type { Apps } from '../app/apps';
import type { ExpressVersion, PathMatch } from '../app/pathPattern';
import type { Layer, Registration } from '../app/registration';
import type { FunctionMemo } from '../flow/functionRun';

/** What one analysis knows, whatever the request. */
export interface Application {
  readonly reader: Reader;
  readonly apps: Apps;
  readonly version: ExpressVersion;
  /** Whether the package of the file at hand depends on one that hands an app the requests of a gateway. */
  readonly isForGateway: boolean;
  readonly memo: FunctionMemo;
}

/** The route that an endpoint stands for, with the mounts that lead to it. */
export interface Target {
  /** Registrations that the endpoint's own path is known to meet, whatever their patterns. */
  readonly through: ReadonlySet<Registration>;
  readonly path: string;
}

/** One request on its way through an app. */
export interface Run extends Application {
  /** What is left of the path for the layer at hand, which is what `req.path` says there; empty where it is not known. */
  readonly seen: string;
  readonly request: Request;
  readonly target: Target;
}

/** The version is read from other files, and only where a path asks for it. */
export function withVersion(application: Application, request: Request, target: Target, seen: string): Run {
  const { reader, apps, memo } = application;
  return {
    reader,
    apps,
    memo,
    request,
    target,
    seen,
    get version() {
      return application.version;
    },
    get isForGateway() {
      return application.isForGateway;
    },
  };
}

/** The request as a function sees it. It is read through: what is read is noted. */
export function seenBy({ request, seen }: Run): Request {
  return {
    get method() {
      return request.method;
    },
    get scheme() {
      return request.scheme;
    },
    get origin() {
      return request.origin;
    },
    get ending() {
      return request.ending;
    },
    ...(request.host === undefined ? {} : { host: request.host }),
    get path() {
      // What is left of the path is the same only for the same path.
      return request.path === '' ? '' : seen;
    },
    get headers() {
      return request.headers;
    },
  };
}

/** What a middleware or a router sees of the path, once its own has been taken off. */
export function seenThrough(matched: PathMatch): string {
  return matched?.rest ?? '';
}

/** How much of the path the layers around have taken off. */
export function taken({ request, seen }: Run): number {
  if (seen === '') return -1;
  const path = request.path.split('?')[0] ?? '/';
  return seen === '/' && path !== '/' ? path.length : path.length - seen.length;
}

function isOwnPath(run: Run): boolean {
  return (run.request.path.split('?')[0] ?? '') === run.target.path;
}

/** Whether the request is for the endpoint's own path, and the layer is one that this path is known to meet. */
export function isOnTheWay(run: Run, layer: Layer): boolean {
  return run.target.through.has(layer) && isOwnPath(run);
}
