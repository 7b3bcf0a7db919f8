import type { Place } from '../../../cors/place';
import { textFor } from '../../../cors/resolve';
import type { Value } from '../../../cors/value';
import type { Level } from '../config/level';
import { innerRange } from '../config/node';
import type { Word } from '../syntax/tree';
import { rawIndex } from '../syntax/unescape';
import { piecesOf } from './expression';
import { type Known, literal, unknown } from './known';
import { listensOf, onlyPort } from './listen';
import { evaluateMap } from './map';
import type { Run } from './run';
import { bareHost, namesOf } from './server-choice';

/**
 * The text of a word with its variables put in (nginx's "complex value").
 *
 * @param file the file that the word stands in
 */
export function evaluate(word: Word, file: string, run: Run): Known {
  const place = { file, ...innerRange(word) };
  const pieces = piecesOf(word);
  const [first] = pieces;
  if (pieces.length === 1 && first !== undefined) {
    return first.kind === 'text' ? literal(first.text, place) : variable(first.name, first.written, place, run);
  }
  let text: string | undefined = '';
  const parts: Value[] = [];
  let fixed = true;
  for (const piece of pieces) {
    const at = piecePlace(word, file, piece.start, piece.end);
    const part = piece.kind === 'text' ? literal(piece.text, at) : variable(piece.name, piece.written, at, run);
    text = text === undefined || part.text === undefined ? undefined : text + part.text;
    fixed &&= part.value.kind === 'literal' || part.value.kind === 'absent';
    parts.push(part.value);
  }
  if (text !== undefined && (fixed || text === '')) {
    return literal(text, place);
  }
  return { text, value: { kind: 'template', parts, place } };
}

/** Where a stretch of a word's value stands in the file. */
export function piecePlace(word: Word, file: string, start: number, end: number): Place {
  const inner = innerRange(word);
  return { file, start: inner.start + rawIndex(word.raw, start), end: inner.start + rawIndex(word.raw, end) };
}

/** Request headers that a browser's request has exactly when the model says so. Proxies may add others on the way. */
const TOLD_HEADERS = new Set([
  'origin',
  'access-control-request-method',
  'access-control-request-headers',
  'authorization',
  'content-type',
  'cookie',
]);

export function variable(name: string, written: string, place: Place, run: Run): Known {
  if (/^[1-9]$/.test(name)) {
    return literal(run.captures[Number(name)] ?? '', place);
  }
  const assigned = run.variables.get(name);
  if (assigned !== undefined) {
    return assigned;
  }
  const map = run.configuration.maps.get(name);
  if (map !== undefined) {
    return evaluateMap(name, map, run, evaluate);
  }
  const opaque = run.configuration.opaque.get(name);
  if (opaque !== undefined) {
    return unknown(`\`$${written}\` is not known: ${opaque}`, place);
  }
  if (run.configuration.assigned.has(name)) {
    return literal('', place);
  }
  return builtIn(name, place, run) ?? unknown(reasonFor(name, written), place);
}

/** https://nginx.org/en/docs/http/ngx_http_core_module.html#variables, as far as a request decides them. */
function builtIn(name: string, place: Place, run: Run): Known | undefined {
  const { request } = run;
  if (name === 'http_host') {
    return request.host === undefined ? undefined : literal(request.host, place);
  }
  if (name.startsWith('http_')) {
    return requestHeader(name.slice('http_'.length).replaceAll('_', '-'), place, run);
  }
  switch (name) {
    case 'request_method':
      return literal((run.main ?? run).method, place);
    case 'uri':
    case 'document_uri':
      return run.uri === undefined ? undefined : literal(run.uri, place);
    case 'request_uri':
      return literal(request.path, place);
    case 'args':
    case 'query_string':
      return literal(run.args, place);
    case 'is_args':
      return literal(run.args === '' ? '' : '?', place);
    case 'scheme':
      return literal(schemeOf(run), place);
    case 'https':
      return literal(schemeOf(run) === 'https' ? 'on' : '', place);
    case 'host': {
      const host = hostOf(run);
      return host === undefined ? undefined : literal(host, place);
    }
    case 'server_name': {
      const [first] = namesOf(run.server);
      return first === undefined || /^[\w-]+(\.[\w-]+)*$/.test(first) ? literal(first ?? '', place) : undefined;
    }
    case 'server_port': {
      const port = onlyPort(run.server);
      return port === undefined || !run.server.own.has('listen') ? undefined : literal(String(port), place);
    }
    case 'status':
      return run.status === undefined ? undefined : literal(String(run.status), place);
    default:
  }
  if (name.startsWith('upstream_http_')) {
    return headerOf(run.upstream, name.slice('upstream_http_'.length), place, run);
  }
  if (name.startsWith('sent_http_') && !SENT_ELSEWHERE.has(name)) {
    return headerOf(run.sent, name.slice('sent_http_'.length), place, run);
  }
  if (name.startsWith('arg_')) {
    return literal(argument(run.args, name.slice('arg_'.length)), place);
  }
  if (name.startsWith('cookie_')) {
    return request.headers.has('cookie') ? undefined : literal('', place);
  }
  return undefined;
}

/** Headers that nginx keeps apart from the list. */
const SENT_ELSEWHERE = new Set(
  ['content_type', 'content_length', 'location', 'last_modified', 'connection', 'keep_alive', 'transfer_encoding'].map(
    (name) => `sent_http_${name}`,
  ),
);

/** The value of a response header by the name that a variable gives it; empty when there is none. */
function headerOf(headers: Run['upstream'], name: string, place: Place, { request }: Run): Known | undefined {
  if (typeof headers === 'string') {
    return headers === 'none' ? literal('', place) : undefined;
  }
  const [first, ...others] = headers.filter((header) => header.name.toLowerCase().replaceAll('-', '_') === name);
  if (first === undefined) {
    return literal('', place);
  }
  return others.length > 0 ? undefined : { text: textFor(first.value, request), value: first.value };
}

function requestHeader(name: string, place: Place, { request }: Run): Known | undefined {
  if (name === 'origin') {
    const value: Value = request.origin === undefined ? { kind: 'absent', place } : { kind: 'request-origin', place };
    return { text: request.origin ?? '', value };
  }
  const text = request.headers.get(name);
  if (text === undefined && !TOLD_HEADERS.has(name)) {
    return undefined;
  }
  return { text: text ?? '', value: { kind: 'request-header', name, place } };
}

/** A server whose sockets all speak TLS, or none of them, decides the scheme itself. */
export function schemeOf(run: Run): 'http' | 'https' {
  const listens = run.server.own.has('listen') ? listensOf(run.server) : [];
  const secure = listens.filter((listen) => listen.secure);
  if (listens.length === 0 || (secure.length > 0 && secure.length < listens.length)) {
    return run.request.scheme;
  }
  return secure.length > 0 ? 'https' : 'http';
}

/**
 * The name of the host, without port.
 *
 * @param from whose word counts: the request's, or only the server's first `server_name`
 */
export function hostOf(run: Run, from: 'request' | 'server' = 'request'): string | undefined {
  const { host } = run.request;
  return host === undefined || from === 'server' ? literalName(run.server) : bareHost(host);
}

/** The first plain name of the server. */
export function literalName(server: Level): string | undefined {
  return namesOf(server).find((name) => /^[\w-]+(\.[\w-]+)*$/.test(name) && name !== '_');
}

function argument(args: string, name: string): string {
  for (const pair of args.split('&')) {
    const equals = pair.indexOf('=');
    if (equals > 0 && pair.slice(0, equals).toLowerCase() === name) {
      return pair.slice(equals + 1);
    }
  }
  return '';
}

function reasonFor(name: string, written: string): string {
  if (/^[A-Z][A-Z0-9_]*$/.test(written)) {
    return `\`\${${written}}\` is filled in when the container starts`;
  }
  if (name.startsWith('upstream_')) {
    return `\`$${written}\` is what the upstream sends`;
  }
  return `\`$${written}\` is only known when a request is made`;
}
