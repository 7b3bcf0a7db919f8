import { openBrowser } from '../../server/src/cors/browser';
import type { Endpoint } from '../../server/src/cors/endpoint';
import type { Answerer, AnswererKind, Header, Request, Response } from '../../server/src/cors/http';
import type { Place } from '../../server/src/cors/place';
import type { Condition, Value } from '../../server/src/cors/value';
import type { Subject } from '../../server/src/lint/types';

/** Endpoints made by hand, for what no platform's text can say or says only in many lines. */

let next = 0;

/** A place of its own in a file that nobody has. */
export function place(): Place {
  next += 10;
  return { file: 'made', start: next, end: next + 5 };
}

export function literal(text: string): Value {
  return { kind: 'literal', text, place: place() };
}

export const unknown: Value = { kind: 'unknown', reason: 'an environment variable', place: place() };

/** The first of the values whose condition holds. */
export function choice(...options: readonly (readonly [Condition, Value])[]): Value {
  return { kind: 'choice', options: options.map(([when, value]) => ({ when, value })), place: place() };
}

export function header(name: string, value: Value | string): Header {
  return {
    name,
    value: typeof value === 'string' ? literal(value) : value,
    place: place(),
    layer: 'the server',
  };
}

/** `{ 'Access-Control-Allow-Origin': '*' }` as headers. */
export function headers(values: Readonly<Record<string, Value | string>>): Header[] {
  return Object.entries(values).map(([name, value]) => header(name, value));
}

export function answerer(kind: AnswererKind): Answerer {
  return { kind, what: `the ${kind}`, place: place() };
}

export function response(
  values: Readonly<Record<string, Value | string>>,
  { kind = 'handler', ...changes }: Partial<Omit<Response, 'headers'>> & { readonly kind?: AnswererKind } = {},
): Response {
  return { status: 200, answeredBy: answerer(kind), headers: headers(values), ...changes };
}

/** An endpoint that answers like this, in a browser. Equal requests get the same answer. */
export function subject(
  respond: (request: Request) => Response | readonly Response[],
  changes: Partial<Omit<Endpoint, 'respond'>> = {},
): Subject {
  const endpoint: Endpoint = {
    platform: 'made',
    label: 'GET /items',
    place: place(),
    path: '/items',
    matches: () => true,
    methods: ['GET'],
    requestHeaders: [],
    policies: [],
    ...changes,
    respond: (request) => {
      const given = respond(request);
      return 'headers' in given ? [given] : given;
    },
  };
  return { endpoint, browser: openBrowser(endpoint), expectedOrigins: [] };
}
