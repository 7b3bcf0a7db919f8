import { createServer, type Server, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openBrowser } from '../../server/src/cors/browser';
import type { Call } from '../../server/src/cors/call';
import type { Endpoint } from '../../server/src/cors/endpoint';
import type { Header, Response } from '../../server/src/cors/http';
import type { Step } from '../../server/src/cors/verdict';
import { type RunningChromium, startChromium, type Web } from '../harness/chromium';
import { play } from '../harness/judge';
import type { RealServer } from '../harness/realServer';
import { suiteNeeds } from '../harness/require';
import { chooseSeed, type Random, randomFrom } from './nginx-random';

/**
 * The model's browser against the real one: made-up responses, right and wrong in every way that servers are, and
 * calls of every kind. The verdict, the leg and the step that decides have to be the same.
 */
type Lines = readonly (readonly [name: string, value: string])[];

interface Case {
  readonly call: Call;
  readonly preflight: { readonly status: number; readonly lines: Lines };
  readonly response: { readonly status: number; readonly lines: Lines };
}

const count = 400;
const seed = chooseSeed();

suiteNeeds('chromium')(`the model's browser is Chromium (SEED=${seed})`, () => {
  let chromium: RunningChromium;
  let web: Web;
  let server: Server;
  let current: Case;

  beforeAll(async () => {
    chromium = await startChromium();
    server = createServer((socket) =>
      answerOnce(socket, (method) => (method === 'OPTIONS' ? current.preflight : current.response)),
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    web = await chromium.web({ 'https://api.example.com': port });
  });
  afterAll(async () => {
    await web?.close();
    await chromium?.stop();
    server?.close();
  });

  test(`in ${count} exchanges`, { timeout: 180_000 }, async () => {
    const random = randomFrom(seed);
    // Sorted by page, because a new page takes longer than a fetch.
    const cases = Array.from({ length: count }, (_, i) => makeCase(random, i));
    cases.sort((a, b) => (a.call.origin < b.call.origin ? -1 : 1));
    const seen = { allowed: 0, blocked: 0, unanswered: 0 };
    for (const item of cases) {
      current = item;
      const real = await play(item.call, 'api.example.com', anyServer, web);
      const [exchange] = openBrowser(endpointOf(item)).fetch(item.call);
      const { result, step } = exchange?.verdict ?? { result: 'none', step: 'unknown' as const };
      expect(result, explain(item, step, real)).toBe(real.verdict);
      if (real.verdict === 'blocked') {
        const leg = exchange?.preflight?.verdict.result === 'blocked' ? 'preflight' : 'response';
        expect(leg, explain(item, step, real)).toBe(real.at);
        // Chromium gives up on a redirected preflight without looking at its headers; the standard looks first.
        if (real.corsError === 'PreflightDisallowedRedirect') expect(step).not.toBe('preflight/passed');
        else expect(stepsOf(real.corsError), explain(item, step, real)).toContain(step);
      }
      seen[real.verdict]++;
    }
    expect(Math.min(seen.allowed, seen.blocked)).toBeGreaterThan(count / 10);
  });
});

function stepsOf(corsError: string): readonly Step[] {
  return steps[corsError.replace(/^Preflight/, '')] ?? [];
}

/** Answers one request by hand: a server of Node.js refuses methods that it does not know, such as `patch`. */
function answerOnce(socket: Socket, choose: (method: string) => Case['response']): void {
  let head = '';
  socket.on('error', () => socket.destroy());
  socket.on('data', (chunk: Buffer) => {
    if (head.includes('\r\n\r\n')) return;
    head += chunk.toString('latin1');
    if (!head.includes('\r\n\r\n')) return;
    const { status, lines } = choose(head.slice(0, head.indexOf(' ')));
    const location: Lines = status > 300 && status < 304 ? [['Location', 'https://api.example.com/elsewhere']] : [];
    const sent = [...lines, ...location, ['Content-Length', '0'], ['Connection', 'close']] as const;
    socket.end(`HTTP/1.1 ${status} X\r\n${sent.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`);
  });
}

/** Chromium's words for the steps of the model. It tells two failures of the CORS check apart by what it parses first. */
const steps: Readonly<Record<string, readonly Step[]>> = {
  MissingAllowOriginHeader: ['cors-check/no-allow-origin'],
  MultipleAllowOriginValues: ['cors-check/several-origins', 'cors-check/other-origin'],
  InvalidAllowOriginValue: ['cors-check/other-origin', 'cors-check/several-origins'],
  AllowOriginMismatch: ['cors-check/other-origin'],
  WildcardOriginNotAllowed: ['cors-check/wildcard-with-credentials'],
  InvalidAllowCredentials: ['cors-check/credentials-not-allowed'],
  InvalidStatus: ['preflight/status'],
  InvalidAllowMethodsPreflightResponse: ['preflight/allow-methods-unparsable'],
  InvalidAllowHeadersPreflightResponse: ['preflight/allow-headers-unparsable'],
  MethodDisallowedByPreflightResponse: ['preflight/method'],
  HeaderDisallowedByPreflightResponse: ['preflight/header', 'preflight/authorization'],
};

function makeCase(random: Random, index: number): Case {
  const origin = random.pick(['https://app.example.com', 'http://localhost:5173', 'null']);
  const credentials = random.chance(0.4);
  const call: Call = {
    origin,
    method: random.pick(['GET', 'GET', 'HEAD', 'POST', 'PUT', 'put', 'delete', 'PATCH', 'patch', 'Post']),
    scheme: 'https',
    path: `/case/${index}`,
    headers: random.pick(requestHeaders),
    credentials,
    ending: 'success',
  };
  // Most responses are right in most respects, or every case would end at the first step.
  const checked = (likely: number): Lines => [
    ...lines(
      'Access-Control-Allow-Origin',
      random.chance(likely) ? [credentials ? origin : '*'] : random.pick(allowOrigin(origin)),
    ),
    ...lines('Access-Control-Allow-Credentials', random.chance(likely) ? ['true'] : random.pick(allowCredentials)),
  ];
  const methods = random.chance(0.6) ? ['PUT, PATCH, patch, DELETE'] : random.pick(allowMethods);
  const headers = random.chance(0.6)
    ? ['X-A, content-type, Authorization, X-B, Range, Accept']
    : random.pick(allowHeaders);
  return {
    call,
    preflight: {
      status: random.chance(0.8)
        ? 204
        : random.pick([200, 201, 299, 300, 301, 302, 304, 307, 400, 401, 403, 404, 405, 500]),
      lines: [
        ...checked(0.85),
        ...lines('Access-Control-Allow-Methods', methods),
        ...lines('Access-Control-Allow-Headers', headers),
      ],
    },
    response: { status: random.pick([200, 200, 201, 204, 400, 404, 500]), lines: checked(0.7) },
  };
}

const requestHeaders: readonly Call['headers'][] = [
  [],
  [],
  [['X-A', '1']],
  [['Content-Type', 'application/json']],
  [['Content-Type', 'text/plain; charset=utf-8']],
  [['Content-Type', 'TEXT/PLAIN']],
  [['Content-Type', 'multipart/form-data; boundary=x']],
  [['Authorization', 'Bearer x']],
  [
    ['Authorization', 'Bearer x'],
    ['X-B', '2'],
  ],
  [['Accept', 'application/json']],
  [['Accept', 'x'.repeat(129)]],
  [['Accept-Language', 'de, en']],
  [['Range', 'bytes=0-99']],
  [['Range', 'bytes=-99']],
];

/** The ways that people get the header wrong, each as the values of its lines. */
function allowOrigin(origin: string): readonly (readonly string[])[] {
  return [
    [],
    ['*'],
    [origin],
    [` ${origin}`],
    [`${origin}/`],
    [origin.toUpperCase()],
    [origin.replace('app', 'APP')],
    [`${origin}:443`],
    [`"${origin}"`],
    [`${origin}, ${origin}`],
    [`${origin} https://other.example`],
    [`*, ${origin}`],
    [origin, origin],
    ['*', '*'],
    ['*, *'],
    ['**'],
    ['https://*.example.com'],
    ['app.example.com'],
    ['https://other.example'],
    ['null'],
    ['true'],
    [''],
    [':: *'],
  ];
}

const allowCredentials: readonly (readonly string[])[] = [
  [],
  [],
  ['true'],
  ['True'],
  ['TRUE'],
  ['false'],
  ['1'],
  [' true'],
  ['"true"'],
  ['true, true'],
  ['true', 'true'],
  [''],
];

const allowMethods: readonly (readonly string[])[] = [
  [],
  ['*'],
  ['PUT'],
  ['put'],
  ['PATCH'],
  ['patch'],
  ['GET, POST'],
  ['PUT,PATCH,DELETE'],
  ['PUT PATCH DELETE'],
  ['PUT; PATCH; DELETE'],
  ['"PUT"'],
  [', PUT ,, PATCH,'],
  ['PUT', 'PATCH', 'DELETE'],
  ['*, PUT'],
  [''],
  ['all'],
  ['PUT\tPATCH'],
];

const allowHeaders: readonly (readonly string[])[] = [
  [],
  ['*'],
  ['*, Authorization'],
  ['x-a'],
  ['X-A X-B'],
  ['X-A; X-B'],
  ['"X-A"'],
  [',X-A,,content-type,'],
  ['Authorization'],
  ['content-type', 'x-a', 'authorization', 'x-b'],
  [''],
  ['Content-Type: application/json'],
  ['X_A'],
];

function lines(name: string, values: readonly string[]): Lines {
  return values.map((value) => [name, value] as const);
}

/** An endpoint that answers as the case says, in the model's terms. */
function endpointOf({ call, preflight, response }: Case): Endpoint {
  const place = { file: 'case', start: 0, end: 0 };
  const toResponse = ({ status, lines: all }: Case['response']): Response => ({
    status,
    answeredBy: { kind: 'handler', what: 'the case', place },
    headers: all.map(
      ([name, text]): Header => ({ name, value: { kind: 'literal', text, place }, place, layer: 'the case' }),
    ),
  });
  return {
    platform: 'case',
    label: 'case',
    place,
    path: call.path,
    matches: () => true,
    methods: undefined,
    requestHeaders: [],
    policies: [],
    respond: ({ method }) => [toResponse(method === 'OPTIONS' ? preflight : response)],
  };
}

const anyServer: RealServer = {
  name: 'cases',
  ports: { http: 0, https: 0 },
  hosts: [],
  end: () => true,
  endedSo: () => true,
  authorization: 'Bearer x',
  log: () => '',
  stop: async () => {},
};

function explain(item: Case, step: Step, real: object): string {
  return `${JSON.stringify(item, undefined, 1)}\nmodel: ${step}\nChromium: ${JSON.stringify(real)}\nSEED=${seed}`;
}
