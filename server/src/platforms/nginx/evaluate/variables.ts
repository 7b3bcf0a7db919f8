import type { Place } from '../../../cors/place';
import type { Value } from '../../../cors/value';
import type { Level } from '../config/level';
import { innerRange } from '../config/node';
import type { Word } from '../syntax/tree';
import { rawIndex } from '../syntax/unescape';
import { piecesOf } from './expression';
import { type Known, literal, unknown } from './known';
import { evaluateMap } from './map';
import type { Run } from './run';

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
  if (name.startsWith('http_')) {
    return requestHeader(name.slice('http_'.length).replaceAll('_', '-'), place, run);
  }
  switch (name) {
    case 'request_method':
      return literal(run.method, place);
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
    default:
  }
  if (name.startsWith('arg_')) {
    return literal(argument(run.args, name.slice('arg_'.length)), place);
  }
  if (name.startsWith('cookie_')) {
    return request.headers.has('cookie') ? undefined : literal('', place);
  }
  return undefined;
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
function schemeOf(run: Run): 'http' | 'https' {
  const listens = run.server.own.get('listen') ?? [];
  const secure = listens.filter((node) => node.args.some((word) => word.value === 'ssl' || word.value === 'quic'));
  if (listens.length === 0 || (secure.length > 0 && secure.length < listens.length)) {
    return run.request.scheme;
  }
  return secure.length > 0 ? 'https' : 'http';
}

function hostOf(run: Run): string | undefined {
  const { host } = run.request;
  return host === undefined ? literalName(run.server) : host.replace(/:\d+$/, '').toLowerCase();
}

/** The first plain name of the server. */
export function literalName(server: Level): string | undefined {
  const names = (server.own.get('server_name') ?? []).flatMap((node) => node.args.map((word) => word.value));
  return names.find((name) => /^[\w-]+(\.[\w-]+)*$/.test(name) && name !== '_');
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
