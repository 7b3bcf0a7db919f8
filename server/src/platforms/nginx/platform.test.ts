import { posix } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Request } from '../../cors/http';
import type { Repair } from '../../cors/repair';
import { resolveResponse } from '../../cors/resolve';
import type { Host } from '../../lint/types';
import { nginx } from './platform';

beforeAll(() => nginx.prepare?.());

function hostOf(files: Readonly<Record<string, string>>): Host {
  return {
    read: (file) => files[file],
    resolve: (from, relative) => posix.join(posix.isAbsolute(relative) ? '' : posix.dirname(from), relative),
    glob: (from, pattern) => {
      const folder = posix.join(posix.dirname(from), posix.dirname(pattern));
      return Object.keys(files).filter((file) => posix.dirname(file) === folder && file.endsWith('.conf'));
    },
    version: (file) => (file in files ? 1 : undefined),
  };
}

function analyse(file: string, files: Readonly<Record<string, string>>) {
  return nginx.analyse(file, files[file] ?? '', hostOf(files), {});
}

function request(changes: Partial<Request> = {}): Request {
  const headers = new Map<string, string>();
  const origin = 'https://app.example.com';
  return { method: 'GET', scheme: 'https', path: '/', origin, headers, ending: 'success', ...changes };
}

function headersOf(file: string, files: Readonly<Record<string, string>>, changes: Partial<Request> = {}): string[] {
  const [endpoint] = analyse(file, files).endpoints;
  const asked = request({ path: endpoint?.path ?? '/', ...changes });
  const [response] = endpoint?.respond(asked) ?? [];
  const [resolved] = response === undefined ? [] : resolveResponse(response, asked);
  return (resolved?.headers ?? []).map(({ name, text }) => `${name}: ${text}`);
}

describe('files and what they are part of', () => {
  const server = 'server { include cors.conf; location / { return 200; } }';

  test('includes are relative to the main file', () => {
    const files = {
      'nginx/nginx.conf': 'events {} http { add_header X-Http 1; include conf.d/*.conf; }',
      'nginx/conf.d/app.conf': 'server { location / { return 200; } }',
    };
    expect(headersOf('nginx/conf.d/app.conf', files)).toEqual(['X-Http: 1']);
    expect(analyse('nginx/conf.d/app.conf', files).dependencies).toContain('nginx/nginx.conf');
    // The server belongs to the file that it stands in: it is not reported twice.
    expect(analyse('nginx/nginx.conf', files).endpoints).toEqual([]);
  });

  test.each([
    ['beside the main file', { 'app.conf': server, 'cors.conf': 'add_header A 1;' }, 'app.conf'],
    ['above conf.d', { 'conf.d/app.conf': server, 'cors.conf': 'add_header A 1;' }, 'conf.d/app.conf'],
    [
      'by its installed name',
      { 'app.conf': server.replace('cors', '/etc/nginx/cors'), 'cors.conf': 'add_header A 1;' },
      'app.conf',
    ],
  ])('an include is found %s', (_where, files, file) => {
    expect(headersOf(file, files)).toEqual(['A: 1']);
  });

  test('an include that cannot be read leaves everything open', () => {
    const [endpoint] = analyse('app.conf', { 'app.conf': server }).endpoints;
    expect(endpoint?.partial).toContain('cors.conf');
    expect(endpoint?.respond(request())[0]?.open).toContain('cors.conf');
  });

  test('files that include each other end', () => {
    const files = {
      'a.conf': 'server { include b.conf; location / { return 200; } }',
      'b.conf': 'include a.conf; include b.conf;',
    };
    expect(analyse('a.conf', files).endpoints.length).toBeGreaterThan(0);
  });

  test.each([
    ['location /x { add_header A 1; }', ['location /x']],
    ['add_header A 1;', ['these lines']],
    ['user nginx;', []],
    ['map $http_origin $a { default 1; }', []],
  ])('%s alone is seen in part', (text, labels) => {
    const { endpoints } = analyse('snippets/a.conf', { 'snippets/a.conf': text });
    expect(endpoints.map(({ label }) => label)).toEqual(labels);
    expect(endpoints.every(({ partial }) => partial !== undefined)).toBe(true);
  });

  test('what another template language fills in is left alone', () => {
    const { endpoints, errors } = analyse('nginx.conf.j2', {
      'nginx.conf.j2': 'server { {% if x %} listen {{ port }}; {% endif %} }',
    });
    expect([endpoints, errors]).toEqual([[], []]);
  });

  test('what an environment variable fills in is not known', () => {
    const text = 'server { location / { add_header Access-Control-Allow-Origin ${ORIGIN}; return 200; } }';
    expect(headersOf('default.conf.template', { 'default.conf.template': text })).toEqual([
      'Access-Control-Allow-Origin: undefined',
    ]);
  });
});

describe('endpoints', () => {
  const text = `server { server_name api.example.com;
    location / { return 200; }
    location = /exact { return 200; }
    location ~ ^/v[0-9]+/(users|teams)$ { return 200; }
    location ^~ /static/ { root /srv; location ~ \\.css$ { root /srv; } }
    location @named { return 200; }
    location /hidden { internal; } }`;

  test('one for each location that a request can reach, with a path that reaches it', () => {
    const { endpoints } = analyse('a.conf', { 'a.conf': text });
    expect(endpoints.map(({ label, path }) => [label.replace(' of api.example.com', ''), path])).toEqual([
      ['location /', '/'],
      ['location = /exact', '/exact'],
      ['location ~ ^/v[0-9]+/(users|teams)$', '/v0/users'],
      ['location ^~ /static/', '/static/'],
      ['location ~ \\.css$', expect.stringMatching(/^\/static\/.*\.css$/)],
    ]);
    for (const endpoint of endpoints) expect(endpoint.matches(endpoint.path, 'GET')).toBe(true);
    expect(endpoints[0]?.matches('/static/x', 'GET')).toBe(false);
    expect(endpoints[0]?.matches('/', 'GET', { scheme: 'https', host: 'api.example.com' })).toBe(true);
    expect(endpoints[0]?.matches('/', 'GET', { scheme: 'https', host: 'other.example.com' })).toBeUndefined();
  });

  test.each([
    ['add_header Access-Control-Allow-Origin $http_origin;', ['any']],
    ['if ($http_origin ~ a) { add_header Access-Control-Allow-Origin $http_origin; }', ['match']],
    [
      'if ($http_origin = "https://a.example") { set $o $http_origin; } add_header Access-Control-Allow-Origin $o;',
      ['exact-like'],
    ],
    ['add_header Access-Control-Allow-Origin $mapped;', ['exact', 'match']],
    ['add_header Access-Control-Allow-Origin *;', []],
  ])('the checks on the origin of %s', (lines, kinds) => {
    const map = 'map $http_origin $mapped { default ""; https://a.example $http_origin; ~b$ $http_origin; }';
    const { endpoints } = analyse('a.conf', { 'a.conf': `${map} server { location / { ${lines} return 200; } }` });
    const found = endpoints[0]?.policies.flatMap(({ entries }) => entries.map(({ kind }) => kind));
    expect(found?.map((kind, i) => (kinds[i] === 'exact-like' ? 'exact-like' : kind))).toEqual(kinds);
  });
});

test('an upstream whose only server has its own name is that host, not itself', () => {
  const text =
    'events {}\nhttp {\n  upstream app { server app:3000; }\n  server { location / { proxy_pass http://app; } }\n}\n';
  const { endpoints } = analyse('nginx.conf', { 'nginx.conf': text });
  expect(endpoints[0]?.respond(request({ path: '/x' }))).toMatchObject([{ answeredBy: { kind: 'upstream' } }]);
});

describe('repairs keep the style of the file', () => {
  function mend(text: string, make: (analysis: ReturnType<typeof analyse>) => Repair | undefined): string | undefined {
    const analysis = analyse('conf.d/a.conf', { 'conf.d/a.conf': text });
    const wanted = make(analysis);
    const edits = wanted && nginx.repair(analysis, wanted, hostOf({ 'conf.d/a.conf': text }));
    return (
      edits &&
      [...edits]
        .sort((a, b) => b.start - a.start)
        .reduce((result, edit) => result.slice(0, edit.start) + edit.text + result.slice(edit.end), text)
    );
  }

  test.each([
    [
      'spaces',
      'server {\n  location / {\n    add_header Access-Control-Allow-Origin $o always; # why\n    return 200;\n  }\n}\n',
      'always; # why\n    add_header Vary Origin always;\n    return',
    ],
    [
      'tabs and CRLF',
      'server {\r\n\tlocation / {\r\n\t\tadd_header Access-Control-Allow-Origin $o;\r\n\t\treturn 200;\r\n\t}\r\n}\r\n',
      '$o;\r\n\t\tadd_header Vary Origin;\r\n\t\treturn',
    ],
    [
      'one line',
      'server { location / { add_header Access-Control-Allow-Origin $o; return 200; } }',
      '$o; add_header Vary Origin; return',
    ],
    [
      'a Vary that is there',
      "server { location / { add_header Access-Control-Allow-Origin $o; add_header Vary 'Accept-Encoding'; } }",
      "Vary 'Accept-Encoding, Origin';",
    ],
  ])('Vary, %s', (_style, text, expected) => {
    const mended = mend(
      text,
      ({ endpoints: [endpoint], settings: [setting] }) =>
        endpoint && setting && { kind: 'vary-origin', endpoint, near: setting.place },
    );
    expect(mended).toContain(expected);
  });

  test.each([
    ['"a"', 'x"y', '"x\\"y"'],
    ["'a'", 'x y', "'x y'"],
    ['a', 'x', 'x'],
    ['a', 'x y', '"x y"'],
    ['a', '', '""'],
  ])('the value %s becomes %s as %s', (written, text, expected) => {
    const whole = `server { location / { add_header A ${written}; } }`;
    const mended = mend(
      whole,
      ({ settings: [setting] }) => setting && { kind: 'replace-value', place: setting.value.place, text },
    );
    expect(mended).toBe(`server { location / { add_header A ${expected}; } }`);
  });

  test('a removed line takes its line break along, and leaves a comment', () => {
    const text = 'server {\n    add_header A 1; # note\n    add_header B 2;\n    add_header C 3;\n}\n';
    const at = (i: number) => mend(text, ({ settings }) => settings[i] && { kind: 'remove', place: settings[i].place });
    expect(at(1)).toBe('server {\n    add_header A 1; # note\n    add_header C 3;\n}\n');
    expect(at(0)).toContain('{\n    # note\n');
  });

  test('nothing is written into a file that does not parse', () => {
    const text = 'server { location / { add_header A True; ';
    expect(
      mend(text, ({ settings: [setting] }) => setting && { kind: 'remove', place: setting.place }),
    ).toBeUndefined();
  });
});

describe('patterns that cannot be read', () => {
  const text = `server {
    location / { add_header A 1; return 200; }
    location ~ /\\.(?!well-known/) { deny all; } }`;

  test('narrow a pattern that does not match anyway, and else leave everything open', () => {
    const { endpoints } = analyse('a.conf', { 'a.conf': text });
    const [plain] = endpoints[0]?.respond(request({ path: '/x' })) ?? [];
    expect([plain?.status, plain?.open]).toEqual([200, undefined]);
    const dotted = endpoints[0]?.respond(request({ path: '/.git' }));
    expect(dotted).toMatchObject([{ status: undefined, open: expect.stringContaining('cannot be read') }]);
  });
});

test('a method decides in limit_except, and the client elsewhere', () => {
  const kindOf = (location: string, method: string) => {
    const { endpoints } = analyse('a.conf', { 'a.conf': `server { location / { ${location} } }` });
    return endpoints[0]?.respond(request({ method }))[0]?.answeredBy.kind;
  };
  const limited = 'limit_except GET { deny all; } return 204;';
  expect(kindOf('limit_except GET { deny all; }', 'OPTIONS')).toBe('method-gate');
  expect(kindOf('limit_except GET { deny all; }', 'GET')).toBe('file');
  expect(kindOf('deny all; limit_except GET { proxy_pass http://a; }', 'PUT')).toBe('authentication');
  expect(kindOf(limited, 'GET')).toBe('handler');
});
