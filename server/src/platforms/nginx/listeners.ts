import type { Listener } from '../../lint/types';
import type { Configuration } from './config/configuration';
import { headPlace } from './config/node';
import type { NginxEndpoint } from './endpoints/endpoints';
import { listensOf } from './evaluate/listen';
import { bareHost, chooseServer, namesOf } from './evaluate/server-choice';

/**
 * The servers that stand in the file, once for each port that they listen on.
 * @param endpoints the file's endpoints; asked for only when a listener is asked for its own
 */
export function listenersIn(
  file: string,
  { servers }: Configuration,
  endpoints: () => readonly NginxEndpoint[],
): readonly Listener[] {
  return servers.flatMap((server): Listener[] => {
    const { node } = server;
    if (node?.file !== file) {
      return [];
    }
    const names = namesOf(server).flatMap((name) => (/^[\w.-]+$/.test(name) ? [bareHost(name)] : []));
    return [...new Set(listensOf(server).map(({ port }) => port))].map((port) => ({
      place: headPlace(node),
      port: { kind: 'fixed', port },
      names,
      answersTo: (host) => chooseServer(servers, { port }, host) === server,
      endpoints: () => endpoints().filter((endpoint) => endpoint.server === server),
    }));
  });
}
