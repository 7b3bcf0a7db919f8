import type { Request } from '../../cors/http';
import { parseUrl } from '../../cors/origin';
import { searches } from '../../cors/pattern';
import { type Condition, itemsOf, type JsValue, type Reader } from '../../javascript';

/** Which symbolic values stand for the request, seen from one function. */
export interface RequestNames {
  /** The request object. */
  isRequest(value: JsValue): boolean;
  /** The value of the `Origin` header, when the function is given just that. */
  isOrigin?(value: JsValue): boolean;
}

/** What an expression comes to for one request: `is` holds it; null when that cannot be told. */
export type Outcome = { readonly is: Plain } | null;
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
      return of === undefined ? null : { is: !of };
    }
    case 'binary':
      return compare(value.operator, go(value.left), go(value.right));
    case 'template': {
      const parts = value.parts.map(go);
      if (parts.some((part) => part === null || isThing(part.is))) return null;
      return { is: parts.map((part) => String(part?.is)).join('') };
    }
    case 'choice':
      for (const branch of value.branches) {
        const holds = holdsFor(reader, branch.when, request, names, depth + 1);
        if (holds === undefined) return null;
        if (holds) return go(branch.value);
      }
      return null;
    case 'parameter':
      return names.isRequest(value) ? { is: { thing: value } } : null;
    case 'member':
      return memberFor(value.object, value.property, request, names, go);
    case 'call':
      return callFor(reader, value, request, names, go);
    default:
      return null;
  }
}

/** Whether all conditions hold for the request; undefined when that cannot be told. */
export function holdsFor(
  reader: Reader,
  when: readonly Condition[],
  request: Request,
  names: RequestNames,
  depth = 0,
): boolean | undefined {
  let result: boolean | undefined = true;
  for (const condition of when) {
    const holds = truth(requestValue(reader, condition.of, request, names, depth));
    if (holds === undefined) result = undefined;
    else if (holds !== condition.holds) return false;
  }
  return result;
}

/** Whether an outcome is truthy; undefined when it is not known. */
export function truth(outcome: Outcome): boolean | undefined {
  if (outcome === null) return undefined;
  return isThing(outcome.is) ? true : Boolean(outcome.is);
}

function isThing(value: Plain): value is Thing {
  return typeof value === 'object' && value !== null;
}

function constructed(value: Extract<JsValue, { kind: 'new' }>, go: (of: JsValue) => Outcome): Outcome {
  const [first] = value.arguments;
  if (value.name === 'URL' && first && value.arguments.length === 1) {
    const text = go(first);
    if (typeof text?.is !== 'string') return null;
    const url = parseUrl(text.is);
    return url === undefined ? null : { is: { url } };
  }
  if (value.name === 'Set') {
    const { items, rest } = first ? itemsOf(first) : { items: [], rest: null };
    return { is: { list: items.map(go), open: rest !== null } };
  }
  return { is: { thing: value } };
}

function compare(operator: string, left: Outcome, right: Outcome): Outcome {
  if (operator === 'typeof') return left === null || isThing(left.is) ? null : { is: typeof left.is };
  if (left === null || right === null) return null;
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
      return isThing(b) && 'list' in b && typeof a === 'string'
        ? { is: /^\d+$/.test(a) && Number(a) < b.list.length }
        : null;
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

function isNullish(value: Plain): boolean {
  return value === null || value === undefined;
}

function memberFor(
  object: JsValue,
  property: string,
  request: Request,
  names: RequestNames,
  go: (of: JsValue) => Outcome,
): Outcome {
  if (names.isRequest(object)) return requestMember(request, property);
  if (object.kind === 'member' && object.property === 'headers' && names.isRequest(object.object)) {
    // Node lower-cases the names: any other spelling finds nothing.
    return property === property.toLowerCase() ? headerOf(request, property) : { is: undefined };
  }
  if (object.kind === 'member' && OF_USER.has(object.property) && names.isRequest(object.object)) {
    return isAnonymous(request) ? { is: undefined } : null;
  }
  const owner = go(object);
  if (owner === null) return null;
  if (isNullish(owner.is)) return { is: undefined };
  if (typeof owner.is === 'string' && property === 'length') return { is: owner.is.length };
  if (isThing(owner.is) && 'list' in owner.is) {
    if (/^\d+$/.test(property)) return owner.is.list[Number(property)] ?? (owner.is.open ? null : { is: undefined });
    return property === 'length' && !owner.is.open ? { is: owner.is.list.length } : null;
  }
  if (isThing(owner.is) && 'url' in owner.is) {
    const part: unknown = owner.is.url[property as keyof URL];
    return typeof part === 'string' ? { is: part } : null;
  }
  return null;
}

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
    const url = typeof text?.is === 'string' ? parseUrl(text.is) : undefined;
    return url === undefined ? null : { is: { url } };
  }
  if (callee.kind === 'function') {
    const given = reader.apply(callee, call.arguments, call);
    return given === null || given.kind === 'call' ? null : go(given);
  }
  if (callee.kind !== 'member') return null;
  const { object, property } = callee;
  if (names.isRequest(object)) {
    if ((property === 'get' || property === 'header') && first) {
      const name = go(first);
      return typeof name?.is === 'string' ? headerOf(request, name.is.toLowerCase()) : null;
    }
    return property === 'isAuthenticated' && isAnonymous(request) ? { is: false } : null;
  }
  if (object.kind === 'regexp') {
    if (property !== 'test' && property !== 'exec') return null;
    return first ? matchFor(object, go(first)) : null;
  }
  const owner = go(object);
  if (owner === null) return null;
  // An optional call of nothing; without the `?.` it would throw.
  if (isNullish(owner.is))
    return call.call.optional || (callee.node.type === 'MemberExpression' && callee.node.optional)
      ? { is: undefined }
      : null;
  if (typeof owner.is === 'string') return onText(owner.is, property, call.arguments, go);
  if (isThing(owner.is) && 'list' in owner.is) return onList(reader, owner.is, object, property, call, go);
  return null;
}

function matchFor(pattern: Extract<JsValue, { kind: 'regexp' }>, subject: Outcome): Outcome {
  if (subject === null || isThing(subject.is)) return null;
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
    if (method === 'match') return found && { is: found.is === true ? { thing: pattern } : null };
    return found && found.is === false ? { is: -1 } : null;
  }
  const argument = go(first);
  if (typeof argument?.is !== 'string') return null;
  switch (method) {
    case 'includes':
      return { is: text.includes(argument.is) };
    case 'startsWith':
      return { is: text.startsWith(argument.is) };
    case 'endsWith':
      return { is: text.endsWith(argument.is) };
    case 'indexOf':
      return { is: text.indexOf(argument.is) };
    case 'lastIndexOf':
      return { is: text.lastIndexOf(argument.is) };
    case 'split':
      return { is: { list: text.split(argument.is).map((is) => ({ is })), open: false } };
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
      const index = indexIn(list, go(first));
      return index === undefined ? null : { is: method === 'indexOf' ? index : index >= 0 };
    }
    case 'some':
    case 'every':
    case 'find':
    case 'findIndex':
      return first.kind === 'function' ? quantified(reader, method, itemsOf(object), first, call, go) : null;
    default:
      return null;
  }
}

function indexIn(list: Extract<Thing, { list: unknown }>, wanted: Outcome): number | undefined {
  if (wanted === null) return undefined;
  let unsure = list.open;
  for (const [i, item] of list.list.entries()) {
    if (item === null) unsure = true;
    else if (item.is === wanted.is) return unsure && !list.open ? undefined : i;
  }
  return unsure ? undefined : -1;
}

function quantified(
  reader: Reader,
  method: 'some' | 'every' | 'find' | 'findIndex',
  { items, rest }: ReturnType<typeof itemsOf>,
  test: Extract<JsValue, { kind: 'function' }>,
  call: Extract<JsValue, { kind: 'call' }>,
  go: (of: JsValue) => Outcome,
): Outcome {
  const stops = method !== 'every';
  let unsure = rest !== null;
  for (const [i, item] of items.entries()) {
    const given = reader.apply(test, [item], call);
    const holds = given === null ? undefined : truth(go(given));
    if (holds === undefined) unsure = true;
    else if (holds === stops) {
      if (method === 'find') return unsure ? null : go(item);
      if (method === 'findIndex') return unsure ? null : { is: i };
      return { is: stops };
    }
  }
  if (unsure) return null;
  if (method === 'find') return { is: undefined };
  return { is: method === 'findIndex' ? -1 : !stops };
}
