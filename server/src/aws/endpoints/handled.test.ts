import { expect, test } from 'vitest';
import type { Header, Request, Response } from '../../cors/http';
import type { HandlerReading, HandlerResponse } from '../lambda/handler';
import { handlerOrGateway } from './handled';

const place = { file: 'h.js', start: 0, end: 1 };
const origin: Header = {
  name: 'Access-Control-Allow-Origin',
  value: { kind: 'literal', text: '*', place },
  place,
  layer: 'the handler',
};

function answer(status: number | undefined, ...headers: readonly Header[]): HandlerResponse {
  return {
    status,
    place,
    object: undefined,
    headersObject: undefined,
    headers,
    open: undefined,
    when: undefined,
    error: status === undefined || status >= 400,
    taken: () => 'yes',
    byOrigin: false,
    policies: [],
  };
}

const reading = (...responses: readonly HandlerResponse[]): HandlerReading => ({
  kind: 'responses',
  file: 'h.js',
  responses,
});

const gateway = (status: number): Response => ({
  status,
  answeredBy: { kind: 'gateway', what: 'the gateway', place },
  headers: [],
  open: 'set up elsewhere',
});

/** Who answers, with how many headers, and whether all of it is known. */
function told(read: HandlerReading | undefined, ending: Request['ending']): string[] {
  const request: Request = {
    method: 'GET',
    scheme: 'https',
    path: '/',
    origin: 'https://a.example',
    headers: new Map(),
    ending,
  };
  return handlerOrGateway(gateway, read, place, request).map(
    ({ status, answeredBy, headers, open, when }) =>
      `${answeredBy.kind} ${status} ${headers.length}${open === undefined ? '' : ' open'}${when === undefined ? '' : ` when ${when}`}`,
  );
}

const success = answer(200, origin);

test.each<[title: string, read: HandlerReading | undefined, ending: Request['ending'], answers: string[]]>([
  ['success', reading(success, answer(502)), 'success', ['handler 200 1']],
  ['an error of the handler', reading(success, answer(500)), 500, ['handler 500 0']],
  ["a status of the gateway's", reading(success, answer(500)), 502, ['gateway 502 0 open']],
  [
    'one that the handler gives too',
    reading(success, answer(502), answer(503, origin)),
    502,
    ['handler 502 0', 'gateway 502 0 open when the gateway answers by itself'],
  ],
  ['one that it may give', reading(success, answer(undefined)), 502, ['gateway 502 0 open']],
  ['of a handler that is not read', { kind: 'unknown', reason: 'r' }, 503, ['gateway 503 0 open']],
  ['of none', undefined, 429, ['gateway 429 0 open']],
])('%s', (_, read, ending, answers) => {
  expect(told(read, ending)).toEqual(answers);
});
