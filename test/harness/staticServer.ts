import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';

export interface StaticServer {
  /** `http://localhost:PORT` */
  readonly origin: string;
  stop(): Promise<void>;
}

/** Answers some requests itself; false for those that are for a file. */
export type Handler = (request: IncomingMessage, response: ServerResponse, url: URL) => Promise<boolean> | boolean;

/**
 * Serves folders to pages of any origin.
 * @param folders the path that a folder is seen at, `/dist`, to the folder on the disk
 */
export async function serveFolders(
  folders: Readonly<Record<string, string>>,
  handle: Handler = () => false,
): Promise<StaticServer> {
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    response.setHeader('Access-Control-Allow-Origin', '*');
    response.setHeader('Cross-Origin-Resource-Policy', 'cross-origin');
    if (await handle(request, response, url)) return;
    const path = normalize(decodeURIComponent(url.pathname));
    const mount = Object.keys(folders).find((each) => path.startsWith(`${each}/`));
    const folder = mount === undefined ? undefined : folders[mount];
    if (mount === undefined || folder === undefined) {
      response.writeHead(404).end();
      return;
    }
    try {
      const body = await readFile(join(folder, path.slice(mount.length)));
      response.writeHead(200, { 'Content-Type': TYPES[extname(path)] ?? 'application/octet-stream' }).end(body);
    } catch {
      response.writeHead(404).end();
    }
  };
  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => response.writeHead(500).end(String(error)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://localhost:${port}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.md': 'text/markdown; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
};
