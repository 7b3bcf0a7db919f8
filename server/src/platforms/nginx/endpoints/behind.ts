import type { Endpoint } from '../../../cors/endpoint';
import type { Engine } from '../evaluate/engine';
import { play } from '../evaluate/play';
import { begin, type Parts, requestFor, SOME_ORIGIN } from './requests';

/** Whether a request for the path ends at an endpoint of an application; undefined when it may. */
export function reaches(
  parts: Parts,
  engine: Engine,
  path: string,
  method: string,
  behind: Endpoint,
): boolean | undefined {
  const played = play(engine, (decide) => begin(parts, requestFor(path, method, SOME_ORIGIN), decide));
  return played.some(({ run }) => run.behind === behind);
}

/** Under which path a request gets to the endpoint behind, where it is the same however it gets there. */
export function pathBehind(parts: Parts, engine: Engine, path: string, method: string): string | undefined {
  const played = play(engine, (decide) => begin(parts, requestFor(path, method, SOME_ORIGIN), decide));
  const paths = new Set(played.flatMap(({ run }) => (run.behind === parts.behind ? [run.behindPath] : [])));
  const [only] = paths;
  return paths.size === 1 ? only : undefined;
}
