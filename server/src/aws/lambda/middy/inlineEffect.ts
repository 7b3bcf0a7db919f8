import { all, type Certainty } from '../../../cors/certainty';
import type { Header } from '../../../cors/http';
import { ALLOW_ORIGIN } from '../../../cors/names';
import {
  type Condition,
  enclosingFunction,
  type FunctionValue,
  type JsValue,
  property,
  wordsOf,
} from '../../../javascript';
import { isAboutOrigin } from '../originCondition';
import type { HandlerResponse } from '../reading';
import { type EventNames, holds, isNothing, mentions } from '../request';
import { policiesBy, type ReadHeaders, readHeaders, readReturned, statusIn } from '../responses';
import { headerValue } from '../value';
import type { Change, InlineWay } from './inline';
import { pathIn } from './inline';

/** A function given to middy, with all that it may do. */
export interface Inline {
  readonly fn: FunctionValue;
  readonly ways: readonly InlineWay[];
  /** What its parameter knows of the request. */
  readonly names: EventNames;
}

/** How far a phase has come. */
export interface Stage {
  /** Undefined while an exception has no answer. */
  readonly response: HandlerResponse | undefined;
  /** Whether the response has an object of headers, be it empty. */
  readonly hasHeaders: boolean;
  /** Set when the phase is over. */
  readonly isOver?: true;
}

type HeaderChange = Extract<Change, { kind: 'headers' | 'header' }>;
type FollowedChange = HeaderChange | Extract<Change, { kind: 'status' }>;

/** The stages that a function leads to from one; none for a way on which it throws. */
export function inlineStages(stage: Stage, inline: Inline): readonly Stage[] {
  return inline.ways.flatMap((way) => {
    const rest = settled(way.when, stage, inline);
    if (rest === undefined || way.stop === 'throws') return [];
    let stages: readonly Stage[] = [stage];
    for (const change of way.changes) stages = stages.flatMap((one) => changed(one, change, way.when, inline));
    const isOver = way.stop === 'returns';
    return stages.map(({ response, hasHeaders }) => ({
      response: response && under(response, rest, inline),
      hasHeaders,
      ...(isOver ? { isOver } : {}),
    }));
  });
}

/** The conditions that the stage does not decide; undefined when it rules the way out. */
function settled(when: readonly Condition[], stage: Stage, { fn }: Inline): readonly Condition[] | undefined {
  const rest: Condition[] = [];
  for (const condition of when) {
    const is = isThere(condition.of, stage, fn);
    if (is === undefined) rest.push(condition);
    else if (is !== condition.holds) return undefined;
  }
  return rest;
}

/** Whether `request.response` or its headers are there, where a test asks no more than that. */
function isThere(value: JsValue, { response, hasHeaders }: Stage, fn: FunctionValue): boolean | undefined {
  if (value.kind === 'binary' && isNothing(value.right)) {
    const path = pathIn(value.left, fn);
    if (path !== 'response' || (response !== undefined && response.object === undefined)) return undefined;
    const isMade = response !== undefined;
    if (value.operator === '==' || (value.operator === '===' && value.right.kind === 'undefined')) return !isMade;
    if (value.operator === '!=' || (value.operator === '!==' && value.right.kind === 'undefined')) return isMade;
    return undefined;
  }
  const path = pathIn(value, fn);
  if (path === 'response') return response !== undefined;
  return path === 'response.headers' && response !== undefined && response.open === undefined ? hasHeaders : undefined;
}

function under(response: HandlerResponse, when: readonly Condition[], { fn, names }: Inline): HandlerResponse {
  if (when.length === 0) return response;
  const words = wordsOf(when);
  const asksResponse = when.some(({ of }) => mentions(of, (one) => pathIn(one, fn)?.startsWith('response') === true));
  const both =
    response.when === undefined || words === null ? (response.when ?? words) : `${response.when} and ${words}`;
  const { taken } = response;
  return {
    ...response,
    when: both ?? undefined,
    open: response.open ?? (asksResponse ? 'a middleware looks at the response' : undefined),
    byOrigin: response.byOrigin || when.some((condition) => isAboutOrigin(condition, names)),
    taken: (request): Certainty => all([taken(request), holds(when, request, names)]),
  };
}

function changed(stage: Stage, change: Change, when: readonly Condition[], inline: Inline): readonly Stage[] {
  if (change.kind === 'response') return made(stage, change, inline);
  const { response } = stage;
  if (change.kind === 'copy') return response === undefined ? made(stage, change, inline) : [stage];
  // An exception inside a middleware: nobody answers.
  if (response === undefined) return [];
  const reason = whyOpen(response, stage.hasHeaders, change);
  const open = response.open ?? reason;
  if (change.kind === 'status') return [{ ...stage, response: { ...response, open, status: statusIn(change.value) } }];
  if (reason !== undefined) return [{ ...stage, response: { ...response, open } }];
  const isThere = change.unless === undefined ? false : wasThere(stage, response, change);
  if (isThere === true) return [stage];
  if (isThere === undefined) {
    return [{ ...stage, response: { ...response, open: open ?? 'a middleware sets headers where there are none' } }];
  }
  const origins = when.filter((condition) => isAboutOrigin(condition, inline.names));
  return [{ response: withChange(response, change, origins, inline), hasHeaders: true }];
}

function made(
  stage: Stage,
  { value, place }: Extract<Change, { kind: 'response' | 'copy' }>,
  inline: Inline,
): readonly Stage[] {
  const isError = stage.response?.error ?? true;
  const returned = { value, place, node: value.node, when: [], words: null, how: 'return', uncertain: null } as const;
  const before = stage.response;
  return readReturned({ ...returned, error: isError }, inline.names).map((response) => ({
    response: {
      ...response,
      when: before?.when ?? (isError ? 'the handler throws' : undefined),
      taken: (request) => all([response.taken(request), ...(before === undefined ? [] : [before.taken(request)])]),
      byOrigin: response.byOrigin || before?.byOrigin === true,
    },
    hasHeaders: response.headersObject !== undefined,
  }));
}

/** Whether what `??=` or `||=` looks at counts as there; undefined when that cannot be told. */
function wasThere(stage: Stage, response: HandlerResponse, change: HeaderChange): boolean | undefined {
  if (response.open !== undefined) return undefined;
  if (change.kind === 'headers') return stage.hasHeaders;
  const own = response.headers.filter(({ name }) => name === change.name).at(-1);
  if (own === undefined) return false;
  if (own.value.kind === 'literal') return change.unless === 'there' || own.value.text !== '';
  return undefined;
}

/** Why a change cannot be followed. */
function whyOpen(response: HandlerResponse, hasHeaders: boolean, change: FollowedChange): string | undefined {
  const { object, headersObject } = response;
  if (object !== undefined && property(object, 'multiValueHeaders') !== undefined) {
    return '`multiValueHeaders` and `headers` stand beside each other';
  }
  if (change.kind === 'header' && !hasHeaders) return 'a middleware changes headers that may not be there';
  const touched = change.kind === 'header' ? headersObject : object;
  if (touched !== undefined && enclosingFunction(touched.node) === null) {
    return 'all answers share what a middleware changes';
  }
  return undefined;
}

function withChange(
  response: HandlerResponse,
  change: HeaderChange,
  origins: readonly Condition[],
  { names }: Inline,
): HandlerResponse {
  const added = change.kind === 'headers' ? readHeaders(change.headers, names) : oneHeader(change, names);
  const kept =
    change.kind === 'headers' && change.isWhole
      ? []
      : response.headers.filter(({ name }) => !added.headers.some((one) => one.name === name));
  const keepsOrigin = kept.some(isOrigin);
  return {
    ...response,
    headers: [...kept, ...added.headers],
    policies: [
      ...(keepsOrigin ? response.policies : []),
      ...added.origins.flatMap((origin) => policiesBy(origin, origins, names)),
    ],
  };
}

function oneHeader({ name, value }: Extract<Change, { kind: 'header' }>, names: EventNames): ReadHeaders {
  const header: Header = { name, value: headerValue(value, names), place: value.place, layer: 'a middleware' };
  return { headers: [header], origins: isOrigin(header) ? [value] : [], object: undefined, open: undefined };
}

function isOrigin({ name }: Header): boolean {
  return name.toLowerCase() === ALLOW_ORIGIN;
}
