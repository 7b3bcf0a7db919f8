import type { Request } from '../../cors/http';
import { parseUrl } from '../../cors/origin';
import { searches } from '../../cors/pattern';
import {
  type BinaryValue,
  type Branch,
  type Condition,
  type FunctionValue,
  itemsOf,
  type JsValue,
  type Reader,
} from '../../javascript';
import { isCaught } from './caught';
import { isInstance, memberOfError } from './errorValue';
import { isOriginOf } from './originNames';

/** Which symbolic values stand for the request, seen from one function. */
export interface RequestNames {
  /** The request object. */
  isRequest(value: JsValue): boolean;
  /** The response, which is not answered yet. */
  isResponse?(value: JsValue): boolean;
  /** The value of the `Origin` header, when the function is given just that. */
  isOrigin?(value: JsValue): boolean;
  /** The error that an error handler is given: never nothing. */
  isError?(value: JsValue): boolean;
  /** That error, where it is known which it is. */
  readonly error?: JsValue | null;
}

/** What an expression comes to for one request: `is` holds it, or it throws; null when that cannot be told. */
export type Outcome = { readonly is: Plain } | 'throws' | null;
type Plain = string | number | boolean | null | undefined | Thing;
/** An object, a list, a URL: truthy, and equal to nothing else. */
type Thing =
  | { readonly list: readonly Outcome[]; readonly open: boolean }
  | { readonly url: URL }
  | { readonly thing: JsValue };

/** Headers that every browser sends with values of its own: never known to be absent. */
const BROWSERS_OWN = new Set([
  'host',
  'user-agent',
  'accept',
  'accept-language',
  'accept-encoding',
  'referer',
  'connection',
]);

/**
 * Works an expression out for one request without running anything of the workspace: regular expressions are matched
 * by the model's linear-time matcher, and what depends on anything but the request is null.
 */
export function requestValue(
  reader: Reader,
  value: JsValue,
  request: Request,
  names: RequestNames,
  depth = 0,
): Outcome {
  if (depth > 30) return null;
  const go = (of: JsValue): Outcome => requestValue(reader, of, request, names, depth + 1);
  if (names.isOrigin?.(value)) return { is: request.origin };
  switch (value.kind) {
    case 'string':
    case 'number':
    case 'boolean':
      return { is: value.value };
    case 'null':
      return { is: null };
    case 'undefined':
      return { is: undefined };
    case 'regexp':
    case 'object':
    case 'function':
      return { is: { thing: value } };
    case 'array':
      return { is: { list: value.items.map(go), open: value.rest !== null } };
    case 'new':
      return constructed(value, go);
    case 'not': {
      const of = truth(go(value.of));
      return of === undefined ? null : of === 'throws' ? of : { is: !of };
    }
    case 'binary':
      if (isKeyMissing(value, (one) => isMissingHeader(one, request, names)))
        return { is: value.operator.startsWith('!') };
      if (value.operator === 'instanceof') return instance(go(value.left), value.right);
      return compare(value.operator, go(value.left), go(value.right));
    case 'template': {
      const parts = value.parts.map(go);
      let text = '';
      for (const part of parts) {
        if (part === null || part === 'throws') return part;
        if (isThing(part.is)) return null;
        text += String(part.is);
      }
      return { is: text };
    }
    case 'choice':
      return chosen(value.branches, (when) => holdsFor(reader, when, request, names, depth + 1), go);
    case 'parameter':
      if (names.isRequest(value)) return { is: { thing: value } };
      return names.error && names.isError?.(value) ? go(names.error) : null;
    case 'member':
      return memberFor(value, request, names, go);
    case 'call':
      return callFor(reader, value, request, names, go);
    default:
      return null;
  }
}

/** The first branch that is taken; when something throws, what a `catch` makes of it. */
function chosen(
  branches: readonly Branch[],
  held: (when: readonly Condition[]) => Holds,
  go: (of: JsValue) => Outcome,
): Outcome {
  let thrown = false;
  for (const { when, value, catches } of branches) {
    if (catches ? !thrown : thrown) continue;
    const holds = held(when);
    if (holds === undefined) return null;
    // What throws in a `try` of a function called goes on in its `catch`, which is another branch.
    if (holds === false || (holds === 'throws' && when.some(({ of }) => isCaught(of.node)))) continue;
    const outcome = holds === 'throws' ? holds : go(value);
    if (outcome !== 'throws') return outcome;
    thrown = true;
  }
  return thrown ? 'throws' : null;
}

/** Whether all conditions, tested in order, hold for the request, or one throws; undefined when that cannot be told. */
export function holdsFor(
  reader: Reader,
  when: readonly Condition[],
  request: Request,
  names: RequestNames,
  depth = 0,
): Holds {
  let result: Holds = true;
  for (const condition of when) {
    const holds = names.isError?.(condition.of) || truth(requestValue(reader, condition.of, request, names, depth));
    if (holds === undefined) result = undefined;
    else if (holds === 'throws') return result === undefined ? undefined : holds;
    else if (holds !== condition.holds) return false;
  }
  return result;
}

/** Whether something holds, or working it out throws; undefined when that is not known. */
export type Holds = boolean | 'throws' | undefined;

/** Whether an outcome is truthy; undefined when it is not known. */
export function truth(outcome: Outcome): Holds {
  if (outcome === null) return undefined;
  if (outcome === 'throws') return outcome;
  return isThing(outcome.is) ? true : Boolean(outcome.is);
}

function isThing(value: Plain): value is Thing {
  return typeof value === 'object' && value !== null;
}

function constructed(value: Extract<JsValue, { kind: 'new' }>, go: (of: JsValue) => Outcome): Outcome {
  const [first] = value.arguments;
  if (value.name === 'URL' && first && value.arguments.length === 1) {
    const text = go(first);
    if (text === null || text === 'throws') return text;
    if (isThing(text.is)) return null;
    const url = parseUrl(String(text.is));
    return url === undefined ? 'throws' : { is: { url } };
  }
  if (value.name === 'Set') {
    const { items, rest } = first ? itemsOf(first) : { items: [], rest: null };
    return { is: { list: items.map(go), open: rest !== null } };
  }
  return { is: { thing: value } };
}

/**
 * Whether a header that the request does not have is compared with a variable of the environment: a key that clients
 * must send. An app that checks for one is run with one.
 */
function isKeyMissing({ operator, left, right }: BinaryValue, isMissing: (value: JsValue) => boolean): boolean {
  if (!/^[!=]==?$/.test(operator)) return false;
  return (right.kind === 'environment' && isMissing(left)) || (left.kind === 'environment' && isMissing(right));
}

/** A header other than Origin, by its own name, that the request does not have. */
function isMissingHeader(value: JsValue, request: Request, { isRequest, isOrigin }: RequestNames): boolean {
  if (isOrigin?.(value) || isOriginOf(value, isRequest)) return false;
  const object = value.kind === 'member' ? value.object : null;
  if (value.kind !== 'member' || object?.kind !== 'member') return false;
  if (object.property !== 'headers' || !isRequest(object.object)) return false;
  const header = headerOf(request, value.property);
  return header !== null && header !== 'throws' && header.is === undefined;
}

function compare(operator: string, left: Outcome, right: Outcome): Outcome {
  if (left === 'throws') return left;
  if (operator === 'typeof') return left === null || isThing(left.is) ? null : { is: typeof left.is };
  if (left === null) return null;
  if (right === null || right === 'throws') return right;
  const a = left.is;
  const b = right.is;
  switch (operator) {
    case '===':
      return { is: a === b };
    case '!==':
      return { is: a !== b };
    case '==':
      return { is: a === b || (isNullish(a) && isNullish(b)) };
    case '!=':
      return { is: !(a === b || (isNullish(a) && isNullish(b))) };
    // Indexes of a list are never origins.
    case 'in':
      if (!isThing(b) || isThing(a)) return null;
      if ('list' in b) return { is: /^\d+$/.test(String(a)) && Number(a) < b.list.length };
      return 'thing' in b ? hasProperty(b.thing, String(a)) : null;
  }
  if (typeof a !== 'number' || typeof b !== 'number') return null;
  switch (operator) {
    case '<':
      return { is: a < b };
    case '<=':
      return { is: a <= b };
    case '>':
      return { is: a > b };
    case '>=':
      return { is: a >= b };
    default:
      return null;
  }
}

function instance(left: Outcome, type: JsValue): Outcome {
  if (left === null || left === 'throws') return left;
  if (!isThing(left.is)) return { is: false };
  const holds = 'thing' in left.is ? isInstance(left.is.thing, type) : undefined;
  return holds === undefined ? null : { is: holds };
}

/** Whether an object has a property, of its own or as every object has it. */
function hasProperty(object: JsValue, name: string): Outcome {
  if (object.kind !== 'object') return null;
  if (object.properties.some(({ key }) => key === name) || name in Object.prototype) return { is: true };
  return object.rest === null ? { is: false } : null;
}

function isNullish(value: Plain): boolean {
  return value === null || value === undefined;
}

function memberFor(
  member: Extract<JsValue, { kind: 'member' }>,
  request: Request,
  names: RequestNames,
  go: (of: JsValue) => Outcome,
): Outcome {
  const { object, property } = member;
  if (names.isRequest(object)) return requestMember(request, property);
  if (names.isResponse?.(object) && IS_ANSWERED.has(property)) return { is: false };
  if (object.kind === 'member' && object.property === 'headers' && names.isRequest(object.object)) {
    // Node lower-cases the names: any other spelling finds nothing.
    return property === property.toLowerCase() ? headerOf(request, property) : { is: undefined };
  }
  if (object.kind === 'member' && OF_USER.has(object.property) && names.isRequest(object.object)) {
    return isAnonymous(request) ? { is: undefined } : null;
  }
  const owner = go(object);
  if (owner === null || owner === 'throws') return owner;
  if (isNullish(owner.is)) return isOptional(member) ? { is: undefined } : 'throws';
  if (typeof owner.is === 'string' && property === 'length') return { is: owner.is.length };
  if (isThing(owner.is) && 'list' in owner.is) {
    if (/^\d+$/.test(property)) return owner.is.list[Number(property)] ?? (owner.is.open ? null : { is: undefined });
    return property === 'length' && !owner.is.open ? { is: owner.is.list.length } : null;
  }
  if (isThing(owner.is) && 'url' in owner.is) {
    const part: unknown = owner.is.url[property as keyof URL];
    return typeof part === 'string' ? { is: part } : null;
  }
  if (isThing(owner.is) && 'thing' in owner.is && names.error) {
    const part = memberOfError(owner.is.thing, property, member.module);
    if (part === undefined) return { is: undefined };
    return part && go(part);
  }
  return null;
}

/** Whether nothing, where an object should be, is passed over: `a?.b`, and all that follows in `a?.b.c`. */
function isOptional({ node }: JsValue): boolean {
  let at: JsValue['node'] | null = node;
  while (at !== null) {
    if (at.type === 'ChainExpression') at = at.expression;
    else if (at.type === 'MemberExpression') {
      if (at.optional) return true;
      at = at.object;
    } else if (at.type === 'CallExpression') {
      if (at.optional) return true;
      at = at.callee;
    } else if (at.type === 'TSNonNullExpression' || at.type === 'TSAsExpression') at = at.expression;
    else return at.type !== 'Identifier';
  }
  return false;
}

const IS_ANSWERED = new Set(['headersSent', 'writableEnded', 'finished']);

/** A request without a cookie and without `Authorization` belongs to nobody: preflights never have either. */
function isAnonymous(request: Request): boolean {
  return !request.headers.has('cookie') && !request.headers.has('authorization');
}

const OF_USER = new Set(['cookies', 'signedCookies', 'session']);

function requestMember(request: Request, property: string): Outcome {
  switch (property) {
    case 'user':
    case 'token':
      return isAnonymous(request) ? { is: undefined } : null;
    case 'method':
      return { is: request.method };
    case 'path':
      // The caller leaves it empty where it is not the whole path that the function sees.
      return request.path === '' ? null : { is: request.path.split('?')[0] ?? '/' };
    case 'secure':
      return { is: request.scheme === 'https' };
    case 'protocol':
      return { is: request.scheme };
    default:
      return null;
  }
}

function headerOf(request: Request, name: string): Outcome {
  if (name === 'origin') return { is: request.origin };
  // What a proxy in front tells an application of the browser's connection.
  if (name === 'x-forwarded-proto') return { is: request.scheme };
  const value = request.headers.get(name);
  if (value !== undefined) return { is: value };
  return BROWSERS_OWN.has(name) ? null : { is: undefined };
}

function callFor(
  reader: Reader,
  call: Extract<JsValue, { kind: 'call' }>,
  request: Request,
  names: RequestNames,
  go: (of: JsValue) => Outcome,
): Outcome {
  const { callee } = call;
  const [first] = call.arguments;
  if (callee.kind === 'import' && callee.exported === 'parse' && /^(?:node:)?url$/.test(callee.specifier) && first) {
    const text = go(first);
    if (text === null || text === 'throws') return text;
    const url = typeof text.is === 'string' ? parseUrl(text.is) : undefined;
    return url === undefined ? null : { is: { url } };
  }
  if (callee.kind === 'function') {
    const given = applied(reader, callee, call.arguments, call, 0);
    return given === null || given.kind === 'call' ? null : go(given);
  }
  if (callee.kind !== 'member') return null;
  const { object, property } = callee;
  if (names.isRequest(object)) {
    if ((property === 'get' || property === 'header') && first) {
      const name = go(first);
      return name !== null && name !== 'throws' && typeof name.is === 'string'
        ? headerOf(request, name.is.toLowerCase())
        : null;
    }
    return property === 'isAuthenticated' && isAnonymous(request) ? { is: false } : null;
  }
  if (object.kind === 'regexp') {
    if (property !== 'test' && property !== 'exec') return null;
    const found = first ? matchFor(object, go(first)) : null;
    if (property === 'test' || found === null || found === 'throws') return found;
    return { is: found.is === true ? { thing: object } : null };
  }
  const owner = go(object);
  if (owner === null || owner === 'throws') return owner;
  if (isNullish(owner.is)) return isOptional(call) ? { is: undefined } : 'throws';
  if (typeof owner.is === 'string') return onText(owner.is, property, call.arguments, go);
  if (isThing(owner.is) && 'list' in owner.is) return onList(reader, owner.is, object, property, call, go);
  return null;
}

/** What functions give back, by the call and how often it has called before: the same for every request. */
const results = new WeakMap<JsValue, Map<number, JsValue | null>>();

function applied(
  reader: Reader,
  fn: FunctionValue,
  args: readonly JsValue[],
  call: JsValue,
  round: number,
): JsValue | null {
  const known = results.get(call) ?? new Map<number, JsValue | null>();
  results.set(call, known);
  const before = known.get(round);
  if (before !== undefined) return before;
  const result = reader.apply(fn, args, call);
  known.set(round, result);
  return result;
}

function matchFor(pattern: Extract<JsValue, { kind: 'regexp' }>, subject: Outcome): Outcome {
  if (subject === null || subject === 'throws') return subject;
  if (isThing(subject.is)) return null;
  const found = searches(
    { kind: 'regex', source: pattern.pattern, flags: pattern.flags, dialect: 'ecmascript' },
    String(subject.is),
  );
  return found === undefined ? null : { is: found };
}

function onText(text: string, method: string, args: readonly JsValue[], go: (of: JsValue) => Outcome): Outcome {
  const [first] = args;
  switch (method) {
    case 'toUpperCase':
      return { is: text.toUpperCase() };
    case 'toLowerCase':
      return { is: text.toLowerCase() };
    case 'trim':
      return { is: text.trim() };
    case 'toString':
      return { is: text };
  }
  if (first === undefined) return null;
  if (method === 'match' || method === 'search') {
    const pattern =
      first.kind === 'string' ? { ...first, kind: 'regexp' as const, pattern: first.value, flags: '' } : first;
    if (pattern.kind !== 'regexp') return null;
    const found = matchFor(pattern, { is: text });
    if (found === 'throws') return found;
    if (method === 'match') return found && { is: found.is === true ? { thing: pattern } : null };
    return found && found.is === false ? { is: -1 } : null;
  }
  const argument = go(first);
  if (argument === null || argument === 'throws') return argument;
  // What is no text becomes text: `'…'.includes(undefined)` looks for "undefined".
  if (isThing(argument.is)) return null;
  const part = String(argument.is);
  switch (method) {
    case 'includes':
      return { is: text.includes(part) };
    case 'startsWith':
      return { is: text.startsWith(part) };
    case 'endsWith':
      return { is: text.endsWith(part) };
    case 'indexOf':
      return { is: text.indexOf(part) };
    case 'lastIndexOf':
      return { is: text.lastIndexOf(part) };
    case 'split':
      if (argument.is === undefined) return { is: { list: [{ is: text }], open: false } };
      return { is: { list: text.split(part).map((is) => ({ is })), open: false } };
    default:
      return null;
  }
}

function onList(
  reader: Reader,
  list: Extract<Thing, { list: unknown }>,
  object: JsValue,
  method: string,
  call: Extract<JsValue, { kind: 'call' }>,
  go: (of: JsValue) => Outcome,
): Outcome {
  const [first] = call.arguments;
  if (first === undefined) return null;
  switch (method) {
    case 'includes':
    case 'has':
    case 'indexOf': {
      const wanted = go(first);
      if (wanted === 'throws') return wanted;
      const index = indexIn(list, wanted);
      return index === undefined ? null : { is: method === 'indexOf' ? index : index >= 0 };
    }
    case 'some':
    case 'every':
    case 'find':
    case 'findIndex':
    case 'filter':
      return first.kind === 'function' ? quantified(reader, method, itemsOf(object), first, call, go) : null;
    default:
      return null;
  }
}

function indexIn(list: Extract<Thing, { list: unknown }>, wanted: Exclude<Outcome, 'throws'>): number | undefined {
  if (wanted === null) return undefined;
  let unsure = list.open;
  for (const [i, item] of list.list.entries()) {
    if (item === null || item === 'throws') unsure = true;
    else if (item.is === wanted.is) return unsure && !list.open ? undefined : i;
  }
  return unsure ? undefined : -1;
}

function quantified(
  reader: Reader,
  method: 'some' | 'every' | 'find' | 'findIndex' | 'filter',
  { items, rest }: ReturnType<typeof itemsOf>,
  test: Extract<JsValue, { kind: 'function' }>,
  call: Extract<JsValue, { kind: 'call' }>,
  go: (of: JsValue) => Outcome,
): Outcome {
  const stops = method !== 'every';
  let unsure = rest !== null;
  const kept: Outcome[] = [];
  for (const [i, item] of items.entries()) {
    const given = applied(reader, test, [item], call, i);
    const holds = given === null ? undefined : truth(go(given));
    if (holds === undefined) unsure = true;
    else if (holds === 'throws') return unsure ? null : holds;
    else if (method === 'filter') {
      if (holds) kept.push(go(item));
    } else if (holds === stops) {
      if (method === 'find') return unsure ? null : go(item);
      if (method === 'findIndex') return unsure ? null : { is: i };
      return { is: stops };
    }
  }
  if (unsure) return null;
  if (method === 'filter') return { is: { list: kept, open: false } };
  if (method === 'find') return { is: undefined };
  return { is: method === 'findIndex' ? -1 : !stops };
}
