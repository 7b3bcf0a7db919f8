import { createServer, type Server } from 'node:http';
import { connect, createServer as createTcpServer, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { selfSignedCertificate } from './certificate';
import { listenAnywhere } from './ports';

/** The path of a page that runs in an opaque origin: what it fetches has `Origin: null`. */
export const opaquePage = '/cors-lint-opaque';

/** One port that stands for every origin of the web. */
export interface Front {
  readonly port: number;
  /**
   * Decides which server of 127.0.0.1 answers for an origin: keys are serialised origins, values are ports. Other
   * origins answer every request with an empty page.
   */
  route(servers: Readonly<Record<string, number>>): void;
  stop(): Promise<void>;
}

/**
 * Listens for a browser that resolves every name and port to this one. The first byte of a connection tells TLS from
 * plain HTTP; the `Host` of its first request, which is also that of all later ones, tells the server. From there on
 * the connection is joined byte by byte to that server, so that what it sends arrives as it was sent.
 */
export async function startFront(): Promise<Front> {
  let routes: ReadonlyMap<string, number> = new Map();
  const sockets = new Set<Socket>();
  const pages = pageServer();

  const join = (scheme: 'http' | 'https') => (socket: Socket) => {
    track(sockets, socket);
    readHead(socket, (head) => {
      const host = /^host:[ \t]*([^\r\n]*?)[ \t]*$/im.exec(head)?.[1] ?? '';
      const port = routes.get(`${scheme}://${host.toLowerCase()}`);
      if (port === undefined) {
        pages.emit('connection', socket);
        return;
      }
      const upstream = track(sockets, connect(port, '127.0.0.1'));
      socket.pipe(upstream).pipe(socket);
      socket.once('close', () => upstream.destroy());
      upstream.once('close', () => socket.destroy());
    });
  };

  const tls = createTlsServer({ ...selfSignedCertificate(), ALPNProtocols: ['http/1.1'] }, join('https'));
  tls.on('tlsClientError', () => {});
  const joinPlain = join('http');
  const front = createTcpServer((socket) => {
    track(sockets, socket);
    socket.once('readable', () => {
      const chunk: Buffer | null = socket.read(1);
      if (chunk === null) return;
      socket.unshift(chunk);
      if (chunk[0] === 0x16) tls.emit('connection', socket);
      else joinPlain(socket);
    });
  });

  const port = await listenAnywhere(front);

  return {
    port,
    route: (servers) => {
      routes = new Map(Object.entries(servers));
    },
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => front.close(resolve));
    },
  };
}

/** Reads up to the end of the first request's head, puts everything back, and hands the head over as text. */
function readHead(socket: Socket, use: (head: string) => void): void {
  let seen = Buffer.alloc(0);
  const read = () => {
    for (let chunk: Buffer | null = socket.read(); chunk !== null; chunk = socket.read()) {
      seen = Buffer.concat([seen, chunk]);
    }
    const end = seen.indexOf('\r\n\r\n');
    if (end < 0 && seen.length < 65536) return;
    socket.off('readable', read);
    socket.unshift(seen);
    use(seen.toString('latin1', 0, end < 0 ? seen.length : end));
  };
  socket.on('readable', read);
  read();
}

/** Pages without content. An http.Server takes over sockets that are handed to it as connections. */
function pageServer(): Server {
  return createServer((request, response) => {
    response.setHeader('Content-Type', 'text/html; charset=utf-8');
    if (request.url === opaquePage) response.setHeader('Content-Security-Policy', 'sandbox allow-scripts');
    response.end('<!doctype html><link rel="icon" href="data:,"><title>page</title>');
  });
}

function track(sockets: Set<Socket>, socket: Socket): Socket {
  sockets.add(socket);
  socket.on('error', () => socket.destroy());
  socket.once('close', () => sockets.delete(socket));
  return socket;
}
