import type { TSESTree } from '@typescript-eslint/types';
import type { Place } from '../../../cors/place';
import {
  type CallValue,
  type FunctionValue,
  type JsValue,
  placeOf,
  type Reader,
  type Step,
  staticName,
  unwrap,
} from '../../../javascript';
import { isCorsCall } from '../app/handlerKind';
import type { Roles } from '../request/names';

/** What one step of a handler does to the response. */
export type Effect =
  | { readonly kind: 'none' }
  | { readonly kind: 'set'; readonly headers: readonly Setting[]; readonly how: HowSet }
  | { readonly kind: 'remove'; readonly name: JsValue }
  | { readonly kind: 'vary'; readonly field: JsValue; readonly place: Place; readonly namePlace: Place }
  | { readonly kind: 'status'; readonly status: JsValue }
  | {
      readonly kind: 'answer';
      readonly how: 'send' | 'redirect';
      readonly status: JsValue | null;
      readonly headers: readonly Setting[];
      readonly place: Place;
    }
  | { readonly kind: 'next'; readonly argument: JsValue | null }
  /** `cors(options)(req, res, next)`. */
  | { readonly kind: 'cors'; readonly call: CallValue; readonly after: After }
  /** Another middleware, called by hand. */
  | { readonly kind: 'middleware'; readonly value: JsValue; readonly after: After }
  /** `new Promise((resolve, reject) => …)`: what it does is done at once. */
  | { readonly kind: 'promise'; readonly executor: FunctionValue }
  /** `reject(error)`: the promise that is waited for fails. */
  | { readonly kind: 'rejected'; readonly error: JsValue | null }
  /** A function of the workspace that is given the response. */
  | { readonly kind: 'function'; readonly fn: FunctionValue; readonly args: readonly JsValue[] }
  /** Functions that run later, or perhaps, and can answer: callbacks, `.then(…)`. */
  | { readonly kind: 'later'; readonly functions: readonly FunctionValue[]; readonly isDetached: boolean }
  /** Something unread is given the response. */
  | { readonly kind: 'opaque'; readonly reason: string };

/**
 * What goes on after a middleware that is called by hand: the handler's own `next`, a function that it is given, or,
 * where it is given something else to call, such as a promise's `resolve`, the statement that calls it.
 */
export type After = 'next' | 'here' | FunctionValue;

/**
 * `set` and `append` of Express turn `undefined` into text; `setHeader` and `appendHeader` of Node throw.
 */
export type HowSet = 'express' | 'node' | 'append' | 'append-node';

/** One header that is set. */
export interface Setting {
  readonly name: string;
  /** The name alone, without quotes. */
  readonly namePlace: Place;
  readonly value: JsValue;
  /** The whole setting: the call, or the property of an object. */
  readonly place: Place;
}

const NONE: Effect = { kind: 'none' };

export function effectOf(reader: Reader, step: Step, roles: Roles): Effect {
  const { node, context } = step;
  if (node.type === 'AssignmentExpression') return assignment(reader, node, step, roles);
  if (node.type === 'NewExpression') return promised(reader, node, step);
  if (node.type !== 'CallExpression') return NONE;
  const callee = unwrap(node.callee);
  const args = node.arguments.map((argument) => reader.evaluate(argument, context));
  if (callee.type === 'MemberExpression') {
    const name = staticName(callee);
    const object = callee.object.type === 'Super' ? null : reader.evaluate(callee.object, context);
    if (object !== null && name !== null && isResponseChain(object, roles)) {
      return responseMethod(name, args, node, callee, step);
    }
    if (object !== null && name === 'pipe' && args.some(roles.isResponse)) {
      return { kind: 'answer', how: 'send', status: null, headers: [], place: placeOf(context.module, node) };
    }
    const later = laterFunctions(args, node, step, roles);
    if (later.length > 0) return { kind: 'later', functions: later, isDetached: isTimer(callee) };
  }
  return plainCall(reader.evaluate(callee, context), args, node, step, roles);
}

function plainCall(
  callee: JsValue,
  args: readonly JsValue[],
  node: TSESTree.CallExpression,
  step: Step,
  roles: Roles,
): Effect {
  if (roles.isNext(callee)) return { kind: 'next', argument: args[0] ?? null };
  const isGiven = args.some((argument) => roles.isResponse(argument) || roles.isNext(argument));
  if (isGiven && isCorsCall(callee)) return { kind: 'cors', call: callee, after: afterwards(args[2], roles) };
  if (isGiven && callee.kind === 'function') return { kind: 'function', fn: callee, args };
  if (isGiven && callee.kind === 'call')
    return { kind: 'middleware', value: callee, after: afterwards(args[2], roles) };
  if (isReject(callee)) return { kind: 'rejected', error: args[0] ?? null };
  if (isGiven) return { kind: 'opaque', reason: `${describe(step, node.callee)} is given the response and not read` };
  const later = laterFunctions(args, node, step, roles);
  if (later.length > 0) return { kind: 'later', functions: later, isDetached: isTimer(unwrap(node.callee)) };
  return NONE;
}

function afterwards(last: JsValue | undefined, roles: Roles): After {
  if (last === undefined || roles.isNext(last)) return 'next';
  if (last.kind === 'function') return last;
  return last.kind === 'parameter' ? 'here' : 'next';
}

/** `new Promise(executor)`. */
function promised(reader: Reader, node: TSESTree.NewExpression, { context }: Step): Effect {
  const [first] = node.arguments;
  if (!isPromiseClass(node) || first === undefined) return NONE;
  const executor = reader.evaluate(first, context);
  return executor.kind === 'function' ? { kind: 'promise', executor } : NONE;
}

function isPromiseClass({ callee }: TSESTree.NewExpression): boolean {
  return callee.type === 'Identifier' && callee.name === 'Promise';
}

/** The second parameter of a promise's executor. */
function isReject(callee: JsValue): boolean {
  if (callee.kind !== 'parameter' || callee.index !== 1) return false;
  const { parent } = callee.function;
  return parent?.type === 'NewExpression' && isPromiseClass(parent) && parent.arguments[0] === callee.function;
}

/** `setTimeout`, `setImmediate`, `process.nextTick`: what they call is called by nobody else. */
export function isTimer(callee: TSESTree.Node): boolean {
  if (callee.type === 'Identifier') return /^(?:setTimeout|setImmediate|queueMicrotask)$/.test(callee.name);
  return callee.type === 'MemberExpression' && staticName(callee) === 'nextTick';
}

function laterFunctions(
  args: readonly JsValue[],
  node: TSESTree.CallExpression,
  step: Step,
  roles: Roles,
): readonly FunctionValue[] {
  return args.filter((argument): argument is FunctionValue => {
    if (argument.kind !== 'function' || argument.module.path !== step.context.module.path) return false;
    const [start, end] = argument.function.range;
    const isHere = start >= node.range[0] && end <= node.range[1];
    return isHere && usesRoles(argument, roles);
  });
}

/** Whether a function written inside a handler names the handler's response or `next`. */
function usesRoles(fn: FunctionValue, roles: Roles): boolean {
  const names = roles.names;
  const text = fn.module.text.slice(...fn.function.range);
  return text.split(/[^\w$]+/).some((word) => names.has(word));
}

function isResponseChain(value: JsValue, roles: Roles): boolean {
  if (roles.isResponse(value)) return true;
  return (
    value.kind === 'call' &&
    value.callee.kind === 'member' &&
    CHAINED.has(value.callee.property) &&
    isResponseChain(value.callee.object, roles)
  );
}

/** Methods of a response that give the response back. */
const CHAINED = new Set([
  'status',
  'set',
  'header',
  'type',
  'contentType',
  'cookie',
  'clearCookie',
  'append',
  'vary',
  'links',
  'location',
  'attachment',
  'setHeader',
  'writeHead',
  'setHeaders',
  'format',
]);
const ANSWERS = new Set(['send', 'json', 'jsonp', 'end', 'sendFile', 'sendfile', 'download', 'render']);

function responseMethod(
  name: string,
  args: readonly JsValue[],
  node: TSESTree.CallExpression,
  callee: TSESTree.MemberExpression,
  step: Step,
): Effect {
  const { module } = step.context;
  const place = placeOf(module, node);
  const [first, second] = args;
  switch (name) {
    case 'set':
    case 'header':
      if (first?.kind === 'object') return { kind: 'set', headers: ofObject(first), how: 'express' };
      return single(first, second, place, 'express');
    case 'setHeader':
      return single(first, second, place, 'node');
    case 'append':
      return single(first, second, place, 'append');
    case 'appendHeader':
      return single(first, second, place, 'append-node');
    case 'setHeaders':
      return { kind: 'set', headers: first ? ofPairs(first) : [], how: 'node' };
    case 'removeHeader':
      return first ? { kind: 'remove', name: first } : NONE;
    case 'vary':
      return first ? { kind: 'vary', field: first, place, namePlace: placeOf(module, callee.property) } : NONE;
    case 'status':
      return first ? { kind: 'status', status: first } : NONE;
    case 'writeHead': {
      const headers = args.slice(1).find((argument) => argument.kind !== 'string');
      return { kind: 'answer', how: 'send', status: first ?? null, headers: headers ? ofPairs(headers) : [], place };
    }
    case 'sendStatus':
      return { kind: 'answer', how: 'send', status: first ?? null, headers: [], place };
    case 'redirect':
      return { kind: 'answer', how: 'redirect', status: first?.kind === 'number' ? first : null, headers: [], place };
  }
  if (!ANSWERS.has(name)) return NONE;
  const status = first?.kind === 'number' && (name === 'send' || second !== undefined) ? first : null;
  return { kind: 'answer', how: 'send', status, headers: [], place };
}

function single(name: JsValue | undefined, value: JsValue | undefined, place: Place, how: HowSet): Effect {
  if (name === undefined) return NONE;
  if (name.kind !== 'string') {
    // Node takes no objects: it throws.
    if (name.kind === 'object')
      return { kind: 'set', headers: [{ name: '{', namePlace: name.place, value: name, place }], how };
    return { kind: 'opaque', reason: 'it sets a header whose name is not known' };
  }
  return {
    kind: 'set',
    headers: [{ name: name.value, namePlace: inner(name), value: value ?? { ...name, kind: 'undefined' }, place }],
    how,
  };
}

/** The name without its quotes. */
function inner(name: JsValue): Place {
  const { place, module } = name;
  const text = module.text.slice(place.start, place.end);
  return /^(['"`]).*\1$/s.test(text) ? { ...place, start: place.start + 1, end: place.end - 1 } : place;
}

/** The headers of `{ name: value }`. */
export function ofObject(object: Extract<JsValue, { kind: 'object' }>): readonly Setting[] {
  return object.properties.map((property): Setting => {
    const text = property.module.text.slice(property.keyPlace.start, property.keyPlace.end);
    const quoted = /^(['"`]).*\1$/s.test(text);
    const { keyPlace } = property;
    const namePlace = quoted ? { ...keyPlace, start: keyPlace.start + 1, end: keyPlace.end - 1 } : keyPlace;
    return { name: property.key, namePlace, value: property.value, place: property.place };
  });
}

/** The headers of an object, a flat list, a list of pairs, a `Map` or `Headers`. */
export function ofPairs(value: JsValue): readonly Setting[] {
  if (value.kind === 'object') return ofObject(value);
  if (value.kind === 'new' && value.arguments[0]) return ofPairs(value.arguments[0]);
  if (value.kind !== 'array') return [];
  const settings: Setting[] = [];
  const isFlat = value.items.every((item) => item.kind !== 'array');
  const pairs = isFlat
    ? value.items.flatMap((item, i) => (i % 2 === 0 ? [[item, value.items[i + 1]] as const] : []))
    : value.items.map((item) =>
        item.kind === 'array' ? ([item.items[0], item.items[1]] as const) : ([undefined, undefined] as const),
      );
  for (const [name, held] of pairs) {
    if (name?.kind !== 'string' || held === undefined) continue;
    const place = { file: name.place.file, start: name.place.start, end: Math.max(name.place.end, held.place.end) };
    settings.push({ name: name.value, namePlace: inner(name), value: held, place });
  }
  return settings;
}

function assignment(reader: Reader, node: TSESTree.AssignmentExpression, step: Step, roles: Roles): Effect {
  const left = unwrap(node.left);
  if (left.type !== 'MemberExpression' || staticName(left) !== 'statusCode' || left.object.type === 'Super')
    return NONE;
  const { context } = step;
  if (!roles.isResponse(reader.evaluate(left.object, context))) return NONE;
  return { kind: 'status', status: reader.evaluate(node.right, context) };
}

function describe(step: Step, node: TSESTree.Node): string {
  const text = step.context.module.text.slice(...node.range).replace(/\s+/g, ' ');
  return `\`${text.length > 40 ? `${text.slice(0, 39)}…` : text}\``;
}
