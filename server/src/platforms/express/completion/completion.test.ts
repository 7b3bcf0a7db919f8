import { describe, expect, it } from 'vitest';
import { completionAt } from './completion';

/** What the cursor, `|`, would write over, and the first words offered. */
function at(marked: string) {
  const offset = marked.indexOf('|');
  const text = marked.replace('|', '');
  const context = completionAt(text, offset);
  if (context === undefined) return undefined;
  const { replace, words } = context;
  return [text.slice(replace.start, replace.end), ...words.slice(0, 2).map((word) => word.text)];
}

const NAMES = ['Access-Control-Allow-Origin', 'Access-Control-Allow-Credentials'];

describe('completion in calls that set a header', () => {
  it.each([
    ["res.set('|')", ['', ...NAMES]],
    ["res.status(204).setHeader('Access-|", ['Access-', ...NAMES]],
    ['response.header("A|ccess-X", 1)', ['Access-X', ...NAMES]],
    ['res.set(|)', ['', "'Access-Control-Allow-Origin'", "'Access-Control-Allow-Credentials'"]],
    ["res.set('Access-Control-Allow-Origin', '|')", ['', '*']],
    ["res.set('Access-Control-Allow-Origin', '|https://a.example')", ['https://a.example', '*']],
    ["res.setHeader('access-control-allow-credentials', |)", ['', "'true'"]],
    [
      "res.setHeader('Access-Control-Allow-Methods', 'G|",
      ['G', 'GET, POST, PUT, PATCH, DELETE, OPTIONS', 'GET, POST, OPTIONS'],
    ],
    ["res.set({\n  'Access-Control-Max-Age': '|',\n})", ['', '7200', '86400']],
    ["res.append('Vary', '|')", ['', 'Origin']],
    ["app.set('|')", undefined],
    ["map.set('key', '|')", undefined],
    ["res.set('X-Frame-Options', '|')", undefined],
    ["// res.set('|')", undefined],
    ["x = { vary: '|' }", undefined],
    ['|', undefined],
  ])('%j', (marked, expected) => {
    expect(at(marked)).toEqual(expected);
  });
});

describe('completion in the options of cors()', () => {
  it.each([
    ['app.use(cors({ | }))', ['', 'origin: ', 'methods: ']],
    ["app.use(cors({\n  origin: ['https://a.example'],\n  cre|\n", ['cre', 'methods: ', 'allowedHeaders: ']],
    ['cors({ m|, origin: f({ methods: 1 }), })', ['m', 'methods: ', 'allowedHeaders: ']],
    ['cors({ orig|: true })', ['orig', 'origin', 'methods']],
    ['cors({ credentials: |', ['', 'true']],
    ['cors({ origin: | })', ['', "'*'", 'true']],
    ["cors({ origin: '|' })", ['', '*']],
    ["cors({ methods: ['GET', '|'] })", ['', 'GET', 'POST']],
    ["cors({ methods: ['GET', |] })", ['', "'GET'", "'POST'"]],
    ["await app.enableCors({ allowedHeaders: ['|", ['', 'Content-Type', 'Authorization']],
    ['cors({ maxAge: 7|200 })', ['7200', '7200', '86400']],
    ['cors({ /* origin: */ optionsSuccessStatus: | })', ['', '204', '200']],
    ['cors({ credentials: [|] })', undefined],
    ['cors({ origin: (o, done) => { | } })', undefined],
    ['cors({ origin: a + | })', undefined],
    ['cors({ origin: true }); f({ | })', undefined],
    ['cors({ // o| \n })', undefined],
    ['app.cors({ | })', undefined],
    ['xcors({ | })', undefined],
    ['cors(|)', undefined],
  ])('%j', (marked, expected) => {
    expect(at(marked)).toEqual(expected);
  });

  it('does not offer an option twice, wherever the other stands', () => {
    const text = "cors({ origin: '*',  credentials: true, 'maxAge': 1 })";
    const words = completionAt(text, text.indexOf('  cred') + 1)?.words.map((word) => word.text);
    expect(words).toEqual([
      'methods: ',
      'allowedHeaders: ',
      'exposedHeaders: ',
      'preflightContinue: ',
      'optionsSuccessStatus: ',
    ]);
  });

  it.each([
    ["cors({ origin: '|' })", ''],
    ['cors({ origin: [|] })', "'"],
    ["res.set('Access-Control-Allow-Origin', |)", "'"],
    ["cors({ methods: '|' })", undefined],
  ])('%j takes configured origins in %j', (marked, quote) => {
    expect(completionAt(marked.replace('|', ''), marked.indexOf('|'))?.originQuote).toBe(quote);
  });
});

describe('completion in options that stand elsewhere, and in those of other packages', () => {
  const KOA = "import cors from '@koa/cors';\n";
  const HONO = "import { cors } from 'hono/cors';\n";
  const FASTIFY = "import cors from '@fastify/cors';\n";

  it.each([
    ['const corsOptions = { | }', ['', 'origin: ', 'methods: ']],
    ['export const options: CorsOptions = { cred|: true }', ['cred', 'origin', 'methods']],
    ['const allow = { origin: | };\napp.use(cors(allow));', ['', "'*'", 'true']],
    ['app.use(cors(allow));\nconst allow = { | };', ['', 'origin: ', 'methods: ']],
    ['const allow = { methods: ["|"] };\napp.enableCors(allow);', ['', 'GET', 'POST']],
    ["NestFactory.create(App, { cors: { origin: '|' } })", ['', '*']],
    ["new Server(http, { cors: { | } }); require('socket.io')", ['', 'origin: ', 'methods: ']],
    [`${KOA}app.use(cors({ origin: '*', | }))`, ['', 'allowMethods: ', 'allowHeaders: ']],
    [`${KOA}app.use(cors({ keepHeadersOnError: | }))`, ['', 'true', 'false']],
    [`${KOA}app.use(cors({ origin: ['|'] }))`, undefined],
    [`${HONO}app.use('/api/*', cors({ exposeH| }))`, ['exposeH', 'origin: ', 'allowMethods: ']],
    [`${FASTIFY}await fastify.register(cors, { | })`, ['', 'origin: ', 'methods: ']],
    ["fastify.register(require('@fastify/cors'), { preflight: | })", ['', 'true', 'false']],
    ['const allow = { | };', undefined],
    ['const table = { origin: | };\napp.use(cors(allow));', undefined],
    ['new Thing({ cors: { | } })', undefined],
    ['const corsOptions = { origin: 1 };\nconst other = { | };', undefined],
    ['fastify.register(routes, { | })', undefined],
  ])('%j', (marked, expected) => {
    expect(at(marked)).toEqual(expected);
  });

  it('tells what the options are that the cursor is among', () => {
    const text = "app.use(cors({ origin: 'https://a.example', maxAge: 5 }));";
    const block = completionAt(text, text.indexOf('maxAge') + 2)?.block;
    expect(block && text.slice(block.start, block.end)).toBe(" origin: 'https://a.example', maxAge: 5 ");
  });
});
