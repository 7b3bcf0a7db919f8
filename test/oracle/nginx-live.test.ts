import { Agent, request as httpRequest } from 'node:http';
import { beforeAll, expect, test } from 'vitest';
import type { Endpoint } from '../../server/src/cors/endpoint';
import type { Request, Response } from '../../server/src/cors/http';
import { type ResolvedHeader, resolveResponse } from '../../server/src/cors/resolve';
import { nginx } from '../../server/src/platforms/nginx/platform';
import { startNginx } from '../harness/nginx';
import { suiteNeeds } from '../harness/require';
import { type Case, FOLDERS, makeCase, ORIGINS } from './nginx-grammar';
import { memoryHost } from './nginx-host';
import { chooseSeed, type Random, randomFrom } from './nginx-random';

/** What we predict against what a live nginx answers, over configurations made from a grammar. */

const seed = chooseSeed();
const CASES = Number(process.env['CASES'] ?? 250);
const REQUESTS = 16;

suiteNeeds('nginx')(`predictions against a live nginx, SEED=${seed}`, () => {
  beforeAll(() => nginx.prepare?.());

  test(`${CASES} configurations, ${REQUESTS} requests each`, async () => {
    const random = randomFrom(seed);
    let cases: Case[] = [];
    const server = await startNginx((port) => {
      const listen = `127.0.0.1:${port}`;
      cases = Array.from({ length: CASES }, (_, id) => makeCase(random, id, listen, `http://${listen}`));
      const upstream = `server { listen ${listen} default_server; location / { if ($uri ~ none) { return 404; } return 200 up; } }`;
      return { text: [upstream, ...cases.map(({ text }) => text)].join('\n'), files: documents() };
    });
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    let certain = 0;
    try {
      for (const item of cases) {
        const [endpoint] = analyse(item).endpoints;
        for (let i = 0; i < REQUESTS; i += 1) {
          const request = { ...makeRequest(random), host: item.host };
          certain += endpoint === undefined ? 0 : await compare(endpoint, item, request, server.port, agent);
        }
      }
    } finally {
      agent.destroy();
      await server.stop();
    }
    // Being unsure of everything would agree with anything.
    expect(certain / (cases.length * REQUESTS)).toBeGreaterThan(0.8);
  }, 120_000);
});

function documents(): Record<string, string> {
  const files: Record<string, string> = { 'html/50x.html': 'error' };
  for (const folder of FOLDERS) {
    files[`html/${folder}hit.txt`] = 'hit';
    files[`html/${folder}index.html`] = 'index';
  }
  return files;
}

function makeRequest(random: Random): Request {
  const method = random.pick(['GET', 'GET', 'OPTIONS', 'OPTIONS', 'POST', 'PUT', 'HEAD']);
  const path = `/${random.pick(FOLDERS)}${random.pick(['hit.txt', 'hit.txt', 'none', ''])}${random.pick(['', '', '?x=1', '?x=0&y=2'])}`;
  const headers = new Map<string, string>();
  if (method === 'OPTIONS') headers.set('access-control-request-method', 'PUT');
  if (random.chance(0.3)) headers.set('access-control-request-headers', 'x-a,x-b');
  const ending = path.includes('none') ? 404 : 'success';
  return { method, scheme: 'http', path, origin: random.pick(ORIGINS), headers, ending };
}

function analyse({ text }: Case) {
  const file = '/etc/nginx/conf.d/site.conf';
  return nginx.analyse(file, text, memoryHost({ [file]: text }), {});
}

/** 1 when the prediction was certain, 0 when it left something open. */
async function compare(endpoint: Endpoint, item: Case, request: Request, port: number, agent: Agent): Promise<0 | 1> {
  const responses = endpoint.respond(request);
  const [status, headers] = await ask(request, port, agent);
  const observed = headers.filter((line) => COMPARED.test(line));
  const verdicts = responses.map((response) => agrees(response, request, status, observed));
  const agreed = responses.length === 1 ? verdicts[0] : verdicts.some(Boolean);
  if (!agreed) {
    const shown = responses.map(
      (response) => `${response.status} ${response.when ?? ''} ${lines(response, request).map(show).join(' | ')}`,
    );
    expect.fail(
      `SEED=${seed}\n${item.text}\n${request.method} ${request.path} Origin: ${request.origin}\nnginx: ${status} ${observed.join(' | ')}\nwe: ${shown.join('\n    ')}`,
    );
  }
  return responses.length === 1 && responses[0]?.status !== undefined ? 1 : 0;
}

const COMPARED = /^(?:access-control-|vary:|x-)/i;

function lines(response: Response, request: Request): readonly ResolvedHeader[] {
  return (resolveResponse(response, request)[0]?.headers ?? []).filter(({ name }) => COMPARED.test(`${name}:`));
}

function show({ name, text }: ResolvedHeader): string {
  return `${name}: ${text}`;
}

function agrees(response: Response, request: Request, status: number, observed: readonly string[]): boolean {
  if (response.status !== undefined && response.status !== status) {
    return false;
  }
  const predicted = lines(response, request);
  const known = predicted.filter(({ text }) => text !== undefined).map(show);
  if (known.length === predicted.length && response.open === undefined) {
    return JSON.stringify(known) === JSON.stringify(observed);
  }
  let at = 0;
  for (const line of observed) {
    if (line === known[at]) at += 1;
  }
  return at === known.length;
}

function ask(request: Request, port: number, agent: Agent): Promise<[number, string[]]> {
  return new Promise((resolve, reject) => {
    const headers: Record<string, string> = { host: request.host ?? '', ...Object.fromEntries(request.headers) };
    if (request.origin !== undefined) headers['origin'] = request.origin;
    const { method, path } = request;
    const sent = httpRequest({ host: '127.0.0.1', port, method, path, headers, agent }, (response) => {
      response.resume();
      const raw = response.rawHeaders;
      const all = raw.flatMap((name, i) => (i % 2 === 0 ? [`${name}: ${raw[i + 1]}`] : []));
      response.on('end', () => resolve([response.statusCode ?? 0, all]));
    });
    sent.on('error', reject);
    sent.end();
  });
}
