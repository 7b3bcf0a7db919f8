import { check } from './checks';
import { corsExpression } from './corsPackage';
import { ALLOWED, type Making, SECOND } from './making';

/** Functions that handle requests, and headers set by hand. */

function parameters(making: Making, names: readonly string[]): string {
  const types: Readonly<Record<string, string>> = { req: ': Request', res: ': Response', next: ': NextFunction' };
  const loose = making.random.chance(0.5);
  return names.map((name) => `${name}${making.type(loose ? ': any' : (types[name] ?? ': any'))}`).join(', ');
}

/** `(req, res, next) => { … }` in one of the ways to write it. */
function written(making: Making, names: readonly string[], body: string, asynchronous = false): string {
  const all = parameters(making, names);
  const before = asynchronous ? 'async ' : '';
  return making.random.chance(0.65) ? `${before}(${all}) => { ${body} }` : `${before}function (${all}) { ${body} }`;
}

/** A middleware that sets CORS headers and answers preflights, more or less. */
export function middleware(making: Making): string {
  const { random } = making;
  const names = ['req', 'res', 'next'];
  if (random.chance(0.06)) return written(making, names, waitsForCors(making), true);
  const preflight = random.chance(0.6) ? optionsBranch(making) : '';
  const body = random.pick([
    () => `${headersByHand(making)} ${preflight} next();`,
    () => `${headersByHand(making)} ${preflight} next();`,
    () => `${preflight} ${headersByHand(making)} next();`,
    () =>
      `const origin = ${requestOrigin(making)}; if (${check(making, 'origin')}) { ${headersByHand(making, 'origin')} } ${preflight} next();`,
    () =>
      `const origin = ${requestOrigin(making)}; if (${check(making, 'origin')}) { ${headersByHand(making, 'origin')} } else { ${headersByHand(making, 'origin')} } ${preflight} return next();`,
    () =>
      `const { origin } = req.headers; if (origin && ${check(making, 'origin')}) { ${headersByHand(making, 'origin')} } ${preflight} next();`,
    () =>
      `${headersByHand(making)} if (req.method === 'OPTIONS') { ${headersByHand(making)} ${optionsAnswer(making)} } else { next(); }`,
    () => `${headersByHand(making)} if ('OPTIONS' == req.method) { ${optionsAnswer(making)} } else next();`,
    () =>
      `${headersByHand(making)} switch (req.method) { case 'OPTIONS': ${optionsAnswer(making)} break; default: next(); }`,
    () => `if (req.method !== 'OPTIONS') return next(); ${headersByHand(making)} ${optionsAnswer(making)}`,
    () =>
      `const origin = ${requestOrigin(making)}; if (!(${check(making, 'origin')})) { return ${random.pick(['next()', 'res.sendStatus(403)', "next(new Error('no'))", "res.status(403).json({ error: 'no' })"])}; } ${headersByHand(making, 'origin')} ${preflight} next();`,
    () =>
      `const origin = ${check(making, 'req.headers.origin')} ? req.headers.origin : '${ALLOWED}'; ${headersByHand(making, 'origin')} ${preflight} next();`,
    () => `if (req.path.startsWith('/items')) { ${headersByHand(making)} } ${preflight} next();`,
    () => `if (req.path === '/items') { return ${corsExpression(making)}(req, res, next); } next();`,
    () => `${helper(making)}(res); ${preflight} next();`,
    () =>
      `${headersByHand(making)} res.removeHeader('${random.pick(['Access-Control-Allow-Origin', 'Vary', 'X-Powered-By'])}'); next();`,
    () => `setTimeout(() => next(), 0);`,
    () => `${random.pick(['process.nextTick', 'setImmediate'])}(() => { ${headersByHand(making)} next(); });`,
    () => `try { ${headersByHand(making)} next(); } catch (error) { next(error); }`,
  ])();
  return written(making, names, body.replace(/ {2,}/g, ' '), random.chance(0.04));
}

/** A body that waits until the cors package is done: by a promise of its own or by a function that makes one. */
function waitsForCors(making: Making): string {
  const { random, declarations } = making;
  const t = making.type(': any');
  const cors = corsExpression(making);
  const inline = random.pick([
    `new Promise((resolve) => ${cors}(req, res, resolve))`,
    `new Promise((resolve, reject) => ${cors}(req, res, (error${t}) => (error ? reject(error) : resolve(null))))`,
    `new Promise((resolve, reject) => { ${cors}(req, res, (result${t}) => { if (result instanceof Error) { return reject(result); } return resolve(result); }); })`,
  ]);
  let promise = inline;
  if (random.chance(0.5)) {
    const name = making.name('runMiddleware');
    declarations.push(
      `function ${name}(req${t}, res${t}, fn${t}) { return new Promise((resolve, reject) => { fn(req, res, (result${t}) => { if (result instanceof Error) return reject(result); return resolve(result); }); }); }`,
    );
    promise = `${name}(req, res, ${cors})`;
  }
  return random.pick([
    `await ${promise}; next();`,
    `try { await ${promise}; next(); } catch (error) { next(error); }`,
    `${promise}.then(() => next()).catch(next);`,
    `${headersByHand(making)} await ${promise}; ${optionsBranch(making)} next();`,
  ]);
}

function requestOrigin(making: Making): string {
  return making.random.pick([
    'req.headers.origin',
    'req.headers.origin',
    "req.get('Origin')",
    "req.header('origin')",
    "req.headers['origin']",
    'req.headers.Origin',
    "(req.headers.origin || '')",
    "(req.get('origin') ?? '*')",
  ]);
}

/** A function of its own that is given the response. */
function helper(making: Making): string {
  const name = making.name('addHeaders');
  making.declarations.push(
    `function ${name}(res${making.type(': any')}) { ${headersByHand(making, undefined, false)} }`,
  );
  return name;
}

function optionsBranch(making: Making): string {
  const { random } = making;
  const test = random.pick([
    "req.method === 'OPTIONS'",
    "req.method === 'OPTIONS'",
    "req.method == 'OPTIONS'",
    "'OPTIONS' === req.method",
    "req.method.toUpperCase() === 'OPTIONS'",
    "req.method.toLowerCase() === 'options'",
    "req.method === 'options'",
    "['OPTIONS', 'HEAD'].includes(req.method)",
    "req.method === 'OPTIONS' && req.headers['access-control-request-method']",
    '/^options$/i.test(req.method)',
  ]);
  const answer = optionsAnswer(making);
  if (random.chance(0.45)) return `if (${test}) return ${answer}`;
  return `if (${test}) { ${random.chance(0.25) ? `${headersByHand(making)} ` : ''}${random.chance(0.97) ? `return ${answer}` : answer} }`;
}

function optionsAnswer(making: Making): string {
  return making.random.pick([
    'res.sendStatus(204);',
    'res.sendStatus(200);',
    'res.status(204).end();',
    'res.status(200).send();',
    'res.end();',
    "res.send('ok');",
    'res.status(200).json({});',
    'res.writeHead(204).end();',
    "res.set('Access-Control-Allow-Methods', 'PUT').status(204).end();",
    'res.status(405).end();',
  ]);
}

const NAMES = {
  methods: ['Access-Control-Allow-Methods', 'access-control-allow-methods'],
  headers: ['Access-Control-Allow-Headers', 'access-control-allow-headers'],
};

/** One or more statements that set headers. `origin` is a variable that holds the request's, if there is one. */
export function headersByHand(making: Making, origin?: string, hasRequest = true): string {
  const { random } = making;
  const settings: (readonly [name: string, value: string])[] = [];
  const add = (chance: number, names: readonly string[], values: readonly string[]): void => {
    if (random.chance(chance)) settings.push([random.pick(names), random.pick(values)]);
  };
  const own = origin !== undefined ? [origin, origin, origin] : hasRequest ? [requestOrigin(making)] : [];
  add(
    0.85,
    ['Access-Control-Allow-Origin', 'Access-Control-Allow-Origin', 'access-control-allow-origin'],
    [
      "'*'",
      `'${ALLOWED}'`,
      ...own,
      ...own,
      `\`${SECOND}\``,
      "process.env.CORS_ORIGIN || '*'",
      `['${ALLOWED}', '${SECOND}']`,
      `'${ALLOWED}' + ''`,
      `'https://' + 'app' + '.example.com'`,
    ],
  );
  add(0.3, ['Access-Control-Allow-Credentials'], ["'true'", "'true'", 'true', "'false'"]);
  add(0.4, NAMES.methods, [
    "'GET,PUT,POST'",
    "['GET', 'PUT'].join(', ')",
    "'*'",
    "['GET', 'PUT']",
    ...(hasRequest ? ["req.headers['access-control-request-method'] || 'GET'"] : []),
  ]);
  add(0.4, NAMES.headers, [
    "'Content-Type'",
    "'*'",
    "'Content-Type, X-Token'",
    ...(hasRequest ? ["req.headers['access-control-request-headers'] || ''"] : []),
  ]);
  add(0.15, ['Access-Control-Max-Age'], ["'600'", '600', 'String(60 * 10)']);
  add(0.1, ['Access-Control-Expose-Headers'], ["'X-Total'", "['X-Total', 'Link']"]);
  add(0.2, ['Vary', 'vary'], ["'Origin'", "'Origin, Accept'", "['Origin', 'Accept']", "'*'", "'origin'"]);
  if (settings.length > 1 && random.chance(0.2)) settings.reverse();
  const together = random.below(8);
  const object = `{ ${settings.map(([name, value]) => `'${name}': ${value}`).join(', ')} }`;
  if (settings.length > 0 && together === 0) return `res.${random.pick(['set', 'header'])}(${object});`;
  if (settings.length > 0 && together === 1) {
    const made = random.pick([
      `new Map(Object.entries(${object}))`,
      `new Map([${settings.map(([name, value]) => `['${name}', ${value}]`).join(', ')}]${making.type(' as any')})`,
    ]);
    if (making.random.chance(0.5)) return `res.setHeaders(${made});`;
    const name = making.name('headers');
    return `const ${name}${making.type(': any')} = ${object}; for (const [key, value] of Object.entries(${name})) res.setHeader(key, value);`;
  }
  if (settings.length > 0 && together === 2)
    return `res${settings.map(([name, value]) => `.${random.pick(['set', 'header'])}('${name}', ${value})`).join('')};`;
  const lines = settings.map(([name, value]) => {
    const method = random.pick(['set', 'header', 'setHeader', 'setHeader', 'append', 'appendHeader']);
    return `res.${method}('${name}', ${value});`;
  });
  if (random.chance(0.15)) lines.push(`res.vary('${random.pick(['Origin', 'Accept-Encoding'])}');`);
  return lines.join(' ');
}

/** A handler that answers well. */
export function handler(making: Making): string {
  const { random } = making;
  const headers = random.chance(0.12) ? `${headersByHand(making)} ` : '';
  const simple = ['req', 'res'];
  switch (random.below(14)) {
    case 0:
      return written(making, simple, `${headers}res.send('ok');`);
    case 1:
      return written(making, simple, `${headers}res.status(201).json({ ok: true });`);
    case 2:
      return written(making, simple, `${headers}res.sendStatus(200);`);
    case 3:
      return written(making, simple, `${headers}res.end('ok');`);
    case 4:
      return written(
        making,
        simple,
        `res.writeHead(200, ${random.pick(["{ 'Content-Type': 'text/plain' }", `{ 'Access-Control-Allow-Origin': '${ALLOWED}' }`, `['Access-Control-Allow-Origin', '*', 'Vary', 'Origin']`, "'OK', { Vary: 'Origin' }"])}); res.end('ok');`,
      );
    case 5:
      return written(making, simple, `${headers}const items = await Promise.resolve([]); res.json(items);`, true);
    case 6:
      return written(
        making,
        ['req', 'res', 'next'],
        `try { ${headers}const items = await Promise.resolve([1]); res.json(items); } catch (error) { next(error); }`,
        true,
      );
    case 7:
      return written(
        making,
        ['req', 'res', 'next'],
        `Promise.resolve([]).then((items) => res.json(items)).catch(next);`,
      );
    case 8:
      return written(
        making,
        ['req', 'res', 'next'],
        `${headers}${random.pick(['next();', 'setTimeout(() => res.json([]), 0);', "if (req.query.page === 'x') return res.status(400).end(); res.json([]);"])}`,
      );
    case 9:
      return random.chance(0.5)
        ? `(${parameters(making, simple)}) => res.json({})`
        : `(${parameters(making, simple)}) => void res.send('ok')`;
    case 10:
      return written(
        making,
        simple,
        `${headers}res.redirect(${random.pick(["'/elsewhere'", "301, '/elsewhere'", "'https://other.example/'"])});`,
      );
    default:
      return written(making, simple, `${headers}res.json({ items: [] });`);
  }
}

/** A handler that fails. */
export function boom(making: Making): string {
  const { random } = making;
  const headers = random.chance(0.1) ? `${headersByHand(making)} ` : '';
  switch (random.below(8)) {
    case 0:
      return written(
        making,
        ['req', 'res', 'next'],
        `${headers}next(new ${random.pick(['Error', 'TypeError'])}(${random.pick(["'boom'", "'boom'", "'Not allowed by CORS'", ''])}));`,
      );
    case 1:
      return written(
        making,
        ['req', 'res', 'next'],
        `${headers}return next(Object.assign(new Error('boom'), { status: 403 }));`,
      );
    case 2:
      return written(making, ['req', 'res'], `${headers}res.status(500).json({ error: 'boom' });`);
    case 3:
      return written(making, ['req', 'res'], `${headers}res.status(422).send('no');`);
    case 4:
      return written(
        making,
        ['req', 'res', 'next'],
        `try { await Promise.reject(new Error('boom')); res.json({}); } catch (error) { ${random.pick(['next(error);', 'res.status(500).end();'])} }`,
        true,
      );
    case 5:
      return written(making, ['req', 'res'], `${headers}throw new Error('boom');`, making.version === 5);
    default:
      return written(making, ['req', 'res'], `${headers}throw new Error('boom');`);
  }
}

/** What an error handler tells errors by. */
function errorCheck({ random }: Making): string {
  return random.pick([
    "error.message === 'Not allowed by CORS'",
    "error.message.includes('CORS')",
    "error && error.message === 'boom'",
    '/boom|no/.test(error.message)',
    "error.message && error.message.startsWith('Not')",
    "error.name === 'TypeError'",
    "error.name === 'Error'",
    'error instanceof SyntaxError',
    'error instanceof Error',
    'error instanceof TypeError || error.status === 403',
    'error.status === 404',
    'error.code === 11000',
    "error === 'no'",
    '!error',
  ]);
}

export function errorHandler(making: Making): string {
  const { random } = making;
  const headers = random.chance(0.25) ? `${headersByHand(making)} ` : '';
  const body = random.pick([
    "res.status(500).json({ error: 'internal' });",
    "res.status(error.status || 500).send('failed');",
    'if (res.headersSent) return next(error); res.status(500).end();',
    'next(error);',
    'res.sendStatus(500);',
    "res.statusCode = 500; res.end('failed');",
    `if (${errorCheck(making)}) return res.status(403).json({ error: 'refused' }); next(error);`,
    `if (${errorCheck(making)}) { res.sendStatus(403); } else { res.status(error.status || 500).send('failed'); }`,
    `if (${errorCheck(making)}) { ${headersByHand(making)} return res.sendStatus(409); } res.status(500).end();`,
  ]);
  return written(making, ['error', 'req', 'res', 'next'], `${headers}${body}`);
}
