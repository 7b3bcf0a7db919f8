import type { TSESTree } from '@typescript-eslint/types';
import type { Machine } from './machine';
import { PathLimits } from './pathLimits';
import type { State } from './pathState';
import { Statements } from './pathStatements';
import type { FunctionNode } from './tree';
import type { Condition, Context } from './values';

/** One way through a function's body. */
export interface Path {
  /** The tests that were made, in order, and how they came out. */
  readonly conditions: readonly Condition[];
  /** For each condition, how many of the steps run before it is tested. */
  readonly stepsBefore: readonly number[];
  /** Calls, assignments and awaits in the order in which they run; nested functions are not entered. */
  readonly steps: readonly Step[];
  readonly end: PathEnd;
  /** On a way through a `catch`: the steps of the `try` that may have thrown, one of which has. */
  readonly catches: readonly Step[] | null;
  /** True when the way leads through a `catch`, or out of the function by an exception. */
  readonly error: boolean;
  /** Set when it cannot be told whether this way is taken as it stands here: it leads through a loop. */
  readonly uncertain: string | null;
}

export interface Step {
  readonly node:
    | TSESTree.CallExpression
    | TSESTree.NewExpression
    | TSESTree.AssignmentExpression
    | TSESTree.AwaitExpression;
  readonly context: Context;
}

export type PathEnd =
  | {
      readonly kind: 'return';
      readonly argument: TSESTree.Expression | null;
      readonly node: TSESTree.Node;
      readonly context: Context;
    }
  | { readonly kind: 'throw'; readonly node: TSESTree.ThrowStatement; readonly context: Context }
  | { readonly kind: 'end'; readonly context: Context };

export interface PathOptions {
  /**
   * Whether to step over a statement because nothing in it matters to the caller; or over its body alone: what it tests
   * may throw.
   */
  readonly skip?: (statement: TSESTree.Statement) => boolean | 'body';
  /** Calls that cannot throw: a `catch` is entered after the first step of the `try` that is not one of these. */
  readonly harmless?: (step: Step) => boolean;
}

export interface Paths {
  readonly paths: readonly Path[];
  /** False when there were more ways than are followed; the missing ones may do anything. */
  readonly complete: boolean;
}

/**
 * The ways through a function's body, each test going both ways unless its outcome is known. Loops are passed by or
 * gone through once. Runs nothing.
 */
export function pathsOf(machine: Machine, fn: FunctionNode, context: Context, options: PathOptions = {}): Paths {
  const limits = new PathLimits();
  const statements = new Statements(machine, context.module, options, limits);
  const start: State = {
    conditions: [],
    stepsBefore: [],
    steps: [],
    frame: context.frame,
    stop: null,
    catches: null,
    error: false,
    uncertain: null,
  };
  const states =
    fn.body === null || fn.body === undefined
      ? []
      : fn.body.type === 'BlockStatement'
        ? statements.block(fn.body.body, [start])
        : statements.returned(fn.body, fn.body, [start]);
  const paths = states.map((state): Path => {
    const { conditions, stepsBefore, steps, catches, error, uncertain, frame } = state;
    const end: PathEnd =
      state.stop?.kind === 'return' || state.stop?.kind === 'throw'
        ? state.stop
        : { kind: 'end', context: { module: context.module, frame } };
    return { conditions, stepsBefore, steps, catches, end, error: error || end.kind === 'throw', uncertain };
  });
  return { paths, complete: limits.complete };
}
