import { Agent, createServer, request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Ending, Request } from '../../server/src/cors/http';
import { startNginx } from '../harness/nginx';
import { FOLDERS } from './nginx-grammar';
import type { Random } from './nginx-random';

/** What stands around the generated servers: documents, users, a server that is not nginx, and who asks. */

export const ORIGINS = [
  'https://app.example.com',
  'https://evil.example',
  'https://app.example.com.evil.example',
  'null',
  undefined,
];
export const METHODS = ['GET', 'POST', 'PUT', 'OPTIONS'];

/** What is asked for, by the last piece of the path, and how it ends where an upstream or a file answers. */
export const OUTCOMES = [
  { names: ['hit.txt', 'hit.txt', '', '%68it.txt', './/hit.txt', 'moved/../hit.txt'], ending: 'success' },
  { names: ['none'], ending: 404 },
  { names: ['dead'], ending: 502 },
  { names: ['moved'], ending: 301 },
] as const satisfies readonly { readonly names: readonly string[]; readonly ending: Ending }[];

/** Folders without the slash at their end. */
const UNSLASHED = FOLDERS.filter((folder) => folder !== '').map((folder) => folder.slice(0, -1));

/** The files of the prefix, by name. */
export function documents(): Record<string, string> {
  const files: Record<string, string> = { 'html/50x.html': 'error', users: 'user:{PLAIN}secret\n' };
  for (const folder of FOLDERS) {
    files[`html/${folder}hit.txt`] = 'hit';
    files[`html/${folder}index.html`] = 'index';
    files[`html/${folder}moved/index.html`] = 'moved';
  }
  return files;
}

const FILES = new Set(Object.keys(documents()).map((name) => name.replace(/^html/, '')));

/** Answers what the evaluator leaves open about this world; undefined for what else it asks. */
export function truthOf(holds: string, request: Request, uri: string | undefined): boolean | undefined {
  const file = /^there is a file for (.*)$/.exec(holds)?.[1];
  if (file !== undefined) return FILES.has(file.replaceAll(/\/{2,}/g, '/'));
  const folder = /^there is a folder for (.*)$/.exec(holds)?.[1];
  if (folder !== undefined) return FOLDERS.includes(folder.replaceAll(/\/{2,}/g, '/').slice(1));
  // Every such test of the grammar asks for the file of the path.
  const [isTest, path = uri] = /^`!?-f .*?` holds(?: for (.*))?$/.exec(holds) ?? [];
  if (isTest !== undefined && path !== undefined) return FILES.has(path) !== holds.startsWith('`!');
  if (holds === '`$http_x_token` is set') return false;
  if (holds === 'the browser adds a user name and password') return request.headers.has('authorization');
  return undefined;
}

/** How a path of this world ends; undefined for paths that it does not know. */
export function endingOf(uri: string | undefined): Ending | undefined {
  const last = uri?.slice(uri.lastIndexOf('/') + 1);
  if (uri !== undefined && FILES.has(uri)) return 'success';
  if (uri !== undefined && UNSLASHED.includes(uri.slice(1))) return 301;
  return OUTCOMES.find(({ names }) => names.some((name) => name !== '' && name === last))?.ending;
}

/** Every method, origin and outcome, each with a path, a query and a few headers of its own. */
export function requestsFor(random: Random, host: string): Request[] {
  return METHODS.flatMap((method) =>
    ORIGINS.flatMap((origin) =>
      OUTCOMES.map(({ names, ending }) => {
        const query = random.pick(['', '', '?x=1', '?x=0&y=2']);
        const folder = ending === 301 && random.chance(0.3) ? random.pick(UNSLASHED) : undefined;
        const path = `/${folder ?? random.pick(FOLDERS) + random.pick(names)}${query}`;
        const headers = new Map<string, string>();
        if (method === 'OPTIONS') headers.set('access-control-request-method', 'PUT');
        if (random.chance(0.3)) headers.set('access-control-request-headers', 'x-a,x-b');
        if (method !== 'OPTIONS' && random.chance(0.1)) headers.set('authorization', `Basic ${btoa('user:secret')}`);
        const asked = method === 'GET' && random.chance(0.15) ? 'HEAD' : method;
        return { method: asked, scheme: 'http' as const, host, path, origin, headers, ending };
      }),
    ),
  );
}

export interface Answer {
  readonly status: number;
  /** `Name: value`, in order. */
  readonly headers: readonly string[];
}

export interface World {
  /** The port that nginx listens on. */
  readonly port: number;
  ask(request: Request): Promise<Answer>;
  stop(): Promise<void>;
}

/** Starts a server that is not nginx, and nginx with the text that `site` makes of both ports. */
export async function startWorld(site: (nginxPort: number, otherPort: number) => string): Promise<World> {
  const other = await startOther();
  const nginx = await startNginx((port) => ({ text: site(port, other.port), files: documents() })).catch(
    async (error: unknown) => {
      await other.stop();
      throw error;
    },
  );
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  return {
    port: nginx.port,
    ask: (request) => ask(request, nginx.port, agent),
    async stop() {
      agent.destroy();
      await nginx.stop();
      await other.stop();
    },
  };
}

/** Answers by the path as `OUTCOMES` says, with CORS headers of its own. */
async function startOther(): Promise<{ readonly port: number; stop(): Promise<void> }> {
  const server = createServer((request, response) => {
    const [path = ''] = (request.url ?? '').split('?');
    if (path.endsWith('dead')) {
      request.socket.destroy();
      return;
    }
    response.setHeader('Access-Control-Allow-Origin', 'https://other.example');
    response.setHeader('Vary', 'X-Other');
    const moved = endingOf(path) === 301;
    if (moved) response.setHeader('Location', 'http://other.example/');
    response.statusCode = path.endsWith('none') ? 404 : moved ? 301 : 200;
    response.end(request.method === 'HEAD' ? undefined : 'other');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function ask({ method, path, host, origin, headers: more }: Request, port: number, agent: Agent): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const headers: Record<string, string> = { host: host ?? '', ...Object.fromEntries(more) };
    if (origin !== undefined) headers['origin'] = origin;
    const sent = httpRequest({ host: '127.0.0.1', port, method, path, headers, agent }, (response) => {
      response.resume();
      const raw = response.rawHeaders;
      const all = raw.flatMap((name, i) => (i % 2 === 0 ? [`${name}: ${raw[i + 1]}`] : []));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: all }));
    });
    sent.on('error', reject);
    sent.end();
  });
}
