import type { Endpoint } from '../../../cors/endpoint';
import type { Header, Request, Response } from '../../../cors/http';
import { ALLOW_ORIGIN } from '../../../cors/names';
import { reachedEndpoint } from '../../../cors/reachedEndpoint';
import { type RequestMemo, requestMemo } from '../../../cors/requestMemo';
import type { Node } from '../config/node';
import type { Engine } from './engine';
import { IN_A_CIRCLE, type Outgoing, outgoing, seenFromOutside } from './forward';
import { hiddenBy } from './hidden';
import { notePolicy, type Run } from './run';
import { bareHost } from './server-choice';
import type { UpstreamAnswer } from './upstream';

/**
 * What an application of the workspace answers to a request that `proxy_pass` hands on to it; undefined when none is
 * known to be there, or when it cannot be told which of its endpoints it is.
 */
export function askApplication(engine: Engine, run: Run, node: Node): UpstreamAnswer | undefined {
  const { upstream: find } = engine.options;
  const sent = find && outgoing(run, node);
  const upstream = sent && find(sent.address);
  if (!sent || !upstream) {
    return undefined;
  }
  const answer = withoutCircles(run, () => {
    const endpoint = endpointFor(upstream.endpoints, sent.request);
    if (endpoint === undefined || endpoint.partial !== undefined || isForAnother(endpoint, sent)) {
      return undefined;
    }
    if (!isThere(run, upstream.provided)) {
      return undefined;
    }
    const response = oneOf(run, answersOf(endpoint, sent.request));
    // Whom its checks refuse gets no header, and shows no less that they count.
    const isSeen = hiddenBy({ name: ALLOW_ORIGIN }, run.level) === undefined;
    return response && { endpoint, response, policies: isSeen ? endpoint.policies : [] };
  });
  if (answer === undefined) {
    return undefined;
  }
  const { endpoint, response, policies } = answer;
  run.behind = endpoint;
  run.behindPath = sent.request.path;
  for (const [holds, is] of response.assumes ?? []) run.rests.set(holds, is);
  const headers = seenFromOutside(run, response, sent.request).map((header) => toldOf(header, upstream.file));
  for (const policy of policies) notePolicy(run, policy);
  return { response, headers };
}

/** Files whose servers wait for an answer of another one. */
const waiting = new Set<string>();

/**
 * Files may pass a request on to each other, and so may servers of one: of a request that comes by a file again nothing
 * is known, for it may go round for ever.
 */
function withoutCircles<T>(run: Run, ask: () => T | undefined): T | undefined {
  const file = run.server.node?.file ?? '';
  if (waiting.has(file)) {
    run.undecided ??= IN_A_CIRCLE;
    return undefined;
  }
  waiting.add(file);
  try {
    return ask();
  } finally {
    waiting.delete(file);
  }
}

/** An nginx is found by the name that is asked for, and which of its servers answers is for the Host header to say. */
function isForAnother(endpoint: Endpoint, { address, request }: Outgoing): boolean {
  const { path, method, host = address.host } = request;
  if (endpoint.platform !== 'nginx' || host.toLowerCase() === address.host) {
    return false;
  }
  const site = { scheme: 'http', host: `${bareHost(host)}:${address.port}` } as const;
  return endpoint.matches(path.split('?')[0] ?? '/', method, site) === false;
}

const answers = new WeakMap<Endpoint, RequestMemo<readonly Response[]>>();

/** What an application answers, which many locations ask the same. */
function answersOf(endpoint: Endpoint, request: Request): readonly Response[] {
  // Another nginx may be waiting for this one, and answers differently then.
  if (endpoint.platform === 'nginx') {
    return endpoint.respond(request);
  }
  const memo = answers.get(endpoint) ?? requestMemo<readonly Response[]>();
  answers.set(endpoint, memo);
  return memo.get(request, (watched) => endpoint.respond(watched));
}

const reached = new WeakMap<readonly Endpoint[], Map<string, Endpoint | undefined>>();

function endpointFor(endpoints: readonly Endpoint[], request: Request): Endpoint | undefined {
  if (endpoints[0]?.platform === 'nginx') {
    return findEndpoint(endpoints, request);
  }
  const { path, method, headers } = request;
  const key = `${method} ${method === 'OPTIONS' ? headers.get('access-control-request-method') : ''} ${path}`;
  const known = reached.get(endpoints) ?? new Map<string, Endpoint | undefined>();
  reached.set(endpoints, known);
  if (!known.has(key)) {
    known.set(key, findEndpoint(endpoints, request));
  }
  return known.get(key);
}

/** The first endpoint that the request reaches; undefined when it reaches none, or may reach an earlier one. */
function findEndpoint(endpoints: readonly Endpoint[], { path, method, headers }: Request): Endpoint | undefined {
  const [bare = '/'] = path.split('?');
  const wanted = method === 'OPTIONS' ? (headers.get('access-control-request-method') ?? method) : method;
  const found = reachedEndpoint(endpoints, bare, wanted);
  if (found !== undefined || wanted === method) {
    return found;
  }
  // A preflight for a method that has no route is answered by what the routes of the path share.
  const isNone = endpoints.every((endpoint) => endpoint.matches(bare, wanted) === false);
  return isNone ? endpoints.find((endpoint) => endpoint.matches(bare, method) === true) : undefined;
}

function isThere(run: Run, provided: { readonly holds: string; readonly otherwise: string } | undefined): boolean {
  return provided === undefined || run.decide(provided.holds, provided.otherwise, 'lasting');
}

/** The response of this way that things may turn out; undefined when two are told by the same words. */
function oneOf(run: Run, responses: readonly Response[]): Response | undefined {
  const words = responses.map(({ when }) => when ?? '');
  if (new Set(words).size < words.length) {
    return undefined;
  }
  const last = responses.length - 1;
  return responses.find((_, i) => {
    if (i === last) {
      return true;
    }
    return run.decide(words[i] ?? '', i + 1 === last ? (words[last] ?? '') : '');
  });
}

function toldOf(header: Header, file: string): Header {
  if (header.isBehind === true) {
    return header;
  }
  return { ...header, layer: `${header.layer} in ${file}`, isBehind: true };
}
