import { passes } from '../../cors/admits';
import { all, type Certainty, certainty, not, some } from '../../cors/certainty';
import type { Request } from '../../cors/http';
import type { OriginTest } from '../../cors/policy';
import type { Condition, FunctionNode, JsValue, Reader } from '../../javascript';
import { truthiness } from '../../javascript';
import type { OriginNames } from '../../javascript/originParts';
import { originTest } from '../../javascript/originTest';
import type { Payload } from './reading';

/** What of a Lambda handler's event is known of a request. */
export interface EventNames extends OriginNames {
  /** The lower-case name of the request's header that a value is: `event.headers.Origin`. */
  requestHeader(value: JsValue): string | undefined;
  /** Whether a value is the request's method, or the place where the other format of events has it. */
  methodIn(value: JsValue): 'given' | 'missing' | undefined;
  /** Whether a value is what events of schedules, queues and their like have, and a request's event has not. */
  isAbsent(value: JsValue): boolean;
}

/**
 * What EventBridge, SQS, SNS, S3, Cognito and plugins that keep functions warm put into their events. The events of
 * requests have a fixed set of fields, and none of these.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
const OTHER_EVENTS = /^(?:source|detail|detail-type|Records|triggerSource|warmup|warmer)(?:\.|$)/;

/** Where each format of events has the method. */
const METHODS: Readonly<Record<Payload, readonly string[]>> = {
  '1.0': ['httpMethod', 'requestContext.httpMethod'],
  '2.0': ['requestContext.http.method'],
};

function formatOf(path: string): Payload | undefined {
  return (['1.0', '2.0'] as const).find((format) => METHODS[format].includes(path));
}

/**
 * The names of a handler whose first parameter is the event.
 * @param payload the format of the event, where that is known
 * @param within the event's name in the first parameter, where that is not the event itself
 */
export function eventNames(
  reader: Reader,
  handler: FunctionNode,
  payload: Payload | undefined,
  within?: 'event',
): EventNames {
  const pathIn = (value: JsValue): string | undefined => {
    if (value.kind === 'parameter') {
      return within === undefined && value.function === handler && value.index === 0 ? '' : undefined;
    }
    if (value.kind !== 'member') return undefined;
    if (value.property === within && value.object.kind === 'parameter') {
      return value.object.function === handler && value.object.index === 0 ? '' : undefined;
    }
    const outer = pathIn(value.object);
    return outer === undefined ? undefined : outer === '' ? value.property : `${outer}.${value.property}`;
  };
  const headerIn = (value: JsValue): string | undefined =>
    /^headers\.([\w-]+)$/.exec(pathIn(value) ?? '')?.[1]?.toLowerCase();
  /** `a || b` of two spellings of one header, and what may stand for none of them. */
  const eitherOf = (value: JsValue, isNone: (value: JsValue) => boolean): string | undefined => {
    if (value.kind !== 'choice') return headerIn(value);
    const values = value.branches.map((branch) => branch.value).filter((one) => !isNone(one));
    const tests = value.branches.flatMap((branch) => branch.when.map(({ of }) => of));
    const found = new Set([...values, ...tests].map(headerIn));
    const [only] = found;
    return found.size === 1 ? only : undefined;
  };
  const methodIn = (value: JsValue): 'given' | 'missing' | undefined => {
    if (value.kind === 'choice') {
      const found = value.branches.map((branch) => methodIn(branch.value));
      const formats = new Set(value.branches.map((branch) => formatOf(pathIn(branch.value) ?? '')));
      if (formats.has('1.0') && formats.has('2.0') && formats.size === 2) return 'given';
      return found.includes('given') && !found.includes(undefined) ? 'given' : undefined;
    }
    if (value.kind === 'call' && value.callee.kind === 'member' && value.callee.property === 'toUpperCase') {
      return methodIn(value.callee.object);
    }
    const format = formatOf(pathIn(value) ?? '');
    if (format === undefined || payload === undefined) return undefined;
    return format === payload ? 'given' : 'missing';
  };
  return {
    reader,
    isOrigin: (value) => eitherOf(value, isEmpty) === 'origin',
    requestHeader: (value) => eitherOf(value, isNothing),
    methodIn,
    isAbsent: (value) => payload !== undefined && OTHER_EVENTS.test(pathIn(value) ?? ''),
  };
}

export function isNothing(value: JsValue): boolean {
  return value.kind === 'undefined' || value.kind === 'null';
}

function isEmpty(value: JsValue): boolean {
  return isNothing(value) || (value.kind === 'string' && value.value === '');
}

/** Whether all conditions hold for a request. Runs nothing: what depends on anything else is `unknown`. */
export function holds(conditions: readonly Condition[], request: Request, names: EventNames): Certainty {
  return all(
    conditions.map((condition) => {
      const is = truth(condition.of, request, names);
      return condition.holds ? is : not(is);
    }),
  );
}

function truth(value: JsValue, request: Request, names: EventNames): Certainty {
  const text = textOf(value, request, names);
  if (text !== undefined) return certainty(Boolean(text.is));
  if (value.kind === 'not') return not(truth(value.of, request, names));
  if (value.kind === 'binary') {
    const compared = equality(value.operator, textOf(value.left, request, names), textOf(value.right, request, names));
    if (compared !== undefined) return certainty(compared);
  }
  if (value.kind === 'choice') {
    const possible = value.branches.flatMap((branch) => {
      const taken = holds(branch.when, request, names);
      return taken === 'no' ? [] : [truth(branch.value, request, names)];
    });
    const [first, ...others] = possible;
    return first !== undefined && others.every((other) => other === first) ? first : 'unknown';
  }
  const listed = includes(value, request, names);
  if (listed !== undefined) return certainty(listed);
  const known = truthiness(value);
  if (known !== undefined) return certainty(known);
  const test = originTest(value, names);
  return request.origin === undefined ? passesNothing(test) : passes(test, request.origin);
}

/**
 * What a check on an origin comes to where there is none: no comparison holds, a pattern looks for itself in `undefined`
 * or in an empty text, and where a method of nothing is called, the handler fails and answers nothing.
 */
function passesNothing(test: OriginTest): Certainty {
  switch (test.kind) {
    case 'all':
      return all(test.of.map(passesNothing));
    case 'some':
      return some(test.of.map(passesNothing));
    case 'not':
      return not(passesNothing(test.of));
    case 'unknown':
      return 'unknown';
    case 'regex':
      return test.on === undefined && [passes(test, 'undefined'), passes(test, '')].some((one) => one !== 'no')
        ? 'unknown'
        : 'no';
    default:
      return 'no';
  }
}

interface Text {
  readonly is: string | undefined;
}

/** Headers of a request that are known to be absent when they are not listed: those that browsers set themselves. */
const SEEN: ReadonlySet<string> = new Set([
  'origin',
  'access-control-request-method',
  'access-control-request-headers',
]);

function textOf(value: JsValue, request: Request, names: EventNames): Text | undefined {
  const method = names.methodIn(value);
  if (method !== undefined) return { is: method === 'given' ? request.method : undefined };
  if (names.isAbsent(value)) return { is: undefined };
  const header = names.requestHeader(value);
  if (header !== undefined) {
    const is = header === 'origin' ? request.origin : request.headers.get(header);
    return is === undefined && !SEEN.has(header) ? undefined : { is };
  }
  switch (value.kind) {
    case 'string':
      return { is: value.value };
    case 'undefined':
      return { is: undefined };
    case 'call': {
      if (value.callee.kind !== 'member') return undefined;
      const inner = textOf(value.callee.object, request, names)?.is;
      if (inner === undefined) return undefined;
      if (value.callee.property === 'toLowerCase') return { is: inner.toLowerCase() };
      return value.callee.property === 'toUpperCase' ? { is: inner.toUpperCase() } : undefined;
    }
    default:
      return undefined;
  }
}

function equality(operator: string, left: Text | undefined, right: Text | undefined): boolean | undefined {
  if (left === undefined || right === undefined) return undefined;
  if (operator === '===' || operator === '==') return left.is === right.is;
  return operator === '!==' || operator === '!=' ? left.is !== right.is : undefined;
}

/** `['GET', 'POST'].includes(event.httpMethod)` on a list that is known. */
function includes(value: JsValue, request: Request, names: EventNames): boolean | undefined {
  if (value.kind !== 'call' || value.callee.kind !== 'member' || value.callee.property !== 'includes') return undefined;
  const [wanted] = value.arguments;
  const { object: list } = value.callee;
  if (list.kind !== 'array' || list.rest !== null || wanted === undefined) return undefined;
  const text = textOf(wanted, request, names);
  const items = list.items.flatMap((item) => (item.kind === 'string' ? [item.value] : []));
  if (text === undefined || items.length !== list.items.length) return undefined;
  return text.is !== undefined && items.includes(text.is);
}

/**
 * Whether something that `is` finds stands anywhere in a value.
 * @param reader looks into arrow functions too, but not into those inside them: `list.some((one) => one === origin)`
 */
export function mentions(value: JsValue, is: (value: JsValue) => boolean, reader?: Reader): boolean {
  if (is(value)) return true;
  const inside = (of: JsValue) => mentions(of, is, reader);
  switch (value.kind) {
    case 'member':
      return inside(value.object);
    case 'call':
      return inside(value.callee) || value.arguments.some(inside);
    case 'new':
      return value.arguments.some(inside);
    case 'not':
      return inside(value.of);
    case 'binary':
      return inside(value.left) || inside(value.right);
    case 'template':
      return value.parts.some(inside);
    case 'choice':
      return value.branches.some((branch) => inside(branch.value) || branch.when.some((one) => inside(one.of)));
    case 'function': {
      const { body } = value.function;
      if (reader === undefined || body === null || body === undefined || body.type === 'BlockStatement') return false;
      return mentions(reader.evaluate(body, value.context), is);
    }
    default:
      return false;
  }
}
