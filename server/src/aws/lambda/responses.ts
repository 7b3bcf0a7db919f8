import type { Header } from '../../cors/http';
import { ALLOW_ORIGIN } from '../../cors/names';
import type { OriginPolicy } from '../../cors/policy';
import {
  branchesOf,
  type Condition,
  conjoin,
  type FunctionValue,
  type JsValue,
  type ObjectValue,
  type Property,
  property,
  type Reader,
  type Returned,
  wordsOf,
} from '../../javascript';
import { isAboutOrigin, originCondition, policyOf } from './originCondition';
import type { HandlerResponse } from './reading';
import { type EventNames, holds } from './request';
import { anyOrigin, headerValue, policiesIn } from './value';

/** The responses of a function that Lambda calls; a reason when they cannot be told. */
export function responsesOf(
  reader: Reader,
  handler: FunctionValue,
  names: EventNames,
): readonly HandlerResponse[] | string {
  if (streams(handler)) return 'the handler streams its response';
  const { returns, complete } = reader.returnsOf(handler, { callback: 2, context: 1 });
  if (!complete) return 'the handler has too many ways through it';
  return returns
    .flatMap((returned) => followed(reader, returned, 0))
    .flatMap((returned) => readReturned(returned, names));
}

/** Functions that hand back what another one hands back are followed to this depth. */
const DEEPEST = 5;
/** A function with more answers than this is not followed any further. */
const MOST_ANSWERS = 60;

/** `return work(event)`: what that function, be it an `async` one, hands back for these arguments. */
function followed(reader: Reader, returned: Returned, depth: number): readonly Returned[] {
  const { value } = returned;
  if (returned.how !== 'return' || value.kind !== 'call' || value.callee.kind !== 'function' || depth > DEEPEST) {
    return [returned];
  }
  const { callee } = value;
  const isSpread = value.call.arguments.some(({ type }) => type === 'SpreadElement');
  if (callee.function.generator || isSpread) return [returned];
  const { returns, complete } = reader.returnsOf(reader.bind(callee, value.arguments));
  if (!complete || returns.length > MOST_ANSWERS) return [returned];
  return returns
    .flatMap((inner) => {
      const when = conjoin(returned.when, inner.when);
      if (when === null) return [];
      const error = returned.error || inner.error;
      return [{ ...inner, when, words: wordsOf(when), error, uncertain: returned.uncertain ?? inner.uncertain }];
    })
    .flatMap((inner) => followed(reader, inner, depth + 1));
}

/** `awslambda.streamifyResponse` hands the handler a stream as its second parameter. */
function streams({ function: fn }: FunctionValue): boolean {
  const second = fn.params[1];
  return second?.type === 'Identifier' && /stream/i.test(second.name);
}

/** Nothing for what is no response of the handler's: an exception, which the gateway turns into an error. */
export function readReturned(returned: Returned, names: EventNames): readonly HandlerResponse[] {
  if (returned.how === 'throw' || returned.how === 'callback-error') return [];
  const { value, when } = returned;
  const base: HandlerResponse = {
    place: returned.place,
    when: branchWords(returned),
    error: returned.error,
    object: undefined,
    headersObject: undefined,
    headers: [],
    status: undefined,
    open: undefined,
    taken: (request) => holds(when, request, names),
    byOrigin: when.some((condition) => isAboutOrigin(condition, names)),
    policies: [],
  };
  if (returned.uncertain !== null) return [{ ...base, open: returned.uncertain }];
  if (value.kind !== 'object') return [{ ...base, open: reasonFor(value) }];
  const whole: HandlerResponse = { ...base, object: value, status: statusOf(value) };
  if (value.rest !== null) return [{ ...whole, open: restReason(value.rest, 'the response') }];
  if (property(value, 'statusCode') === undefined) {
    return [{ ...whole, open: 'what is returned is not seen to be a response' }];
  }
  const several = readHeaders(property(value, 'multiValueHeaders')?.value, names, true);
  return branchesOf(property(value, 'headers')?.value ?? { ...value, properties: [] }).flatMap((branch) => {
    const conditions = conjoin(when, branch.when);
    return conditions === null ? [] : [withHeaders(whole, branch.value, conditions, several, names)];
  });
}

function withHeaders(
  response: HandlerResponse,
  value: JsValue,
  when: readonly Condition[],
  several: ReadHeaders,
  names: EventNames,
): HandlerResponse {
  const headers = readHeaders(value, names);
  const origins = when.filter((condition) => isAboutOrigin(condition, names));
  return {
    ...response,
    headersObject: value.node === response.object?.node ? undefined : headers.object,
    headers: [...headers.headers, ...several.headers].map((header) => onlyWhereAdmitted(header, origins, names)),
    open: headers.open ?? several.open,
    taken: (request) => holds(when, request, names),
    byOrigin: origins.length > 0,
    policies: [...headers.origins, ...several.origins].flatMap((origin) => policiesBy(origin, origins, names)),
  };
}

/** A request's own origin that is sent back in a branch: for the origins that the branch's checks let in, no others. */
function onlyWhereAdmitted(header: Header, origins: readonly Condition[], names: EventNames): Header {
  const { value, name } = header;
  if (origins.length === 0 || value.kind !== 'request-origin' || name.toLowerCase() !== ALLOW_ORIGIN) return header;
  const { place } = value;
  return {
    ...header,
    value: { kind: 'choice', place, options: [{ when: originCondition(origins, names, place), value }] },
  };
}

/** The checks that decide over an Allow-Origin: those in its value, or those of the branch that sends it. */
export function policiesBy(origin: JsValue, when: readonly Condition[], names: EventNames): readonly OriginPolicy[] {
  if (!names.isOrigin(origin)) return policiesIn(headerValue(origin, names));
  return when.length === 0 ? [anyOrigin(origin)] : [policyOf(when, names, origin.place)];
}

/** The branch in the handler's own words where these are short, else by its line. */
function branchWords({ when, words, place, value }: Returned): string {
  const isOwn = when.every(({ of }) => of.place.file === place.file);
  if (words !== null && isOwn && words.length <= 70) return words;
  const text = value.module.path === place.file ? value.module.text : undefined;
  if (text === undefined) return 'the handler answers this way';
  return `the handler answers at line ${text.slice(0, place.start).split('\n').length}`;
}

function statusOf(response: ObjectValue): number | undefined {
  return statusIn(property(response, 'statusCode')?.value);
}

/** The status that a value stands for; undefined when it cannot be told. */
export function statusIn(status: JsValue | undefined): number | undefined {
  if (status?.kind === 'number') return status.value;
  return status?.kind === 'string' && /^\d{3}$/.test(status.value) ? Number(status.value) : undefined;
}

export interface ReadHeaders {
  readonly headers: readonly Header[];
  /** The values of Access-Control-Allow-Origin. */
  readonly origins: readonly JsValue[];
  readonly object: ObjectValue | undefined;
  readonly open: string | undefined;
}

const NO_HEADERS: ReadHeaders = { headers: [], origins: [], object: undefined, open: undefined };

/**
 * The headers that an object stands for.
 * @param several whether its values are lists, as in `multiValueHeaders`
 */
export function readHeaders(value: JsValue | undefined, names: EventNames, several = false): ReadHeaders {
  if (value === undefined || value.kind === 'undefined' || value.kind === 'null') return NO_HEADERS;
  if (value.kind !== 'object') return { ...NO_HEADERS, open: reasonFor(value) };
  const lines = value.properties.flatMap((one) => valuesOf(one, several).map((item) => ({ one, item })));
  return {
    headers: lines.map(({ one: { key: name, place }, item }) => {
      return { name, value: headerValue(item, names), place, layer: 'the handler' };
    }),
    origins: lines.flatMap(({ one, item }) => (one.key.toLowerCase() === ALLOW_ORIGIN ? [item] : [])),
    object: value,
    open: value.rest === null ? undefined : restReason(value.rest, 'the headers'),
  };
}

function valuesOf({ value }: Property, several: boolean): readonly JsValue[] {
  return several && value.kind === 'array' && value.rest === null ? value.items : [value];
}

function restReason(rest: JsValue, what: string): string {
  if (rest.kind === 'unknown') return rest.reason;
  return `${what} ${what.endsWith('s') ? 'are' : 'is'} spread from something that cannot be read`;
}

function reasonFor(value: JsValue): string {
  switch (value.kind) {
    case 'unknown':
      return value.reason;
    case 'call':
      return 'the response is built by something that cannot be read';
    case 'undefined':
      return 'the handler returns nothing here';
    default:
      return 'the response is not written out';
  }
}
