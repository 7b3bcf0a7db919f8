import type { Answerer, Response } from '../../../cors/http';
import type { PlatformOptions } from '../../../lint/types';
import type { Configuration } from '../config/configuration';
import type { Level } from '../config/level';
import { headPlace } from '../config/node';
import { type Run, splitTarget } from './run';

/** nginx as its own parts see it: what they need to start a request over. */
export interface Engine {
  readonly configuration: Configuration;
  readonly options: PlatformOptions;
  /** From the server's rewrite directives on: new requests, and internal redirects. */
  serve(run: Run): Response;
  /** From the location's rewrite directives on: where a named location starts. */
  inLocation(run: Run): Response;
}

/** An internal redirect (`ngx_http_internal_redirect`). Whoever makes one has counted it with `change`. */
export function redirectInternally(engine: Engine, run: Run, target: string): Response {
  const { uri, args } = splitTarget(target);
  run.uri = uri;
  run.args = args;
  run.internal = true;
  run.pathAsSent = false;
  run.pathInLocation = true;
  run.level = run.server;
  return engine.serve(run);
}

/** Counts a change of the path; false when nginx gives up and answers 500. */
export function change(run: Run): boolean {
  run.changes -= 1;
  return run.changes > 0;
}

/** What answers at a level, with the level's head as its place. */
export function answerer(kind: Answerer['kind'], what: string, level: Level, run: Run): Answerer {
  const node = level.node ?? run.server.node;
  return { kind, what, place: node === undefined ? { file: '', start: 0, end: 0 } : headPlace(node) };
}
