import { beforeAll, describe, expect, test } from 'vitest';
import { memoryHost } from '../../../../../test/harness/memoryHost';
import type { Place } from '../../../cors/place';
import type { Repair } from '../../../cors/repair';
import { applyEdits } from '../../../lint/edits';
import type { ServerlessAnalysis } from '../analysis';
import { serverless } from '../platform';

beforeAll(() => serverless.prepare?.());

type Make = (context: { readonly place: Place; readonly analysis: ServerlessAnalysis }) => Repair;

/** Carries out a repair on the text between « and »; the marks are not part of the file. */
function mend(
  marked: string,
  make: Make,
  others: Record<string, string> = {},
  main = 'serverless.yml',
): string | undefined {
  const markedFile = marked.includes('«') ? main : Object.keys(others).find((name) => others[name]?.includes('«'));
  const all = { ...others, [main]: marked };
  const start = (all[markedFile ?? main] ?? '').indexOf('«');
  const end = (all[markedFile ?? main] ?? '').indexOf('»') - 1;
  const files = new Map(Object.entries(all).map(([name, text]) => [name, text.replace(/[«»]/g, '')]));
  const host = memoryHost(files);
  const analysis = serverless.analyse(main, files.get(main) ?? '', host, {});
  const place = { file: markedFile ?? main, start, end };
  const edits = serverless.repair(analysis, make({ place, analysis }), host);
  const [first] = edits ?? [];
  if (edits === undefined || first === undefined) return undefined;
  return applyEdits(
    files.get(first.file) ?? '',
    edits.filter(({ file }) => file === first.file),
  );
}

const event = (cors: string): string =>
  `functions:\n  a:\n    handler: h.a\n    events:\n      - http:\n          path: a\n          method: get\n          cors:${cors}`;

describe('edits in the configuration', () => {
  const value =
    (text: string): Make =>
    ({ place }) => ({ kind: 'replace-value', place, text });
  const list =
    (...texts: string[]): Make =>
    ({ place }) => ({ kind: 'replace-with-list', place, texts });
  const remove: Make = ({ place }) => ({ kind: 'remove', place });
  const rename =
    (name: string): Make =>
    ({ place }) => ({ kind: 'rename', place, name });
  const allow =
    (...origins: string[]): Make =>
    ({ place, analysis }) => {
      const [endpoint] = analysis.endpoints;
      if (endpoint === undefined) throw new Error('no endpoint');
      return { kind: 'allow-list', endpoint, place, origins };
    };
  const cases: [title: string, before: string, repair: Make, after: string | undefined][] = [
    [
      'a plain value',
      event('\n            origin: «https://a.example/» # web\n'),
      value('https://a.example'),
      event('\n            origin: https://a.example # web\n'),
    ],
    [
      'quotes stay',
      event("\n            origin: «'https://a.example/'»\n"),
      value('https://a.example'),
      event("\n            origin: 'https://a.example'\n"),
    ],
    [
      'quotes come where they are needed',
      event('\n            origin: «https://a.example»\n'),
      value('*'),
      event("\n            origin: '*'\n"),
    ],
    [
      'an item',
      event('\n            origins:\n              - «https://a.example/»\n              - b\n'),
      value('https://a.example'),
      event('\n            origins:\n              - https://a.example\n              - b\n'),
    ],
    [
      'a boolean stays one',
      event('\n            allowCredentials: «"yes"»\n'),
      value('true'),
      event('\n            allowCredentials: true\n'),
    ],
    ['CRLF', event('\r\n            origin: «a»\r\n'), value('b'), event('\r\n            origin: b\r\n')],
    [
      'several origins in one value',
      event('\n            origin: «"https://a.example,https://b.example"»\n            maxAge: 1\n'),
      list('https://a.example', 'https://b.example'),
      event(
        '\n            origins:\n              - "https://a.example"\n              - "https://b.example"\n            maxAge: 1\n',
      ),
    ],
    [
      'several origins in one item',
      event('\n            origins: [«"a,b"», c]\n'),
      list('a', 'b'),
      event('\n            origins: ["a", "b", c]\n'),
    ],
    [
      'a block item',
      event('\n            origins:\n              - «"a,b"»\n'),
      list('a', 'b'),
      event('\n            origins:\n              - "a"\n              - "b"\n'),
    ],
    [
      'remove a key with its comment',
      event(
        '\n            origin: a\n            «allowCredentials: true» # why\n            # stays\n            maxAge: 1\n',
      ),
      remove,
      event('\n            origin: a\n            # stays\n            maxAge: 1\n'),
    ],
    [
      'remove the last key',
      event('\n            origin: a\n            «allowCredentials: true»'),
      remove,
      event('\n            origin: a\n'),
    ],
    [
      'remove from a flow map',
      event(' { origin: a, «allowCredentials: true», maxAge: 1 }\n'),
      remove,
      event(' { origin: a, maxAge: 1 }\n'),
    ],
    [
      'remove the last of a flow map',
      event(' { origin: a, «allowCredentials: true» }\n'),
      remove,
      event(' { origin: a }\n'),
    ],
    [
      'remove an item',
      event('\n            origins:\n              - «"null"»\n              - b\n'),
      remove,
      event('\n            origins:\n              - b\n'),
    ],
    [
      'remove a flow item',
      event('\n            origins: [a, «"null"»]\n'),
      remove,
      event('\n            origins: [a]\n'),
    ],
    ['not the only item', event('\n            origins: [«"null"»]\n'), remove, undefined],
    ['rename', event('\n            «"orgin"»: a\n'), rename('origin'), event('\n            "origin": a\n')],
    [
      'an allow list for a value',
      event("\n            «origin: '*'»\n            allowCredentials: true\n"),
      allow('https://a.example'),
      event('\n            origin: https://a.example\n            allowCredentials: true\n'),
    ],
    [
      'an allow list of several',
      event("\n            «origin: '*'»\n"),
      allow('https://a.example', 'https://b.example'),
      event('\n            origins:\n              - https://a.example\n              - https://b.example\n'),
    ],
    [
      'an allow list for `true`',
      event(' true\n').replace('cors: true', '«cors: true»'),
      allow('https://a.example'),
      event('\n            origin: https://a.example\n'),
    ],
    [
      'an allow list in a block without one',
      event('\n            allowCredentials: true\n').replace(
        'cors:\n            allowCredentials: true',
        '«cors:\n            allowCredentials: true»',
      ),
      allow('https://a.example'),
      event('\n            origin: https://a.example\n            allowCredentials: true\n'),
    ],
  ];
  test.each(cases)('%s', (_, before, repair, after) => {
    expect(mend(before, repair)).toBe(after);
  });

  test('a value behind an anchor is mended at the anchor', () => {
    const text =
      'custom:\n  o: &o «https://a.example/»\nfunctions:\n  a:\n    handler: h.a\n    events:\n      - http: { path: a, method: get, cors: { origin: *o } }\n';
    expect(mend(text, value('https://a.example'))).toContain('o: &o https://a.example\n');
  });

  test('a value in an included file is mended there', () => {
    const text = event(' ${file(cors.yml)}\n');
    expect(mend(text, value('https://a.example'), { 'cors.yml': 'origin: «https://a.example/»\n' })).toBe(
      'origin: https://a.example\n',
    );
  });

  test("a mapping's inner quotes stay", () => {
    const text = `${event(' true\n')}resources:\n  Resources:\n    E:\n      Type: AWS::ApiGateway::GatewayResponse\n      Properties:\n        ResponseType: DEFAULT_4XX\n        ResponseParameters:\n          gatewayresponse.header.Access-Control-Allow-Credentials: "'«True»'"\n`;
    expect(mend(text, value('true'))).toContain(`Credentials: "'true'"`);
    const name = text
      .replace('«True»', 'true')
      .replace('Access-Control-Allow-Credentials', '«Access-Control-Allow-Credential»');
    expect(mend(name, rename('Access-Control-Allow-Credentials'))).toContain(
      'gatewayresponse.header.Access-Control-Allow-Credentials: ',
    );
  });

  test('JSON', () => {
    const text =
      '{\n  "functions": { "a": { "handler": "h.a", "events": [{ "http": { "path": "a", "method": "get", "cors": { "origin": «"https://a.example/"» } } }] } }\n}\n';
    expect(mend(text, value('https://a.example'), {}, 'serverless.json')).toContain('"origin": "https://a.example"');
  });
});

describe('edits for an endpoint', () => {
  const yaml = event(' true\n');
  const of =
    (make: (endpoint: ServerlessAnalysis['endpoints'][number]) => Repair): Make =>
    ({ analysis }) => {
      const [endpoint] = analysis.endpoints;
      if (endpoint === undefined) throw new Error('no endpoint');
      return make(endpoint);
    };
  const errors: Make = of((endpoint) => {
    const [response] = endpoint.respond({
      method: 'GET',
      scheme: 'https',
      path: '/a',
      origin: undefined,
      headers: new Map(),
      ending: 'success',
    });
    return { kind: 'apply-to-errors', endpoint, headers: response?.headers ?? [] };
  });

  test('headers of a shared constant are reused in the error branch', () => {
    const js =
      "const headers = { 'Access-Control-Allow-Origin': '*' };\nexports.a = async (event) => {\n  if (!event.body) return { statusCode: 404, body: '' };\n  return { statusCode: 200, headers, body: '' };\n};\n";
    expect(mend(yaml, errors, { 'h.js': js })).toBe(js.replace("404, body: ''", "404, headers, body: ''"));
  });

  test('headers that are written out are written out again', () => {
    const js =
      'exports.a = async (event) => {\n  if (!event.body) {\n    return {\n      statusCode: 404,\n      body: "",\n    };\n  }\n  return { statusCode: 200, headers: { "Access-Control-Allow-Origin": "*" }, body: "" };\n};\n';
    expect(mend(yaml, errors, { 'h.js': js })).toBe(
      js.replace('404,\n', '404,\n      headers: { "Access-Control-Allow-Origin": "*" },\n'),
    );
  });

  test('without an error branch of its own, the gateway gets the headers', () => {
    const js =
      "exports.a = async () => ({ statusCode: 200, headers: { 'Access-Control-Allow-Origin': '*' }, body: '' });\n";
    expect(mend(yaml, errors, { 'h.js': js })).toBe(
      `${yaml.trimEnd()}\n\nresources:\n  Resources:\n    GatewayResponseDefault4XX:\n      Type: AWS::ApiGateway::GatewayResponse\n      Properties:\n        RestApiId:\n          Ref: ApiGatewayRestApi\n        ResponseType: DEFAULT_4XX\n        ResponseParameters:\n          gatewayresponse.header.Access-Control-Allow-Origin: "'*'"\n    GatewayResponseDefault5XX:\n      Type: AWS::ApiGateway::GatewayResponse\n      Properties:\n        RestApiId:\n          Ref: ApiGatewayRestApi\n        ResponseType: DEFAULT_5XX\n        ResponseParameters:\n          gatewayresponse.header.Access-Control-Allow-Origin: "'*'"\n`,
    );
  });

  const answer: Make = of((endpoint) => ({
    kind: 'answer-preflight',
    endpoint,
    methods: ['PUT'],
    headers: ['Content-Type'],
  }));
  const js = (origin: string): string =>
    `exports.a = async () => ({ statusCode: 200, headers: { 'Access-Control-Allow-Origin': '${origin}' }, body: '' });\n`;

  test('cors in an event without', () => {
    const bare = event('').replace(/\n +cors:$/, '\n');
    expect(mend(bare, answer, { 'h.js': js('*') })).toBe(`${bare}          cors: true\n`.replace('get\n\n', 'get\n'));
    expect(mend(bare, answer, { 'h.js': js('https://a.example') })).toContain(
      '          cors:\n            origin: https://a.example',
    );
  });

  test('cors in an event of one line', () => {
    const short = 'functions:\n  a:\n    handler: h.a\n    events:\n      - http: PUT /a # one\n';
    expect(mend(short, answer, { 'h.js': js('*') })).toBe(
      'functions:\n  a:\n    handler: h.a\n    events:\n      - http:\n          path: /a\n          method: put\n          cors: true # one\n',
    );
  });

  test('Vary for every response', () => {
    const vary: Make = of((endpoint) => ({ kind: 'vary-origin', endpoint, near: { file: 'h.js', start: 0, end: 0 } }));
    expect(mend(yaml, vary, { 'h.js': js('*') })).toContain(`'Access-Control-Allow-Origin': '*', 'Vary': 'Origin' }`);
  });
});
