import type { TSESTree } from '@typescript-eslint/types';
import type { Place } from '../cors/place';
import type { Machine } from './machine';
import { type Path, pathsOf } from './paths';
import { isFunction, staticName, unwrap } from './tree';
import {
  branchesOf,
  type Condition,
  conjoin,
  type FunctionValue,
  type JsValue,
  placeOf,
  unknown,
  wordsOf,
  written,
} from './values';

/** One thing that a function may hand back. */
export interface Returned {
  readonly value: JsValue;
  /** The `return` statement, the call of the callback, the arrow's body. */
  readonly place: Place;
  readonly node: TSESTree.Node;
  readonly when: readonly Condition[];
  /** The branch in words, to finish "when …"; null when it is the only one or nothing is known of it. */
  readonly words: string | null;
  readonly how: 'return' | 'callback' | 'callback-error' | 'throw' | 'end';
  /** True for what comes out of a `catch`, a rejected promise's handler or an exception. */
  readonly error: boolean;
  /** Set when it cannot be told whether the branch is ever taken: it stands in a loop. */
  readonly uncertain: string | null;
}

export interface Returns {
  readonly returns: readonly Returned[];
  /** False when the function has more ways through it than are followed. */
  readonly complete: boolean;
}

/** The parameters by which a function hands an answer on instead of returning it. */
export interface Answering {
  /** The one that is a Node-style callback. */
  readonly callback: number;
  /** The one whose methods `succeed(value)`, `done(error, value)` and `fail(error)` do the same. */
  readonly context: number;
}

/**
 * What a function may return or hand to its callback, one entry for each way through it: `return`s, arrow bodies,
 * `callback(error, value)`, `context.succeed(value)`, what `.then(…)` and `.catch(…)` of a returned promise give back.
 * What a call of something unread gives is an `unknown` or a `call` value, never left out.
 */
export function returnsOf(machine: Machine, value: FunctionValue, answering: Answering | null): Returns {
  const { paths, complete } = pathsOf(machine, value.function, value.context);
  if (answering === null) return { returns: paths.flatMap((path) => ended(machine, value, path, false)), complete };
  const ways = paths.map((path) => {
    const called = callbacks(machine, value, path, answering);
    return { path, called: called.length > 0 ? called : laterIn(machine, value, path, answering, 0) };
  });
  const isSeen = isCalledOnly(
    value,
    answering,
    ways.flatMap(({ called }) => called.map(({ node }) => node)),
  );
  const returns = ways.flatMap(({ path, called }) => {
    const isAnswer = called.length > 0 && (isSeen || path.steps.some(({ node }) => node === called[0]?.node));
    return isAnswer ? called : ended(machine, value, path, true);
  });
  return { returns, complete };
}

/** Calls of the callback on a path, in its own steps. */
function callbacks(machine: Machine, owner: FunctionValue, path: Path, answering: Answering): Returned[] {
  const found: Returned[] = [];
  for (const { node, context } of path.steps) {
    if (node.type !== 'CallExpression') continue;
    const way = wayOf(machine.evaluate(node.callee, context), owner, answering);
    if (way === undefined) continue;
    const at = written(context.module, node);
    const given = node.arguments.map((argument) => machine.evaluate(argument, context));
    const [error, result] = way === 'succeed' ? [undefined, given[0]] : given;
    const failed = way === 'fail' || (error !== undefined && error.kind !== 'null' && error.kind !== 'undefined');
    const handed = (failed ? error : result) ?? { kind: 'undefined', ...at };
    const how = failed ? 'callback-error' : 'callback';
    const place = placeOf(context.module, node);
    for (const branch of branchesOf(handed)) {
      const when = conjoin(path.conditions, branch.when);
      if (when === null) continue;
      const one = entry(path, branch.value, place, node, how, path.error || failed);
      found.push({ ...one, when, words: wordsOf(when) });
    }
  }
  return found;
}

/** How a function answers when it calls this; undefined when it does not. */
function wayOf(callee: JsValue, owner: FunctionValue, answering: Answering): Way | undefined {
  if (isParameter(callee, owner, answering.callback)) return 'done';
  if (callee.kind !== 'member' || !isParameter(callee.object, owner, answering.context)) return undefined;
  return WAYS.find((way) => way === callee.property);
}

type Way = (typeof WAYS)[number];
const WAYS = ['succeed', 'done', 'fail'] as const;

function isParameter(value: JsValue, owner: FunctionValue, index: number): boolean {
  return value.kind === 'parameter' && value.function === owner.function && value.index === index;
}

/** Functions inside functions, in which the callback is looked for. */
const DEEPEST = 4;

/** Whether callback and context are used for no answers but these calls, so that there are none out of sight. */
function isCalledOnly(owner: FunctionValue, answering: Answering, calls: readonly TSESTree.Node[]): boolean {
  const known = new Set(calls);
  const isKnown = (node: TSESTree.Node): boolean => node.parent?.type === 'CallExpression' && known.has(node.parent);
  const callback = usesOf(owner, answering.callback);
  const context = usesOf(owner, answering.context);
  if (callback === null || context === null || !callback.every(isKnown)) return false;
  const isByContext = calls.some((node) => node.type === 'CallExpression' && unwrap(node.callee).type !== 'Identifier');
  return context.every((node) => {
    const { parent } = node;
    // Whoever is handed the context might answer by it: where nobody else does, this is left out of account.
    if (parent?.type !== 'MemberExpression' || parent.object !== node) return !isByContext;
    return !WAYS.some((way) => way === staticName(parent)) || isKnown(parent);
  });
}

/** Where a parameter is used; null when it has no name of its own. */
function usesOf(owner: FunctionValue, index: number): readonly TSESTree.Node[] | null {
  const parameter = owner.function.params[index];
  if (parameter === undefined) return [];
  const variable = parameter.type === 'Identifier' ? owner.module.scopes.variable(parameter) : null;
  return variable?.references.map(({ identifier }) => identifier) ?? null;
}

/** Calls of the callback in the functions that a path's calls are given: `get(key, (error, item) => callback(…))`. */
function laterIn(machine: Machine, owner: FunctionValue, path: Path, answering: Answering, depth: number): Returned[] {
  if (depth > DEEPEST) return [];
  return path.steps.flatMap(({ node, context }) => {
    if (node.type !== 'CallExpression') return [];
    return node.arguments.flatMap((given) => {
      if (!isFunction(given)) return [];
      const { paths } = pathsOf(machine, given, context);
      return paths.flatMap((inner) => {
        const conditions = conjoin(path.conditions, inner.conditions);
        if (conditions === null) return [];
        const way: Path = { ...inner, conditions, uncertain: path.uncertain ?? inner.uncertain };
        const called = callbacks(machine, owner, way, answering);
        return called.length > 0 ? called : laterIn(machine, owner, way, answering, depth + 1);
      });
    });
  });
}

function ended(machine: Machine, owner: FunctionValue, path: Path, hasCallback: boolean): Returned[] {
  const { end } = path;
  const { module } = end.context;
  if (end.kind === 'throw') {
    const value = machine.evaluate(end.node.argument, end.context);
    return [entry(path, value, placeOf(module, end.node), end.node, 'throw', true)];
  }
  if (end.kind === 'end' || end.argument === null) {
    const node = end.kind === 'end' ? owner.function : end.node;
    const at = written(module, node);
    // A function that ends without a value may still call its callback later, out of sight.
    const value: JsValue = hasCallback ? unknown(at, 'the callback may be called later') : { kind: 'undefined', ...at };
    return [entry(path, value, at.place, node, 'end', path.error)];
  }
  const returned = machine.evaluate(end.argument, end.context);
  const place = placeOf(module, end.node);
  const settled = promised(machine, returned);
  return settled.flatMap(({ value, error, isRejected }) =>
    branchesOf(value).flatMap((branch) => {
      const when = conjoin(path.conditions, branch.when);
      if (when === null) return [];
      const how = isRejected ? 'throw' : 'return';
      return [{ ...entry(path, branch.value, place, end.node, how, path.error || error), when, words: wordsOf(when) }];
    }),
  );
}

function entry(
  path: Path,
  value: JsValue,
  place: Place,
  node: TSESTree.Node,
  how: Returned['how'],
  error: boolean,
): Returned {
  const when = path.conditions;
  return { value, place, node, when, words: wordsOf(when), how, error, uncertain: path.uncertain };
}

/** What a promise comes to. */
interface Settled {
  readonly value: JsValue;
  readonly error: boolean;
  /** It is no value that the promise is fulfilled with, but the reason why it is rejected: as good as thrown. */
  readonly isRejected: boolean;
}

/** `work().then(() => a).catch(() => b)` comes to `a`, or to `b` by an error; `Promise.reject(c)` to an exception. */
function promised(machine: Machine, value: JsValue, depth = 0): readonly Settled[] {
  if (value.kind !== 'call' || value.callee.kind !== 'member' || depth > 6) {
    return [{ value, error: false, isRejected: false }];
  }
  const { property, object } = value.callee;
  const [first, second] = value.arguments;
  const of = (handler: JsValue | undefined, error: boolean): readonly Settled[] =>
    handler?.kind === 'function'
      ? returnsOf(machine, handler, null).returns.map((one) => ({
          value: one.value,
          error: error || one.error,
          isRejected: one.how === 'throw',
        }))
      : [];
  if (property === 'then') {
    const rejected = promised(machine, object, depth + 1).filter(({ isRejected }) => isRejected);
    const plain: Settled = { value, error: false, isRejected: false };
    return [...(first ? of(first, false) : [plain]), ...of(second, true), ...(second ? [] : rejected)];
  }
  if (property === 'catch') {
    const fulfilled = promised(machine, object, depth + 1).filter(
      ({ isRejected }) => !isRejected || first === undefined,
    );
    return [...fulfilled, ...of(first, true)];
  }
  if (property === 'finally') return promised(machine, object, depth + 1);
  const isPromise = object.kind === 'import' && object.specifier === 'globalThis' && object.exported === 'Promise';
  if (isPromise && property === 'resolve' && first) return [{ value: first, error: false, isRejected: false }];
  if (isPromise && property === 'reject') {
    const reason: JsValue = first ?? { kind: 'undefined', module: value.module, node: value.node, place: value.place };
    return [{ value: reason, error: true, isRejected: true }];
  }
  return [{ value, error: false, isRejected: false }];
}
