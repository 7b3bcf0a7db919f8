import { beforeAll, expect, it } from 'vitest';
import { response, subject } from '../../../../../test/harness/madeEndpoint';
import { memoryHost } from '../../../../../test/harness/memoryHost';
import type { Endpoint } from '../../../cors/endpoint';
import { applyEdits, sortEdits } from '../../../lint/edits';
import { nginx } from '../platform';

beforeAll(() => nginx.prepare?.());

const ORIGIN = { 'Access-Control-Allow-Origin': 'https://app.example.com' };

/** An application whose preflights let these methods through, and the header X-Id; without methods it answers none. */
function application(methods: string | undefined): Endpoint {
  const allowed = { 'Access-Control-Allow-Methods': methods ?? '', 'Access-Control-Allow-Headers': 'X-Id' };
  const preflight = methods === undefined ? response({}, { status: 404 }) : response({ ...ORIGIN, ...allowed });
  return subject(({ method }) => (method === 'OPTIONS' ? preflight : response(ORIGIN)), { methods: ['PUT'] }).endpoint;
}

/** The text with the preflight of its only endpoint answered for a PUT. */
function mended(text: string, behind: Endpoint | undefined, headers: readonly string[] = []): string | undefined {
  const file = 'conf.d/app.conf';
  const host = memoryHost(new Map([[file, text]]));
  const upstream = () => behind && { file: 'server.js', endpoints: [behind] };
  const analysis = nginx.analyse(file, text, host, { upstream });
  const endpoint = analysis.endpoints[0];
  if (endpoint === undefined) throw new Error('there is no endpoint');
  const edits = nginx.repair(analysis, { kind: 'answer-preflight', endpoint, methods: ['PUT'], headers }, host);
  return edits && applyEdits(text, sortEdits(edits));
}

const PASS = '        proxy_pass http://127.0.0.1:3001;\n';
const location = (inside: string, before = ''): string =>
  `server {\n    listen 80;\n${before}    location / {\n${inside}${PASS}    }\n}\n`;
const answer = (inside = '', indent = '        '): string =>
  `${indent}if ($request_method = OPTIONS) {\n${inside}${indent}    return 204;\n${indent}}\n`;

it.each([
  ['in the location', location(answer())],
  ['with a header for no body', location(answer('            add_header Content-Length 0;\n'))],
  ['above it', location('', answer('', '    '))],
])('an answer without CORS headers goes: %s', (_, text) => {
  expect(mended(text, application('PUT'))).toBe(location(''));
});

it.each([
  ['nothing is known behind it', location(answer()), undefined],
  ['what is behind answers none', location(answer()), application(undefined)],
  ['what is behind does not list the method', location(answer()), application('PATCH')],
  ['it does more', location(answer('            limit_rate 1k;\n')), application('PUT')],
  ['another condition', location(answer().replace('OPTIONS', 'HEAD')), application('PUT')],
])('it stays where %s', (_, text, behind) => {
  expect(mended(text, behind)).toBeUndefined();
});

it('what the call sends has to pass behind it', () => {
  expect(mended(location(answer()), application('PUT'), ['X-Id'])).toBe(location(''));
  expect(mended(location(answer()), application('PUT'), ['X-Other'])).toBeUndefined();
});
