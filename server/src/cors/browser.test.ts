import { describe, expect, it } from 'vitest';
import { openBrowser, simpleCall } from './browser';
import { needsPreflight, preflightRequest, unsafeHeaderNames } from './call';
import type { Endpoint } from './endpoint';
import type { Answerer, Header, Request, Response } from './http';
import { preflightCheck } from './preflight';
import { resolveResponse } from './resolve';
import type { Condition, Value } from './value';

const place = { file: 'x', start: 0, end: 0 };
const answeredBy: Answerer = { kind: 'handler', what: 'the handler', place };
const literal = (text: string): Value => ({ kind: 'literal', text, place });
const header = (name: string, value: Value | string): Header => ({
  name,
  value: typeof value === 'string' ? literal(value) : value,
  place,
  layer: 'the handler',
});
const response = (headers: readonly Header[], changes: Partial<Response> = {}): Response => ({
  status: 200,
  answeredBy,
  headers,
  ...changes,
});
const request: Request = {
  method: 'GET',
  scheme: 'https',
  path: '/',
  origin: 'https://a.com',
  headers: new Map([['x-a', '1']]),
  ending: 'success',
};

function endpoint(respond: (request: Request) => Response[]): Endpoint {
  const { path } = request;
  return {
    platform: 'x',
    label: 'x',
    place,
    path,
    matches: () => true,
    methods: [],
    requestHeaders: [],
    policies: [],
    respond,
  };
}

const assume = (holds: string): Condition => ({ kind: 'assumption', holds, otherwise: `not: ${holds}` });
const choice = (...options: [Condition, string][]): Value => ({
  kind: 'choice',
  options: options.map(([when, text]) => ({ when, value: literal(text) })),
  place,
});

describe('values of a response', () => {
  const admitted: Condition = {
    kind: 'origin-admitted',
    policy: { place, entries: [{ kind: 'exact', text: 'https://a.com', place }] },
  };
  it.each<[string, Value, (string | undefined)[]]>([
    ['a literal', literal('x'), ['x']],
    ['the request origin', { kind: 'request-origin', place }, ['https://a.com']],
    ['a request header', { kind: 'request-header', name: 'x-a', place }, ['1']],
    ['an absent request header', { kind: 'request-header', name: 'x-b', place }, []],
    ['absent', { kind: 'absent', place }, []],
    ['unknown', { kind: 'unknown', reason: 'env', place }, [undefined]],
    [
      'a template',
      { kind: 'template', parts: [literal('a-'), { kind: 'absent', place }, { kind: 'request-origin', place }], place },
      ['a-https://a.com'],
    ],
    [
      'a template with a hole',
      { kind: 'template', parts: [literal('a'), { kind: 'unknown', reason: 'env', place }], place },
      [undefined],
    ],
    ['an admitted origin', choice([admitted, 'in']), ['in']],
    ['a refused origin', choice([{ kind: 'not', of: admitted }, 'out']), []],
    ['the first that holds', choice([{ kind: 'not', of: admitted }, 'out'], [{ kind: 'always' }, 'else']), ['else']],
    ['a condition that cannot be told', choice([{ kind: 'unknown', reason: 'a call' }, 'in']), [undefined]],
  ])('%s', (_, value, expected) => {
    const resolved = resolveResponse(response([header('X', value)]), request);
    expect(resolved).toHaveLength(1);
    expect(resolved[0]?.headers.map(({ text }) => text)).toEqual(expected);
    expect(resolved[0]?.when).toEqual([]);
  });

  it('come once for each way that assumptions may hold, and only where they matter', () => {
    const value = choice([assume('A is set'), 'a'], [assume('B is set'), 'b']);
    const resolved = resolveResponse(response([header('X', value)], { when: 'it rains' }), request);
    expect(resolved.map(({ headers, when }) => [headers[0]?.text, when])).toEqual([
      ['a', ['it rains', 'A is set']],
      ['b', ['it rains', 'not: A is set', 'B is set']],
      [undefined, ['it rains', 'not: A is set', 'not: B is set']],
    ]);
  });

  it('agree on an assumption that two headers share', () => {
    const resolved = resolveResponse(
      response([header('X', choice([assume('A'), 'a'])), header('Y', choice([{ kind: 'not', of: assume('A') }, 'y']))]),
      request,
    );
    expect(resolved.map(({ headers }) => headers.map(({ name }) => name))).toEqual([['X'], ['Y']]);
  });

  it('beyond four assumptions are unknown instead of many', () => {
    const headers = Array.from({ length: 9 }, (_, i) =>
      header(`X${i}`, choice([assume(`A${i}`), 'a'], [{ kind: 'always' }, 'b'])),
    );
    const resolved = resolveResponse(response(headers), request);
    expect(resolved).toHaveLength(16);
    for (const { headers: got } of resolved)
      expect(got.slice(4).map(({ text }) => text)).toEqual(Array(5).fill(undefined));
  });
});

describe('calls that need a preflight', () => {
  const at = simpleCall(
    endpoint(() => []),
    'https://a.com',
  );
  it.each([
    [{ method: 'GET' }, false, []],
    [{ method: 'post' }, false, []],
    [{ method: 'put' }, true, []],
    [{ method: 'patch' }, true, []],
    [{ headers: [['Content-Type', 'text/plain;charset=utf-8']] }, false, []],
    [{ headers: [['Content-Type', 'application/json']] }, true, ['content-type']],
    [{ headers: [['Range', 'bytes=0-']] }, false, []],
    [{ headers: [['Range', 'lines=0-']] }, true, ['range']],
    [
      {
        headers: [
          ['X-B', '1'],
          ['x-a', '1'],
          ['X-A', '2'],
        ],
      },
      true,
      ['x-a', 'x-b'],
    ],
    [{ headers: [['Accept', 'a'.repeat(129)]] }, true, ['accept']],
  ] as const)('%j: %s', (changes, expected, names) => {
    const call = { ...at, ...changes };
    expect(needsPreflight(call)).toBe(expected);
    expect(unsafeHeaderNames(call)).toEqual(names);
    expect(preflightRequest(call).headers.get('access-control-request-headers')).toBe(
      names.length ? names.join(',') : undefined,
    );
  });
});

describe('exchanges', () => {
  const star = header('Access-Control-Allow-Origin', '*');

  it('name the circumstance of each response, and leave out pairs that contradict each other', () => {
    const value = choice([assume('ORIGIN is set'), 'https://a.com'], [{ kind: 'always' }, '*']);
    const { fetch } = openBrowser(endpoint(() => [response([header('Access-Control-Allow-Origin', value)])]));
    const call = simpleCall(
      endpoint(() => []),
      'https://b.com',
      { headers: [['X-A', '1']] },
    );
    expect(fetch(call).map(({ when, verdict }) => [when, verdict.step])).toEqual([
      [['ORIGIN is set'], 'cors-check/other-origin'],
      [['not: ORIGIN is set'], 'preflight/header'],
    ]);
  });

  it('leave out pairs of which no way fits another', () => {
    const on = new Map([
      ['LIST is set', true],
      ['it is empty', false],
    ]);
    const off = [
      new Map([['LIST is set', false]]),
      new Map([
        ['LIST is set', true],
        ['it is empty', true],
      ]),
    ];
    const { endpoint: server, fetch } = openBrowser(
      endpoint(() => [
        response([star], { when: 'on', assumes: on }),
        response([], { when: 'off', assumesOneOf: off }),
        response([], { when: 'some of off', assumesOneOf: off.slice(0, 1) }),
      ]),
    );
    const found = fetch(simpleCall(server, 'https://a.com', { method: 'PUT' })).map(({ when }) => when.join());
    expect(found).toEqual(['on', 'off', 'off,some of off', 'some of off,off', 'some of off']);
  });

  it('are remembered', () => {
    let asked = 0;
    const browser = openBrowser(
      endpoint(({ method }) => {
        asked++;
        return [response(method === 'GET' ? [star] : [])];
      }),
    );
    const call = simpleCall(browser.endpoint, 'https://a.com');
    expect(browser.fetch({ ...call })).toBe(browser.fetch({ ...call }));
    expect(browser.fetch({ ...call, credentials: true })).not.toBe(browser.fetch(call));
    expect(asked).toBe(1);
    browser.fetch({ ...call, method: 'POST' });
    expect(asked).toBe(2);
  });

  it('say what the server would give were the preflight to pass', () => {
    const browser = openBrowser(
      endpoint(({ method }) => [method === 'OPTIONS' ? response([], { status: 404 }) : response([star])]),
    );
    const [exchange] = browser.fetch(simpleCall(browser.endpoint, 'https://a.com', { method: 'PUT' }));
    expect(exchange?.preflight?.verdict.step).toBe('cors-check/no-allow-origin');
    expect(exchange?.actual.verdict.result).toBe('allowed');
    expect(exchange?.verdict).toBe(exchange?.preflight?.verdict);
  });

  it('are unknown where the response may hold more than is listed', () => {
    const { fetch } = openBrowser(endpoint(() => [response([], { open: 'headers of the upstream' })]));
    const [exchange] = fetch(
      simpleCall(
        endpoint(() => []),
        'https://a.com',
      ),
    );
    expect(exchange?.verdict.result).toBe('unknown');
  });

  it('carry cookies with credentials, and never on the preflight', () => {
    const seen: [string, boolean][] = [];
    const browser = openBrowser(
      endpoint(({ method, headers }) => {
        seen.push([method, headers.has('cookie')]);
        return [response([star])];
      }),
    );
    browser.fetch(simpleCall(browser.endpoint, 'https://a.com', { method: 'PUT', credentials: true }));
    expect(seen.sort()).toEqual([
      ['OPTIONS', false],
      ['PUT', true],
    ]);
  });
});

it('Authorization under a wildcard: browsers let it pass, the standard does not', () => {
  const call = simpleCall(
    endpoint(() => []),
    'https://a.com',
    { headers: [['Authorization', 'Bearer x']] },
  );
  const [resolved] = resolveResponse(
    response([header('Access-Control-Allow-Origin', '*'), header('Access-Control-Allow-Headers', '*')]),
    preflightRequest(call),
  );
  if (!resolved) throw new Error('no response');
  expect(preflightCheck(resolved, call).step).toBe('preflight/passed');
  expect(preflightCheck(resolved, call, 'standard').step).toBe('preflight/authorization');
});

it.each([
  [undefined, [], 'unknown'],
  [204, [], 'preflight/passed'],
  [302, [], 'preflight/status'],
  [204, [header('Access-Control-Allow-Methods', { kind: 'unknown', reason: 'env', place })], 'preflight/passed'],
] as const)('a preflight with status %s and %j for a GET with a plain header: %s', (status, more, step) => {
  const call = simpleCall(
    endpoint(() => []),
    'https://a.com',
  );
  const [resolved] = resolveResponse(
    response([header('Access-Control-Allow-Origin', '*'), ...more], { status }),
    request,
  );
  if (!resolved) throw new Error('no response');
  expect(preflightCheck(resolved, call).step).toBe(step);
});

it('a step that certainly fails decides, though an earlier one cannot be told', () => {
  const made = endpoint(() => [
    response([
      header('Access-Control-Allow-Origin', { kind: 'unknown', reason: 'env', place }),
      header('Access-Control-Allow-Methods', 'GET'),
    ]),
  ]);
  const { fetch } = openBrowser(made);
  const steps = (changes: object) =>
    fetch(simpleCall(made, 'https://a.com', changes)).map(({ verdict }) => verdict.step);
  expect(steps({})).toEqual(['unknown']);
  expect(steps({ credentials: true })).toEqual(['cors-check/credentials-not-allowed']);
  expect(steps({ method: 'PUT' })).toEqual(['preflight/method']);
  expect(steps({ headers: [['X-A', '1']] })).toEqual(['preflight/header']);
});
