import type { TSESTree } from '@typescript-eslint/types';
import type { Place } from '../../../cors/place';
import { type JsValue, placeOf, type Reader, type Step, staticName, unwrap } from '../../../javascript';
import { ofObject, type Setting } from '../flow/effects';
import { isHeaderName, settingOf } from './byHand';
import type { KoaNames } from './koaNames';
import { isAwaited } from './steps';

/** What one step of a middleware of Koa does to the response. */
export type KoaEffect =
  | { readonly kind: 'none' }
  | { readonly kind: 'set' | 'append'; readonly settings: readonly Setting[] }
  | { readonly kind: 'remove'; readonly name: string }
  | { readonly kind: 'vary'; readonly fields: readonly JsValue[]; readonly place: Place }
  | { readonly kind: 'status'; readonly status: JsValue }
  | { readonly kind: 'body'; readonly body: JsValue }
  | { readonly kind: 'next' }
  | { readonly kind: 'throw' }
  | { readonly kind: 'opaque' };

const NONE: KoaEffect = { kind: 'none' };
const OPAQUE: KoaEffect = { kind: 'opaque' };
/** Methods of the context that touch neither the headers of CORS nor the answer (koa/lib/request.js, context.js). */
const HARMLESS = new Set([
  'get',
  'is',
  'assert',
  'accepts',
  'acceptsEncodings',
  'acceptsCharsets',
  'acceptsLanguages',
  'inspect',
  'toJSON',
]);
/** What else may be assigned: Koa keeps these for the program, or makes harmless headers of them. */
const HARMLESS_MEMBERS = new Set(['type', 'length', 'lastModified', 'etag', 'message', 'user', 'session']);

export function koaEffectOf(reader: Reader, step: Step, names: KoaNames): KoaEffect {
  const { node, context } = step;
  if (node.type === 'AssignmentExpression') return assigned(reader, node, step, names);
  if (node.type === 'AwaitExpression') return NONE;
  const args = node.arguments.map((argument) =>
    argument.type === 'SpreadElement' ? null : reader.evaluate(argument, context),
  );
  const isGiven = node.arguments.some((argument) => isPassedOn(reader, argument, names, step));
  const callee = unwrap(node.callee);
  if (callee.type === 'MemberExpression' && callee.object.type !== 'Super') {
    const object = reader.evaluate(callee.object, context);
    if (names.isResponse(object)) return byMethod(staticName(callee), args, node, step);
    // Node's own response sends what it is given whatever Koa does.
    if (object.kind === 'member' && object.property === 'res' && names.isContext(object.object)) return OPAQUE;
  }
  const called = reader.evaluate(callee, context);
  if (names.isNext(called)) return isAwaited(node) ? { kind: 'next' } : OPAQUE;
  return isGiven || isNaming(called, names) ? OPAQUE : NONE;
}

/** Whether an argument hands the context, the response or `next` to something that is not followed. */
function isPassedOn(
  reader: Reader,
  argument: TSESTree.CallExpressionArgument,
  names: KoaNames,
  { context }: Step,
): boolean {
  if (argument.type === 'SpreadElement') return true;
  const value = reader.evaluate(argument, context);
  if (names.isRequest(value) || names.isResponse(value) || names.isNext(value)) return true;
  const text = context.module.text.slice(...argument.range);
  return isNaming(value, names) || (/=>|\bfunction\b|(?<!\$)\{/.test(text) && names.isNamedIn(text));
}

/** Whether it is a function that has the context in hand without being given it. */
function isNaming(value: JsValue, names: KoaNames): boolean {
  return value.kind === 'function' && names.isNamedIn(value.module.text.slice(...value.function.range));
}

function byMethod(
  name: string | null,
  args: readonly (JsValue | null)[],
  node: TSESTree.Node,
  { context }: Step,
): KoaEffect {
  const [first, second] = args;
  const place = placeOf(context.module, node);
  switch (name) {
    case 'set':
      if (first?.kind === 'object' && args.length === 1)
        return first.rest === null ? settingsOf('set', ofObject(first)) : OPAQUE;
      return single('set', first, second, place);
    case 'append':
      return single('append', first, second, place);
    case 'remove':
      return first?.kind === 'string' ? { kind: 'remove', name: first.value } : OPAQUE;
    case 'vary': {
      const fields = first?.kind === 'array' && first.rest === null ? first.items : first ? [first] : [];
      return fields.length > 0 && fields.every(({ kind }) => kind === 'string')
        ? { kind: 'vary', fields, place }
        : OPAQUE;
    }
    case 'throw':
      return { kind: 'throw' };
    default:
      return name !== null && HARMLESS.has(name) ? NONE : OPAQUE;
  }
}

function single(
  kind: 'set' | 'append',
  name: JsValue | null | undefined,
  value: JsValue | null | undefined,
  place: Place,
): KoaEffect {
  if (name?.kind !== 'string' || !value) return OPAQUE;
  return settingsOf(kind, [settingOf(name, value, place)]);
}

/** A list becomes so many lines, and a name that is none makes Node throw: neither is followed. */
function settingsOf(kind: 'set' | 'append', settings: readonly Setting[]): KoaEffect {
  return settings.every(({ name, value }) => isHeaderName(name) && value.kind !== 'array')
    ? { kind, settings }
    : OPAQUE;
}

function assigned(reader: Reader, node: TSESTree.AssignmentExpression, step: Step, names: KoaNames): KoaEffect {
  const left = unwrap(node.left);
  if (left.type !== 'MemberExpression' || left.object.type === 'Super') return NONE;
  const object = reader.evaluate(left.object, step.context);
  if (!names.isResponse(object) && !names.isRequest(object)) return NONE;
  const name = staticName(left);
  const value = node.operator === '=' ? reader.evaluate(node.right, step.context) : null;
  if (value !== null && name === 'status') return { kind: 'status', status: value };
  if (value !== null && name === 'body') return { kind: 'body', body: value };
  return name !== null && HARMLESS_MEMBERS.has(name) ? NONE : OPAQUE;
}
