import type { TSESTree } from '@typescript-eslint/types';
import { decisions } from './decisions';
import type { Machine } from './machine';
import { afterChange, isChangedInPlace } from './mutations';
import { childrenOf, type FunctionNode, isFunction, unwrap } from './tree';
import {
  type BinaryValue,
  type Condition,
  type Context,
  conjoin,
  type Frame,
  type JsValue,
  unknown,
  written,
} from './values';
import { bound, lookUp } from './variables';

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

/** More ways than this through one function are not followed. */
const MOST_PATHS = 64;
/** Nor are more statements than this, counted once for each way through. */
const MOST_STATEMENTS = 2000;
/** Loops over longer lists are gone through once, for any of their items. */
const MOST_ROUNDS = 12;

/**
 * The ways through a function's body, each test going both ways unless its outcome is known. Loops are passed by or
 * gone through once. Runs nothing.
 */
export function pathsOf(machine: Machine, fn: FunctionNode, context: Context, options: PathOptions = {}): Paths {
  const walker = new Walker(machine, context.module, options);
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
        ? walker.block(fn.body.body, [start])
        : walker.returned(fn.body, fn.body, [start]);
  const paths = states.map((state): Path => {
    const { conditions, stepsBefore, steps, catches, error, uncertain, frame } = state;
    const end: PathEnd =
      state.stop?.kind === 'return' || state.stop?.kind === 'throw'
        ? state.stop
        : { kind: 'end', context: { module: context.module, frame } };
    return { conditions, stepsBefore, steps, catches, end, error: error || end.kind === 'throw', uncertain };
  });
  return { paths, complete: walker.complete };
}

type Stop = Exclude<PathEnd, { kind: 'end' }> | { readonly kind: 'break' } | { readonly kind: 'continue' };

interface State {
  readonly conditions: readonly Condition[];
  readonly stepsBefore: readonly number[];
  readonly steps: readonly Step[];
  readonly frame: Frame | null;
  readonly stop: Stop | null;
  readonly catches: readonly Step[] | null;
  readonly error: boolean;
  readonly uncertain: string | null;
}

class Walker {
  complete = true;
  private statements = 0;
  constructor(
    private readonly machine: Machine,
    private readonly module: Context['module'],
    private readonly options: PathOptions,
  ) {}

  block(statements: readonly TSESTree.Statement[], states: readonly State[]): readonly State[] {
    let current = states;
    for (const statement of statements) {
      if (!current.some((state) => state.stop === null)) return current;
      const skipped = this.options.skip?.(statement) ?? false;
      if (skipped === true) continue;
      this.statements += current.length;
      if (this.statements > MOST_STATEMENTS) {
        this.complete = false;
        return current;
      }
      current = this.limit(
        this.each(current, (state) =>
          skipped === 'body' ? this.head(statement, state) : this.statement(statement, state),
        ),
      );
    }
    return current;
  }

  private each(states: readonly State[], go: (state: State) => readonly State[]): State[] {
    return states.flatMap((state) => (state.stop === null ? go(state) : [state]));
  }

  private limit(states: readonly State[]): readonly State[] {
    if (states.length <= MOST_PATHS) return states;
    this.complete = false;
    return states.slice(0, MOST_PATHS);
  }

  /** Runs what a statement runs in any case. */
  private head(node: TSESTree.Statement, state: State): readonly State[] {
    switch (node.type) {
      case 'IfStatement':
      case 'WhileStatement':
        return this.effects(node.test, [state]);
      case 'SwitchStatement':
        return this.effects(node.discriminant, [state]);
      case 'ForInStatement':
      case 'ForOfStatement':
        return this.effects(node.right, [state]);
      case 'ExpressionStatement':
        return this.effects(node.expression, [state]);
      default:
        return [state];
    }
  }

  private statement(node: TSESTree.Statement, state: State): readonly State[] {
    switch (node.type) {
      case 'BlockStatement':
        return this.block(node.body, [state]);
      case 'ExpressionStatement':
        return this.effects(node.expression, [state]);
      case 'VariableDeclaration':
        return this.declaration(node, state);
      case 'ReturnStatement':
        return this.returned(node.argument, node, [state]);
      case 'ThrowStatement':
        return this.each(this.effects(node.argument, [state]), (one) => [
          { ...one, stop: { kind: 'throw', node, context: this.at(one) } },
        ]);
      case 'IfStatement': {
        const { yes, no } = this.test(node.test, state);
        return [
          ...this.each(yes, (one) => this.statement(node.consequent, one)),
          ...this.each(no, (one) => (node.alternate ? this.statement(node.alternate, one) : [one])),
        ];
      }
      case 'SwitchStatement':
        return this.switchCases(node, state);
      case 'TryStatement':
        return this.tried(node, state);
      case 'ForStatement':
      case 'ForInStatement':
      case 'ForOfStatement':
      case 'WhileStatement':
      case 'DoWhileStatement':
        return this.loop(node, state);
      case 'LabeledStatement':
        return this.statement(node.body, state);
      case 'BreakStatement':
        return [{ ...state, stop: { kind: 'break' } }];
      case 'ContinueStatement':
        return [{ ...state, stop: { kind: 'continue' } }];
      default:
        return [state];
    }
  }

  returned(argument: TSESTree.Expression | null, node: TSESTree.Node, states: readonly State[]): readonly State[] {
    const after = argument ? this.effects(argument, states) : states;
    return this.each(after, (state) => [
      { ...state, stop: { kind: 'return', argument, node, context: this.at(state) } },
    ]);
  }

  private at(state: State): Context {
    return { module: this.module, frame: state.frame };
  }

  private declaration(node: TSESTree.VariableDeclaration, state: State): readonly State[] {
    let states: readonly State[] = [state];
    for (const { id, init } of node.declarations) {
      if (init) states = this.effects(init, states);
      // What never changes is read where it is used; what does is followed step by step.
      if (id.type !== 'Identifier' || (node.kind === 'const' && !this.isChanged(id))) continue;
      states = this.each(states, (one) => [
        this.assign(
          one,
          id,
          init ? this.machine.evaluate(init, this.at(one)) : { kind: 'undefined', ...written(this.module, id) },
        ),
      ]);
    }
    return states;
  }

  private isChanged(name: TSESTree.Identifier): boolean {
    const variable = this.module.scopes.variable(name);
    return variable !== null && isChangedInPlace(variable);
  }

  private assign(state: State, name: TSESTree.Identifier, value: JsValue): State {
    const variable = this.module.scopes.variable(name);
    return variable === null ? state : { ...state, frame: { variable, value, outer: state.frame } };
  }

  /** The states in which a test holds and those in which it does not. */
  private test(node: TSESTree.Expression, state: State): { readonly yes: State[]; readonly no: State[] } {
    const yes: State[] = [];
    const no: State[] = [];
    for (const one of this.effects(node, [state])) {
      for (const way of decisions(this.machine.evaluate(node, this.at(one)))) {
        const next = under(one, way.when);
        if (next !== null) (way.holds ? yes : no).push(next);
      }
    }
    return { yes, no };
  }

  /** Runs what an expression does: its calls and assignments, the inner ones first. */
  private effects(outer: TSESTree.Node, states: readonly State[]): readonly State[] {
    const node = unwrap(outer);
    if (isFunction(node) || !hasEffects(node)) return states;
    switch (node.type) {
      case 'ConditionalExpression':
        if (!hasEffects(node.consequent) && !hasEffects(node.alternate)) return this.effects(node.test, states);
        return this.limit(
          this.each(states, (state) => {
            const { yes, no } = this.test(node.test, state);
            return [...this.effects(node.consequent, yes), ...this.effects(node.alternate, no)];
          }),
        );
      case 'LogicalExpression':
        if (!hasEffects(node.right) || node.operator === '??') break;
        return this.limit(
          this.each(states, (state) => {
            const { yes, no } = this.test(node.left, state);
            const [goOn, done] = node.operator === '&&' ? [yes, no] : [no, yes];
            return [...this.effects(node.right, goOn), ...done];
          }),
        );
      case 'AssignmentExpression': {
        const after = this.effects(
          node.right,
          node.left.type === 'Identifier' ? states : this.effects(node.left, states),
        );
        return this.each(after, (state) => [this.step(this.assigned(node, state), node)]);
      }
      case 'UpdateExpression': {
        const { argument } = node;
        if (argument.type !== 'Identifier') return states;
        return this.each(states, (state) => [
          this.assign(state, argument, unknown(written(this.module, node), 'it is counted')),
        ]);
      }
    }
    let current = states;
    for (const child of childrenOf(node)) current = this.effects(child, current);
    if (node.type !== 'CallExpression' && node.type !== 'NewExpression' && node.type !== 'AwaitExpression')
      return current;
    return this.each(current, (state) => [
      this.step(node.type === 'CallExpression' ? this.changed(node, state) : state, node),
    ]);
  }

  private assigned(node: TSESTree.AssignmentExpression, state: State): State {
    if (node.left.type !== 'Identifier') return this.changed(node, state);
    const value =
      node.operator === '='
        ? this.machine.evaluate(node.right, this.at(state))
        : unknown(written(this.module, node), 'it is changed in place');
    return this.assign(state, node.left, value);
  }

  private changed(node: TSESTree.AssignmentExpression | TSESTree.CallExpression, state: State): State {
    const frame = afterChange(this.machine, node, this.at(state));
    return frame === state.frame ? state : { ...state, frame };
  }

  private step(state: State, node: Step['node']): State {
    return { ...state, steps: [...state.steps, { node, context: this.at(state) }] };
  }

  private switchCases(node: TSESTree.SwitchStatement, state: State): readonly State[] {
    const ended: State[] = [];
    let waiting: readonly State[] = this.effects(node.discriminant, [state]);
    const fallback = node.cases.findIndex((one) => one.test === null);
    for (const [i, one] of node.cases.entries()) {
      const { test } = one;
      if (test === null) continue;
      const next: State[] = [];
      for (const waiter of waiting) {
        const equal = this.equality(node.discriminant, test, waiter);
        for (const way of decisions(equal)) {
          const here = under(waiter, way.when);
          if (here === null) continue;
          if (way.holds) ended.push(...this.casesFrom(node, i, here));
          else next.push(here);
        }
      }
      waiting = next;
    }
    const others = fallback < 0 ? waiting : waiting.flatMap((waiter) => this.casesFrom(node, fallback, waiter));
    return this.limit([...ended, ...others].map((one) => (one.stop?.kind === 'break' ? { ...one, stop: null } : one)));
  }

  private equality(left: TSESTree.Expression, right: TSESTree.Expression, state: State): JsValue {
    const at = written(this.module, right);
    const a = this.machine.evaluate(left, this.at(state));
    const b = this.machine.evaluate(right, this.at(state));
    if (a.kind === 'string' && b.kind === 'string') return { kind: 'boolean', value: a.value === b.value, ...at };
    const comparison: BinaryValue = { kind: 'binary', operator: '===', left: a, right: b, ...at };
    return comparison;
  }

  private casesFrom(node: TSESTree.SwitchStatement, first: number, state: State): readonly State[] {
    return this.block(
      node.cases.slice(first).flatMap((one) => one.consequent),
      [state],
    );
  }

  /** A loop's body may run any number of times: passed by, and gone through once, of which nothing is certain. */
  private loop(
    node:
      | TSESTree.ForStatement
      | TSESTree.ForInStatement
      | TSESTree.ForOfStatement
      | TSESTree.WhileStatement
      | TSESTree.DoWhileStatement,
    state: State,
  ): readonly State[] {
    const unrolled = node.type === 'ForOfStatement' ? this.unrolled(node, state) : null;
    if (unrolled !== null) return unrolled;
    const maybe: State = { ...state, uncertain: state.uncertain ?? 'it is inside a loop' };
    const through = this.statement(node.body, maybe).map((one) =>
      one.stop?.kind === 'break' || one.stop?.kind === 'continue' ? { ...one, stop: null } : one,
    );
    const stepped = through.some((one) => one.steps.length > state.steps.length || one.stop !== null);
    return stepped ? [state, ...through] : [state];
  }

  /** `for (const item of list)` over a list that is known: once for each item, in order. Null for other loops. */
  private unrolled(node: TSESTree.ForOfStatement, state: State): readonly State[] | null {
    const { left, right } = node;
    const pattern = left.type === 'VariableDeclaration' ? left.declarations[0]?.id : undefined;
    const list = pattern && !node.await ? this.machine.evaluate(right, this.at(state)) : null;
    if (pattern === undefined || list?.kind !== 'array' || list.rest !== null || list.items.length > MOST_ROUNDS)
      return null;
    let states: readonly State[] = this.effects(right, [state]);
    const ended: State[] = [];
    for (const item of list.items) {
      const after: State[] = [];
      for (const one of states) {
        const frame = bound(this.machine, pattern, item, this.at(one));
        for (const last of this.statement(node.body, { ...one, frame })) {
          if (last.stop?.kind === 'break') ended.push({ ...last, stop: null });
          else if (last.stop === null || last.stop.kind === 'continue') after.push({ ...last, stop: null });
          else ended.push(last);
        }
      }
      states = this.limit(after);
    }
    return this.limit([...ended, ...states]);
  }

  private tried(node: TSESTree.TryStatement, state: State): readonly State[] {
    const through = this.block(node.block.body, [state]);
    const { handler, finalizer } = node;
    const thrown = through.filter((one) => one.stop?.kind === 'throw');
    let after: readonly State[] = handler ? through.filter((one) => one.stop?.kind !== 'throw') : through;
    if (handler) {
      const entries = [...thrown.map((one): State => ({ ...one, stop: null })), ...this.interrupted(through, state)];
      const caught = entries.flatMap((entry) => this.block(handler.body.body, [{ ...entry, error: true }]));
      after = [...after, ...caught];
    }
    if (!finalizer) return this.limit(after);
    return this.limit(
      after.flatMap((one) =>
        this.block(finalizer.body, [{ ...one, stop: null }]).map((last) =>
          last.stop === null ? { ...last, stop: one.stop } : last,
        ),
      ),
    );
  }

  /** What the variables hold in a `catch`: what the `try` makes of them depends on how far it came. */
  private frameOfCatch(before: State, throwers: readonly Step[]): Frame | null {
    let frame = before.frame;
    const changed = new Set<Frame['variable']>();
    for (const { context } of throwers) {
      for (let one = context.frame; one !== null && one !== before.frame; one = one.outer) changed.add(one.variable);
    }
    for (const variable of changed) {
      const old = lookUp(before.frame, variable);
      if (old === null) continue;
      const values = new Set(throwers.map(({ context }) => lookUp(context.frame, variable)));
      const [only] = values;
      const value = values.size === 1 && only ? only : unknown(old, 'it depends on where the exception comes from');
      frame = { variable, value, outer: frame };
    }
    return frame;
  }

  /** Where an exception may leave a `try`: after its first step that may throw, once for all ways that agree so far. */
  private interrupted(through: readonly State[], before: State): readonly State[] {
    for (const state of through) {
      const steps = state.steps.slice(before.steps.length);
      const mayThrow = (step: Step): boolean =>
        !(this.options.harmless?.(step) ?? step.node.type === 'AssignmentExpression');
      const thrower = steps.findIndex(mayThrow);
      if (thrower < 0) continue;
      const catches = new Set(through.flatMap((one) => one.steps.slice(before.steps.length).filter(mayThrow)));
      return [
        {
          ...before,
          frame: this.frameOfCatch(before, [...catches]),
          steps: state.steps.slice(0, before.steps.length + thrower),
          catches: [...catches],
        },
      ];
    }
    return [];
  }
}

/** The state under more conditions, tested now; null when they contradict those before. */
function under(state: State, when: readonly Condition[]): State | null {
  const conditions = conjoin(state.conditions, when);
  if (conditions === null) return null;
  const stepsBefore = conditions.map((_, i) => state.stepsBefore[i] ?? state.steps.length);
  return { ...state, conditions, stepsBefore };
}

const EFFECTS = new Set([
  'CallExpression',
  'NewExpression',
  'AwaitExpression',
  'AssignmentExpression',
  'UpdateExpression',
]);

function hasEffects(node: TSESTree.Node): boolean {
  if (EFFECTS.has(node.type)) return true;
  if (isFunction(node)) return false;
  return childrenOf(node).some(hasEffects);
}
