import type { TSESTree } from '@typescript-eslint/types';
import type { Place } from '../cors/place';
import type { Machine } from './machine';
import { type Path, pathsOf } from './paths';
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
  const returns = paths.flatMap((path) => {
    const called = callbackIndex === null ? [] : callbacks(machine, value, path, callbackIndex);
    if (called.length > 0) return called;
    return ended(machine, value, path, callbackIndex !== null);
  });
  return { returns, complete };
}

/** Calls of the callback on a path, in its own steps or in a function that one of them is given. */
function callbacks(machine: Machine, owner: FunctionValue, path: Path, index: number): Returned[] {
  const found: Returned[] = [];
  for (const { node, context } of path.steps) {
    if (node.type !== 'CallExpression') continue;
    const callee = machine.evaluate(node.callee, context);
    if (callee.kind !== 'parameter' || callee.function !== owner.function || callee.index !== index) continue;
    const at = written(context.module, node);
    const [error, result] = node.arguments.map((argument) => machine.evaluate(argument, context));
    const failed = error !== undefined && error.kind !== 'null' && error.kind !== 'undefined';
    const handed = failed ? error : (result ?? { kind: 'undefined', ...at });
    found.push(
      entry(
        path,
        handed,
        placeOf(context.module, node),
        node,
        failed ? 'callback-error' : 'callback',
        path.error || failed,
      ),
    );
  }
  return found;
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
