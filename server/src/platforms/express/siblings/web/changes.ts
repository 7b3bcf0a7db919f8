import type { TSESTree } from '@typescript-eslint/types';
import {
  type Condition,
  conjoin,
  type FunctionValue,
  itemsOf,
  type JsValue,
  type Path,
  placeOf,
  type Reader,
  type Step,
  staticName,
  unwrap,
} from '../../../../javascript';
import type { Setting } from '../../flow/effects';
import { isResponseClass } from './response';

/** Something that is done to a response's headers after it was made. */
export interface Change {
  readonly how: 'set' | 'append' | 'delete' | 'opaque';
  /** The expression that stands for the response, or for its headers. */
  readonly on: TSESTree.Node;
  readonly setting: Setting;
}

/** What a way through a function changes, in order, and under which conditions. */
export interface Changes {
  readonly changes: readonly Change[];
  readonly when: readonly Condition[];
  /** Set when something is not followed. */
  readonly open: string | null;
}

/** Functions inside functions are followed to this depth. */
const DEEPEST = 4;
/** More ways than this are not told apart. */
const MOST_WAYS = 24;

/** The ways that the steps of a path can change headers: one, unless functions that it calls have several. */
export function changesOn(reader: Reader, path: Pick<Path, 'steps' | 'conditions'>, depth = 0): readonly Changes[] {
  let ways: readonly Changes[] = [{ changes: [], when: path.conditions, open: null }];
  for (const step of path.steps) {
    const made = changesBy(reader, step, depth);
    const [only] = made;
    if (made.length === 1 && only && only.changes.length === 0 && only.when.length === 0 && only.open === null)
      continue;
    ways = ways.flatMap((way) => made.flatMap((one) => after(way, one) ?? []));
    if (ways.length > MOST_WAYS)
      return [{ changes: [], when: path.conditions, open: 'it has too many ways through it' }];
  }
  return ways;
}

function after(way: Changes, next: Changes): Changes | null {
  const when = conjoin(way.when, next.when);
  return when && { changes: [...way.changes, ...next.changes], when, open: way.open ?? next.open };
}

const NOTHING: readonly Changes[] = [{ changes: [], when: [], open: null }];

type Known = WeakMap<TSESTree.Node, readonly Changes[]>;
type KnownByFrame = WeakMap<object, Known[]>;

const known = new WeakMap<Reader, KnownByFrame>();
const NO_FRAME = {};

/** What was found at steps of these variables, at this depth. */
function knownAt(reader: Reader, { frame }: Step['context'], depth: number): Known {
  const byFrame: KnownByFrame = known.get(reader) ?? new WeakMap();
  known.set(reader, byFrame);
  const byDepth = byFrame.get(frame ?? NO_FRAME) ?? [];
  byFrame.set(frame ?? NO_FRAME, byDepth);
  byDepth[depth] ??= new WeakMap();
  return byDepth[depth];
}

/** What a step changes. Ways that part have most steps in common: what one does is worked out once for all of them. */
function changesBy(reader: Reader, { node, context }: Step, depth: number): readonly Changes[] {
  if (node.type !== 'AssignmentExpression' && node.type !== 'CallExpression') return NOTHING;
  const memo = knownAt(reader, context, depth);
  const before = memo.get(node);
  if (before !== undefined) return before;
  const made =
    node.type === 'CallExpression' ? calledBy(reader, node, context, depth) : assigned(reader, node, context);
  memo.set(node, made);
  return made;
}

function calledBy(
  reader: Reader,
  node: TSESTree.CallExpression,
  context: Step['context'],
  depth: number,
): readonly Changes[] {
  const callee = unwrap(node.callee);
  if (callee.type === 'Super') return NOTHING;
  const method = callee.type === 'MemberExpression' ? staticName(callee) : null;
  if (callee.type === 'MemberExpression' && callee.object.type !== 'Super' && method !== null) {
    if (method === 'forEach') return forEach(reader, callee.object, node, context, depth);
    if (method === 'set' || method === 'append' || method === 'delete') {
      const target = targetOf(reader.evaluate(callee.object, context));
      if (target !== null) return byMethod(reader, method, target, node, context);
    }
  }
  const value = reader.evaluate(callee, context);
  const args = node.arguments.map((argument) => reader.evaluate(argument, context));
  if (value.kind === 'function') return inside(reader, reader.bind(value, args), depth);
  const opaque = args
    .filter(isResponseLike)
    .map((one): Change => ({ how: 'opaque', on: one.node, setting: none(one) }));
  return opaque.length === 0 ? NOTHING : [{ changes: opaque, when: [], open: null }];
}

/** What is done inside a function that is called. */
function inside(reader: Reader, fn: FunctionValue, depth: number): readonly Changes[] {
  const text = fn.module.text.slice(...fn.function.range);
  if (!/eaders|\bset\b|append|\(/.test(text)) return NOTHING;
  if (depth >= DEEPEST) return [{ changes: [], when: [], open: 'it calls functions too deeply to follow' }];
  const { paths, complete } = reader.paths(fn);
  const ways = paths.filter(({ end }) => end.kind !== 'throw').flatMap((path) => changesOn(reader, path, depth + 1));
  const hasChanges = ways.some(({ changes, open }) => changes.length > 0 || open !== null);
  if (!hasChanges) return NOTHING;
  if (!complete) return [{ changes: [], when: [], open: 'a function that it calls has too many ways through it' }];
  return ways;
}

/** `headers.set(name, value)`, `response.headers.append(name, value)`. */
function byMethod(
  reader: Reader,
  how: 'set' | 'append' | 'delete',
  on: TSESTree.Node,
  call: TSESTree.CallExpression,
  context: Step['context'],
): readonly Changes[] {
  const [name, value] = call.arguments.map((argument) => reader.evaluate(argument, context));
  if (name === undefined) return NOTHING;
  if (name.kind !== 'string') return [{ changes: [{ how: 'opaque', on, setting: none(name) }], when: [], open: null }];
  const setting: Setting = {
    name: name.value,
    namePlace: withoutQuotes(name),
    value: value ?? { ...name, kind: 'undefined' },
    place: placeOf(context.module, call),
  };
  return [{ changes: [{ how, on, setting }], when: [], open: null }];
}

/** What `headers` or `response.headers` stands for: the response, or headers that are made by themselves. */
function targetOf(value: JsValue): TSESTree.Node | null {
  if (value.kind === 'member') return value.property === 'headers' ? value.object.node : null;
  return value.kind === 'new' && value.name === 'Headers' ? value.node : null;
}

/** `headers['Vary'] = 'Origin'` on an object that is written out. */
function assigned(reader: Reader, node: TSESTree.AssignmentExpression, context: Step['context']): readonly Changes[] {
  const left = unwrap(node.left);
  if (left.type !== 'MemberExpression' || left.object.type === 'Super' || node.operator !== '=') return NOTHING;
  const object = reader.evaluate(left.object, context);
  if (object.kind !== 'object') return NOTHING;
  const name = staticName(left);
  const value = reader.evaluate(node.right, context);
  if (name === null)
    return [{ changes: [{ how: 'opaque', on: object.node, setting: none(value) }], when: [], open: null }];
  const { range } = left.property;
  const quotes = left.computed ? 1 : 0;
  const namePlace = { file: context.module.path, start: range[0] + quotes, end: range[1] - quotes };
  const setting: Setting = { name, namePlace, value, place: placeOf(context.module, node) };
  return [{ changes: [{ how: 'set', on: object.node, setting }], when: [], open: null }];
}

/** `Object.entries(headers).forEach(([key, value]) => response.headers.set(key, value))`. */
function forEach(
  reader: Reader,
  object: TSESTree.Expression,
  node: TSESTree.CallExpression,
  context: Step['context'],
  depth: number,
): readonly Changes[] {
  const [argument] = node.arguments;
  const each = argument && reader.evaluate(argument, context);
  if (each?.kind !== 'function') return NOTHING;
  const list = reader.evaluate(object, context);
  const { items, rest } = itemsOf(list);
  const isKnown = rest === null && (list.kind === 'array' || items.length > 0);
  if (!isKnown)
    return /eaders/.test(each.module.text.slice(...each.function.range))
      ? [{ changes: [], when: [], open: 'headers are set in a loop' }]
      : NOTHING;
  let ways = NOTHING;
  for (const item of items) {
    const made = inside(reader, reader.bind(each, [item]), depth);
    ways = ways.flatMap((way) => made.flatMap((one) => after(way, one) ?? []));
    if (ways.length > MOST_WAYS) return [{ changes: [], when: [], open: 'headers are set in a loop' }];
  }
  return ways;
}

/** A response, or headers: whatever it is given to may change them. */
function isResponseLike(value: JsValue): boolean {
  if (value.kind === 'new') return value.name === 'Headers' || isResponseClass(value.callee);
  return value.kind === 'call' && value.callee.kind === 'member' && isResponseClass(value.callee.object);
}

function none(value: JsValue): Setting {
  return { name: '', namePlace: value.place, value, place: value.place };
}

function withoutQuotes({ place, module }: JsValue): Setting['namePlace'] {
  const text = module.text.slice(place.start, place.end);
  return /^(['"`]).*\1$/s.test(text) ? { ...place, start: place.start + 1, end: place.end - 1 } : place;
}
