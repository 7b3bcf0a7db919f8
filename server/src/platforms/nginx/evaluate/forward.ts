import type { Header, Request, Response } from '../../../cors/http';
import { resolveResponse } from '../../../cors/resolve';
import type { Address } from '../../../lint/types';
import { inherited, type Level, setting } from '../config/level';
import type { Node } from '../config/node';
import { changedHeaders } from './changed-headers';
import { passedPath } from './passed-path';
import { type Run, startRun } from './run';
import { chooseServer, listeningOn, matchName } from './server-choice';
import { evaluate } from './variables';

/** A request on its way to another server of the same configuration. */
export interface Forwarded {
  begin(): Run;
  /** Its response's headers, with values as they depend on the request that came in. */
  seenFromOutside(response: Response): readonly Header[];
}

/** More servers in a row than anybody sets up: a loop. */
const MOST_HOPS = 4;

/** Why nothing is known of an answer: nginx ends such requests by an error of its own, when it has no connection left. */
export const IN_A_CIRCLE = 'the request may come back to a server that has passed it on';

/** Where `proxy_pass` leads, when that is a server of this configuration; else undefined. */
export function forward(run: Run, node: Node): Forwarded | undefined {
  const url = targetOf(run, node);
  const host = url && hostHeader(run, url.host);
  const server = url && serverAt(run, url.host, host);
  const request = url && server && host !== undefined && forwardedRequest(run, node, url.uri, host);
  if (server === undefined || !request) {
    return undefined;
  }
  if (run.hops >= MOST_HOPS) {
    run.undecided ??= IN_A_CIRCLE;
    return undefined;
  }
  return {
    begin() {
      const inner = startRun(run.configuration, server, request, run.decide);
      inner.hops = run.hops + 1;
      return inner;
    },
    seenFromOutside: (response) => seenFromOutside(run, response, request),
  };
}

/** A request on its way to a server that is not nginx's. */
export interface Outgoing {
  readonly address: Address;
  readonly request: Request;
}

/** Where `proxy_pass` leads to, as far as that can be told before a path is known. */
export function addressFor(run: Run, node: Node): Address | undefined {
  const url = targetOf(run, node);
  return url && targetAddress(run, url.host);
}

/** What `proxy_pass` asks of a server that is not one of this configuration; undefined when that cannot be told. */
export function outgoing(run: Run, node: Node): Outgoing | undefined {
  const url = targetOf(run, node);
  const host = url && hostHeader(run, url.host);
  const address = url && targetAddress(run, url.host);
  const request = address && forwardedRequest(run, node, url.uri, host);
  return request && { address, request };
}

/** A response's headers, with values as they depend on the request that came in and not on the one that was passed on. */
export function seenFromOutside(run: Run, response: Response, request: Request): readonly Header[] {
  return passesOrigin(run) ? response.headers : settle(response, request);
}

/** Whether what values depend on goes along as it came: the request's own origin, and the headers that it asks for. */
function passesOrigin(run: Run): boolean {
  return (
    setting(run.level, 'proxy_pass_request_headers') !== 'off' &&
    !headersSet(run).some(({ args }) => /^(?:origin|access-control-request-\w+)$/i.test(args[0]?.value ?? ''))
  );
}

/** Where the origin is rewritten on the way, values are those for the rewritten one. */
function settle(response: Response, request: Request): Header[] {
  const [resolved] = resolveResponse(response, request);
  return (resolved?.headers ?? []).map(({ header, text, reason }) => {
    const { place } = header.value;
    const value =
      text === undefined
        ? ({ kind: 'unknown', reason: reason ?? 'it cannot be told', place } as const)
        : ({ kind: 'literal', text, place } as const);
    return { ...header, value };
  });
}

interface Target {
  /** Host and port as written. */
  readonly host: string;
  /** From the first slash on; undefined when there is none. */
  readonly uri: string | undefined;
}

function targetOf(run: Run, node: Node): Target | undefined {
  const word = node.args[0];
  const text = word && evaluate(word, node.file, run).text;
  const [, host, uri] = /^http:\/\/([^/]+)(\/.*)?$/.exec(text ?? '') ?? [];
  return host === undefined ? undefined : { host, uri };
}

/** The server of this configuration that listens there, on the machine's own address. */
function serverAt(run: Run, host: string, sent: string | undefined): Level | undefined {
  const address = addressOf(run, host);
  if (address === undefined || sent === undefined) {
    return undefined;
  }
  const { servers, http } = run.configuration;
  const isWhole = http.node !== undefined && http.unreadable === undefined;
  if (isWhole) {
    return chooseServer(servers, address, sent);
  }
  // Another file may have servers of that port too, the default one among them.
  const named = matchName(listeningOn(servers, address), sent);
  return named === 'unknown' ? undefined : named?.server;
}

interface Loopback {
  readonly address: string;
  readonly port: number;
}

function addressOf(run: Run, host: string): Loopback | undefined {
  const only = onlyMember(run, host);
  return only === undefined ? undefined : loopback(only);
}

/** What stands for a host: itself, or the only member of the `upstream` group of that name. */
function onlyMember(run: Run, host: string): string | undefined {
  const group = run.configuration.upstreams.get(host.replace(/:\d+$/, '').toLowerCase());
  if (group === undefined) {
    return host;
  }
  // The members of a group are addresses: `upstream app { server app:3000; }` does not name itself.
  const members = group.children?.filter((child) => child.name === 'server') ?? [];
  return members.length === 1 ? members[0]?.args[0]?.value : undefined;
}

function targetAddress(run: Run, host: string): Address | undefined {
  const [, name, port = '80'] = /^(\[[\da-f:]+\]|[\w.-]+)(?::(\d{1,5}))?$/i.exec(onlyMember(run, host) ?? '') ?? [];
  return name === undefined ? undefined : { host: name.toLowerCase(), port: Number(port) };
}

function loopback(host: string): Loopback | undefined {
  const [, name = '', port = '80'] = /^(\[[^\]]+\]|[^:]+)(?::(\d+))?$/.exec(host) ?? [];
  return LOOPBACK.test(name) ? { address: name === 'localhost' ? '127.0.0.1' : name, port: Number(port) } : undefined;
}

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/** The Host header that is sent; undefined when it cannot be told. */
function hostHeader(run: Run, proxied: string): string | undefined {
  const node = headersSet(run).find(({ args }) => args[0]?.value.toLowerCase() === 'host');
  const word = node?.args[1];
  return node === undefined || word === undefined ? proxied : evaluate(word, node.file, run).text;
}

function headersSet(run: Run): readonly Node[] {
  return inherited(run.level, 'proxy_set_header');
}

/** What the evaluator takes as not sent when it is not listed, so that it has to be known. */
const TOLD = new Set([
  'access-control-request-method',
  'access-control-request-headers',
  'authorization',
  'content-type',
  'cookie',
]);

/** Undefined when something that may decide the answer cannot be told. */
function forwardedRequest(
  run: Run,
  node: Node,
  uri: string | undefined,
  host: string | undefined,
): Request | undefined {
  const passes = setting(run.level, 'proxy_pass_request_headers') !== 'off';
  // Only what the upstream looks at is looked at here: what nobody reads makes no difference.
  const changes = new Map<string, string | undefined>();
  let origin = passes ? run.request.origin : undefined;
  for (const { args, file } of headersSet(run)) {
    const [name, value] = args;
    const lower = name?.value.toLowerCase();
    if (lower === undefined || value === undefined || lower === 'host') {
      continue;
    }
    const { text } = evaluate(value, file, run);
    if (text === undefined && (lower === 'origin' || TOLD.has(lower))) {
      return undefined;
    }
    if (lower === 'origin') {
      origin = text === '' ? undefined : text;
    } else {
      changes.set(lower, text === '' ? undefined : text);
    }
  }
  const headers = changedHeaders(passes ? run.request.headers : NO_HEADERS, changes);
  const path = passedPath(run, node, uri);
  const word = inherited(run.level, 'proxy_method').at(-1);
  const method = word?.args[0] === undefined ? run.method : evaluate(word.args[0], word.file, run).text;
  return path === undefined || method === undefined
    ? undefined
    : { method, scheme: 'http', ...(host === undefined ? {} : { host }), path, origin, headers, ending: run.ending };
}

const NO_HEADERS: ReadonlyMap<string, string> = new Map();
