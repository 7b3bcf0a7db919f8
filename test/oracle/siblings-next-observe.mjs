/**
 * Writes what Next.js answers into facts/next.json: Next is too large to be installed for every test run.
 *
 *     mkdir next && cd next && npm init -y && npm i next@15 react react-dom cors nextjs-cors
 *     node test/oracle/siblings-next-observe.mjs next
 *
 * Makes programs out of every shape of configuration, route handler, API route and middleware with one another, puts
 * them into one project under paths of their own, builds it, serves it, and asks each program the same questions.
 */
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { dirname, join } from 'node:path';

const ORIGIN = 'https://app.example.com';
const EVIL = 'https://evil.com';
const PORT = 31870;
const project = process.argv[2];
if (!project) throw new Error('where is Next installed?');
const { version } = JSON.parse(readFileSync(join(project, 'node_modules/next/package.json'), 'utf8'));

/** A program: `config` is the text of its entries of `headers()`; `middleware` a function's text; `files` the rest. */
const programs = [];
const add = (name, make) => {
  const at = `/p${programs.length}`;
  programs.push({ name, at, ...make(at) });
};

const HEADERS = {
  any: { 'Access-Control-Allow-Origin': '*' },
  one: { 'Access-Control-Allow-Origin': ORIGIN, Vary: 'Origin' },
  credentials: { 'Access-Control-Allow-Origin': ORIGIN, 'Access-Control-Allow-Credentials': 'true' },
  all: {
    'Access-Control-Allow-Origin': '*',
    'Access-Control-Allow-Methods': 'GET, PUT, OPTIONS',
    'Access-Control-Allow-Headers': 'Content-Type',
    'Access-Control-Max-Age': '600',
  },
};
const text = (value) => JSON.stringify(value).replace(/"/g, "'");
const entry = (source, headers, more = '') =>
  `{ source: '${source}', ${more}headers: [${Object.entries(headers)
    .map(([key, value]) => `{ key: '${key}', value: '${value}' }`)
    .join(', ')}] }`;

/** Ways to answer, by what carries the headers. */
const ROUTES = {
  'plain Response': () => "export function GET() { return new Response('ok'); }",
  'headers of Response': (h) => `export function GET() { return new Response('ok', { headers: ${text(h)} }); }`,
  'Response.json': (h) =>
    `export async function GET() { return Response.json({}, { status: 200, headers: ${text(h)} }); }`,
  'NextResponse.json': (h) =>
    `import { NextResponse } from 'next/server';\nconst cors = ${text(h)};\nexport const GET = async () => NextResponse.json({}, { headers: { ...cors, 'X-A': '1' } });`,
  'set afterwards': (h) =>
    `import { NextResponse } from 'next/server';\nexport async function GET() {\n  const response = NextResponse.json({});\n${Object.entries(
      h,
    )
      .map(([key, value]) => `  response.headers.set('${key}', '${value}');`)
      .join('\n')}\n  return response;\n}`,
  'a loop': (h) =>
    `const cors = ${text(h)};\nfunction withCors(response) {\n  Object.entries(cors).forEach(([key, value]) => response.headers.set(key, value));\n  return response;\n}\nexport async function GET() { return withCors(Response.json({})); }`,
  'for of': (h) =>
    `const cors = ${text(h)};\nexport async function GET() {\n  const headers = new Headers();\n  for (const [key, value] of Object.entries(cors)) headers.append(key, value);\n  return new Response('ok', { headers });\n}`,
  'with OPTIONS': (h) =>
    `const cors = ${text(h)};\nexport async function GET() { return Response.json({}, { headers: cors }); }\nexport const PUT = GET;\nexport async function OPTIONS() { return new Response(null, { status: 204, headers: cors }); }`,
  'OPTIONS alone has headers': (h) =>
    `export async function GET() { return Response.json({}); }\nexport async function PUT() { return Response.json({}); }\nexport async function OPTIONS() { return new Response(null, { status: 200, headers: ${text(h)} }); }`,
  'without OPTIONS': (h) =>
    `const headers = new Headers(${text(h)});\nexport const GET = () => new Response('ok', { headers });\nexport function PUT() { return new Response('ok', { headers }); }`,
  'POST alone': (h) => `export async function POST() { return Response.json({}, { headers: ${text(h)} }); }`,
  "the request's origin": () =>
    "export async function GET(request) {\n  const origin = request.headers.get('origin');\n  return new Response('ok', { headers: { 'Access-Control-Allow-Origin': origin ?? '', Vary: 'Origin' } });\n}",
  'the origin of headers()': () =>
    "import { headers } from 'next/headers';\nexport async function GET() {\n  const origin = (await headers()).get('Origin');\n  const response = Response.json({});\n  if (origin) response.headers.set('access-control-allow-origin', origin);\n  return response;\n}",
  'a list': () =>
    `const allowed = ['${ORIGIN}', 'https://other.example'];\nfunction corsFor(origin) { return allowed.includes(origin) ? { 'Access-Control-Allow-Origin': origin, Vary: 'Origin' } : {}; }\nexport async function GET(request) { return new Response('ok', { headers: corsFor(request.headers.get('origin')) }); }\nexport async function OPTIONS(request) { return new Response(null, { status: 204, headers: { ...corsFor(request.headers.get('origin')), 'Access-Control-Allow-Methods': 'GET,PUT' } }); }`,
  'a nullish origin': () =>
    "export async function GET(request) {\n  const origin = request.headers.get('origin');\n  const response = new Response('ok');\n  response.headers.set('Access-Control-Allow-Origin', origin);\n  return response;\n}",
  'append twice': () =>
    `export async function GET() {\n  const headers = new Headers({ 'access-control-allow-origin': '*' });\n  headers.append('Access-Control-Allow-Origin', '${ORIGIN}');\n  return new Response('ok', { headers });\n}`,
  'set and deleted': () =>
    "export async function GET() {\n  const response = new Response('ok', { headers: { 'Access-Control-Allow-Origin': '*' } });\n  response.headers.delete('access-control-allow-origin');\n  return response;\n}",
  pairs: () =>
    "export async function GET() { return new Response('ok', { headers: [['Access-Control-Allow-Origin', '*'], ['Vary', 'Origin']] }); }",
  'a redirect': () =>
    "import { redirect } from 'next/navigation';\nexport async function GET() { redirect('https://elsewhere.example/'); }",
  'Response.redirect': () => "export async function GET() { return Response.redirect('https://elsewhere.example/'); }",
  'NextResponse.redirect': () =>
    "import { NextResponse } from 'next/server';\nexport async function GET() {\n  const response = NextResponse.redirect('https://elsewhere.example/');\n  response.headers.set('Access-Control-Allow-Origin', '*');\n  return response;\n}",
  'an exception': () => "export async function GET() { throw new Error('no'); }",
  'notFound()': () => "import { notFound } from 'next/navigation';\nexport async function GET() { notFound(); }",
  'an error status': (h) =>
    `export async function GET() {\n  return Response.json({ error: 'no' }, { status: 401, headers: ${text(h)} });\n}`,
  'nothing returned': () => 'export async function GET() {}',
  'a wrapper': (h) =>
    `const withCors = (handler) => async (request) => {\n  const response = await handler(request);\n  response.headers.set('Access-Control-Allow-Origin', '${h['Access-Control-Allow-Origin']}');\n  return response;\n};\nexport const GET = withCors(async () => Response.json({}));\nexport const PUT = withCors(async () => Response.json({}));`,
};

/** Functions `(req, res)` under pages/api. */
const PAGES = {
  nothing: () => 'export default function handler(req, res) { res.status(200).json({}); }',
  setHeader: (h) =>
    `export default async function handler(req, res) {\n${Object.entries(h)
      .map(([key, value]) => `  res.setHeader('${key}', '${value}');`)
      .join('\n')}\n  res.status(200).json({});\n}`,
  'OPTIONS branch': (h) =>
    `export default async function handler(req, res) {\n${Object.entries(h)
      .map(([key, value]) => `  res.setHeader('${key}', '${value}');`)
      .join('\n')}\n  if (req.method === 'OPTIONS') { res.status(200).end(); return; }\n  res.status(200).json({});\n}`,
  'method gate': (h) =>
    `export default function handler(req, res) {\n  if (req.method !== 'GET') { res.setHeader('Allow', 'GET'); return res.status(405).end(); }\n  res.setHeader('Access-Control-Allow-Origin', '${h['Access-Control-Allow-Origin']}');\n  return res.send('ok');\n}`,
  runMiddleware: () =>
    `import Cors from 'cors';\nconst cors = Cors({ methods: ['GET', 'HEAD'] });\nfunction runMiddleware(req, res, fn) {\n  return new Promise((resolve, reject) => {\n    fn(req, res, (result) => {\n      if (result instanceof Error) return reject(result);\n      return resolve(result);\n    });\n  });\n}\nexport default async function handler(req, res) {\n  await runMiddleware(req, res, cors);\n  res.json({ message: 'ok' });\n}`,
  'nextjs-cors': () =>
    `import NextCors from 'nextjs-cors';\nexport default async function handler(req, res) {\n  await NextCors(req, res, { methods: ['GET', 'PUT'], origin: '${ORIGIN}', optionsSuccessStatus: 200 });\n  res.json({});\n}`,
  'an exception': () =>
    "export default async function handler(req, res) {\n  res.setHeader('Access-Control-Allow-Origin', '*');\n  throw new Error('no');\n}",
  reflects: () =>
    "export default function handler(req, res) {\n  if (req.headers.origin) res.setHeader('Access-Control-Allow-Origin', req.headers.origin);\n  res.setHeader('Vary', 'Origin');\n  res.end('ok');\n}",
};

const SOURCES = {
  'everything below': (at) => `${at}/:path*`,
  'a group': (at) => `${at}/(.*)`,
  itself: (at) => at,
  'one or more': (at) => `${at}/:rest+`,
  'a parameter': (at) => `${at}/:id`,
  digits: (at) => `${at}/:id(\\\\d+)`,
  'a part': (at) => `${at}/it:rest`,
  optional: (at) => `${at}/:id?`,
  'upper case': (at) => `${at.toUpperCase()}/:path*`,
};
const HAS = {
  'has origin': `has: [{ type: 'header', key: 'origin', value: '${ORIGIN}' }], `,
  'has a pattern': "has: [{ type: 'header', key: 'Origin', value: '(?<origin>https://.*\\\\.example\\\\.com)' }], ",
  'has part': "has: [{ type: 'header', key: 'origin', value: 'example' }], ",
  'has any': "has: [{ type: 'header', key: 'origin' }], ",
  'missing origin': "missing: [{ type: 'header', key: 'origin' }], ",
  'has query': "has: [{ type: 'query', key: 'cors', value: '1' }], ",
};

const route = (at, body) => ({ [`app${at}/route.js`]: `${body}\n`, [`app${at}/items/route.js`]: `${body}\n` });
const page = (at, body) => ({ [`pages/api${at}/index.js`]: `${body}\n` });

for (const [shape, make] of Object.entries(ROUTES))
  for (const [kind, headers] of Object.entries(make.length > 0 ? HEADERS : { own: {} })) {
    add(`route: ${shape}, ${kind}`, (at) => ({ files: route(at, make(headers)) }));
    if (kind === 'any' || kind === 'own') {
      add(`route: ${shape}, ${kind}, under the configuration`, (at) => ({
        files: route(at, make(headers)),
        config: entry(`${at}/:path*`, { ...HEADERS.all, 'Access-Control-Allow-Origin': ORIGIN, Vary: 'Origin' }),
      }));
      add(`route: ${shape}, ${kind}, behind the middleware`, (at) => ({
        files: route(at, make(headers)),
        middleware: `export function middleware(request) {\n  const response = NextResponse.next();\n  response.headers.set('Access-Control-Allow-Origin', '${ORIGIN}');\n  response.headers.append('Vary', 'Origin');\n  return response;\n}`,
      }));
    }
  }
for (const [shape, make] of Object.entries(PAGES))
  for (const [kind, headers] of Object.entries(make.length > 0 ? HEADERS : { own: {} })) {
    add(`page: ${shape}, ${kind}`, (at) => ({ files: page(at, make(headers)), asked: [`/api${at}`] }));
    if (kind === 'any' || kind === 'own')
      add(`page: ${shape}, ${kind}, under the configuration`, (at) => ({
        files: page(at, make(headers)),
        asked: [`/api${at}`],
        config: entry(`/api${at}/:path*`, { ...HEADERS.all, 'Access-Control-Allow-Origin': ORIGIN }),
      }));
  }
for (const [shape, make] of Object.entries(SOURCES))
  add(`configuration: ${shape}`, (at) => ({
    files: { ...route(at, ROUTES['plain Response']()), [`app${at}/7/route.js`]: `${ROUTES['plain Response']()}\n` },
    config: entry(make(at), HEADERS.all),
    asked: [at, `${at}/items`, `${at}/7`, `${at}/none`],
  }));
for (const [shape, has] of Object.entries(HAS))
  for (const value of ['*', ...(shape === 'has a pattern' ? [':origin'] : [])])
    add(`configuration: ${shape} ${value}`, (at) => ({
      files: route(at, ROUTES['plain Response']()),
      config: entry(
        `${at}/:path*`,
        { 'Access-Control-Allow-Origin': value, 'Access-Control-Allow-Credentials': 'true' },
        has,
      ),
      asked: [at, `${at}?cors=1`],
    }));
add('configuration: later entries', (at) => ({
  files: route(at, ROUTES['plain Response']()),
  config: `${entry(`${at}/:path*`, HEADERS.all)},\n      ${entry(`${at}/items`, { 'access-control-allow-origin': ORIGIN, 'Access-Control-Allow-Credentials': 'true' })}`,
  asked: [at, `${at}/items`],
}));
add('configuration: a key twice', (at) => ({
  files: route(at, ROUTES['plain Response']()),
  config: `{ source: '${at}', headers: [{ key: 'Access-Control-Allow-Origin', value: '${ORIGIN}' }, { key: 'Access-Control-Allow-Origin', value: 'https://b.example.com' }] }`,
  asked: [at],
}));
add('configuration: a file', (at) => ({
  files: { [`public${at}/data.json`]: '{}\n' },
  config: entry(`${at}/:path*`, HEADERS.all),
  asked: [`${at}/data.json`],
}));
add('configuration: a page', (at) => ({
  files: { [`app${at}/page.js`]: 'export default function Page() { return "ok"; }\n' },
  config: entry(`${at}/:path*`, HEADERS.all),
  asked: [at],
}));

const MIDDLEWARE = {
  'next with headers': `export function middleware() {\n  return NextResponse.next({ headers: { 'Access-Control-Allow-Origin': '*' } });\n}`,
  nothing: 'export function middleware() {}',
  'the documented one': `const allowedOrigins = ['${ORIGIN}', 'https://my-app.org'];\nconst corsOptions = {\n  'Access-Control-Allow-Methods': 'GET, POST, PUT, DELETE, OPTIONS',\n  'Access-Control-Allow-Headers': 'Content-Type, Authorization',\n};\nexport function middleware(request) {\n  const origin = request.headers.get('origin') ?? '';\n  const isAllowedOrigin = allowedOrigins.includes(origin);\n  const isPreflight = request.method === 'OPTIONS';\n  if (isPreflight) {\n    const preflightHeaders = {\n      ...(isAllowedOrigin && { 'Access-Control-Allow-Origin': origin }),\n      ...corsOptions,\n    };\n    return NextResponse.json({}, { headers: preflightHeaders });\n  }\n  const response = NextResponse.next();\n  if (isAllowedOrigin) {\n    response.headers.set('Access-Control-Allow-Origin', origin);\n  }\n  Object.entries(corsOptions).forEach(([key, value]) => {\n    response.headers.set(key, value);\n  });\n  return response;\n}`,
  'a preflight of its own': `export function middleware(request) {\n  if (request.method === 'OPTIONS') {\n    return new NextResponse(null, { status: 204, headers: { 'Access-Control-Allow-Origin': request.headers.get('origin') || '*', 'Access-Control-Allow-Methods': 'GET,PUT', 'Access-Control-Allow-Headers': 'content-type' } });\n  }\n  const response = NextResponse.next();\n  response.headers.append('Access-Control-Allow-Origin', '*');\n  return response;\n}`,
  'a path': `export function middleware(request) {\n  const response = NextResponse.next();\n  if (request.nextUrl.pathname.endsWith('/items')) response.headers.set('Access-Control-Allow-Origin', '*');\n  return response;\n}`,
  'a refusal': `export function middleware(request) {\n  const origin = request.headers.get('origin');\n  if (origin && origin !== '${ORIGIN}') return new NextResponse(null, { status: 403 });\n  const response = NextResponse.next();\n  if (origin) response.headers.set('Access-Control-Allow-Origin', origin);\n  return response;\n}`,
  'headers of the request': `export function middleware(request) {\n  const headers = new Headers(request.headers);\n  headers.set('Access-Control-Allow-Origin', '*');\n  return NextResponse.next({ request: { headers } });\n}`,
};
for (const [shape, middleware] of Object.entries(MIDDLEWARE)) {
  add(`middleware: ${shape}`, (at) => ({ files: route(at, ROUTES['plain Response']()), middleware }));
  add(`middleware: ${shape}, over a route's headers`, (at) => ({
    files: route(at, ROUTES['with OPTIONS'](HEADERS.credentials)),
    middleware,
  }));
  add(`middleware: ${shape}, over a page's`, (at) => ({
    files: page(at, PAGES['OPTIONS branch'](HEADERS.credentials)),
    asked: [`/api${at}`],
    middleware,
  }));
  add(`middleware: ${shape}, and the configuration`, (at) => ({
    files: route(at, ROUTES['plain Response']()),
    config: entry(`${at}/:path*`, HEADERS.credentials),
    middleware,
  }));
}

const matcherOf = ({ at, asked }) => `${asked?.[0]?.startsWith('/api') ? '/api' : ''}${at}/:path*`;
const IMPORT = "import { NextResponse } from 'next/server';\n";
const middlewareName = Number(version.split('.')[0]) >= 16 ? 'proxy' : 'middleware';

/** The files of one program by itself. */
const filesOf = (program) => ({
  ...program.files,
  ...(program.config ? { 'next.config.mjs': configText([program]) } : {}),
  ...(program.middleware
    ? {
        'middleware.js': `${IMPORT}${program.middleware}\nexport const config = { matcher: '${matcherOf(program)}' };\n`,
      }
    : {}),
});
const configText = (of) =>
  `export default {\n  async headers() {\n    return [\n      ${of
    .flatMap(({ config }) => config ?? [])
    .join(',\n      ')},\n    ];\n  },\n};\n`;

/** One middleware that gives each program's requests to the program's own. */
function together(of) {
  const own = of.filter(({ middleware }) => middleware);
  const parts = own.map(
    (program, i) => `const m${i} = (() => {\n${program.middleware.replace('export ', '')}\nreturn middleware;\n})();`,
  );
  const tests = own.map((program, i) => {
    const path = matcherOf(program).replace('/:path*', '');
    return `  if (path === '${path}' || path.startsWith('${path}/')) return m${i}(request);`;
  });
  return `${IMPORT}${parts.join('\n')}\nexport function ${middlewareName}(request) {\n  const path = request.nextUrl.pathname;\n${tests.join('\n')}\n}\n`;
}

const LAYOUT = 'export default function Layout({ children }) { return <html><body>{children}</body></html>; }\n';
for (const folder of ['app', 'pages', 'public', '.next'])
  rmSync(join(project, folder), { recursive: true, force: true });
const write = (name, content) => {
  mkdirSync(dirname(join(project, name)), { recursive: true });
  writeFileSync(join(project, name), content);
};
write('app/layout.js', LAYOUT);
write('next.config.mjs', configText(programs));
write(`${middlewareName}.js`, together(programs));
for (const { files } of programs) for (const [name, content] of Object.entries(files)) write(name, content);

const next = join(project, 'node_modules/next/dist/bin/next');
execFileSync(process.execPath, [next, 'build'], { cwd: project, stdio: ['ignore', 'ignore', 'inherit'] });
const server = spawn(process.execPath, [next, 'start', '-H', '127.0.0.1', '-p', String(PORT)], {
  cwd: project,
  stdio: 'ignore',
});

const KEPT = /^(?:access-control-|vary$|allow$)/;
/** Of `Vary` only what concerns CORS: Next adds fields of its own. */
const keptValue = (name, value) => (name === 'vary' ? (/\borigin\b/i.test(value) ? 'Origin' : undefined) : value);
const ask = ({ path, method, headers }) =>
  new Promise((resolve, reject) => {
    const going = request({ host: '127.0.0.1', port: PORT, path, method, headers, agent: false }, (response) => {
      response.resume();
      response.on('end', () => {
        const kept = Object.entries(response.headersDistinct)
          .filter(([name]) => KEPT.test(name))
          .map(([name, lines]) => [name, keptValue(name, lines.join(', '))])
          .filter(([, value]) => value !== undefined && value !== '');
        resolve({ status: response.statusCode, ...Object.fromEntries(kept) });
      });
    });
    going.setTimeout(10_000, () => going.destroy(new Error('it never answers')));
    going.on('error', reject);
    going.end();
  });
const REQUESTS = {
  get: { method: 'GET', headers: { origin: ORIGIN } },
  evil: { method: 'GET', headers: { origin: EVIL } },
  'no origin': { method: 'GET', headers: {} },
  put: { method: 'PUT', headers: { origin: ORIGIN } },
  preflight: {
    method: 'OPTIONS',
    headers: {
      origin: ORIGIN,
      'access-control-request-method': 'PUT',
      'access-control-request-headers': 'content-type',
    },
  },
  'evil preflight': {
    method: 'OPTIONS',
    headers: { origin: EVIL, 'access-control-request-method': 'PUT', 'access-control-request-headers': 'content-type' },
  },
};

try {
  for (let tries = 0; tries < 100; tries++) {
    const up = await ask({ path: '/', method: 'GET', headers: {} }).catch(() => null);
    if (up) break;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  const observed = [];
  for (const program of programs) {
    const answers = {};
    for (const path of program.asked ?? [program.at, `${program.at}/items`]) {
      answers[path] = {};
      for (const [name, how] of Object.entries(REQUESTS))
        answers[path][name] = await ask({ path, ...how }).catch((error) => ({ none: error.message }));
    }
    observed.push({ name: program.name, files: filesOf(program), answers });
  }
  const out = new URL('facts/next.json', import.meta.url);
  let known = {};
  try {
    known = JSON.parse(readFileSync(out, 'utf8'));
  } catch {
    // The first run.
  }
  const major = version.split('.')[0];
  const line = (value) => JSON.stringify(value);
  const block = (values) => `[\n${values.map(line).join(',\n')}\n]`;
  // Answers are many and alike: each stands once, and is named by its number.
  const table = known.table ?? [];
  const numberOf = (answer) => {
    const at = table.findIndex((one) => line(one) === line(answer));
    return at < 0 ? table.push(answer) - 1 : at;
  };
  const answers = {
    ...known.answers,
    [major]: observed.map(({ answers: one }) =>
      Object.fromEntries(Object.entries(one).map(([path, of]) => [path, Object.values(of).map(numberOf)])),
    ),
  };
  const made = observed.map(({ name, files }) => ({ name, files }));
  const parts = [
    `"versions": ${line({ ...known.versions, [major]: version })}`,
    `"requests": ${line(REQUESTS)}`,
    `"programs": ${block(made)}`,
    `"table": ${block(table)}`,
    `"answers": {${Object.entries(answers)
      .map(([of, list]) => `\n"${of}": ${block(list)}`)
      .join(',')}}`,
  ];
  writeFileSync(out, `{${parts.join(',\n')}}\n`);
} finally {
  server.kill();
}
