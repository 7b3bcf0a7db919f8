import { createServer } from 'node:http';
import type { Ending } from '../../server/src/cors/http';
import { listenAnywhere } from './ports';

/** What stands behind a proxy: answers every request without any CORS header. */
export interface StandIn {
  readonly port: number;
  /** How requests end from now on: 200, or the given status. */
  end(ending: Ending): void;
  /** Whether it has answered a request since. */
  wasAsked(): boolean;
  stop(): Promise<void>;
}

/** Paths of an authentication service, which lets in whoever brings a credential. */
const authenticates = /auth|verify|session/i;

export async function startStandIn(): Promise<StandIn> {
  let status = 200;
  let asked = false;
  const server = createServer((request, response) => {
    request.resume();
    asked = true;
    const { authorization, cookie } = request.headers;
    const refused = authenticates.test(request.url ?? '') && authorization === undefined && cookie === undefined;
    response.writeHead(refused ? 401 : status, { 'Content-Type': 'application/json' }).end('{}');
  });
  const port = await listenAnywhere(server);
  return {
    port,
    end: (ending) => {
      status = ending === 'success' ? 200 : ending;
      asked = false;
    },
    wasAsked: () => asked,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
