import { createServer, request } from 'node:http';
import { expect, test } from 'vitest';
import { platforms, rules } from '../../server/src/lint/registry';
import { nodeDisk } from '../../server/src/workspace/nodeDisk';
import { openWorkspace } from '../../server/src/workspace/openWorkspace';
import { openScratch } from '../../server/src/workspace/testing/scratch';
import type { FoundEndpoint } from '../../server/src/workspace/types';
import { startNginx } from '../harness/nginx';
import { listenAnywhere } from '../harness/ports';
import { suiteNeeds } from '../harness/require';
import { makeProxying, PROGRAM, type Proxying, ROUTES, WRITTEN } from './layers-paths-grammar';
import { chooseSeed, randomFrom } from './nginx-random';

/**
 * Under which path a request gets to the application behind nginx: what is said of it is what an application behind
 * the real nginx is asked for.
 *
 * `CASES=2000 npx vitest run test/oracle/layers-paths.test.ts` tries more; `SEED=` picks others.
 */

const seed = chooseSeed();
const CASES = Number(process.env['CASES'] ?? 120);
const BATCH = 30;

suiteNeeds('nginx')(`paths behind a proxy, SEED=${seed}`, () => {
  test(`${CASES} sites`, async () => {
    const counts: Counts = { told: 0, untold: 0, shown: 0, missed: 0, reached: 0 };
    const application = await startEcho();
    try {
      for (let first = 0; first < CASES; first += BATCH) {
        await compareBatch(application.port, first, Math.min(BATCH, CASES - first), counts);
      }
    } finally {
      await application.stop();
    }
    console.log(
      `${counts.told} requests told, ${counts.untold} not; ${counts.shown} locations seen with a route behind them; of ${counts.reached} requests that get to a route, ${counts.missed} are not known to`,
    );
    expect(counts.told / (counts.told + counts.untold)).toBeGreaterThan(0.7);
    expect(counts.missed / counts.reached).toBeLessThan(0.1);
    expect(counts.shown).toBeGreaterThan(CASES);
  }, 600_000);
});

suiteNeeds('nginx')('requests that come back to the server that passed them on', () => {
  test.each(['', 'proxy_set_header Host $host;'])(
    'end in an error, and nothing certain is said of them: %s',
    async (line) => {
      const site = (port: number) => `server {
  listen 127.0.0.1:${port};
  server_name p.example.org;
  location / {
    add_header Access-Control-Allow-Origin https://app.example.com;
    ${line}
    proxy_pass http://127.0.0.1:${port};
  }
}
`;
      const scratch = openScratch({ 'nginx.conf': site(WRITTEN.proxy) });
      const proxy = await startNginx((port) => ({ text: site(port) }));
      try {
        const answer = await fetch(proxy.url, { headers: { host: 'p.example.org' } });
        expect(answer.status).toBeGreaterThanOrEqual(500);
        const workspace = openWorkspace({ disk: nodeDisk, root: scratch.root, platforms, rules });
        const conf = scratch.at('nginx.conf');
        expect((await workspace.lintWhole(conf)).findings).toEqual([]);
        const [found] = await workspace.endpoints(conf);
        const responses = found?.endpoint.respond({
          method: 'GET',
          scheme: 'http',
          host: 'p.example.org',
          path: '/',
          origin: 'https://app.example.com',
          headers: new Map(),
          ending: 'success',
        });
        const certain = responses?.filter(
          ({ status, headers }) => status !== undefined || headers.some(({ value }) => value.kind === 'literal'),
        );
        expect(certain).toEqual([]);
      } finally {
        await proxy.stop();
        scratch.remove();
      }
    },
  );
});

interface Counts {
  /** Requests of which it is said under which path they get to the application, and others that get there. */
  told: number;
  untold: number;
  /** Endpoints for one route at one location. */
  shown: number;
  /** Requests that get to a route, and those of them of which that is not said. */
  reached: number;
  missed: number;
}

async function compareBatch(application: number, first: number, count: number, counts: Counts): Promise<void> {
  const random = randomFrom(seed + first);
  const sites = Array.from({ length: count }, (_, i) => makeProxying(random, first + i));
  const text = sites.map((site) => site.text).join('\n');
  const scratch = openScratch({
    'nginx/site.conf': text,
    'api/server.js': PROGRAM,
    'api/package.json': '{ "dependencies": { "express": "^4.18.0" } }',
  });
  const proxy = await startNginx((port) => ({
    text: text.replaceAll(`:${WRITTEN.proxy};`, `:${port};`).replaceAll(`:${WRITTEN.application}`, `:${application}`),
  }));
  try {
    const workspace = openWorkspace({ disk: nodeDisk, root: scratch.root, platforms, rules });
    const conf = scratch.at('nginx/site.conf');
    await workspace.lintWhole(conf);
    const endpoints = await workspace.endpoints(conf);
    for (const site of sites)
      await compareSite(site, endpoints, (target) => ask(proxy.port, site.host, target), counts);
  } finally {
    await proxy.stop();
    scratch.remove();
  }
}

async function compareSite(
  { host, text, targets }: Proxying,
  endpoints: readonly FoundEndpoint[],
  askedBehind: (target: string) => Promise<string | undefined>,
  counts: Counts,
): Promise<void> {
  const own = endpoints.flatMap(({ endpoint }) =>
    endpoint.matches(endpoint.path, 'GET', { scheme: 'http', host }) === true ? [endpoint] : [],
  );
  for (const endpoint of own) {
    if (endpoint.behind === undefined) continue;
    const really = await askedBehind(endpoint.path);
    const reaches = really !== undefined && endpoint.behind.matches(bare(really), 'GET') === true;
    expect(reaches, `SEED=${seed}\n${text}${endpoint.path} of ${endpoint.label}, really ${really}`).toBe(true);
    counts.shown += 1;
  }
  for (const target of targets) {
    const really = await askedBehind(target);
    const told = own.flatMap((endpoint) => {
      const isIts = endpoint.matches(bare(target), 'GET') === true;
      return isIts && endpoint.pathBehind !== undefined ? [endpoint.pathBehind(target, 'GET')] : [];
    });
    for (const path of told) {
      expect(path ?? really, `SEED=${seed}\n${text}${target}`).toBe(really);
    }
    const isTold = told.some((path) => path !== undefined);
    if (really === undefined) continue;
    counts[isTold ? 'told' : 'untold'] += 1;
    if (!ROUTES.some((route) => route === bare(really))) continue;
    counts.reached += 1;
    if (!isTold) counts.missed += 1;
  }
}

function bare(target: string): string {
  return target.split('?')[0] ?? '';
}

/** The path that the application is asked for; undefined where the proxy answers by itself. */
async function ask(port: number, host: string, path: string): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, path, headers: { host } }, (response) => {
      response.resume();
      const echoed = response.headers['x-asked'];
      resolve(typeof echoed === 'string' ? Buffer.from(echoed, 'latin1').toString() : undefined);
    });
    sent.once('error', reject);
    sent.end();
  });
}

interface Echo {
  readonly port: number;
  stop(): Promise<void>;
}

/** Answers with the path that it is asked for. */
async function startEcho(): Promise<Echo> {
  const server = createServer((asked, response) => {
    response.writeHead(200, { 'X-Asked': asked.url ?? '' }).end();
  });
  const port = await listenAnywhere(server);
  return {
    port,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
