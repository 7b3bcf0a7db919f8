import type { Call } from '../../server/src/cors/call';
import type { Random } from './nginx-random';

/** One site of the proxy with the part of the application behind it. */
export interface Pair {
  readonly host: string;
  /** The `server` blocks: the site, and for two hops the one that it passes its requests on to. */
  readonly site: string;
  /** A router of the application, mounted under {@link prefix}. */
  readonly router: string;
  readonly prefix: string;
  readonly version: 4 | 5;
  /** The site's paths for the routes. */
  readonly paths: readonly string[];
}

/** Ports as the texts name them; what is really listened on is put in their place. */
export interface Ports {
  readonly proxy: number;
  readonly inner: number;
  readonly apps: Readonly<Record<4 | 5, number>>;
}

export const APP = 'https://app.example.com';
export const OTHER = 'https://other.example.com';

export function makePair(random: Random, index: number, ports: Ports): Pair {
  const version = random.pick([4, 5] as const);
  const prefix = `/c${index}`;
  const host = `c${index}.example.org`;
  const target = `http://127.0.0.1:${ports.apps[version]}`;
  const twice = random.chance(0.3);
  const inner = `inner${index}.example.org`;
  const next = twice ? `http://127.0.0.1:${ports.inner}` : target;
  const way = wayThrough(random, prefix, next);
  const innerSite = `server {
  listen 127.0.0.1:${ports.inner};
  server_name ${inner};
  location / {
${indented(lines(random, 0.35))}    proxy_pass ${target};
  }
}
`;
  const hostLine = twice ? `    proxy_set_header Host ${inner};\n` : '';
  const site = `server {
  listen 127.0.0.1:${ports.proxy};
  server_name ${host};
${random.chance(0.15) ? `  add_header Access-Control-Allow-Origin ${APP} always;\n` : ''}${errorPage(random)}
  location ${way.location} {
${indented(way.before)}${indented(lines(random, 0.6))}${hostLine}    proxy_pass ${way.pass};
  }
}
`;
  const paths = ['/items', '/items/1', '/broken'].map((path) => way.outer + path);
  return { host, site: twice ? site + innerSite : site, router: router(random, index), prefix, version, paths };
}

function wayThrough(random: Random, prefix: string, next: string) {
  return random.pick([
    { location: '/', pass: next, outer: prefix, before: [] },
    { location: `${prefix}/`, pass: next, outer: prefix, before: [] },
    { location: '/api/', pass: `${next}${prefix}/`, outer: '/api', before: [] },
    { location: '/', pass: `${next}${prefix}/`, outer: '', before: [] },
    { location: '/v1/', pass: next, outer: '/v1', before: [`rewrite ^/v1/(.*)$ ${prefix}/$1 break;`] },
  ]);
}

function errorPage(random: Random): string {
  return random.chance(0.25)
    ? `  proxy_intercept_errors on;\n  error_page 404 500 ${random.pick(['', '=503 '])}@sorry;\n  location @sorry {\n${indented(lines(random, 0.5))}    return ${random.pick(['404', '503'])} sorry;\n  }\n`
    : '';
}

/** Headers, what is kept back, and an answer to preflights. */
function lines(random: Random, much: number): string[] {
  const made: string[] = [];
  const always = () => random.pick(['', ' always']);
  const origin = random.pick([APP, '*', '$http_origin', OTHER]);
  if (random.chance(much)) made.push(`add_header Access-Control-Allow-Origin ${origin}${always()};`);
  if (random.chance(much / 3)) made.push(`add_header Access-Control-Allow-Credentials true${always()};`);
  if (random.chance(much / 3)) made.push(`add_header Vary Origin${always()};`);
  if (random.chance(much / 4)) made.push('add_header Access-Control-Allow-Methods "GET, PUT" always;');
  if (random.chance(much / 4)) made.push('add_header Access-Control-Allow-Headers "Content-Type" always;');
  const hidden = ['Access-Control-Allow-Origin', 'Access-Control-Allow-Credentials', 'Vary'];
  for (const name of hidden) if (random.chance(much / 3)) made.push(`proxy_hide_header ${name};`);
  if (random.chance(much / 4)) {
    const own = random.chance(0.6)
      ? `add_header Access-Control-Allow-Origin ${origin}; add_header Access-Control-Allow-Headers Content-Type; add_header Access-Control-Allow-Methods "PUT, DELETE"; `
      : '';
    made.push(`if ($request_method = OPTIONS) { ${own}return ${random.pick(['204', '200', '405'])}; }`);
  }
  if (random.chance(much / 8)) made.push('limit_except GET POST { deny all; }');
  if (random.chance(much / 8)) made.push(`proxy_set_header Origin ${random.pick(['""', OTHER])};`);
  return made;
}

function indented(texts: readonly string[]): string {
  return texts.map((text) => `    ${text}\n`).join('');
}

function router(random: Random, index: number): string {
  const name = `r${index}`;
  const body = random.pick([
    'res.json([]);',
    "res.set('Cache-Control', 'no-store').json([]);",
    `res.set('Access-Control-Allow-Origin', '${APP}'); res.json([]);`,
    "res.append('Vary', 'Accept'); res.json([]);",
  ]);
  return `const ${name} = express.Router();
${set(random, name)}${name}.get('/items', (req, res) => { ${body} });
${name}.put('/items/1', (req, res) => { res.sendStatus(${random.pick([200, 204, 404])}); });
${name}.post('/items', (req, res) => { res.status(201).json({}); });
${name}.get('/broken', (req, res) => { res.status(${random.pick([404, 500, 403])}).json({}); });
root.use('/c${index}', ${name});
`;
}

function set(random: Random, name: string): string {
  const credentials = random.chance(0.4) ? ', credentials: true' : '';
  const methods = random.chance(0.2) ? ", methods: ['GET', 'PUT']" : '';
  const headers = random.chance(0.2) ? ", allowedHeaders: ['Content-Type']" : '';
  const exposed = random.chance(0.2) ? ", exposedHeaders: ['X-Total']" : '';
  const cors = (origin: string) => `cors({ origin: ${origin}${credentials}${methods}${headers}${exposed} })`;
  return random.pick([
    '',
    `${name}.use(cors());\n`,
    `${name}.use(${cors(`'${APP}'`)});\n`,
    `${name}.use(${cors(`['${APP}', '${OTHER}']`)});\n`,
    `${name}.use(${cors('true')});\n`,
    `${name}.use(${cors('/\\.example\\.com$/')});\n`,
    `${name}.use((req, res, next) => { res.header('Access-Control-Allow-Origin', '${APP}'); next(); });\n`,
    `${name}.use((req, res, next) => { res.header('Access-Control-Allow-Origin', req.headers.origin || '*'); res.header('Access-Control-Allow-Headers', 'Content-Type'); if (req.method === 'OPTIONS') return res.sendStatus(204); next(); });\n`,
  ]);
}

/** The application: every router, and the port that it listens on. */
export function program(pairs: readonly Pair[], version: 4 | 5, port: number): string {
  const own = pairs.filter((pair) => pair.version === version).map((pair) => pair.router);
  return `const express = require('express');
const cors = require('cors');
const root = express();
${own.join('')}root.listen(${port}, '127.0.0.1');
`;
}

/** What a page does: one call for each path, of every kind. */
export function callsTo(random: Random, { host, paths }: Pair): Call[] {
  return paths.map((path) => {
    const method = path.endsWith('/1')
      ? 'PUT'
      : path.endsWith('/items')
        ? random.pick(['GET', 'POST', 'DELETE'])
        : 'GET';
    const headers = random.pick([
      [],
      [],
      [['Content-Type', 'application/json']],
      [['Authorization', 'Bearer x']],
      [['X-Request-Id', '1']],
    ] as const);
    const hasBody = method === 'POST' || method === 'PUT';
    return {
      origin: random.pick([APP, APP, OTHER]),
      method,
      scheme: 'https',
      host,
      path,
      headers: headers.filter(([name]) => hasBody || name !== 'Content-Type'),
      credentials: random.chance(0.4),
      ending: 'success',
    };
  });
}
