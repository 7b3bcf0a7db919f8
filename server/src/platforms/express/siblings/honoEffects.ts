import type { TSESTree } from '@typescript-eslint/types';
import {
  type FunctionValue,
  type JsValue,
  placeOf,
  property,
  type Reader,
  type Step,
  staticName,
  unwrap,
} from '../../../javascript';
import type { Setting } from '../flow/effects';
import { isHeaderName, settingOf } from './byHand';
import type { HonoNames } from './honoNames';
import { isAwaited, stepsOfCall } from './steps';

/** What one step of a function of Hono does to the response. */
export type HonoEffect =
  | {
      readonly kind: 'set' | 'append';
      readonly setting: Setting;
      /** `c.header(…)`, or `c.res.headers.set(…)`, which makes a response of what there is. */
      readonly by: 'context' | 'response';
    }
  | { readonly kind: 'delete'; readonly name: string; readonly by: 'context' | 'response' }
  | { readonly kind: 'status'; readonly status: JsValue }
  | { readonly kind: 'next' }
  | { readonly kind: 'opaque' };

const NONE: readonly HonoEffect[] = [];
const OPAQUE: readonly HonoEffect[] = [{ kind: 'opaque' }];
/** Functions that are given the context are followed to this depth. */
const DEEPEST = 3;
/** Methods of the context that make a response, or touch none (hono/context.js). */
const HARMLESS = new Set([
  'text',
  'json',
  'html',
  'body',
  'newResponse',
  'redirect',
  'notFound',
  'set',
  'get',
  'setLayout',
  'getLayout',
  'setRenderer',
]);
/** Methods of headers, and of a response, that only read. */
const READING = new Set(['get', 'has', 'keys', 'values', 'entries', 'getSetCookie', 'clone', 'json', 'text']);
const WORDS = /header|\bres\b|\bstatus\b|\bnext\b|cors/i;

export function honoEffectsOf(reader: Reader, step: Step, names: HonoNames, depth = 0): readonly HonoEffect[] {
  const { node, context } = step;
  if (node.type === 'AwaitExpression') return NONE;
  if (node.type === 'AssignmentExpression') return assigned(reader, node, step, names);
  const callee = unwrap(node.callee);
  if (callee.type === 'MemberExpression' && callee.object.type !== 'Super' && node.type === 'CallExpression') {
    const made = byMethod(reader, callee, node, step, names);
    if (made !== null) return made;
  }
  if (callee.type === 'Super') return NONE;
  const called = reader.evaluate(callee, context);
  if (names.isNext(called)) return isAwaited(node) ? [{ kind: 'next' }] : OPAQUE;
  const args = node.arguments.map((argument) =>
    argument.type === 'SpreadElement' ? null : reader.evaluate(argument, context),
  );
  const isGiven = args.some((value) => value === null || isHandle(value, names));
  if (!isGiven) return args.some((value) => value !== null && isTouching(value, names)) ? OPAQUE : NONE;
  if (called.kind === 'import' && /^(?:npm:|jsr:)?(?:@hono\/)?hono(?:@[^/]+)?\//.test(called.specifier)) return NONE;
  if (called.kind !== 'function') return OPAQUE;
  return inside(reader, called, args, names, depth);
}

/** What a function of the workspace does with the context that it is given: followed where it has one way through it. */
function inside(
  reader: Reader,
  called: FunctionValue,
  args: readonly (JsValue | null)[],
  names: HonoNames,
  depth: number,
): readonly HonoEffect[] {
  if (!WORDS.test(called.module.text.slice(...called.function.range))) return NONE;
  const steps = depth < DEEPEST ? stepsOfCall(reader, called, args) : null;
  if (steps === null) return OPAQUE;
  const made = steps.flatMap((step) => honoEffectsOf(reader, step, names, depth + 1));
  return made.some(({ kind }) => kind === 'next') ? OPAQUE : made;
}

function isHandle(value: JsValue, names: HonoNames): boolean {
  return (
    names.isContext(value) ||
    names.isResponse(value) ||
    names.isNext(value) ||
    (value.kind === 'member' && value.property === 'headers' && names.isResponse(value.object))
  );
}

/** Whether it is a function that has the context in hand, and may use it on the response. */
function isTouching(value: JsValue, names: HonoNames): boolean {
  if (value.kind !== 'function') return false;
  const text = value.module.text.slice(...value.function.range);
  return names.isNamedIn(text) && WORDS.test(text);
}

/** Null for a method of anything else. */
function byMethod(
  reader: Reader,
  callee: TSESTree.MemberExpression,
  node: TSESTree.CallExpression,
  { context }: Step,
  names: HonoNames,
): readonly HonoEffect[] | null {
  const name = staticName(callee);
  const object = reader.evaluate(callee.object, context);
  const args = () => node.arguments.map((argument) => reader.evaluate(argument, context));
  if (names.isContext(object)) {
    if (name === 'header') return byHeader(args(), node, context);
    const [first] = name === 'status' ? args() : [];
    if (first) return [{ kind: 'status', status: first }];
    return name !== null && HARMLESS.has(name) ? NONE : OPAQUE;
  }
  if (names.isResponse(object)) return name !== null && READING.has(name) ? NONE : OPAQUE;
  if (object.kind !== 'member' || object.property !== 'headers' || names.isRequest(object.object)) return null;
  if (name !== null && READING.has(name)) return NONE;
  // Headers of another response: what it is given is not followed.
  if (!names.isResponse(object.object)) return OPAQUE;
  const [field, value] = args();
  if (field?.kind !== 'string' || !isHeaderName(field.value)) return OPAQUE;
  if (name === 'delete') return [{ kind: 'delete', name: field.value, by: 'response' }];
  if ((name !== 'set' && name !== 'append') || value === undefined) return OPAQUE;
  return [{ kind: name, setting: settingOf(field, value, placeOf(context.module, node)), by: 'response' }];
}

/** `c.header(name, value, { append: true })`; without a value the header is removed. */
function byHeader(
  [name, value, options]: readonly JsValue[],
  node: TSESTree.CallExpression,
  { module }: Step['context'],
): readonly HonoEffect[] {
  if (name?.kind !== 'string' || !isHeaderName(name.value)) return OPAQUE;
  if (value === undefined || value.kind === 'undefined') return [{ kind: 'delete', name: name.value, by: 'context' }];
  // `Headers` would make one text of it, `append` of Node so many lines.
  if (value.kind === 'array') return OPAQUE;
  const setting = settingOf(name, value, placeOf(module, node));
  if (options === undefined || options.kind === 'undefined') return [{ kind: 'set', setting, by: 'context' }];
  if (options.kind !== 'object' || options.rest !== null) return OPAQUE;
  const append = property(options, 'append')?.value;
  if (append === undefined) return [{ kind: 'set', setting, by: 'context' }];
  return append.kind === 'boolean' ? [{ kind: append.value ? 'append' : 'set', setting, by: 'context' }] : OPAQUE;
}

function assigned(
  reader: Reader,
  node: TSESTree.AssignmentExpression,
  { context }: Step,
  names: HonoNames,
): readonly HonoEffect[] {
  const left = unwrap(node.left);
  if (left.type !== 'MemberExpression' || left.object.type === 'Super') return NONE;
  const object = reader.evaluate(left.object, context);
  return names.isContext(object) || names.isResponse(object) ? OPAQUE : NONE;
}
