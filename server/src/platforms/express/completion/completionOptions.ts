import {
  ALLOW_CREDENTIALS,
  ALLOW_HEADERS,
  ALLOW_METHODS,
  ALLOW_ORIGIN,
  EXPOSE_HEADERS,
  MAX_AGE,
} from '../../../cors/names';
import { ANY_ORIGIN, USUAL_EXPOSED, USUAL_HEADERS, USUAL_MAX_AGES, USUAL_METHODS } from '../../../cors/usualValues';
import type { OptionsOf } from '../cors/openOptions';

export interface Option {
  readonly header: string | undefined;
  /** What else there is to know than what the header means. */
  readonly note: string;
  /** Texts that the value may be, or the items of a list. */
  readonly texts: readonly { readonly text: string; readonly note?: string }[];
  /** Whether a list is understood. */
  readonly isList: boolean;
  /** What is written without quotes, and not in a list. */
  readonly bare: readonly { readonly text: string; readonly note?: string }[];
}

/** The options of a package by name, in the order in which they are offered. */
export function optionsOf(name: OptionsOf): ReadonlyMap<string, Option> {
  return TABLES[name];
}

const plain = (texts: readonly string[]) => texts.map((text) => ({ text }));
const flag = (note: string): Option => ({
  header: undefined,
  note,
  texts: [],
  isList: false,
  bare: [{ text: 'true' }, { text: 'false' }],
});
const origin = (note: string, bare: Option['bare'], isList = true): Option => ({
  header: ALLOW_ORIGIN,
  note,
  texts: [ANY_ORIGIN],
  isList,
  bare,
});
const methods = (note: string): Option => ({
  header: ALLOW_METHODS,
  note,
  texts: plain(USUAL_METHODS),
  isList: true,
  bare: [],
});
const headers: Option = {
  header: ALLOW_HEADERS,
  note: 'Those that the preflight asks for if left out.',
  texts: plain(USUAL_HEADERS),
  isList: true,
  bare: [],
};
const exposed: Option = {
  header: EXPOSE_HEADERS,
  note: 'None if left out.',
  texts: plain(USUAL_EXPOSED),
  isList: true,
  bare: [],
};
const credentials: Option = {
  header: ALLOW_CREDENTIALS,
  note: '',
  texts: [],
  isList: false,
  bare: [{ text: 'true' }],
};
const maxAge: Option = { header: MAX_AGE, note: 'In seconds.', texts: [], isList: false, bare: USUAL_MAX_AGES };
const reflected = { text: 'true', note: '**Careful:** this lets in every origin.' };
const off = { text: 'false', note: 'Switches CORS off.' };
const preflightContinue = flag('`true` hands preflights on to the next handler, which has to answer them.');
const optionsSuccessStatus: Option = {
  header: undefined,
  note: 'The status of the answer to a preflight: 204 if left out.',
  texts: [],
  isList: false,
  bare: [{ text: '204' }, { text: '200' }],
};

const TEXT_LIST_PATTERN = 'A text, a list, a regular expression, a function; `true` sends back whatever origin asks.';

const TABLES: Readonly<Record<OptionsOf, ReadonlyMap<string, Option>>> = {
  /** cors 2.8.6: https://github.com/expressjs/cors#configuration-options */
  cors: new Map([
    ['origin', origin(TEXT_LIST_PATTERN, [reflected, off])],
    ['methods', methods('GET, HEAD, PUT, PATCH, POST and DELETE if left out.')],
    ['allowedHeaders', headers],
    ['exposedHeaders', exposed],
    ['credentials', credentials],
    ['maxAge', maxAge],
    ['preflightContinue', preflightContinue],
    ['optionsSuccessStatus', optionsSuccessStatus],
  ]),
  /** @fastify/cors 11: https://github.com/fastify/fastify-cors#options */
  fastify: new Map([
    ['origin', origin(TEXT_LIST_PATTERN, [reflected, off])],
    ['methods', methods('GET, HEAD and POST if left out.')],
    ['allowedHeaders', headers],
    ['exposedHeaders', exposed],
    ['credentials', credentials],
    ['maxAge', maxAge],
    ['preflightContinue', preflightContinue],
    ['optionsSuccessStatus', optionsSuccessStatus],
    ['preflight', flag('`false` leaves preflights to the routes.')],
    ['strictPreflight', flag('`false` answers OPTIONS requests without the headers of a preflight too.')],
  ]),
  /** @koa/cors 5: https://github.com/koajs/cors#corsoptions */
  koa: new Map([
    ['origin', origin('A text or a function of the context; not a list. `*` if left out.', [], false)],
    ['allowMethods', methods('GET, HEAD, PUT, POST, DELETE and PATCH if left out.')],
    ['allowHeaders', headers],
    ['exposeHeaders', exposed],
    ['credentials', credentials],
    ['maxAge', maxAge],
    ['keepHeadersOnError', flag('`false` leaves the headers off errors, and the page sees a network error.')],
  ]),
  /** hono 4: https://hono.dev/docs/middleware/builtin/cors */
  hono: new Map([
    ['origin', origin('A text, a list or a function of the origin. `*` if left out.', [])],
    ['allowMethods', methods('GET, HEAD, PUT, POST, DELETE, PATCH and, in newer versions, QUERY if left out.')],
    ['allowHeaders', headers],
    ['exposeHeaders', exposed],
    ['credentials', credentials],
    ['maxAge', maxAge],
  ]),
};
