import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { posix } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Call, needsPreflight, normaliseMethod, unsafeHeaderNames } from '../../server/src/cors/call';
import { callBy } from '../../server/src/cors/caller';
import { createReader, prepare } from '../../server/src/javascript';
import { targetOf } from '../../server/src/platforms/frontend/address';
import { callsIn } from '../../server/src/platforms/frontend/calls';
import { callerOf } from '../../server/src/platforms/frontend/play';
import { type RunningChromium, startChromium } from '../harness/chromium';
import { pause } from '../harness/process';
import { suiteNeeds } from '../harness/require';
import { API, MAIN, type MadeApp, type MadeCall, makeApp, makeCall, PAGE_FILE } from './frontend-grammar';
import { chooseSeed, type Random, randomFrom } from './nginx-random';

/**
 * Pages that call in every way that is read, with the real libraries, run in Chromium against a real server: what is
 * read of the source (method, headers that a preflight asks for, credentials) is what the browser sends.
 *
 * `CASES=1000 npx vitest run test/oracle/frontend-live.test.ts` tries more; `SEED=` picks others.
 */

const seed = chooseSeed();
const CASES = Number(process.env['CASES'] ?? 60);
/** Calls of one app. */
const BATCH = 25;
const PAGE = 'https://app.example.com';
const HTML_FILE = '/app/index.html';
const COOKIE = 'sid=1';

/** What came over the wire for one path. */
interface Sent {
  preflight?: { readonly method: string; readonly headers: readonly string[] };
  request?: { readonly method: string; readonly cookie: boolean; readonly isCors: boolean };
}

suiteNeeds('chromium')(`what pages send, SEED=${seed}`, () => {
  let chromium: RunningChromium;
  beforeAll(async () => {
    await prepare();
    chromium = await startChromium();
  }, 60_000);
  afterAll(() => chromium.stop());

  test(`${CASES} calls`, async () => {
    const random = randomFrom(seed);
    const made = Array.from({ length: CASES }, (_, i) => makeCall(random, i));
    let preflights = 0;
    for (let first = 0; first < CASES; first += BATCH) {
      preflights += await compare(chromium, random, made.slice(first, first + BATCH));
    }
    console.log(`${made.length} calls, ${preflights} with a preflight`);
    expect(preflights).toBeGreaterThan(made.length / 4);
    expect(preflights).toBeLessThan(made.length);
  }, 600_000);
});

/** Fails where the page sends something else than what is read of it; gives how many calls had a preflight. */
async function compare(chromium: RunningChromium, random: Random, made: readonly MadeCall[]): Promise<number> {
  const [tags = '', scripts = ''] = [true, false].map((isTag) => codeOf(made.filter((call) => call.isTag === isTag)));
  const app = makeApp(random, scripts);
  // Parsed like a page's own, and unlike what is set as HTML its scripts run.
  const written = `document.body.append(document.createRange().createContextualFragment(${JSON.stringify(tags)}));`;
  const read = readCalls(app, `<body>\n${tags}`);
  const sent = await runInPage(chromium, `${await bundled(app)}\n${written}`, made);
  const parted = made.flatMap(({ code, path }) => {
    const call = read.get(path);
    const seen = sent.get(path);
    const said = call === undefined ? 'nothing' : JSON.stringify(predicted(call));
    const was = seen === undefined ? 'nothing' : JSON.stringify(observed(seen));
    return said === was && said !== 'nothing' ? [] : [`${code}\n  read as ${said}\n  sent as ${was}`];
  });
  const told = parted.length === 0 ? '' : `${parted.join('\n')}\n${JSON.stringify(app.files, null, 2)}`;
  expect(told, `SEED=${seed}`).toBe('');
  return [...sent.values()].filter(({ preflight }) => preflight !== undefined).length;
}

function codeOf(made: readonly MadeCall[]): string {
  return made.map(({ code }) => `${code}\n`).join('');
}

/** The calls that are read of an app's page, by the path that each goes to. */
function readCalls({ files }: MadeApp, tags: string): ReadonlyMap<string, Call> {
  const reader = createReader({ readFile: (path) => (path === HTML_FILE ? '' : (files[path] ?? null)) });
  const [page, html] = [PAGE_FILE, HTML_FILE].map((path) => reader.module(path));
  if (!page || !html) throw new Error('no module');
  const calls = [...callsIn(reader, page), ...callsIn(reader, html, tags)].flatMap((call) => {
    const target = targetOf(call.url, call.base, () => undefined);
    return target === undefined ? [] : [callBy(callerOf(call, target), PAGE)];
  });
  return new Map(calls.map((call) => [call.path, call]));
}

function predicted(call: Call) {
  const method = normaliseMethod(call.method);
  return {
    preflight: needsPreflight(call) ? { method, headers: unsafeHeaderNames(call) } : undefined,
    // What browsers leave in lower case Node's server does not take for HTTP.
    request: method === 'patch' ? undefined : { method, cookie: call.credentials, isCors: true },
  };
}

function isSent(sent: Sent | undefined): boolean {
  return sent?.request !== undefined || sent?.preflight?.method === 'patch';
}

function observed({ preflight, request }: Sent) {
  return { preflight, request };
}

/** Runs an app's code, libraries and all, and collects what arrives at the server that allows everything. */
async function runInPage(
  chromium: RunningChromium,
  text: string,
  made: readonly MadeCall[],
): Promise<ReadonlyMap<string, Sent>> {
  const sent = new Map<string, Sent>();
  const server = createServer(allowing(sent)).listen(0, '127.0.0.1');
  // A connection that is closed while a request goes out fails it.
  server.keepAliveTimeout = 60_000;
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  const web = await chromium.web({ [API]: port });
  try {
    await web.run(PAGE, `fetch('${API}/cookie', { credentials: 'include' }).then((r) => r.status)`);
    await web.run(PAGE, `{ ${text} }; undefined`);
    const isDone = () => made.every(({ path }) => isSent(sent.get(path)));
    for (let waited = 0; !isDone() && waited < 30_000; waited += 50) await pause(50);
    return sent;
  } finally {
    await web.close();
    server.closeAllConnections();
    server.close();
  }
}

async function bundled({ files }: MadeApp): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [MAIN],
    bundle: true,
    write: false,
    format: 'iife',
    platform: 'browser',
    logLevel: 'silent',
    plugins: [
      {
        name: 'made',
        setup({ onResolve, onLoad }) {
          onResolve({ filter: /^/ }, ({ path, kind }) =>
            kind === 'entry-point' ? { path, namespace: 'made' } : undefined,
          );
          onResolve({ filter: /^\./, namespace: 'made' }, ({ path, importer }) => ({
            path: `${posix.join(posix.dirname(importer), path)}.js`,
            namespace: 'made',
          }));
          onLoad({ filter: /./, namespace: 'made' }, ({ path }) => ({
            contents: files[path] ?? '',
            resolveDir: process.cwd(),
          }));
        },
      },
    ],
  });
  return outputFiles.map((file) => file.text).join('\n');
}

/** Allows what it is asked for, and writes it down. */
function allowing(sent: Map<string, Sent>) {
  return (req: IncomingMessage, res: ServerResponse): void => {
    const { origin = '' } = req.headers;
    const path = (req.url ?? '').replace(/\?.*$/, '');
    const asked = String(req.headers['access-control-request-headers'] ?? '');
    note(sent, req, path, asked);
    res.setHeader('Access-Control-Allow-Origin', origin);
    res.setHeader('Access-Control-Allow-Credentials', 'true');
    res.setHeader('Access-Control-Allow-Methods', String(req.headers['access-control-request-method'] ?? ''));
    res.setHeader('Access-Control-Allow-Headers', asked);
    if (path === '/cookie') res.setHeader('Set-Cookie', `${COOKIE}; Path=/; Secure`);
    res.setHeader('Content-Type', 'application/json');
    res.end('{}');
  };
}

function note(sent: Map<string, Sent>, { method = '', headers }: IncomingMessage, path: string, asked: string): void {
  const seen = sent.get(path) ?? {};
  const wanted = headers['access-control-request-method'];
  if (method === 'OPTIONS' && wanted !== undefined)
    seen.preflight = { method: String(wanted), headers: asked.split(/,\s*/).filter((name) => name !== '') };
  else
    seen.request = {
      method,
      cookie: headers.cookie?.includes(COOKIE) === true,
      isCors: headers.origin !== undefined,
    };
  sent.set(path, seen);
}
