import type { TSESTree } from '@typescript-eslint/types';
import type { Place } from '../cors/place';
import type { Machine } from './machine';
import { type Path, pathsOf } from './paths';
import { isFunction } from './tree';
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

/**
 * What a function may return or hand to its callback, one entry for each way through it: `return`s, arrow bodies,
 * `callback(error, value)`, what `.then(…)` and `.catch(…)` of a returned promise give back. What a call of something
 * unread gives is an `unknown` or a `call` value, never left out.
 * @param callbackIndex the parameter that is a Node-style callback, if there is one (2 for a Lambda handler)
 */
export function returnsOf(machine: Machine, value: FunctionValue, callbackIndex: number | null): Returns {
  const { paths, complete } = pathsOf(machine, value.function, value.context);
  if (callbackIndex === null) return { returns: paths.flatMap((path) => ended(machine, value, path, false)), complete };
  const ways = paths.map((path) => {
    const called = callbacks(machine, value, path, callbackIndex);
    return { path, called: called.length > 0 ? called : laterIn(machine, value, path, callbackIndex, 0) };
  });
  const isSeen = isCalledOnly(
    value,
    callbackIndex,
    ways.flatMap(({ called }) => called.map(({ node }) => node)),
  );
  const returns = ways.flatMap(({ path, called }) => {
    const isAnswer = called.length > 0 && (isSeen || path.steps.some(({ node }) => node === called[0]?.node));
    return isAnswer ? called : ended(machine, value, path, true);
  });
  return { returns, complete };
}

/** Calls of the callback on a path, in its own steps. */
function callbacks(machine: Machine, owner: FunctionValue, path: Path, index: number): Returned[] {
  const found: Returned[] = [];
  for (const { node, context } of path.steps) {
    if (node.type !== 'CallExpression' || !isCallback(machine.evaluate(node.callee, context), owner, index)) continue;
    const at = written(context.module, node);
    const [error, result] = node.arguments.map((argument) => machine.evaluate(argument, context));
    const failed = error !== undefined && error.kind !== 'null' && error.kind !== 'undefined';
    const handed = failed ? error : (result ?? { kind: 'undefined', ...at });
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

function isCallback(value: JsValue, owner: FunctionValue, index: number): boolean {
  return value.kind === 'parameter' && value.function === owner.function && value.index === index;
}

/** Functions inside functions, in which the callback is looked for. */
const DEEPEST = 4;

/** Whether the callback is used for nothing but these calls, so that there are no answers out of sight. */
function isCalledOnly(owner: FunctionValue, index: number, calls: readonly TSESTree.Node[]): boolean {
  const parameter = owner.function.params[index];
  const variable = parameter?.type === 'Identifier' ? owner.module.scopes.variable(parameter) : null;
  const known = new Set(calls);
  return variable?.references.every(({ identifier: { parent } }) => parent !== undefined && known.has(parent)) ?? false;
}

/** Calls of the callback in the functions that a path's calls are given: `get(key, (error, item) => callback(…))`. */
function laterIn(machine: Machine, owner: FunctionValue, path: Path, index: number, depth: number): Returned[] {
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
        const called = callbacks(machine, owner, way, index);
        return called.length > 0 ? called : laterIn(machine, owner, way, index, depth + 1);
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
  return settled.flatMap(({ value, error }) =>
    branchesOf(value).flatMap((branch) => {
      const when = conjoin(path.conditions, branch.when);
      if (when === null) return [];
      return [
        {
          ...entry(path, branch.value, place, end.node, 'return' as const, path.error || error),
          when,
          words: wordsOf(when),
        },
      ];
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

/** `work().then(() => a).catch(() => b)` comes to `a`, or to `b` by an error. */
function promised(machine: Machine, value: JsValue, depth = 0): { readonly value: JsValue; readonly error: boolean }[] {
  if (value.kind !== 'call' || value.callee.kind !== 'member' || depth > 6) return [{ value, error: false }];
  const { property, object } = value.callee;
  const [first, second] = value.arguments;
  const of = (handler: JsValue | undefined, error: boolean) =>
    handler?.kind === 'function'
      ? returnsOf(machine, handler, null).returns.map((one) => ({ value: one.value, error: error || one.error }))
      : [];
  if (property === 'then') return [...(first ? of(first, false) : [{ value, error: false }]), ...of(second, true)];
  if (property === 'catch') return [...promised(machine, object, depth + 1), ...of(first, true)];
  if (property === 'finally') return promised(machine, object, depth + 1);
  const isPromise = object.kind === 'import' && object.specifier === 'globalThis' && object.exported === 'Promise';
  if (isPromise && property === 'resolve' && first) return [{ value: first, error: false }];
  if (isPromise && property === 'reject' && first) return [{ value: first, error: true }];
  return [{ value, error: false }];
}
