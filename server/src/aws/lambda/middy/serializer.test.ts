import { beforeAll, describe, expect, test } from 'vitest';
import { memoryHost } from '../../../../../test/harness/memoryHost';
import { prepare } from '../../../javascript';
import { createHandlerReader } from '../handler';

beforeAll(prepare);

/** Whether the answer counts as read, with a serializer in a list of its own. */
function isRead(options: string, more = ''): boolean {
  const text = `
import middy from '@middy/core';
import serialize from '@middy/http-response-serializer';
import { dump } from 'js-yaml';
${more}
export const handler = middy(async () => ({ statusCode: 200, headers: {}, body: { a: 1 } })).use(serialize(${options}));
`;
  const files = new Map([
    ['h.mjs', text],
    ['package.json', JSON.stringify({ dependencies: { '@middy/core': '^6.0.0' } })],
  ]);
  const reading = createHandlerReader(memoryHost(files), 'serverless.yml', () => undefined).read('h.handler', '2.0');
  if (reading.kind !== 'responses') throw new Error(reading.reason);
  return reading.responses.every(({ open }) => open === undefined);
}

/** Each was run with versions 4 to 7 of both packages: the headers of the handler are sent, or may be replaced. */
describe('serializers', () => {
  const one = (code: string): string =>
    `{ serializers: [{ regex: /json/, serializer: ${code} }], defaultContentType: 'a/json' }`;
  test.each([
    ['', true],
    ['{ serializers: [] }', true],
    [one('({ body }) => JSON.stringify(body)'), true],
    [one('JSON.stringify'), true],
    [one('({ body }) => `<a>${body}</a>`'), true],
    [one("({ body }) => (body === undefined ? '' : JSON.stringify(body))"), true],
    [one('function (response) { return String(response.body); }'), true],
    [one('({ body }) => ({ body: JSON.stringify(body) })'), false],
    [one("(response) => ({ ...response, body: '' })"), false],
    [one('(response) => response'), false],
    [one("(response) => { response.headers = {}; return ''; }"), false],
    [one("(response) => { delete response.headers; return ''; }"), false],
    [one('({ body }) => dump(body)'), false],
    ['settings', false],
  ])('%s: %s', (options, read) => {
    expect(isRead(options, "import { settings } from './gone.mjs';")).toBe(read);
  });
});
