import type { Endpoint } from '../../../cors/endpoint';
import type { Request } from '../../../cors/http';
import type { PlatformOptions } from '../../../lint/types';
import type { Configuration } from '../config/configuration';
import type { Level } from '../config/level';
import { locate } from '../evaluate/locate';
import type { Played } from '../evaluate/play';
import { pathOf } from './location-path';
import { makeEndpoint } from './make-endpoint';
import { probe } from './requests';
import { routesOf } from './routes-behind';

/** An endpoint with the level that it is made of. */
export interface NginxEndpoint extends Endpoint {
  readonly level: Level;
  readonly server: Level;
  /** The responses with what led to them, one for each way the unknown may turn out. */
  trace(request: Request): readonly Played[];
}

/** The endpoints of the servers that stand in the file, those of their snippets included. */
export function endpointsOf(file: string, configuration: Configuration, options: PlatformOptions): NginxEndpoint[] {
  const { fragment, servers } = configuration;
  const make = (level: Level, server: Level, path: string): NginxEndpoint =>
    makeEndpoint({ level, server, path, file, configuration, options, behind: undefined });
  if (fragment !== undefined) {
    return concernsResponses(fragment) ? [make(fragment, fragment, '/')] : [];
  }
  const endpoints: NginxEndpoint[] = [];
  for (const server of servers) {
    if (server.node !== undefined && server.node.file !== file) {
      continue;
    }
    if (server.program.some(({ kind }) => kind === 'return')) {
      endpoints.push(make(server, server, '/'));
      continue;
    }
    for (const level of allLocations(server)) {
      const path = pathOf(level, server, configuration);
      if (path !== undefined) {
        const plain = make(level, server, path);
        const routes = routesOf({ level, server, path, file, configuration, options, behind: undefined });
        endpoints.push(...(routes.length > 0 ? routes : [plain]));
      }
    }
    if (server.node !== undefined && locate(probe(configuration, server, '/'), '/').level === server) {
      endpoints.push(make(server, server, '/'));
    }
  }
  return endpoints;
}

/** Bare directives are of interest when they set or answer something; `user nginx;` is not. */
function concernsResponses({ own, program }: Level): boolean {
  return program.length > 0 || own.has('add_header') || own.has('more_set_headers');
}

function allLocations(server: Level): Level[] {
  const found: Level[] = [];
  const stack = [...server.locations].reverse();
  for (let level = stack.pop(); level !== undefined; level = stack.pop()) {
    found.push(level);
    stack.push(...[...level.locations].reverse());
  }
  return found;
}
