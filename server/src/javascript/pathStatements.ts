import type { TSESTree } from '@typescript-eslint/types';
import { decisions } from './decisions';
import type { Machine } from './machine';
import { interrupted } from './pathExceptions';
import { Expressions } from './pathExpressions';
import type { PathLimits } from './pathLimits';
import { each, type State, under } from './pathState';
import type { PathOptions } from './paths';
import type { Context } from './values';
import { bound } from './variables';

/** Loops over longer lists are gone through once, for any of their items. */
const MOST_ROUNDS = 12;

/** What statements do on the ways through a function. */
export class Statements {
  private readonly expressions: Expressions;
  constructor(
    private readonly machine: Machine,
    module: Context['module'],
    private readonly options: PathOptions,
    private readonly limits: PathLimits,
  ) {
    this.expressions = new Expressions(machine, module, limits);
  }

  /** Runs statements one after the other, as far as the states go on. */
  block(statements: readonly TSESTree.Statement[], states: readonly State[]): readonly State[] {
    let current = states;
    for (const statement of statements) {
      if (!current.some((state) => state.stop === null)) return current;
      const skipped = this.options.skip?.(statement) ?? false;
      if (skipped === true) continue;
      if (!this.limits.runs(current.length)) return current;
      current = this.limits.states(
        each(current, (state) => (skipped === 'body' ? this.head(statement, state) : this.statement(statement, state))),
      );
    }
    return current;
  }

  /** Ends the states by a `return`, after what its argument does. */
  returned(argument: TSESTree.Expression | null, node: TSESTree.Node, states: readonly State[]): readonly State[] {
    const after = argument ? this.expressions.effects(argument, states) : states;
    return each(after, (state) => [
      { ...state, stop: { kind: 'return', argument, node, context: this.expressions.at(state) } },
    ]);
  }

  /** Runs what a statement runs in any case. */
  private head(node: TSESTree.Statement, state: State): readonly State[] {
    switch (node.type) {
      case 'IfStatement':
      case 'WhileStatement':
        return this.expressions.effects(node.test, [state]);
      case 'SwitchStatement':
        return this.expressions.effects(node.discriminant, [state]);
      case 'ForInStatement':
      case 'ForOfStatement':
        return this.expressions.effects(node.right, [state]);
      case 'ExpressionStatement':
        return this.expressions.effects(node.expression, [state]);
      default:
        return [state];
    }
  }

  private statement(node: TSESTree.Statement, state: State): readonly State[] {
    switch (node.type) {
      case 'BlockStatement':
        return this.block(node.body, [state]);
      case 'ExpressionStatement':
        return this.expressions.effects(node.expression, [state]);
      case 'VariableDeclaration':
        return this.expressions.declaration(node, state);
      case 'ReturnStatement':
        return this.returned(node.argument, node, [state]);
      case 'ThrowStatement':
        return each(this.expressions.effects(node.argument, [state]), (one) => [
          { ...one, stop: { kind: 'throw', node, context: this.expressions.at(one) } },
        ]);
      case 'IfStatement': {
        const { yes, no } = this.expressions.test(node.test, state);
        return [
          ...each(yes, (one) => this.statement(node.consequent, one)),
          ...each(no, (one) => (node.alternate ? this.statement(node.alternate, one) : [one])),
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

  private switchCases(node: TSESTree.SwitchStatement, state: State): readonly State[] {
    const ended: State[] = [];
    let waiting: readonly State[] = this.expressions.effects(node.discriminant, [state]);
    const fallback = node.cases.findIndex((one) => one.test === null);
    for (const [i, one] of node.cases.entries()) {
      const { test } = one;
      if (test === null) continue;
      const next: State[] = [];
      for (const waiter of waiting) {
        const equal = this.expressions.equality(node.discriminant, test, waiter);
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
    return this.limits.states(
      [...ended, ...others].map((one) => (one.stop?.kind === 'break' ? { ...one, stop: null } : one)),
    );
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
    const list = pattern && !node.await ? this.machine.evaluate(right, this.expressions.at(state)) : null;
    if (pattern === undefined || list?.kind !== 'array' || list.rest !== null || list.items.length > MOST_ROUNDS)
      return null;
    let states: readonly State[] = this.expressions.effects(right, [state]);
    const ended: State[] = [];
    for (const item of list.items) {
      const after: State[] = [];
      for (const one of states) {
        const frame = bound(this.machine, pattern, item, this.expressions.at(one));
        for (const last of this.statement(node.body, { ...one, frame })) {
          if (last.stop?.kind === 'break') ended.push({ ...last, stop: null });
          else if (last.stop === null || last.stop.kind === 'continue') after.push({ ...last, stop: null });
          else ended.push(last);
        }
      }
      states = this.limits.states(after);
    }
    return this.limits.states([...ended, ...states]);
  }

  private tried(node: TSESTree.TryStatement, state: State): readonly State[] {
    const through = this.block(node.block.body, [state]);
    const { handler, finalizer } = node;
    const thrown = through.filter((one) => one.stop?.kind === 'throw');
    let after: readonly State[] = handler ? through.filter((one) => one.stop?.kind !== 'throw') : through;
    if (handler) {
      const entries = [
        ...thrown.map((one): State => ({ ...one, stop: null })),
        ...interrupted(through, state, this.options.harmless),
      ];
      const caught = entries.flatMap((entry) => this.block(handler.body.body, [{ ...entry, error: true }]));
      after = [...after, ...caught];
    }
    if (!finalizer) return this.limits.states(after);
    return this.limits.states(
      after.flatMap((one) =>
        this.block(finalizer.body, [{ ...one, stop: null }]).map((last) =>
          last.stop === null ? { ...last, stop: one.stop } : last,
        ),
      ),
    );
  }
}
