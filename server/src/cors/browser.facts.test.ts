import { expect, it } from 'vitest';
import facts from '../../../test/oracle/facts/browser.json';
import { openBrowser, simpleCall } from './browser';
import type { Endpoint } from './endpoint';
import type { Answerer, Header, Response } from './http';

/** The verdict is what Chromium and Firefox came to, for each response that a real server gave them. */

interface Answer {
  readonly status: number;
  readonly headers: readonly (readonly string[])[];
}
interface Case {
  readonly id: string;
  readonly method: string;
  readonly credentials: boolean;
  readonly headers: readonly (readonly string[])[];
  readonly preflight: Answer;
  readonly actual: Answer;
  readonly chromium: string;
  readonly firefox: string;
}

const place = { file: 'x', start: 0, end: 0 };
const answeredBy: Answerer = { kind: 'handler', what: 'the server', place };

function response({ status, headers }: Answer): Response {
  return {
    status,
    answeredBy,
    headers: headers.map(
      ([name = '', text = '']): Header => ({
        name,
        value: { kind: 'literal', text, place },
        place,
        layer: 'the server',
      }),
    ),
  };
}

it.each(facts.cases as Case[])(
  '$id: $chromium',
  ({ method, credentials, headers, preflight, actual, chromium, firefox }) => {
    const endpoint: Endpoint = {
      platform: 'nginx',
      label: 'location /',
      place,
      path: '/',
      matches: () => true,
      methods: undefined,
      requestHeaders: [],
      policies: [],
      respond: (request) => [response(request.method === 'OPTIONS' ? preflight : actual)],
    };
    const exchanges = openBrowser(endpoint).fetch(
      simpleCall(endpoint, facts.origin, {
        method,
        credentials,
        headers: headers.map(([name = '', value = '']) => [name, value] as const),
      }),
    );
    expect(exchanges).toHaveLength(1);
    expect(chromium === 'ok').toBe(firefox === 'ok');
    expect(exchanges[0]?.verdict.result).toBe(chromium === 'ok' ? 'allowed' : 'blocked');
    expect(exchanges[0]?.when).toEqual([]);
  },
);
