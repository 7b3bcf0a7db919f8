import type { Random } from './nginx-random';

/** A made-up handler with the files that it imports. */
export interface MadeHandler {
  readonly files: Readonly<Record<string, string>>;
  /** The major version of middy that it is wrapped by. */
  readonly middy: 4 | 5 | 6 | undefined;
}

export const APP = 'https://app.example.com';
export const ADMIN = 'https://admin.example.com';
const ACAO = "'Access-Control-Allow-Origin'";

/** Pieces that the parts of one handler ask for. */
interface Wants {
  readonly imports: Set<string>;
  readonly tops: Set<string>;
  readonly lib: Set<string>;
}

export function madeHandler({ pick, chance }: Random): MadeHandler {
  const wants: Wants = { imports: new Set(), tops: new Set(), lib: new Set() };
  const known = new Set<string>();
  const top = (name: string, text: string): string => {
    if (known.has(name)) return name;
    known.add(name);
    if (chance(0.4)) {
      wants.lib.add(`export ${text}`);
      wants.imports.add(name);
    } else wants.tops.add(text);
    return name;
  };
  const allowed = (): string => top('allowed', `const allowed = ['${APP}', '${ADMIN}'];`);
  const originOf = (): string =>
    pick([
      'event.headers.origin',
      'event.headers?.origin',
      '(event.headers.origin || event.headers.Origin)',
      "(event.headers?.origin ?? event.headers?.Origin ?? '')",
    ]);
  const check = (): string => {
    const origin = originOf();
    return pick([
      () => `${allowed()}.includes(${origin})`,
      () => `${allowed()}.indexOf(${origin}) !== -1`,
      () => `${allowed()}.some((one) => one === ${origin})`,
      () => `${origin} === '${APP}'`,
      () => `/^https:\\/\\/[a-z]+\\.example\\.com$/.test(${origin})`,
      () => `${origin} && ${origin}.endsWith('example.com')`,
      () => `${origin}?.startsWith('https://app.')`,
      () => `${top('isAllowed', `const isAllowed = (origin) => ['${APP}', '${ADMIN}'].includes(origin);`)}(${origin})`,
    ])();
  };
  const origin = (): string =>
    pick([
      () => `'*'`,
      () => `'*'`,
      () => `'${APP}'`,
      originOf,
      () => `${check()} ? ${originOf()} : '${APP}'`,
      () => `${check()} ? ${originOf()} : undefined`,
      () => `!(${check()}) ? 'null' : ${originOf()}`,
      () => `${originOf()} || '*'`,
      () => '`https://${"app"}.example.com`',
      () => `process.env.NOBODY_SETS_THIS || '*'`,
    ])();
  const more = (): string =>
    pick([
      '',
      '',
      `, 'Content-Type': 'application/json'`,
      `, 'Access-Control-Allow-Credentials': true`,
      `, Vary: 'Origin'`,
    ]);
  const literal = (): string => `{ ${ACAO}: ${origin()}${more()} }`;
  const constant = (): string => top('cors', `const cors = { ${ACAO}: '*', 'X-Shared': '1' };`);
  const headers = (): string | undefined =>
    pick([
      () => undefined,
      literal,
      literal,
      literal,
      constant,
      () => top('plain', `const plain = { 'X-Shared': '1' };`),
      () => `{ ...${constant()}, 'X-Own': '2' }`,
      () => `{ ...${constant()}, ${ACAO}: ${origin()} }`,
      () => `{ 'X-Own': '1', ...(${check()} && { ${ACAO}: ${originOf()} }) }`,
      () => `${check()} ? ${literal()} : {}`,
      () => `Object.assign({}, ${constant()}, { 'X-Own': '1' })`,
      () => `${top('headersFor', `const headersFor = (event) => ({ ${ACAO}: event.headers.origin });`)}(event)`,
      () => {
        const text = `function allow(event) {\n  const headers = {};\n  if (${check()}) headers[${ACAO}] = ${originOf()};\n  return headers;\n}`;
        if (!known.has('allow')) wants.tops.add(text);
        known.add('allow');
        return 'allow(event)';
      },
    ])();
  const body = (): string => pick([`''`, `JSON.stringify({ a: 1 })`]);
  const object = (status: number): string => {
    const made = headers();
    if (made !== undefined && chance(0.1)) {
      return `{ statusCode: ${status}, multiValueHeaders: { ${ACAO}: [${origin()}] }, body: ${body()} }`;
    }
    return `{ statusCode: ${status}${made === undefined ? '' : `, headers: ${made}`}, body: ${body()} }`;
  };
  const reply = (): string =>
    top('reply', `const reply = (statusCode, headers, body) => ({ statusCode, headers, body });`);
  const replies = (): string =>
    top(
      'Replies',
      pick([
        `class Replies {\n  static of(statusCode, body, headers = {}) {\n    return { statusCode, headers: { ${ACAO}: '*', ...headers }, body };\n  }\n}`,
        `const Replies = {\n  of(statusCode, body, headers) {\n    const response = { statusCode, body };\n    if (headers) response.headers = { ...headers };\n    return response;\n  },\n};`,
      ]),
    );
  /** Statements that end with an answer. */
  const answer = (status: number): string =>
    pick([
      () => `return ${object(status)};`,
      () => `return ${object(status)};`,
      () => `const response = ${object(status)};\nreturn response;`,
      () => `let response = { statusCode: 500 };\nresponse = ${object(status)};\nreturn response;`,
      () =>
        `const response = { statusCode: ${status}, headers: {} };\nresponse.headers[${ACAO}] = ${origin()};\nreturn response;`,
      () => `const response = { statusCode: ${status} };\nresponse.headers = ${literal()};\nreturn response;`,
      () =>
        `const response = { statusCode: ${status}, headers: { 'X-Own': '1' } };\nObject.assign(response.headers, ${literal()});\nreturn response;`,
      () =>
        `const headers = {};\nif (${check()}) headers[${ACAO}] = ${originOf()};\nreturn { statusCode: ${status}, headers };`,
      () =>
        `const headers = { 'X-Own': '1' };\nif (event.body) headers[${ACAO}] = ${origin()};\nreturn { statusCode: ${status}, headers, body: ${body()} };`,
      () => `return ${reply()}(${status}, ${headers() ?? 'undefined'}, ${body()});`,
      () => `return ${replies()}.of(${status}, ${body()}${chance(0.5) ? `, ${literal()}` : ''});`,
      () => `const { origin } = event.headers;\nreturn { statusCode: ${status}, headers: { ${ACAO}: origin } };`,
      () => `return await Promise.resolve(${object(status)});`,
      () => `return Promise.reject(${object(status)});`,
      () => `return Promise.reject(new Error('boom')).catch(() => (${object(status)}));`,
      () => `return Promise.resolve(1).then(() => (${object(status)}));`,
      () =>
        `const response = ${object(status)};\n${top('touch', `function touch(response) {\n  response.headers = { ${ACAO}: '*' };\n}`)}(response);\nreturn response;`,
    ])();
  const scoped = (status: number): string => `{\n${answer(status)}\n}`;
  const method = (): string =>
    pick([
      'event.httpMethod',
      '(event.requestContext?.http?.method ?? event.httpMethod)',
      'event.requestContext.http?.method',
    ]);
  const steps: string[] = [];
  if (chance(0.35)) steps.push(`if (${method()} === 'OPTIONS') ${scoped(204)}`);
  if (chance(0.25)) steps.push(`if (!event.body) ${scoped(400)}`);
  if (chance(0.15)) steps.push(`if (${check()}) ${scoped(200)}`);
  if (chance(0.1))
    steps.push(`switch (event.httpMethod) {\n  case 'POST': ${scoped(201)}\n  case 'GET': ${scoped(200)}\n}`);
  const fails = `if (event.body === 'boom') throw new Error('boom');`;
  const parse = `JSON.parse(event.body ?? '{}');`;
  steps.push(
    pick([
      () => scoped(200),
      () => scoped(200),
      () => `try {\n${parse}\n${answer(200)}\n} catch (error) ${scoped(500)}`,
      () => `${fails}\n${scoped(200)}`,
      () => `if (event.body) ${scoped(200)}\nelse ${scoped(404)}`,
    ])(),
  );
  const inner = `async (event) => {\n${steps.join('\n')}\n}`;
  const middy = chance(0.35) ? pick([4, 5, 6] as const) : undefined;
  const made = middy === undefined ? wrapped(inner) : stacked(inner);
  const text = [
    ...(wants.imports.size > 0 ? [`import { ${[...wants.imports].join(', ')} } from './lib.mjs';`] : []),
    ...(middy === undefined ? [] : MIDDY_IMPORTS),
    ...wants.tops,
    made,
    '',
  ].join('\n');
  const manifest = middy === undefined ? {} : { 'package.json': JSON.stringify({ dependencies: dependencies(middy) }) };
  return {
    files: {
      'h.mjs': text,
      ...(wants.lib.size > 0 ? { 'lib.mjs': `${[...wants.lib].join('\n')}\n` } : {}),
      ...manifest,
    },
    middy,
  };

  function wrapped(fn: string): string {
    return pick([
      () => `export const handler = ${fn};`,
      () => `export const handler = ${fn};`,
      () => `const work = ${fn};\nexport const handler = async (event) => work(event);`,
      () =>
        `const work = ${fn};\nexport const handler = async (event) => {\n  const response = await work(event);\n  return { ...response, headers: { ...response.headers, ${ACAO}: '*' } };\n};`,
      () =>
        `const open = (fn) => async (event) => {\n  const response = await fn(event);\n  response.headers = { ...response.headers, 'X-Wrapped': '1' };\n  return response;\n};\nexport const handler = open(${fn});`,
      () =>
        `export const handler = (event, context) => {\n  context.${pick(['succeed(', 'done(null, '])}${object(200)});\n};`,
      () =>
        `export const handler = (event, context) => {\n  if (event.body === 'boom') return context.fail(new Error('boom'));\n  setTimeout(() => context.succeed(${object(200)}));\n};`,
      () => `export const handler = (event, context, callback) => {\n  callback(null, ${object(200)});\n};`,
      () => `const work = ${fn};\nexport const handler = work.bind(null);`,
    ])();
  }

  function stacked(fn: string): string {
    const uses = [`httpCors(${options()})`];
    if (chance(0.5)) uses.splice(pick([0, 1]), 0, 'errors({ logger: false })');
    if (chance(0.3)) uses.push(`{ before: async (request) => { request.context.seen = true; } }`);
    if (chance(0.1)) uses.push(`{ after: async (request) => { request.response.headers = {}; } }`);
    if (chance(0.3)) uses.splice(pick([0, 1, 2]), 0, `{ onError: ${onError()} }`);
    if (chance(0.3)) uses.splice(pick([0, 1, 2]), 0, `{ after: ${after()} }`);
    const chain = uses.map((use) => (chance(0.3) ? asMethod(use) : `.use(${use})`)).join('');
    return pick([
      () => `export const handler = middy(${fn})${chain};`,
      () => `export const handler = middy()${chain}.handler(${fn});`,
      () => `export const handler = middy(${fn}).use([${uses.join(', ')}]);`,
      () => `const wrap = (fn) => middy(fn)${chain};\nexport const handler = wrap(${fn});`,
      () =>
        `const handler = middy(${fn});\n${uses.map((use) => `handler.use(${use});`).join('\n')}\nexport { handler };`,
    ])();
  }

  /** `.onError(…)` for `.use({ onError: … })`. */
  function asMethod(use: string): string {
    const [, method, fn] = /^\{ (onError|after): (.*) \}$/s.exec(use) ?? [];
    return method === undefined || fn === undefined ? `.use(${use})` : `.${method}(${fn})`;
  }

  function onError(): string {
    const event = 'request.event.headers.origin';
    return pick([
      () =>
        `async (request) => { request.response = { statusCode: 500, headers: { ${ACAO}: ${pick([`'*'`, event])} } }; }`,
      () => `(request) => { request.response = { statusCode: 500, body: request.error.message }; }`,
      () => `(request) => ({ statusCode: 500, headers: { ${ACAO}: '${APP}' } })`,
      () => `async (request) => { console.info(request.error.name); return { statusCode: 502, headers: {} }; }`,
      () => `(request) => { request.response ??= { statusCode: 500 }; }`,
      () => `(request) => { request.response = request.response ?? { statusCode: 500, headers: { ${ACAO}: '*' } }; }`,
      () => `(request) => { if (request.response === undefined) request.response = { statusCode: 500 }; }`,
      () => `async (request) => { if (!request.response) return; request.response.headers[${ACAO}] = '${ADMIN}'; }`,
      () => `(request) => { request.response = { ...request.response, statusCode: 500 }; }`,
      () => `(request) => { request.response ||= { statusCode: 500, headers: { ${ACAO}: '*' } }; }`,
      () => `(request) => { if (request.response) request.response.statusCode = 418; }`,
      () =>
        `(request) => { request.response ??= { statusCode: 500 }; request.response.headers ??= {}; request.response.headers[${ACAO}] ??= '*'; }`,
      () =>
        `(request) => { request.response = { ...request.response, headers: { ...request.response?.headers, ${ACAO}: '*' } }; }`,
      () =>
        `(request) => { if (request.error.message === 'boom') request.response = { statusCode: 418 }; else throw request.error; }`,
      () =>
        `(request) => { request.response = { statusCode: request.error.statusCode ?? 500, headers: { ${ACAO}: '*' } }; return request.response; }`,
    ])();
  }

  function after(): string {
    const event = 'request.event.headers.origin';
    return pick([
      () =>
        `async (request) => { request.response.headers = { ...request.response.headers, ${ACAO}: ${pick([`'*'`, event])} }; }`,
      () => `(request) => { request.response.headers = { ${ACAO}: '${APP}', ...request.response.headers }; }`,
      () => `(request) => { request.response.headers ??= {}; request.response.headers[${ACAO}] = '*'; }`,
      () => `(request) => { request.response.headers ||= { ${ACAO}: '${ADMIN}' }; }`,
      () => `(request) => { request.response.headers ||= {}; request.response.headers[${ACAO}] ??= '${ADMIN}'; }`,
      () => `(request) => { request.response.headers ??= {}; request.response.headers.Vary ||= 'Origin'; }`,
      () => `async (request) => { request.response.statusCode = 202; }`,
      () => `(request) => { request.response = { ...request.response, statusCode: 203 }; }`,
      () => `(request) => { request.response = { statusCode: 203, ...request.response }; }`,
      () =>
        `(request) => { request.response = { ...request.response, statusCode: 203, headers: { ${ACAO}: ${event} } }; }`,
      () =>
        `(request) => { request.response.headers = request.response.headers || {}; request.response.headers[${ACAO}] = '*'; }`,
      () =>
        `(request) => { if (!request.response.headers) request.response.headers = {}; request.response.headers.Vary = 'Origin'; }`,
      () =>
        `async (request) => { request.response = { ...request.response, headers: { ...request.response.headers, ${ACAO}: '${ADMIN}' } }; }`,
      () =>
        `(request) => { if (${event} === '${APP}') request.response.headers = { ...request.response.headers, ${ACAO}: ${event} }; }`,
      () => `(request) => { if (request.response.statusCode >= 400) request.response.headers = {}; }`,
      () => `(request) => { const { response } = request; response.headers = { ${ACAO}: '*' }; }`,
      () => `async (request) => { request.response.body = ''; return request.response; }`,
      () => `(request) => ({ statusCode: 200, headers: { ...request.response.headers, 'X-New': '1' } })`,
    ])();
  }

  function options(): string {
    if (chance(0.15)) return '';
    const list = pick([
      `['${APP}']`,
      `['${APP}', '${ADMIN}']`,
      `['*']`,
      `['https://*.example.com']`,
      `['${APP}', 'https://*.example.org']`,
    ]);
    const entries = [
      ...(chance(0.5) ? [`origins: ${list}`] : []),
      ...(chance(0.5) ? [`origin: ${pick([`'*'`, `'${APP}'`, 'null', 'undefined'])}`] : []),
      ...(chance(0.4) ? [`credentials: ${pick(['true', 'false'])}`] : []),
      ...(chance(0.2) ? [`headers: 'Content-Type,Authorization'`] : []),
      ...(chance(0.2) ? [`methods: 'GET,POST'`] : []),
      ...(chance(0.1) ? [`maxAge: 600`] : []),
      ...(chance(0.1) ? [`vary: 'Accept'`] : []),
      ...(chance(0.3) ? [`disableBeforePreflightResponse: ${pick(['true', 'false'])}`] : []),
    ];
    return `{ ${entries.join(', ')} }`;
  }
}

const MIDDY_IMPORTS = [
  `import middy from '@middy/core';`,
  `import httpCors from '@middy/http-cors';`,
  `import errors from '@middy/http-error-handler';`,
];

function dependencies(major: number): Record<string, string> {
  return Object.fromEntries(
    ['@middy/core', '@middy/http-cors', '@middy/http-error-handler'].map((name) => [name, `^${major}.0.0`]),
  );
}
