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
