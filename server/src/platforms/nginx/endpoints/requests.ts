import type { Endpoint } from '../../../cors/endpoint';
import type { Request } from '../../../cors/http';
import type { PlatformOptions } from '../../../lint/types';
import type { Configuration } from '../config/configuration';
import type { Level } from '../config/level';
import { type Decide, type Run, startRun } from '../evaluate/run';
import { captureServerName } from '../evaluate/server-name';

/** What an endpoint is made of. */
export interface Parts {
  readonly level: Level;
  readonly server: Level;
  readonly path: string;
  readonly file: string;
  readonly configuration: Configuration;
  readonly options: PlatformOptions;
  /** The endpoint of an application that answers for the path. */
  readonly behind: Endpoint | undefined;
}

/** An origin that nobody has: what depends on the origin shows itself whichever origin asks. */
export const SOME_ORIGIN = 'https://origin.invalid';

/** A request without headers that ends well. */
export function requestFor(path: string, method: string, origin: string | undefined): Request {
  return { method, scheme: 'https', path, origin, headers: new Map(), ending: 'success' };
}

/** A run for the bare path of which nothing has happened yet; what is not known is taken to be false. */
export function probe(configuration: Configuration, server: Level, path: string, unsure: () => void = () => {}): Run {
  return startRun(configuration, server, requestFor(path, 'GET', undefined), () => {
    unsure();
    return false;
  });
}

/** Starts a request at the endpoint's server. */
export function begin({ configuration, server }: Parts, request: Request, decide: Decide): Run {
  const run = startRun(configuration, server, request, decide);
  captureServerName(run);
  return run;
}
