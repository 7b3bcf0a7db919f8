import { describe, expect, it } from 'vitest';
import type { Request } from './http';
import { requestMemo } from './requestMemo';

const base: Request = {
  method: 'GET',
  scheme: 'https',
  path: '/a',
  origin: 'https://a.example',
  headers: new Map([['x-a', '1']]),
  ending: 'success',
};

/** How often `make` runs for these requests, one after the other. */
function runs(make: (request: Request) => unknown, ...changes: readonly Partial<Request>[]): number {
  const memo = requestMemo<unknown>();
  let count = 0;
  for (const change of changes) {
    const request = { ...base, ...change };
    const plain = make(request);
    const got = memo.get(request, (watched) => {
      count += 1;
      return make(watched);
    });
    expect(got).toEqual(plain);
  }
  return count;
}

const headers = (...entries: [string, string][]): Partial<Request> => ({ headers: new Map(entries) });

describe('requestMemo', () => {
  it.each([
    ['nothing', () => 1, [{}, { method: 'PUT', path: '/b' }, { origin: undefined }], 1],
    ['the method', (r) => r.method, [{}, { path: '/b' }, { method: 'PUT' }, { method: 'GET', ending: 500 }], 2],
    ['the host', (r) => r.host ?? 'none', [{}, { host: 'b' }, {}, { host: 'b' }], 2],
    ['one header', (r) => r.headers.get('x-a'), [{}, headers(['x-a', '1'], ['x-b', '2']), headers(['x-a', '2'])], 2],
    ['that a header is missing', (r) => r.headers.has('x-b'), [{}, headers(), headers(['x-b', '2'])], 2],
    ['all headers', (r) => [...r.headers].length, [{}, headers(['x-a', '1']), headers(['x-b', '2'], ['x-a', '1'])], 2],
    ['how many there are', (r) => r.headers.size, [{}, headers()], 2],
    ['each of them', (r) => [...r.headers.keys(), ...r.headers.values()].join(), [{}, headers(['x-a', '2'])], 2],
    ['that a copy has no host', (r) => 'host' in { ...r }, [{}, { host: 'b' }, {}], 2],
    ['whether there is a host', (r) => 'host' in r, [{}, { host: 'b' }, { path: '/b' }], 2],
    ['a copy', (r) => ({ ...r }).path, [{}, { path: '/b' }, {}], 2],
    [
      'more in some cases',
      (r) => (r.method === 'OPTIONS' ? r.headers.get('x-a') : r.ending),
      [{ method: 'OPTIONS' }, { method: 'OPTIONS', ending: 404 }, { method: 'PUT' }, { method: 'PUT', ...headers() }],
      2,
    ],
  ] satisfies [string, (request: Request) => unknown, Partial<Request>[], number][])(
    'runs again only for another answer to what was read: %s',
    (_, make, changes, expected) => {
      expect(runs(make, ...changes)).toBe(expected);
    },
  );

  it('notes what a memo inside it looks at', () => {
    const inner = requestMemo<string>();
    const outer = requestMemo<string>();
    const ask = (request: Request) => outer.get(request, (asked) => inner.get(asked, ({ origin }) => `${origin}`));
    expect(ask(base)).toBe('https://a.example');
    expect(ask({ ...base, path: '/b' })).toBe('https://a.example');
    expect(ask({ ...base, origin: undefined })).toBe('undefined');
  });
});
