import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createHandlerReader, type HandlerReading, type HandlerResponse } from '../../server/src/aws/lambda/handler';
import type { Request } from '../../server/src/cors/http';
import { resolveResponse } from '../../server/src/cors/resolve';
import { serverless } from '../../server/src/platforms/serverless/platform';
import { memoryHost } from '../harness/memoryHost';

/**
 * Handlers that are read, and then run with real events: whatever is said to be read whole has to be what comes out,
 * and what cannot be read whole has to say so.
 */
interface Event {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | null;
}
interface Case {
  readonly files: Readonly<Record<string, string>>;
  /** `whole`: every response is read; `open`: none counts as read. */
  readonly read: 'whole' | 'open';
  readonly events: readonly Event[];
}

const origin = 'https://app.example.com';
const some: readonly Event[] = [
  { headers: { origin }, body: '{"title":"x"}' },
  { headers: { origin: 'https://other.example' }, body: null },
];

const ACAO = "'Access-Control-Allow-Origin'";
const whole = (text: string, others: Readonly<Record<string, string>> = {}): Case => ({
  files: { 'h.js': text, ...others },
  read: 'whole',
  events: some,
});
const open = (text: string, others: Readonly<Record<string, string>> = {}): Case => ({
  ...whole(text, others),
  read: 'open',
});

const cases: Readonly<Record<string, Case>> = {
  'an arrow with an object': whole(
    `exports.h = async () => ({ statusCode: 200, headers: { ${ACAO}: '*' }, body: '' });`,
  ),
  'no headers': whole(`exports.h = async () => ({ statusCode: 200, body: '' });`),
  'a constant with headers': whole(
    `const headers = { ${ACAO}: '*' };\nexports.h = async () => ({ statusCode: 200, headers, body: '' });`,
  ),
  'a spread of a constant': whole(
    `const base = { ${ACAO}: '*', 'X-A': '1' };\nexports.h = async () => ({ statusCode: 200, headers: { ...base, 'X-A': '2' }, body: '' });`,
  ),
  'a response in a constant': whole(
    `exports.h = async () => {\n  const response = { statusCode: 200, headers: { ${ACAO}: '*' }, body: '' };\n  console.debug(response);\n  return response;\n};`,
  ),
  'headers assigned afterwards': whole(
    `exports.h = async () => {\n  const response = { statusCode: 200, body: '' };\n  response.headers = { ${ACAO}: '*' };\n  return response;\n};`,
  ),
  branches: whole(
    `exports.h = async (event) => {\n  if (!event.body) return { statusCode: 400, body: '' };\n  return { statusCode: 200, headers: { ${ACAO}: '*' }, body: '' };\n};`,
  ),
  'a conditional': whole(
    `exports.h = async (event) => event.body ? { statusCode: 200, headers: { ${ACAO}: '*' } } : { statusCode: 404 };`,
  ),
  'a switch': whole(
    `exports.h = async (event) => {\n  switch (event.body) {\n    case null: return { statusCode: 204, headers: { ${ACAO}: '*' } };\n    default: return { statusCode: 200 };\n  }\n};`,
  ),
  'a catch': whole(
    `exports.h = async (event) => {\n  try {\n    JSON.parse(event.body).title.length;\n    return { statusCode: 200, headers: { ${ACAO}: '*' } };\n  } catch (error) {\n    return { statusCode: 500, body: String(error) };\n  }\n};`,
  ),
  'a helper': whole(
    `const reply = (statusCode, body) => ({ statusCode, headers: { ${ACAO}: '*' }, body: JSON.stringify(body) });\nexports.h = async (event) => event.body ? reply(200, {}) : reply(400, {});`,
  ),
  'a helper with a default': whole(
    `function reply(body, statusCode = 200, headers = { ${ACAO}: '*' }) { return { statusCode, headers, body }; }\nexports.h = async () => reply('');`,
  ),
  'a helper in another file': whole(`const { ok } = require('./http');\nexports.h = async () => ok('');`, {
    'http.js': `exports.ok = (body) => ({ statusCode: 200, headers: { ${ACAO}: '*' }, body });`,
  }),
  'two files away': whole(`const { ok } = require('./http');\nexports.h = async () => ok('');`, {
    'http.js': `const headers = require('./headers');\nexports.ok = (body) => ({ statusCode: 200, headers: { ...headers, 'X-A': '1' }, body });`,
    'headers.js': `module.exports = { ${ACAO}: '*' };`,
  }),
  'headers in JSON': whole(
    `const headers = require('./headers.json');\nexports.h = async () => ({ statusCode: 200, headers });`,
    { 'headers.json': `{ "Access-Control-Allow-Origin": "*" }` },
  ),
  'a callback': whole(
    `exports.h = (event, context, callback) => {\n  callback(null, { statusCode: 200, headers: { ${ACAO}: '*' }, body: '' });\n};`,
  ),
  'a callback with a constant': whole(
    `module.exports.h = (event, context, callback) => {\n  const response = { statusCode: 200, body: '' };\n  return callback(null, response);\n};`,
  ),
  'succeed of the context': whole(
    `exports.h = (event, context) => {\n  context.callbackWaitsForEmptyEventLoop = false;\n  context.succeed({ statusCode: 200, headers: { ${ACAO}: '*' }, body: '' });\n};`,
  ),
  'done of the context': whole(
    `exports.h = function (event, context) {\n  const response = { statusCode: 200, body: '' };\n  if (event.body) return context.done(null, response);\n  return context.done(null, { statusCode: 400, headers: { ${ACAO}: '*' } });\n};`,
  ),
  'fail of the context': whole(
    `exports.h = (event, context) => {\n  if (event.body === 'boom') context.fail(new Error('boom'));\n  else context.succeed({ statusCode: 200, headers: { ${ACAO}: '*' }, body: '' });\n};`,
  ),
  'succeed later': whole(
    `const get = (key, done) => setTimeout(() => done(null, key));\nexports.h = (event, context) => {\n  get('a', (error, value) => {\n    if (error) context.succeed({ statusCode: 500, body: '' });\n    else context.succeed({ statusCode: 200, headers: { ${ACAO}: '*' }, body: value });\n  });\n};`,
  ),
  'callback and context': whole(
    `exports.h = (event, context, callback) => {\n  if (event.body) return callback(null, { statusCode: 200, headers: { ${ACAO}: '*' } });\n  context.succeed({ statusCode: 404 });\n};`,
  ),
  'succeed handed over': open(
    `exports.h = (event, context) => {\n  Promise.resolve({ statusCode: 200, headers: { ${ACAO}: '*' } }).then(context.succeed);\n};`,
  ),
  'succeed taken out': open(
    `exports.h = (event, { succeed }) => {\n  setTimeout(() => succeed({ statusCode: 200, headers: { ${ACAO}: '*' } }));\n};`,
  ),
  'the context handed over': open(
    `const answer = (context) => context.succeed({ statusCode: 200, headers: { ${ACAO}: '*' } });\nexports.h = (event, context) => {\n  setTimeout(() => {\n    if (event.body === 'never') context.succeed({ statusCode: 404 });\n    else answer(context);\n  });\n};`,
  ),
  'a boolean value': whole(
    `exports.h = async () => ({ statusCode: 200, headers: { ${ACAO}: '*', 'Access-Control-Allow-Credentials': true } });`,
  ),
  "the request's origin": whole(
    `exports.h = async (event) => ({ statusCode: 200, headers: { ${ACAO}: event.headers.origin } });`,
  ),
  'an awaited helper': whole(
    `const work = async () => ({ statusCode: 200, headers: { ${ACAO}: '*' } });\nexports.h = async () => { const result = await work(); return result; };`,
  ),
  'an async function that is not awaited': whole(
    `const work = async (event) => {\n  if (!event.body) return { statusCode: 400 };\n  return Promise.resolve({ statusCode: 200, headers: { ${ACAO}: '*' } });\n};\nexports.h = (event) => work(event);`,
  ),
  'async functions over several files': whole(
    `const { list } = require('./list');\nexports.h = async (event) => list(event);`,
    {
      'list.js': `const { respond } = require('./respond');\nexports.list = async (event) => event.body ? respond(200, event) : respond(404, event);`,
      'respond.js': `exports.respond = async (statusCode, { headers }) => ({ statusCode, headers: { ${ACAO}: headers.origin } });`,
    },
  ),
  'headers handed to a helper': whole(
    `const headers = { ${ACAO}: '*' };\nconst seen = (what) => console.debug(Object.keys(what));\nconst reply = (statusCode, headers) => { seen(headers); return { statusCode, headers }; };\nexports.h = async (event) => event.body ? reply(200, headers) : reply(404, headers);`,
  ),
  'headers spread where there is an origin': whole(
    `exports.h = async ({ headers: { origin } }) => ({ statusCode: 200, headers: { 'X-A': '1', ...(origin && { ${ACAO}: origin }) } });`,
  ),
  'headers handed to a helper that changes them': open(
    `const headers = {};\nconst reply = (statusCode, headers) => { headers[${ACAO}] = '*'; return { statusCode }; };\nexports.h = async () => { reply(200, headers); return { statusCode: 200, headers }; };`,
  ),
  'headers handed to a helper that hands them on': open(
    `const headers = {};\nconst allow = (headers) => { headers[${ACAO}] = '*'; };\nconst note = (what) => allow(what);\nexports.h = async () => { note(headers); return { statusCode: 200, headers }; };`,
  ),
  'headers handed to a helper that keeps them': open(
    `const all = [];\nconst headers = {};\nconst keep = (what) => { all.push(what); return what; };\nexports.h = async () => { keep(headers); all[0][${ACAO}] = '*'; return { statusCode: 200, headers }; };`,
  ),
  'headers that come back and are changed': open(
    `const headers = {};\nconst reply = (statusCode, headers) => ({ statusCode, headers });\nexports.h = async () => { const response = reply(200, headers); response.headers[${ACAO}] = '*'; return { statusCode: 200, headers }; };`,
  ),
  'a promise chain': whole(
    `exports.h = () => Promise.resolve(1).then(() => ({ statusCode: 200, headers: { ${ACAO}: '*' } })).catch(() => ({ statusCode: 500 }));`,
  ),
  'a template': whole(
    `const host = 'app.example.com';\nexports.h = async () => ({ statusCode: 200, headers: { ${ACAO}: \`https://\${host}\` } });`,
  ),
  'several values': whole(`exports.h = async () => ({ statusCode: 200, multiValueHeaders: { ${ACAO}: ['*'] } });`),

  'a header set inside the headers': whole(
    `exports.h = async () => {\n  const response = { statusCode: 200, headers: {} };\n  response.headers[${ACAO}] = '*';\n  return response;\n};`,
  ),
  'a second name for the headers': open(
    `exports.h = async () => {\n  const response = { statusCode: 200, headers: {} };\n  const h = response.headers;\n  h[${ACAO}] = '*';\n  return response;\n};`,
  ),
  'headers taken apart': open(
    `exports.h = async () => {\n  const response = { statusCode: 200, headers: {} };\n  const { headers } = response;\n  headers[${ACAO}] = '*';\n  return response;\n};`,
  ),
  'handed to a function': open(
    `const allow = (response) => { response.headers = { ${ACAO}: '*' }; };\nexports.h = async () => {\n  const response = { statusCode: 200 };\n  allow(response);\n  return response;\n};`,
  ),
  'Object.assign on the headers': whole(
    `exports.h = async () => {\n  const response = { statusCode: 200, headers: {} };\n  Object.assign(response.headers, { ${ACAO}: '*' });\n  return response;\n};`,
  ),
  'a shared constant changed in place': open(
    `const headers = {};\nheaders[['Access-Control', 'Allow-Origin'].join('-')] = '*';\nexports.h = async () => ({ statusCode: 200, headers });`,
  ),
  wrapped: whole(
    `const wrap = (fn) => async (...args) => { const r = await fn(...args); r.headers = { ${ACAO}: '*' }; return r; };\nexports.h = wrap(async () => ({ statusCode: 200 }));`,
  ),
  'a computed key': open(
    `const name = process.argv.length > 0 ? ${ACAO} : 'X';\nexports.h = async () => ({ statusCode: 200, headers: { [name]: '*' } });`,
  ),
  'a class': open(
    `class Reply { constructor() { this.statusCode = 200; this.headers = { ${ACAO}: '*' }; } }\nexports.h = async () => new Reply();`,
  ),
  'a loop': open(
    `exports.h = async () => {\n  const headers = {};\n  for (const name of [${ACAO}]) headers[name] = '*';\n  return { statusCode: 200, headers };\n};`,
  ),
  'a later callback': whole(
    `exports.h = (event, context, callback) => { setTimeout(() => callback(null, { statusCode: 200, headers: { ${ACAO}: '*' } }), 1); };`,
  ),
  reduced: open(
    `exports.h = async () => ({ statusCode: 200, headers: Object.fromEntries([[${ACAO}, '*']].map((pair) => pair)) });`,
  ),
  'defined on the object': open(
    `exports.h = async () => {\n  const response = { statusCode: 200, headers: {} };\n  Object.defineProperty(response.headers, ${ACAO}, { value: '*', enumerable: true });\n  return response;\n};`,
  ),
  'changed through this': open(
    `const reply = { statusCode: 200, headers: {}, allow() { this.headers[${ACAO}] = '*'; return this; } };\nexports.h = async () => reply.allow();`,
  ),
};

interface Answer {
  readonly statusCode: number;
  readonly headers?: Readonly<Record<string, unknown>>;
  readonly multiValueHeaders?: Readonly<Record<string, readonly unknown[]>>;
}

/** Runs a handler as Lambda does: a promise, a callback or the methods of the context. */
function run(handler: (...args: unknown[]) => unknown, event: Event): Promise<Answer> {
  return new Promise((settle, fail) => {
    const done = (error: unknown, answer: Answer): void => (error ? fail(error) : settle(answer));
    const returned = handler(event, { done, succeed: settle, fail }, done);
    if (returned instanceof Promise) returned.then((answer: Answer) => settle(answer), fail);
  });
}

function linesOf({ headers = {}, multiValueHeaders = {} }: Answer): string[] {
  const single = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  const several = Object.entries(multiValueHeaders).flatMap(([name, values]) =>
    values.map((value) => `${name}: ${value}`),
  );
  return [...single, ...several].sort();
}

/** What a response that was read comes to for an event. */
function predicted(response: HandlerResponse, event: Event): string[] {
  const request: Request = {
    method: 'GET',
    scheme: 'https',
    path: '/',
    origin: event.headers?.['origin'],
    headers: new Map(Object.entries(event.headers ?? {})),
    ending: 'success',
  };
  const [resolved] = resolveResponse(
    {
      status: response.status,
      answeredBy: { kind: 'handler', what: '', place: response.place },
      headers: response.headers,
    },
    request,
  );
  return (resolved?.headers ?? []).map(({ name, text }) => `${name}: ${text ?? '?'}`).sort();
}

function read(files: Readonly<Record<string, string>>): HandlerReading {
  return createHandlerReader(memoryHost(new Map(Object.entries(files))), 'serverless.yml', () => undefined).read('h.h');
}

describe('what is read of a handler is what it answers', () => {
  const folders: string[] = [];
  beforeAll(() => serverless.prepare?.());
  afterAll(() => {
    for (const folder of folders) rmSync(folder, { recursive: true });
  });

  test.each(Object.entries(cases))('%s', async (_, { files, read: how, events }) => {
    const folder = mkdtempSync(join(tmpdir(), 'cors-lint-handler-'));
    folders.push(folder);
    writeFileSync(join(folder, 'package.json'), '{ "type": "commonjs" }');
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    const { h } = createRequire(join(folder, 'h.js'))('./h.js') as { h: (...args: unknown[]) => unknown };
    const reading = read(files);
    const responses = reading.kind === 'responses' ? reading.responses : [];
    const known = responses.filter((response) => response.open === undefined);
    if (how === 'open') expect(known.map(({ status, headers }) => [status, headers.length])).toEqual([]);
    else
      expect({ reading: reading.kind, open: responses.find((one) => one.open !== undefined)?.open }).toEqual({
        reading: 'responses',
        open: undefined,
      });
    for (const event of events) {
      const answer = await run(h, event);
      const said = known
        .filter((one) => one.status === undefined || one.status === answer.statusCode)
        .map((one) => predicted(one, event));
      if (how === 'whole') expect(said).toContainEqual(linesOf(answer));
    }
  });
});
