import type { Exchange, Leg } from '../../server/src/cors/browser';
import { openBrowser } from '../../server/src/cors/browser';
import { type Call, needsPreflight } from '../../server/src/cors/call';
import type { Endpoint } from '../../server/src/cors/endpoint';
import { get, linesOf } from '../../server/src/cors/headerList';
import {
  ALLOW_CREDENTIALS,
  ALLOW_HEADERS,
  ALLOW_METHODS,
  ALLOW_ORIGIN,
  EXPOSE_HEADERS,
  MAX_AGE,
} from '../../server/src/cors/names';
import { PLACEHOLDER_ORIGIN } from '../../server/src/cors/repair';
import type { Outcome, Seen, Web } from './chromium';
import type { RealServer } from './realServer';

/** The name under which a server answers that has no names of its own. */
export const defaultHost = 'api.example.com';

/** The host name under which a call of this path and method comes to this endpoint. */
export function hostFor(endpoint: Endpoint, server: RealServer, path: string, method: string): string {
  const names = [...server.hosts, defaultHost];
  return (
    names.find((name) => endpoint.matches(path, method, { scheme: 'http', host: name }) === true) ??
    names[0] ??
    defaultHost
  );
}

/**
 * Plays a call and holds the model to the outcome: an error says where they part. Returns the real verdict; undefined
 * when no endpoint is meant, or the call cannot be played here.
 */
export async function judgeCall(
  call: Call,
  endpoints: readonly Endpoint[],
  server: RealServer,
  web: Web,
): Promise<Outcome['verdict'] | undefined> {
  const endpoint = endpoints.find((candidate) => candidate.matches(call.path, call.method) !== false);
  if (endpoint === undefined) return undefined;
  const host = call.host ?? hostFor(endpoint, server, call.path, call.method);
  if (call.origin === `${call.scheme}://${host}`) return undefined;
  const predicted = predict(endpoint, call, host);
  if (predicted.some(followsRedirect) || !server.end(call.ending)) return undefined;
  const real = await play(call, host, server, web);
  if (!server.endedSo()) return undefined;
  const parted = differences(predicted, real);
  if (parted.length > 0) throw new Error(`${describeCall(call)}: the model says ${parted.join('; ')}`);
  return real.verdict;
}

/** Whether the same call, made three times, gets the same verdict and the same CORS headers. */
export async function answersAlike(
  call: Call,
  endpoints: readonly Endpoint[],
  server: RealServer,
  web: Web,
): Promise<boolean> {
  const endpoint = endpoints.find((candidate) => candidate.matches(call.path, call.method) !== false);
  if (endpoint === undefined) return true;
  const host = call.host ?? hostFor(endpoint, server, call.path, call.method);
  const answers = new Set<string>();
  for (let turn = 0; turn < 3; turn++) {
    const { verdict, preflight, response } = await play(call, host, server, web);
    const headers = [preflight, response].map((seen) => compared.map((name) => seen && combined(seen, name)));
    answers.add(JSON.stringify([verdict, headers]));
  }
  return answers.size === 1;
}

/** The browser would go on to another address, of which the model of this endpoint says nothing. */
function followsRedirect({ preflight, actual }: Exchange): boolean {
  const { status } = actual.response;
  const isSent = preflight === undefined || preflight.verdict.result === 'allowed';
  return isSent && status !== undefined && [301, 302, 303, 307, 308].includes(status);
}

/** A call in words, for messages. */
export function describeCall(call: Call): string {
  const headers = call.headers.map(([name, value]) => `, ${name}: ${value}`).join('');
  const mode = call.credentials ? 'with credentials' : 'without credentials';
  return `${call.method} ${call.path} from ${call.origin} ${mode}${headers}, ending ${call.ending}`;
}

/** Every origin under which the server can be reached, for {@link Web}. */
export function originsOf(server: RealServer): Record<string, number> {
  const hosts = [...server.hosts, defaultHost];
  return Object.fromEntries(
    hosts.flatMap((host) => [
      [`http://${host}`, server.ports.http],
      [`https://${host}`, server.ports.https],
    ]),
  );
}

/** Plays a call of the model in the real browser, against the real server. */
export async function play(call: Call, host: string, server: RealServer, web: Web): Promise<Outcome> {
  const headers = call.headers.map(([name, value]) => [
    name,
    name.toLowerCase() === 'authorization' ? server.authorization : value,
  ]);
  const hasBody = !['GET', 'HEAD'].includes(call.method.toUpperCase());
  return web.fetch({
    origin: call.origin,
    url: `${call.scheme}://${call.host ?? host}${call.path}`,
    method: call.method,
    headers: Object.fromEntries(headers),
    credentials: call.credentials,
    ...(hasBody ? { body: '{}' } : {}),
  });
}

/**
 * Requests of every kind to the endpoints: origins, credentials, preflighted or not, endings. One origin after the
 * other, because a new page takes longer than a request.
 */
export function callsTo(
  endpoints: readonly Endpoint[],
  origins: readonly string[] = [PLACEHOLDER_ORIGIN, 'https://evil.example', 'null'],
): Call[] {
  return origins.flatMap((origin) => endpoints.flatMap((endpoint) => callsFrom(origin, endpoint)));
}

function callsFrom(origin: string, endpoint: Endpoint): Call[] {
  const methods = endpoint.methods?.filter((method) => method !== 'HEAD') ?? ['GET', 'PUT'];
  return methods.flatMap((method) =>
    [false, true].flatMap((credentials) => {
      const plain: Call = {
        origin,
        method,
        scheme: 'https',
        path: endpoint.path,
        headers: endpoint.requestHeaders.map((name) => [name, exampleValue(name)] as const),
        credentials,
        ending: 'success',
      };
      const json: Call = { ...plain, headers: [...plain.headers, ['Content-Type', 'application/json']] };
      const failing: Call = { ...plain, ending: 500 };
      return method === 'POST' && !needsPreflight(plain) ? [plain, failing, json] : [plain, failing];
    }),
  );
}

function exampleValue(header: string): string {
  return header.toLowerCase() === 'content-type' ? 'application/json' : 'x';
}

/** What the model says of a call to this endpoint. */
export function predict(endpoint: Endpoint, call: Call, host: string): readonly Exchange[] {
  return openBrowser(endpoint).fetch({ host, ...call });
}

/**
 * Where reality and the model part; empty when one of the predicted exchanges is what happened. What the model does
 * not claim to know cannot be wrong.
 */
export function differences(predicted: readonly Exchange[], real: Outcome): string[] {
  const all = predicted.map((exchange) => differencesOf(exchange, real));
  return all.find((list) => list.length === 0) ?? all[0] ?? ['nothing is predicted'];
}

function differencesOf(exchange: Exchange, real: Outcome): string[] {
  const { result, step, reason } = exchange.verdict;
  const what = real.verdict === 'blocked' ? `blocked at the ${real.at} for ${real.corsError}` : real.verdict;
  const verdict =
    result === 'unknown' || result === real.verdict ? [] : [`${result} (${step}: ${reason}), really ${what}`];
  const preflight =
    exchange.preflight === undefined ? [] : legDifferences('preflight', exchange.preflight, real.preflight);
  const response = real.response === undefined ? [] : legDifferences('response', exchange.actual, real.response);
  return [...verdict, ...preflight, ...response];
}

const compared = [ALLOW_ORIGIN, ALLOW_CREDENTIALS, ALLOW_METHODS, ALLOW_HEADERS, EXPOSE_HEADERS, MAX_AGE];

function legDifferences(leg: 'preflight' | 'response', { response }: Leg, seen: Seen | undefined): string[] {
  if (seen === undefined) return [`a ${leg} is predicted, and there is none`];
  const found: string[] = [];
  if (response.status !== undefined && response.status !== seen.status) {
    found.push(`${leg} status ${response.status}, really ${seen.status}`);
  }
  for (const name of compared) {
    const predicted = get(response, name);
    // A name that is written with its colon goes over the wire as the name and a value that begins with a colon.
    if (predicted.kind === 'unknown' || linesOf(response, `${name}:`).length > 0) continue;
    const expected = predicted.kind === 'absent' ? undefined : predicted.text;
    const actual = combined(seen, name);
    if (actual !== expected) found.push(`${leg} ${name}: ${expected ?? 'none'}, really ${actual ?? 'none'}`);
  }
  const vary = get(response, 'vary');
  if (vary.kind !== 'unknown') {
    const expected = vary.kind === 'value' && namesOrigin(vary.text);
    const actual = namesOrigin(combined(seen, 'vary') ?? '');
    if (actual !== expected)
      found.push(`${leg} ${expected ? 'varies' : 'does not vary'} by Origin, really the opposite`);
  }
  return found;
}

/** https://fetch.spec.whatwg.org/#concept-header-list-get */
function combined(seen: Seen, name: string): string | undefined {
  const values = seen.headers.filter(([other]) => other === name).map(([, value]) => value);
  return values.length === 0 ? undefined : values.join(', ');
}

function namesOrigin(vary: string): boolean {
  return vary.split(',').some((name) => ['origin', '*'].includes(name.trim().toLowerCase()));
}
