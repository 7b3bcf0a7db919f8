import type { TSESTree } from '@typescript-eslint/types';
import { branchesOf, type Condition, conjoin, type JsValue, property, type Reader } from '../../../../javascript';
import { ofPairs, type Setting } from '../../flow/effects';

/** What a function from a `Request` to a `Response` gives back on one way through it. */
export interface WebResponse {
  /** `next`: the request goes on, with these headers for its answer (`NextResponse.next()`). */
  readonly kind: 'response' | 'redirect' | 'next' | 'unknown' | 'nothing';
  /** Null when nobody says it. */
  readonly status: JsValue | null;
  /** The headers that it is made with. */
  readonly headers: readonly Setting[];
  /** Set when it may have more headers. */
  readonly open: string | null;
  readonly when: readonly Condition[];
  /** The expressions that stand for it, or for its headers: what is done to one of them is done to it. */
  readonly nodes: readonly TSESTree.Node[];
  readonly value: JsValue;
}

/** Functions that give back what other functions give back are followed to this depth. */
const DEEPEST = 5;

/** The responses that a value may be: `new Response(…)`, `NextResponse.json(…)`, what a function gives back. */
export function responsesOf(reader: Reader, outer: JsValue): readonly WebResponse[] {
  return resolve(reader, outer, [], [], 0);
}

function resolve(
  reader: Reader,
  outer: JsValue,
  when: readonly Condition[],
  nodes: readonly TSESTree.Node[],
  depth: number,
): readonly WebResponse[] {
  return branchesOf(outer).flatMap((branch): readonly WebResponse[] => {
    const conditions = conjoin(when, branch.when);
    if (conditions === null) return [];
    const { value } = branch;
    const named = [...nodes, value.node];
    // An `async` function is not followed by the reader: what it gives is a promise.
    if (value.kind === 'call' && value.callee.kind === 'function' && depth < DEEPEST) {
      const given = reader.apply(value.callee, value.arguments, value);
      if (given !== null && given !== value) return resolve(reader, given, conditions, named, depth + 1);
    }
    return read(value, conditions, named);
  });
}

function read(value: JsValue, when: readonly Condition[], nodes: readonly TSESTree.Node[]): readonly WebResponse[] {
  const base: WebResponse = { kind: 'unknown', status: null, headers: [], open: null, when, nodes, value };
  const unread = (reason: string): readonly WebResponse[] => [{ ...base, open: reason }];
  if (value.kind === 'undefined' || value.kind === 'null') return [{ ...base, kind: 'nothing' }];
  if (value.kind === 'new')
    return isResponseClass(value.callee) ? withInit({ ...base, kind: 'response' }, value.arguments[1]) : unread(UNREAD);
  if (value.kind !== 'call' || value.callee.kind !== 'member' || !isResponseClass(value.callee.object))
    return unread(UNREAD);
  const [first, second] = value.arguments;
  switch (value.callee.property) {
    case 'json':
      return withInit({ ...base, kind: 'response' }, second);
    case 'next':
      return withInit({ ...base, kind: 'next' }, first);
    case 'redirect':
      if (second?.kind === 'object') return withInit({ ...base, kind: 'redirect' }, second);
      return [{ ...base, kind: 'redirect', status: second ?? null }];
    case 'rewrite':
      return unread('the request is rewritten');
    default:
      return unread(UNREAD);
  }
}

const UNREAD = 'the response is not read';

/** `Response` itself, or `NextResponse` of next/server. */
export function isResponseClass(value: JsValue): boolean {
  if (value.kind !== 'import') return false;
  if (value.specifier === 'globalThis') return value.exported === 'Response';
  return /^next\/server(?:\.js)?$/.test(value.specifier) && value.exported === 'NextResponse';
}

/** The response with what `{ status, headers }` says; one for each way that the headers can come out. */
function withInit(base: WebResponse, init: JsValue | undefined): readonly WebResponse[] {
  if (init === undefined || init.kind === 'undefined' || init.kind === 'null') return [base];
  return branchesOf(init).flatMap((branch): readonly WebResponse[] => {
    const when = conjoin(base.when, branch.when);
    if (when === null) return [];
    const { value } = branch;
    if (value.kind !== 'object') return [{ ...base, when, open: 'the options of the response are not read' }];
    const status = property(value, 'status')?.value ?? null;
    const headers = property(value, 'headers')?.value;
    const open = value.rest === null ? null : 'some options of the response are not read';
    return withHeaders({ ...base, when, status, open }, headers);
  });
}

function withHeaders(base: WebResponse, headers: JsValue | undefined): readonly WebResponse[] {
  if (headers === undefined || headers.kind === 'undefined' || headers.kind === 'null') return [base];
  return branchesOf(headers).flatMap((branch): readonly WebResponse[] => {
    const when = conjoin(base.when, branch.when);
    if (when === null) return [];
    const { value } = branch;
    const nodes = [...base.nodes, value.node];
    if (value.kind === 'new' && value.name === 'Headers')
      return withHeaders({ ...base, when, nodes }, value.arguments[0]);
    if (value.kind === 'object') {
      const open = value.rest === null ? base.open : 'some of its headers are not read';
      return [{ ...base, when, nodes, open, headers: [...base.headers, ...ofPairs(value)] }];
    }
    if (value.kind === 'array' && value.rest === null)
      return [{ ...base, when, nodes, headers: [...base.headers, ...ofPairs(value)] }];
    return [{ ...base, when, nodes, open: 'its headers are not read' }];
  });
}
