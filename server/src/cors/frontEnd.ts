import type { Browser, Exchange } from './browser';
import { type Call, needsPreflight } from './call';
import type { Endpoint } from './endpoint';
import { get, linesOf, listItems } from './headerList';
import { ALLOW_HEADERS, ALLOW_METHODS, ALLOW_ORIGIN, SAFELISTED_METHODS } from './names';
import { parseOrigin } from './origin';
import { PLACEHOLDER_ORIGIN } from './repair';
import type { ResolvedResponse } from './resolve';
import { sampleOrigins } from './sample';

/**
 * A front end that uses an endpoint as it is meant to be used: from an origin that is let in, with the methods and
 * headers that the endpoint is for. Rules share its calls, so that each is played once.
 */
export interface FrontEnd {
  /** An origin that the endpoint lets in, as far as one is known; else one that stands for any. */
  readonly origin: string;
  /** The simplest request that the endpoint is for, from any page. */
  plain(origin: string, credentials?: boolean): Call;
  /** Requests that the endpoint is for: each of its methods, with the headers that it needs. No credentials. */
  readonly calls: readonly Call[];
  /** Those that the endpoint itself says it is for, by its Allow-Methods and Allow-Headers, beyond `calls`. */
  readonly announced: readonly Call[];
}

const known = new WeakMap<Browser, FrontEnd>();

/** The front end of a browser's endpoint; the same object for the same browser. */
export function frontEndOf(browser: Browser): FrontEnd {
  const made = known.get(browser) ?? make(browser);
  known.set(browser, made);
  return made;
}

/** The same call with `credentials: 'include'`. */
export function withCredentials(call: Call): Call {
  return { ...call, credentials: true };
}

/** The responses, with and without an error, of the call and of its preflight. */
export function responsesOf(exchange: Exchange): ResolvedResponse[] {
  return exchange.preflight ? [exchange.preflight.response, exchange.actual.response] : [exchange.actual.response];
}

/**
 * Whether the endpoint is meant for other origins: some response to a call of its front end has, or may have, an
 * `Access-Control-Allow-Origin`, or it checks origins. Without that, absence is no fault.
 */
export function meansCors(browser: Browser): boolean {
  if (browser.endpoint.policies.length > 0) return true;
  const front = frontEndOf(browser);
  return [front.plain(front.origin), ...front.calls]
    .flatMap((call) => browser.fetch(call))
    .flatMap(responsesOf)
    .some((response) => linesOf(response, ALLOW_ORIGIN).length > 0);
}

function make(browser: Browser): FrontEnd {
  const { endpoint } = browser;
  const method = plainMethod(endpoint.methods);
  const plain = (origin: string, credentials = false): Call => ({
    origin,
    method,
    scheme: 'https',
    path: endpoint.path,
    headers: [],
    credentials,
    ending: 'success',
  });
  const origin = admittedOrigin(browser, plain);
  const headers = endpoint.requestHeaders.map((name) => [name, headerValue(name)] as const);
  const calls = (endpoint.methods ?? [method]).map((each) => ({
    ...plain(origin),
    method: each,
    headers: hasBody(each) ? headers : headers.filter(([name]) => name.toLowerCase() !== 'content-type'),
  }));
  return { origin, plain, calls, announced: announcedCalls(browser, calls, plain(origin)) };
}

function plainMethod(methods: readonly string[] | undefined): string {
  if (methods === undefined || methods.includes('GET')) return 'GET';
  return methods.find((method) => SAFELISTED_METHODS.has(method)) ?? methods[0] ?? 'GET';
}

function hasBody(method: string): boolean {
  return method !== 'GET' && method !== 'HEAD';
}

/** A value that the server could take, and that needs a preflight where the header's usual values do. */
function headerValue(name: string): string {
  switch (name.toLowerCase()) {
    case 'content-type':
      return 'application/json';
    case 'authorization':
      return 'Bearer token';
    default:
      return '1';
  }
}

/** The first of the configured origins, or of those that stand in constant headers, that gets in. */
function admittedOrigin(browser: Browser, plain: FrontEnd['plain']): string {
  const configured = browser.endpoint.policies.flatMap(({ entries }) => entries.flatMap(sampleOrigins)).slice(0, 20);
  const constant = browser
    .fetch(plain(PLACEHOLDER_ORIGIN))
    .flatMap(({ actual }) => linesOf(actual.response, ALLOW_ORIGIN))
    .flatMap(({ text }) => (text !== undefined && parseOrigin(text) ? [text] : []));
  const candidates = [PLACEHOLDER_ORIGIN, ...configured, ...constant];
  const letIn = (origin: string) =>
    browser.fetch(plain(origin)).some(({ actual }) => actual.verdict.result === 'allowed');
  // Who is turned away by a gate may still be allowed to read that.
  const served = (origin: string) =>
    browser.fetch(plain(origin)).some(({ actual }) => (actual.response.status ?? 200) < 400);
  const welcome = candidates.find((origin) => letIn(origin) && served(origin)) ?? candidates.find(letIn);
  return welcome ?? configured[0] ?? PLACEHOLDER_ORIGIN;
}

/** Calls with methods and headers that stand in the endpoint's own lists. */
function announcedCalls(browser: Browser, calls: readonly Call[], plain: Call): Call[] {
  const { methods } = browser.endpoint;
  const asked = [plain, { ...plain, method: 'PUT' }, ...calls];
  const lists = (name: string) => [
    ...new Set(
      asked
        .flatMap((call) => browser.fetch(call))
        .flatMap(responsesOf)
        .flatMap((response) => namesIn(response, name)),
    ),
  ];
  const announced = (methods === undefined ? lists(ALLOW_METHODS) : [])
    .map((method) => method.toUpperCase())
    .filter((method) => method !== 'OPTIONS')
    .map((method) => ({ ...plain, method }));
  const takesBody = methods === undefined || methods.some(hasBody);
  const header = lists(ALLOW_HEADERS).find((name) => {
    const lower = name.toLowerCase();
    return lower === 'authorization' || (lower === 'content-type' && takesBody);
  });
  const withHeader = header === undefined ? [] : [announce(plain, header)];
  return [...announced, ...withHeader].filter(needsPreflight);
}

function announce(plain: Call, header: string): Call {
  const method = header.toLowerCase() === 'content-type' ? 'POST' : plain.method;
  return { ...plain, method, headers: [[header, headerValue(header)]] };
}

function namesIn(response: ResolvedResponse, name: string): string[] {
  const got = get(response, name);
  return got.kind === 'value' ? (listItems(got.text) ?? []).filter((item) => item !== '*') : [];
}

/** What a preflight for the endpoint must let pass: its methods beyond the safelisted ones, and its headers. */
export function preflightNeeds(endpoint: Endpoint, calls: readonly Call[]): { methods: string[]; headers: string[] } {
  return {
    methods: [...new Set([...(endpoint.methods ?? []), ...calls.map(({ method }) => method)])],
    headers: [
      ...new Set([...endpoint.requestHeaders, ...calls.flatMap(({ headers }) => headers.map(([name]) => name))]),
    ],
  };
}
