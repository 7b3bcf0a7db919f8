import { type JsValue, placeOf, type Reader, type Step, staticName, unwrap } from '../../../javascript';
import { ofObject, type Setting } from '../flow/effects';
import { isHeaderName, settingOf } from './byHand';
import type { FastifyNames } from './fastifyNames';
import { stepsOfCall } from './steps';

/** What one step of a hook of Fastify does to the response. */
export type FastifyEffect =
  | { readonly kind: 'set'; readonly settings: readonly Setting[] }
  /** `reply.raw.setHeader(…)`: what the reply has by the same name goes over it, whenever that was set. */
  | { readonly kind: 'set-raw'; readonly setting: Setting }
  | { readonly kind: 'remove' | 'remove-raw'; readonly name: string }
  | { readonly kind: 'status'; readonly status: JsValue }
  | { readonly kind: 'send' }
  /** `done()`, or with an error. */
  | { readonly kind: 'done'; readonly fails: boolean }
  | { readonly kind: 'opaque' };

const NONE: readonly FastifyEffect[] = [];
const OPAQUE: readonly FastifyEffect[] = [{ kind: 'opaque' }];
/** Functions that are given the reply are followed to this depth. */
const DEEPEST = 3;
/** Methods of the reply that touch neither headers of CORS nor the answer. */
const HARMLESS = new Set(['getHeader', 'getHeaders', 'hasHeader', 'type', 'serializer', 'getResponseTime']);

export function fastifyEffectsOf(reader: Reader, step: Step, names: FastifyNames, depth = 0): readonly FastifyEffect[] {
  const { node, context } = step;
  if (node.type === 'AwaitExpression') return NONE;
  if (node.type === 'AssignmentExpression') {
    const left = unwrap(node.left);
    if (left.type !== 'MemberExpression' || left.object.type === 'Super') return NONE;
    const object = reader.evaluate(left.object, context);
    if (names.isReply(object) && staticName(left) === 'statusCode' && node.operator === '=')
      return [{ kind: 'status', status: reader.evaluate(node.right, context) }];
    return names.isReply(object) || names.isRawReply(object) ? OPAQUE : NONE;
  }
  const callee = unwrap(node.callee);
  if (callee.type === 'Super') return NONE;
  const args = node.arguments.map((argument) =>
    argument.type === 'SpreadElement' ? null : reader.evaluate(argument, context),
  );
  if (callee.type === 'MemberExpression' && callee.object.type !== 'Super') {
    const object = reader.evaluate(callee.object, context);
    const place = placeOf(context.module, node);
    if (names.isReply(object)) return byReply(staticName(callee), args, place);
    if (names.isRawReply(object)) return byRaw(staticName(callee), args, place);
  }
  const called = reader.evaluate(callee, context);
  if (names.isDone(called)) return [{ kind: 'done', fails: isError(args[0]) }];
  const isGiven = args.some(
    (value) => value === null || names.isReply(value) || names.isRawReply(value) || names.isDone(value),
  );
  if (!isGiven) return args.some((value) => value !== null && isTouching(value, names)) ? OPAQUE : NONE;
  const steps = called.kind === 'function' && depth < DEEPEST ? stepsOfCall(reader, called, args) : null;
  return steps?.flatMap((inner) => fastifyEffectsOf(reader, inner, names, depth + 1)) ?? OPAQUE;
}

function isError(value: JsValue | null | undefined): boolean {
  return value !== undefined && value?.kind !== 'undefined' && value?.kind !== 'null';
}

/** Whether it is a function that has the reply in hand without being given it. */
function isTouching(value: JsValue, names: FastifyNames): boolean {
  return value.kind === 'function' && names.isNamedIn(value.module.text.slice(...value.function.range));
}

function byReply(
  name: string | null,
  [first, second]: readonly (JsValue | null)[],
  place: Setting['place'],
): readonly FastifyEffect[] {
  switch (name) {
    case 'header':
      if (first?.kind !== 'string' || !second) return OPAQUE;
      return settingsOf([settingOf(first, second, place)]);
    case 'headers':
      return first?.kind === 'object' && first.rest === null ? settingsOf(ofObject(first)) : OPAQUE;
    case 'removeHeader':
      return first?.kind === 'string' ? [{ kind: 'remove', name: first.value }] : OPAQUE;
    case 'code':
    case 'status':
      return first ? [{ kind: 'status', status: first }] : OPAQUE;
    case 'send':
      return isPlainPayload(first) ? [{ kind: 'send' }] : OPAQUE;
    default:
      return name !== null && HARMLESS.has(name) ? NONE : OPAQUE;
  }
}

/** What can be no error and no response, which are answered with headers of their own. */
function isPlainPayload(value: JsValue | null | undefined): boolean {
  return (
    value === undefined ||
    (value !== null && ['undefined', 'null', 'string', 'template', 'number', 'object', 'array'].includes(value.kind))
  );
}

function byRaw(
  name: string | null,
  [first, second]: readonly (JsValue | null)[],
  place: Setting['place'],
): readonly FastifyEffect[] {
  if (first?.kind !== 'string' || !isHeaderName(first.value)) return OPAQUE;
  if (name === 'removeHeader') return [{ kind: 'remove-raw', name: first.value }];
  if (name === 'getHeader' || name === 'hasHeader') return NONE;
  if (name !== 'setHeader' || !second || second.kind === 'array') return OPAQUE;
  return [{ kind: 'set-raw', setting: settingOf(first, second, place) }];
}

/** A list becomes so many lines, and a name that is none makes Node throw: neither is followed. */
function settingsOf(settings: readonly Setting[]): readonly FastifyEffect[] {
  const isRead = settings.every(({ name, value }) => isHeaderName(name) && value.kind !== 'array');
  return isRead ? [{ kind: 'set', settings }] : OPAQUE;
}
