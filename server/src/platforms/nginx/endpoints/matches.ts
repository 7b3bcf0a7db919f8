import type { Site } from '../../../cors/endpoint';
import type { Configuration } from '../config/configuration';
import type { Level } from '../config/level';
import { listensOf } from '../evaluate/listen';
import { locate } from '../evaluate/locate';
import { rewrite } from '../evaluate/rewrite';
import { startRun } from '../evaluate/run';
import { listeningOn, matchName } from '../evaluate/server-choice';
import { type Parts, requestFor } from './requests';

/** Whether a request for the path, at the site, ends in the endpoint's location; undefined when it may. */
export function matches(
  { level, server, configuration }: Parts,
  path: string,
  method: string,
  site?: Site,
): boolean | undefined {
  if (configuration.fragment !== undefined) {
    return undefined;
  }
  const answers = site === undefined ? true : answersFor(server, configuration, site);
  if (answers === false) {
    return false;
  }
  let unsure = false;
  const run = startRun(configuration, server, requestFor(path, method, undefined), () => {
    unsure = true;
    return false;
  });
  rewrite(server, run);
  if (run.uri === undefined) {
    return undefined;
  }
  const reached = locate(run, run.uri).level === level;
  return unsure || run.undecided !== undefined || answers === undefined ? undefined : reached;
}

/**
 * Whether the server answers for the site. The port tells servers apart where it is the port of some; a container may
 * publish another one. A host that no name covers goes to the default server of its port, which another file may have.
 */
function answersFor(server: Level, { servers }: Configuration, { scheme, host }: Site): boolean | undefined {
  const asked = Number(/:(\d+)$/.exec(host)?.[1] ?? (scheme === 'https' ? 443 : 80));
  const ports = listeningOn(servers, { port: asked }).length > 0 ? [asked] : servers.flatMap(portsOf);
  const named = new Set(ports.map((port) => serverNamed(listeningOn(servers, { port }), host)));
  const [only] = named;
  return named.size === 1 && only !== undefined ? only === server : undefined;
}

function serverNamed(servers: readonly Level[], host: string): Level | undefined {
  const named = matchName(servers, host);
  return named === 'unknown' ? undefined : named?.server;
}

function portsOf(server: Level): readonly number[] {
  return listensOf(server).map(({ port }) => port);
}
