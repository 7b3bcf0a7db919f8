import { admits } from './admits';
import { type Certainty, not } from './certainty';
import type { Header, Request, Response } from './http';
import type { Place } from './place';
import type { Condition, Value } from './value';

/** A header with the value that one request gets, under one set of assumptions. */
export interface ResolvedHeader {
  /** As written. */
  readonly name: string;
  /** Undefined when it cannot be told; `reason` then says why. */
  readonly text: string | undefined;
  readonly reason?: string;
  /** Set when it cannot even be told whether the header is sent. */
  readonly perhapsAbsent?: boolean;
  /** The innermost place that the value came from: the list's item, the map's entry, the literal. */
  readonly valuePlace: Place;
  readonly header: Header;
}

/** A response with every value resolved. Headers that are certainly not sent are left out. */
export interface ResolvedResponse {
  readonly status: number | undefined;
  readonly headers: readonly ResolvedHeader[];
  readonly open?: string;
  /** The circumstances in which it is given, each to finish "when …"; empty when it always is. */
  readonly when: readonly string[];
  /** The assumptions it rests on: the condition's words, and whether it holds. */
  readonly assumed: ReadonlyMap<string, boolean>;
  readonly source: Response;
}

/** More undecided settings than this in one response, and the rest count as unknown. */
const MOST_ASSUMPTIONS = 4;

/** The responses that one response can be, one for each way its assumptions may hold; equal ones are not merged. */
export function resolveResponse(response: Response, request: Request): ResolvedResponse[] {
  const assumptions = new Map<string, string>();
  for (const header of response.headers) collectAssumptions(header.value, assumptions);
  const settled = response.assumes ?? new Map<string, boolean>();
  for (const holds of settled.keys()) assumptions.delete(holds);
  const named = [...assumptions].slice(0, MOST_ASSUMPTIONS);
  if (named.length === 0 && settled.size === 0) return [resolveCertain(response, request)];
  const results: ResolvedResponse[] = [];
  for (let bits = 0; bits < 2 ** named.length; bits++) {
    const assumed = new Map([
      ...settled,
      ...named.map(([holds], i): [string, boolean] => [holds, (bits & (1 << i)) === 0]),
    ]);
    const used = new Set<string>();
    const headers: ResolvedHeader[] = [];
    for (const header of response.headers) {
      const resolved = resolveValue(header.value, request, assumed, used);
      if (resolved.kind !== 'absent') headers.push(toResolvedHeader(header, resolved));
    }
    // An assumption that nothing asked for under these others would only repeat a response.
    if (named.some(([holds]) => assumed.get(holds) === false && !used.has(holds))) continue;
    const when = named
      .filter(([holds]) => used.has(holds))
      .map(([holds, otherwise]) => (assumed.get(holds) ? holds : otherwise));
    results.push({
      status: response.status,
      headers,
      ...(response.open === undefined ? {} : { open: response.open }),
      when: response.when === undefined ? when : [response.when, ...when],
      assumed: new Map([...assumed].filter(([holds]) => used.has(holds) || settled.has(holds))),
      source: response,
    });
  }
  return results;
}

const NOTHING_ASSUMED: ReadonlyMap<string, boolean> = new Map();
const ALWAYS: readonly string[] = [];

/** The usual case, without anything to assume, kept short: an audit comes here millions of times. */
function resolveCertain(response: Response, request: Request): ResolvedResponse {
  const { status, open, when } = response;
  const headers: ResolvedHeader[] = [];
  const used = new Set<string>();
  for (const header of response.headers) {
    const resolved = resolveValue(header.value, request, NOTHING_ASSUMED, used);
    if (resolved.kind !== 'absent') headers.push(toResolvedHeader(header, resolved));
  }
  const rest = { when: when === undefined ? ALWAYS : [when], assumed: NOTHING_ASSUMED, source: response };
  return open === undefined ? { status, headers, ...rest } : { status, headers, open, ...rest };
}

/** The value's text for one request: empty where it is absent, undefined where it cannot be told. */
export function textFor(value: Value, request: Request): string | undefined {
  const resolved = resolveValue(value, request, NOTHING_ASSUMED, new Set());
  return resolved.kind === 'text' ? resolved.text : resolved.kind === 'absent' ? '' : undefined;
}

type Resolved =
  | { readonly kind: 'text'; readonly text: string; readonly place: Place }
  | { readonly kind: 'absent'; readonly place: Place }
  | { readonly kind: 'unknown'; readonly reason: string; readonly place: Place; readonly perhapsAbsent: boolean };

/** What the value is for this request, with these assumptions; adds those that were asked for to `used`. */
function resolveValue(
  value: Value,
  request: Request,
  assumed: ReadonlyMap<string, boolean>,
  used: Set<string>,
): Resolved {
  const { place } = value;
  switch (value.kind) {
    case 'literal':
      return { kind: 'text', text: value.text, place };
    case 'absent':
      return { kind: 'absent', place };
    case 'unknown':
      return { kind: 'unknown', reason: value.reason, place, perhapsAbsent: false };
    case 'request-origin':
      return textOrAbsent(request.origin, place);
    case 'request-header':
      return textOrAbsent(request.headers.get(value.name), place);
    case 'template': {
      let text = '';
      for (const part of value.parts) {
        const resolved = resolveValue(part, request, assumed, used);
        if (resolved.kind === 'unknown') return { ...resolved, place };
        if (resolved.kind === 'text') text += resolved.text;
      }
      return { kind: 'text', text, place };
    }
    case 'choice':
      for (const option of value.options) {
        const holds = decide(option.when, request, assumed, used);
        if (holds.is === 'unknown') return { kind: 'unknown', reason: holds.reason, place, perhapsAbsent: true };
        if (holds.is === 'yes') return resolveValue(option.value, request, assumed, used);
      }
      return { kind: 'absent', place };
  }
}

function textOrAbsent(text: string | undefined, place: Place): Resolved {
  return text === undefined ? { kind: 'absent', place } : { kind: 'text', text, place };
}

interface Decision {
  readonly is: Certainty;
  readonly reason: string;
}

function decide(
  condition: Condition,
  request: Request,
  assumed: ReadonlyMap<string, boolean>,
  used: Set<string>,
): Decision {
  switch (condition.kind) {
    case 'always':
      return { is: 'yes', reason: '' };
    case 'unknown':
      return { is: 'unknown', reason: condition.reason };
    case 'not': {
      const decision = decide(condition.of, request, assumed, used);
      return { is: not(decision.is), reason: decision.reason };
    }
    case 'origin-admitted': {
      if (request.origin === undefined) return { is: 'no', reason: '' };
      const unknown = condition.policy.entries.find((entry) => entry.kind === 'unknown');
      const reason = unknown?.kind === 'unknown' ? unknown.reason : 'the check on the origin cannot be read';
      return { is: admits(condition.policy, request.origin), reason };
    }
    case 'assumption': {
      const holds = assumed.get(condition.holds);
      if (holds === undefined) return { is: 'unknown', reason: `it depends on whether ${condition.holds}` };
      used.add(condition.holds);
      return { is: holds ? 'yes' : 'no', reason: '' };
    }
  }
}

function collectAssumptions(value: Value, into: Map<string, string>): void {
  if (value.kind === 'template') for (const part of value.parts) collectAssumptions(part, into);
  if (value.kind !== 'choice') return;
  for (const option of value.options) {
    let when = option.when;
    while (when.kind === 'not') when = when.of;
    if (when.kind === 'assumption') into.set(when.holds, when.otherwise);
    collectAssumptions(option.value, into);
  }
}

function toResolvedHeader(header: Header, resolved: Exclude<Resolved, { kind: 'absent' }>): ResolvedHeader {
  const { name } = header;
  if (resolved.kind === 'text') return { name, text: resolved.text, valuePlace: resolved.place, header };
  const { reason, place: valuePlace, perhapsAbsent } = resolved;
  return { name, text: undefined, reason, valuePlace, header, ...(perhapsAbsent ? { perhapsAbsent } : {}) };
}
