import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type FrontEndRequest, type RunningChromium, startChromium } from './chromium';
import { suiteNeeds } from './require';

type Headers = Readonly<Record<string, string | string[]>>;

suiteNeeds('chromium')('the Chromium rig', () => {
  let chromium: RunningChromium;
  let server: Server;
  let port: number;
  let answer: (request: IncomingMessage, response: ServerResponse) => void;

  beforeAll(async () => {
    chromium = await startChromium();
    server = createServer((request, response) => answer(request, response));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    port = typeof address === 'object' && address !== null ? address.port : 0;
  });
  afterAll(async () => {
    await chromium?.stop();
    server?.close();
  });

  const serve = (preflight: Headers, actual: Headers, preflightStatus = 204) => {
    answer = (request, response) => {
      const isPreflight = request.method === 'OPTIONS';
      for (const [name, value] of Object.entries(isPreflight ? preflight : actual)) response.setHeader(name, value);
      response.setHeader('X-Seen', `${request.method} ${request.headers.host} ${request.headers.origin}`);
      response.writeHead(isPreflight ? preflightStatus : 200).end('body');
    };
  };
  const play = async (request: Partial<FrontEndRequest>) => {
    const url = request.url ?? 'https://api.example.com/items';
    const web = await chromium.web({ [new URL(url).origin]: port });
    try {
      return await web.fetch({ origin: 'https://app.example.com', url, ...request });
    } finally {
      await web.close();
    }
  };
  const any = { 'Access-Control-Allow-Origin': '*' };

  test.each([
    ['https://app.example.com', 'https://api.example.com/items'],
    ['https://app.example.com', 'http://api.example.com/items'],
    ['http://app.example.com', 'https://api.example.com:8443/items'],
    ['http://localhost:5173', 'http://localhost:3000/items'],
    ['http://127.0.0.1:5173', 'http://127.0.0.1:3000/items'],
    ['https://app.example.com.evil.example', 'https://api.example.com/items'],
    ['https://evilexample.com:444', 'https://api.example.com/items'],
    ['null', 'https://api.example.com/items'],
    ['null', 'http://localhost:3000/items'],
  ])('a page of %s fetches %s', async (origin, url) => {
    serve({}, any);
    const outcome = await play({ origin, url });
    expect(outcome).toMatchObject({ verdict: 'allowed', status: 200, body: 'body', preflight: undefined });
    expect(outcome.response?.headers).toContainEqual(['x-seen', `GET ${new URL(url).host} ${origin}`]);
  });

  const app = { 'Access-Control-Allow-Origin': 'https://app.example.com' };
  const two = { 'Access-Control-Allow-Origin': ['*', '*'] };
  const put = { method: 'PUT' };
  test.each<[string, Headers, Headers, Partial<FrontEndRequest>, object]>([
    ['no header', {}, {}, {}, { at: 'response', corsError: 'MissingAllowOriginHeader' }],
    ['two header lines', {}, two, {}, { at: 'response', corsError: 'MultipleAllowOriginValues' }],
    ['another origin', {}, app, { origin: 'https://evil.example' }, { corsError: 'AllowOriginMismatch' }],
    ['* with credentials', {}, any, { credentials: true }, { corsError: 'WildcardOriginNotAllowed' }],
    ['no credentials header', {}, app, { credentials: true }, { corsError: 'InvalidAllowCredentials' }],
    ['a bare preflight', {}, any, put, { at: 'preflight', corsError: 'PreflightMissingAllowOriginHeader' }],
    [
      'a method',
      any,
      any,
      put,
      { at: 'preflight', corsError: 'MethodDisallowedByPreflightResponse', parameter: 'PUT' },
    ],
    [
      'a header',
      any,
      any,
      { headers: { 'X-A': '1' } },
      { at: 'preflight', corsError: 'HeaderDisallowedByPreflightResponse', parameter: 'x-a' },
    ],
    [
      'the response after a good preflight',
      { ...any, 'Access-Control-Allow-Methods': 'PUT' },
      {},
      put,
      { at: 'response', corsError: 'MissingAllowOriginHeader', preflight: { status: 204 } },
    ],
  ])('is refused for %s', async (_name, preflight, actual, request, reason) => {
    serve(preflight, actual);
    expect(await play(request)).toMatchObject({ verdict: 'blocked', ...reason });
  });

  test('is refused for the status of a preflight', async () => {
    serve({ ...any, 'Access-Control-Allow-Methods': 'PUT' }, any, 404);
    const reason = { verdict: 'blocked', at: 'preflight', corsError: 'PreflightInvalidStatus' };
    expect(await play(put)).toMatchObject(reason);
  });

  test('reports a preflight that passes, and keeps both lines of a header', async () => {
    const allow = { ...app, 'Access-Control-Allow-Credentials': 'true', Vary: ['Origin', 'Accept'] };
    serve({ ...allow, 'Access-Control-Allow-Methods': 'PUT' }, allow);
    const outcome = await play({ ...put, credentials: true });
    expect(outcome).toMatchObject({ verdict: 'allowed', preflight: { status: 204 }, response: { status: 200 } });
    expect(outcome.response?.headers.filter(([name]) => name === 'vary')).toEqual([
      ['vary', 'Origin'],
      ['vary', 'Accept'],
    ]);
  });

  test('a failure that is not CORS is an error', async () => {
    answer = (request) => request.socket.destroy();
    await expect(play({})).rejects.toThrow('not for CORS');
  });

  test('a request that nobody answers is told apart', async () => {
    answer = (request, response) => {
      if (request.method === 'OPTIONS')
        response.writeHead(204, { ...any, 'Access-Control-Allow-Methods': 'PUT' }).end();
    };
    expect(await play(put)).toMatchObject({ verdict: 'unanswered', preflight: { status: 204 }, response: undefined });
  });

  test('a request of the server to itself is an error', async () => {
    await expect(play({ origin: 'https://api.example.com' })).rejects.toThrow('no CORS request');
  });
});
