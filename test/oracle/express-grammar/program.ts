import type { Random } from '../nginx-random';
import { corsExpression } from './corsPackage';
import { boom, errorHandler, handler, headersByHand, middleware } from './handlers';
import { ALLOWED, type Making, SECOND, startMaking } from './making';

/**
 * Express programs made from a grammar: CORS by the package in every shape, or by hand, at every place of a chain, in
 * front of the same three things to ask for: a route, a route that fails, a path that nothing answers.
 */
export interface Program {
  /** `app.js` or `app.ts`. */
  readonly file: string;
  readonly text: string;
  /** What `process.env` holds while it runs. */
  readonly env: Readonly<Record<string, string>>;
  /** What is asked for. */
  readonly asked: readonly string[];
  /** Whether some package's middleware wants to see credentials, which the model takes as given. */
  readonly wantsCredentials: boolean;
}

export function makeProgram(random: Random, version: 4 | 5): Program {
  const making = startMaking(random, version);
  const body = random.chance(0.35) ? mountedBody(making) : flatBody(making);
  const { imports } = making;
  const wantsCredentials = imports.has('passport');
  imports.set('express', 'express');
  const layout = layOut(making, body.lines);
  const text = [...importLines(making), '', ...making.declarations, ...layout, ''].join('\n');
  const env = random.chance(0.5) ? {} : { CORS_ORIGIN: random.pick([ALLOWED, SECOND]), NODE_ENV: 'production' };
  return { file: making.language === 'ts' ? 'app.ts' : 'app.js', text, env, asked: body.asked, wantsCredentials };
}

function importLines({ imports, language }: Making): string[] {
  return [...imports].map(([name, specifier]) => {
    if (language === 'cjs') return `const ${name} = require('${specifier}');`;
    return `import ${name} from '${specifier}';`;
  });
}

interface Body {
  /** Statements over `$app`. */
  readonly lines: readonly string[];
  readonly asked: Program['asked'];
}

/** Middleware, routes, error handlers, all on the app. */
function flatBody(making: Making): Body {
  const { random } = making;
  const lines: string[] = [];
  const before = random.below(4);
  for (let i = 0; i < before; i++) lines.push(layer(making));
  lines.push(...corsLayers(making));
  for (let i = random.below(2); i > 0; i--) lines.push(layer(making));
  const routes = routeLines(making, '$app', '/items', '/boom');
  lines.push(...routes);
  if (random.chance(0.15)) lines.push(...corsLayers(making));
  lines.push(...tail(making));
  return {
    lines,
    asked: ['/items', '/boom', '/none'],
  };
}

/** The same with a router under a path. */
function mountedBody(making: Making): Body {
  const { random } = making;
  const router = making.name('router');
  const own: string[] = [];
  if (random.chance(0.4)) own.push(...corsLayers(making, router));
  if (random.chance(0.3))
    own.push(
      layer(making)
        .replace(/^\$app\.set.*$/, '')
        .replaceAll('$app', router),
    );
  const routes = routeLines(making, router, '/items', '/boom');
  own.push(...routes);
  const made = random.chance(0.7) ? 'express.Router()' : random.pick(['express()', 'express.Router({ strict: true })']);
  making.declarations.push(`const ${router} = ${made};`, ...own);
  const lines: string[] = [];
  if (random.chance(0.5)) lines.push(layer(making));
  if (random.chance(0.6)) lines.push(...corsLayers(making));
  const front = random.chance(0.4) ? [corsExpression(making)] : random.chance(0.3) ? [middlewareName(making)] : [];
  lines.push(`$app.use('/api', ${[...front, router].join(', ')});`);
  if (random.chance(0.1)) lines.push(...corsLayers(making));
  lines.push(...tail(making));
  return {
    lines,
    asked: ['/api/items', '/api/boom', random.pick(['/none', '/api/none', '/items'])],
  };
}

function middlewareName(making: Making): string {
  const name = making.name('before');
  making.declarations.push(`const ${name} = ${middleware(making)};`);
  return name;
}

/** What stands in a chain beside CORS. */
function layer(making: Making): string {
  const { random, imports } = making;
  const use = (specifier: string, call: string): string => {
    const name = specifier.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
    imports.set(name, specifier);
    return `$app.use(${call.replaceAll('%', name)});`;
  };
  switch (random.below(13)) {
    case 0:
      return '$app.use(express.json());';
    case 1:
      return '$app.use(express.urlencoded({ extended: true }));';
    case 2:
      return "$app.use(express.static('public'));";
    case 3:
      return use('helmet', '%()');
    case 4:
      return use('morgan', "%('dev')");
    case 5:
      return use('express-rate-limit', '%({ windowMs: 60000, max: 1000 })');
    case 6:
      return use('passport', "%.authenticate('jwt', { session: false })");
    case 7:
      return `$app.use((req${making.type(': any')}, res${making.type(': any')}, next${making.type(': any')}) => { if (!req.headers.authorization) return res.status(401).json({ error: 'no' }); next(); });`;
    case 8:
      return `$app.use((req${making.type(': any')}, res${making.type(': any')}, next${making.type(': any')}) => { if (req.method !== 'OPTIONS' && !req.get('Authorization')) { res.sendStatus(401); return; } next(); });`;
    case 9:
      return `$app.use(function (req${making.type(': any')}, res${making.type(': any')}, next${making.type(': any')}) { if (req.method === 'TRACE') { return res.redirect(301, '/items/'); } next(); });`;
    case 10:
      return "$app.set('trust proxy', 1);";
    case 11:
      return `$app.use(${random.pick(["'/api'", "'/items'", "'/boom'", "['/items', '/api']", '/^\\/(?:api|items)/'])}, ${middleware(making)});`;
    default:
      return `$app.use(${middleware(making)});`;
  }
}

/** CORS somewhere in the chain. */
function corsLayers(making: Making, app = '$app'): string[] {
  const { random, version } = making;
  const wildcard = random.pick(
    version === 4 ? ["'*'", "'/*'", '/.*/', '/.*/'] : ["'/{*splat}'", '/.*/', "'/*splat'", "'{*any}'"],
  );
  const call = () => corsExpression(making);
  switch (random.below(12)) {
    case 0:
      return [`${app}.options(${wildcard}, ${call()});`, `${app}.use(${call()});`];
    case 1:
      return [`${app}.use(${call()});`, `${app}.options(${wildcard}, ${call()});`];
    case 2:
      return [`${app}.options(${wildcard}, ${call()});`];
    case 3:
      return [`${app}.all(${wildcard}, ${call()});`];
    case 4:
      return [`${app}.use('/items', ${call()});`];
    case 5:
    case 6:
      return [`${app}.use(${middleware(making)});`];
    case 7:
      return [`${app}.use(${call()});`, `${app}.use(${middleware(making)});`];
    case 8:
      return [`${app}.all(${wildcard}, ${middleware(making)});`];
    default:
      return [`${app}.use(${call()});`];
  }
}

/** The route, and the one that fails. */
function routeLines(making: Making, app: string, path: string, failing: string): string[] {
  const { random } = making;
  const lines: string[] = [];
  const before = (): string => {
    if (random.chance(0.12)) return `${corsExpression(making)}, `;
    if (random.chance(0.08)) return `${middleware(making)}, `;
    return '';
  };
  const methods = random.pick([
    ['get'],
    ['get', 'post'],
    ['get', 'put'],
    ['get', 'post', 'put', 'delete'],
    ['all'],
    ['post', 'put'],
  ]);
  if (random.chance(0.2)) {
    const chain = methods.map((method) => `.${method}(${before()}${handler(making)})`).join('');
    lines.push(`${app}.route('${path}')${chain};`);
  } else for (const method of methods) lines.push(`${app}.${method}('${path}', ${before()}${handler(making)});`);
  if (random.chance(0.12))
    lines.push(`${app}.options('${path}', ${random.chance(0.6) ? corsExpression(making) : handler(making)});`);
  lines.push(`${app}.${random.pick(['get', 'all', 'all'])}('${failing}', ${before()}${boom(making)});`);
  return lines;
}

function tail(making: Making): string[] {
  const { random } = making;
  const lines: string[] = [];
  if (random.chance(0.25)) lines.push(`$app.use(${notFound(making)});`);
  if (random.chance(0.4)) lines.push(`$app.use(${errorHandler(making)});`);
  return lines;
}

function notFound(making: Making): string {
  const t = making.type(': any');
  const headers = making.random.chance(0.2) ? `${headersByHand(making)} ` : '';
  return making.random.chance(0.5)
    ? `(req${t}, res${t}) => { ${headers}res.status(404).json({ error: 'not found' }); }`
    : `(req${t}, res${t}, next${t}) => { ${headers}next(Object.assign(new Error('not found'), { status: 404 })); }`;
}

/** How the lines stand in the file. */
function layOut(making: Making, lines: readonly string[]): string[] {
  const { random } = making;
  const named = (name: string, indent = '') => lines.map((line) => `${indent}${line.replaceAll('$app', name)}`);
  switch (random.below(8)) {
    case 0: {
      const field = making.type('public app: express.Application;\n  ');
      return [
        `class Server {\n  ${field}constructor() {`,
        '    this.app = express();',
        ...named('this.app', '    '),
        '  }\n}',
        'new Server().app.listen(3000);',
      ];
    }
    case 1:
      return [
        `function setUp(app${making.type(': express.Express')}) {`,
        ...named('app', '  '),
        '}',
        'const app = express();',
        'setUp(app);',
        'app.listen(3000);',
      ];
    case 2:
      return [
        'function createServer() {',
        '  const server = express();',
        ...named('server', '  '),
        '  return server;',
        '}',
        'createServer().listen(3000);',
      ];
    case 3:
      making.imports.set('http', 'http');
      return ['const app = express();', ...named('app'), 'http.createServer(app).listen(3000);'];
    default:
      return ['const app = express();', ...named('app'), 'app.listen(3000);'];
  }
}
