import { createServer, type Server, request as send } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import type { Request as Asked } from '../../server/src/cors/http';
import { type ResolvedResponse, resolveResponse } from '../../server/src/cors/resolve';
import { express } from '../../server/src/platforms/express/platform';
import { CORS_HEADERS } from './corsHeaders';
import { memoryHost } from './memoryHost';

/** What answers requests: a server, or a handler of standard requests. */
export type Served = Server | ((request: Request) => Promise<Response>);

/** Status and CORS headers of a response, lines of one name joined as a browser does. */
export type Flat = Readonly<Record<string, unknown>>;

export interface Ask {
  readonly path: string;
  readonly method: string;
  readonly origin: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
  /** How the handler ends; success when left out. For the prediction only. */
  readonly ending?: number;
}

export const FRAMEWORKS = ['nest', 'socket.io', 'fastify', 'koa', 'hono'] as const;
export type FrameworkName = (typeof FRAMEWORKS)[number];

const MANIFEST = JSON.stringify({ dependencies: { '@fastify/cors': '^11.0.0', 'socket.io': '^4.0.0' } });

/** The files that a program is analysed among. */
export function filesWith(text: string): Map<string, string> {
  return new Map([
    ['app.js', text],
    ['package.json', MANIFEST],
  ]);
}

/** Runs a program **of our own tests** that declares `app`, with `require`, and serves what it declares. */
export async function serve(framework: FrameworkName, text: string): Promise<Served> {
  const start = new Function('require', `return (async () => { ${text}\nreturn app; })();`);
  return servers[framework](await start(createRequire(import.meta.url)));
}

/** The parts of the packages that are called here. */
interface NestApp {
  listen(port: number, host: string): Promise<Server>;
}
interface FastifyApp {
  readonly server: Server;
  listen(options: { readonly port: number; readonly host: string }): Promise<string>;
}
interface KoaApp {
  silent: boolean;
  callback(): Parameters<typeof createServer>[1];
}
interface HonoApp {
  fetch(request: Request): Promise<Response> | Response;
}

const servers: Readonly<Record<FrameworkName, (app: unknown) => Promise<Served>>> = {
  nest: (app) => (app as NestApp).listen(0, '127.0.0.1'),
  'socket.io': (app) => listening(app as Server),
  async fastify(app) {
    await (app as FastifyApp).listen({ port: 0, host: '127.0.0.1' });
    return (app as FastifyApp).server;
  },
  koa(app) {
    const koa = app as KoaApp;
    koa.silent = true;
    return listening(createServer(koa.callback()));
  },
  hono: async (app) => async (request) => (app as HonoApp).fetch(request),
};

async function listening(server: Server): Promise<Server> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

export function stop(served: Served): void {
  if (typeof served === 'function') return;
  served.closeAllConnections();
  served.close();
}

/** What is predicted for certain; undefined when something is not known. Headers count where more may be sent. */
export function predict(text: string, asking: Ask): Flat | undefined {
  const predicted = predictIn(filesWith(text), 'app.js', asking);
  if (predicted === null) throw new Error('no endpoint');
  return predicted;
}

/** The same for a file among others; null when it has no endpoint that the request may reach. */
export function predictIn(files: Map<string, string>, file: string, asking: Ask): Flat | undefined | null {
  const predicted = predictionIn(files, file, asking);
  return predicted === null ? null : predicted?.flat;
}

/** The same with whether more headers may be sent than are listed. */
export function predictionIn(
  files: Map<string, string>,
  file: string,
  asking: Ask,
): { readonly flat: Flat; readonly isOpen: boolean } | undefined | null {
  const { path, method, origin, headers, ending } = asking;
  const { endpoints } = express.analyse(file, files.get(file) ?? '', memoryHost(files), {});
  const plain = path.split('?')[0] ?? '/';
  const endpoint = endpoints.find((one) => one.matches(plain, method) === true) ?? endpoints[0];
  if (endpoint === undefined || endpoint.matches(plain, method) === false) return null;
  const request: Asked = {
    method,
    scheme: 'https',
    path,
    origin,
    headers: new Map(Object.entries(headers ?? {})),
    ending: ending ?? 'success',
  };
  const [response, ...others] = endpoint.respond(request).flatMap((one) => resolveResponse(one, request));
  const flat = response === undefined || others.length > 0 ? undefined : flatten(response);
  return flat && { flat, isOpen: response?.open !== undefined };
}

function flatten(response: ResolvedResponse): Flat | undefined {
  if (response.status === undefined) return undefined;
  const flat: Record<string, unknown> = { status: response.status };
  for (const name of CORS_HEADERS) {
    const lines = response.headers.filter((header) => header.name.toLowerCase() === name).map((header) => header.text);
    if (lines.includes(undefined)) return undefined;
    if (lines.length > 0) flat[name] = lines.join(', ');
  }
  return flat;
}

/** What the real thing answers. */
export async function ask(served: Served, { path, method, origin, headers: others }: Ask): Promise<Flat> {
  const headers = { ...(origin === undefined ? {} : { origin }), ...others };
  if (typeof served === 'function') {
    const response = await served(new Request(`http://localhost${path}`, { method, headers }));
    return flatOf(response.status, (name) => response.headers.get(name));
  }
  const { port } = served.address() as AddressInfo;
  return new Promise((resolve, reject) => {
    const going = send({ host: '127.0.0.1', port, path, method, headers, agent: false }, (response) => {
      response.resume();
      response.on('end', () =>
        resolve(flatOf(response.statusCode ?? 0, (name) => response.headersDistinct[name]?.join(', ') ?? null)),
      );
    });
    going.on('error', reject);
    going.end();
  });
}

function flatOf(status: number, get: (name: string) => string | null): Flat {
  const flat: Record<string, unknown> = { status };
  // An empty line says what none says.
  for (const name of CORS_HEADERS) if (get(name)) flat[name] = get(name);
  return flat;
}
