import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
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
import { API, type MadeCall, makeCall, PREAMBLE } from './frontend-grammar';
import { chooseSeed, randomFrom } from './nginx-random';

/**
 * Pages that call in every way that is read, with the real libraries, run in Chromium against a real server: what is
 * read of the source (method, headers that a preflight asks for, credentials) is what the browser sends.
 *
 * `CASES=1000 npx vitest run test/oracle/frontend-live.test.ts` tries more; `SEED=` picks others.
 */

const seed = chooseSeed();
const CASES = Number(process.env['CASES'] ?? 60);
/** Calls of one page. */
const BATCH = 100;
const PAGE = 'https://app.example.com';
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
      preflights += await compare(chromium, made.slice(first, first + BATCH));
    }
    console.log(`${made.length} calls, ${preflights} with a preflight`);
    expect(preflights).toBeGreaterThan(made.length / 4);
    expect(preflights).toBeLessThan(made.length);
  }, 600_000);
});

/** Fails where the page sends something else than what is read of it; gives how many calls had a preflight. */
async function compare(chromium: RunningChromium, made: readonly MadeCall[]): Promise<number> {
  const [tags, scripts] = [true, false].map((isTag) => codeOf(made.filter((call) => call.isTag === isTag)));
  const text = `${PREAMBLE}\n${scripts}`;
  // Parsed like a page's own, and unlike what is set as HTML its scripts run.
  const written = `document.body.append(document.createRange().createContextualFragment(${JSON.stringify(tags)}));`;
  const read = readCalls(text, `<body>\n${tags}`);
  const sent = await runInPage(chromium, `${text}\n${written}`, made);
  const parted = made.flatMap(({ code, path }) => {
    const call = read.get(path);
    const seen = sent.get(path);
    const said = call === undefined ? 'nothing' : JSON.stringify(predicted(call));
    const was = seen === undefined ? 'nothing' : JSON.stringify(observed(seen));
    return said === was && said !== 'nothing' ? [] : [`${code}\n  read as ${said}\n  sent as ${was}`];
  });
  expect(parted.join('\n'), `SEED=${seed}`).toBe('');
  return [...sent.values()].filter(({ preflight }) => preflight !== undefined).length;
}

function codeOf(made: readonly MadeCall[]): string {
  return made.map(({ code }) => `${code}\n`).join('');
}

/** The calls that are read of a page, by the path that each goes to. */
function readCalls(text: string, tags: string): ReadonlyMap<string, Call> {
  const file = '/page.html';
  const reader = createReader({ readFile: (path) => (path === file ? text : null) });
  const module = reader.module(file);
  if (module === null) throw new Error('no module');
  const calls = callsIn(reader, module, tags).flatMap((call) => {
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

/** Runs a page's code, libraries and all, and collects what arrives at the server that allows everything. */
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
    await web.run(PAGE, `{ ${await bundled(text)} }; undefined`);
    const isDone = () => made.every(({ path }) => isSent(sent.get(path)));
    for (let waited = 0; !isDone() && waited < 30_000; waited += 50) await pause(50);
    return sent;
  } finally {
    await web.close();
    server.closeAllConnections();
    server.close();
  }
}

async function bundled(text: string): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents: text, resolveDir: process.cwd(), loader: 'js' },
    bundle: true,
    write: false,
    format: 'iife',
    platform: 'browser',
    logLevel: 'silent',
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
