import { actualRequest, type Call, needsPreflight, preflightRequest } from './call';
import type { Caller } from './caller';
import { corsCheck } from './corsCheck';
import type { Endpoint } from './endpoint';
import type { Request, Response } from './http';
import { preflightCheck } from './preflight';
import { type Reads, requestMemo } from './requestMemo';
import { type ResolvedResponse, resolveResponse } from './resolve';
import type { Verdict } from './verdict';

/** One request and what came back. */
export interface Leg {
  readonly request: Request;
  readonly response: ResolvedResponse;
}

/** One way that a call can go: what is sent, what comes back, and what the browser makes of it. */
export interface Exchange {
  readonly call: Call;
  /** Undefined when the call needs none. */
  readonly preflight: (Leg & { readonly verdict: Verdict }) | undefined;
  /** What the server gives, or would give were the preflight to pass. */
  readonly actual: Leg & { readonly verdict: Verdict };
  /** The verdict that counts: the preflight's unless it passes. */
  readonly verdict: Verdict;
  /** The circumstances in which it goes this way, each to finish "when …"; empty when it always does. */
  readonly when: readonly string[];
}

/** A request that an endpoint was asked, what it looked at of it, and all that it may answer. */
export interface Asked {
  readonly request: Request;
  readonly reads: Reads;
  readonly responses: readonly Response[];
}

/** A browser that fetches from one endpoint, and remembers what it fetched. */
export interface Browser {
  readonly endpoint: Endpoint;
  /** The calls of pages that are known to reach the endpoint. */
  readonly callers: readonly Caller[];
  /** What the endpoint was asked so far; a request that it cannot tell from an earlier one is not asked again. */
  readonly asked: readonly Asked[];
  /** Asks the endpoint, or remembers what it answers to a request that it treats in the same way. */
  ask(request: Request): Asked;
  /** Every way the call can go; never empty. One exchange with an empty `when` is certain. */
  fetch(call: Call): readonly Exchange[];
  /** The responses to one bare request. */
  send(request: Request): readonly ResolvedResponse[];
}

export function openBrowser(endpoint: Endpoint, callers: readonly Caller[] = []): Browser {
  const asked: Asked[] = [];
  const answers = requestMemo<Asked>();
  const responses = requestMemo<readonly ResolvedResponse[]>();
  const exchanges = new Map<string, readonly Exchange[]>();
  const ask = (request: Request, plain = request): Asked =>
    answers.get(request, (watched, reads) => {
      const made = { request: plain, reads, responses: endpoint.respond(watched) };
      asked.push(made);
      return made;
    });
  const send = (request: Request): readonly ResolvedResponse[] =>
    responses.get(request, (watched) =>
      ask(watched, request).responses.flatMap((response) => resolveResponse(response, watched)),
    );
  const fetch = (call: Call): readonly Exchange[] => {
    const key = callKey(call);
    const known = exchanges.get(key);
    if (known !== undefined) return known;
    const played = play(call, send);
    exchanges.set(key, played);
    return played;
  };
  return { endpoint, callers, asked, ask: (request) => ask(request), fetch, send };
}

/** A simple GET from a page at `origin` to the endpoint's own path. */
export function simpleCall(endpoint: Endpoint, origin: string, changes: Partial<Call> = {}): Call {
  return {
    origin,
    method: 'GET',
    scheme: 'https',
    path: endpoint.path,
    headers: [],
    credentials: false,
    ending: 'success',
    ...changes,
  };
}

function play(call: Call, send: (request: Request) => readonly ResolvedResponse[]): Exchange[] {
  const request = actualRequest(call);
  const actuals = send(request).map((response) => ({
    request,
    response,
    verdict: corsCheck(response, call.origin, call.credentials),
  }));
  if (!needsPreflight(call)) {
    return actuals.map((actual) => ({
      call,
      preflight: undefined,
      actual,
      verdict: actual.verdict,
      when: actual.response.when,
    }));
  }
  const asked = preflightRequest(call);
  const result: Exchange[] = [];
  for (const response of send(asked)) {
    const preflight = { request: asked, response, verdict: preflightCheck(response, call) };
    for (const actual of actuals) {
      const verdict = preflight.verdict.result === 'allowed' ? actual.verdict : preflight.verdict;
      if (contradict(response, actual.response)) continue;
      result.push({
        call,
        preflight,
        actual,
        verdict,
        when: bothWhen(response, actual.response),
      });
    }
  }
  return result;
}

function bothWhen(preflight: ResolvedResponse, actual: ResolvedResponse): readonly string[] {
  if (preflight.when.length === 0) return actual.when;
  return actual.when.length === 0 ? preflight.when : [...new Set([...preflight.when, ...actual.when])];
}

/** Whether two responses rest on opposite assumptions, in whichever of their ways they are given. */
function contradict(a: ResolvedResponse, b: ResolvedResponse): boolean {
  if (!agree(a.assumed, b.assumed)) return true;
  const { assumesOneOf: waysOfA } = a.source;
  const { assumesOneOf: waysOfB } = b.source;
  if (waysOfA === undefined && waysOfB === undefined) return false;
  const both = new Map([...a.assumed, ...b.assumed]);
  const fitA = (waysOfA ?? [both]).filter((way) => agree(way, both));
  const fitB = (waysOfB ?? [both]).filter((way) => agree(way, both));
  return !fitA.some((way) => fitB.some((other) => agree(way, other)));
}

function agree(a: ReadonlyMap<string, boolean>, b: ReadonlyMap<string, boolean>): boolean {
  if (a.size === 0 || b.size === 0) return true;
  return [...a].every(([holds, is]) => (b.get(holds) ?? is) === is);
}

/** Told apart by all that they hold; a zero byte stands in none of it. */
function callKey({ method, scheme, host, path, origin, headers, credentials, ending }: Call): string {
  let key = `${method}\0${scheme}\0${host}\0${path}\0${origin}\0${credentials}\0${ending}`;
  for (const [name, value] of headers) key += `\0${name}\0${value}`;
  return key;
}
