import type { TSESTree } from '@typescript-eslint/types';
import { decisions } from './decisions';
import type { Machine } from './machine';
import { afterChange, isChangedInPlace } from './mutations';
import type { PathLimits } from './pathLimits';
import { each, type State, under } from './pathState';
import type { Step } from './paths';
import { childrenOf, isFunction, unwrap } from './tree';
import { type BinaryValue, type Context, type JsValue, unknown, written } from './values';

/** What expressions do on the ways through a function. */
export class Expressions {
  constructor(
    private readonly machine: Machine,
    private readonly module: Context['module'],
    private readonly limits: PathLimits,
  ) {}

  /** Runs what an expression does: its calls and assignments, the inner ones first. */
  effects(outer: TSESTree.Node, states: readonly State[]): readonly State[] {
    const node = unwrap(outer);
    if (isFunction(node) || !hasEffects(node)) return states;
    switch (node.type) {
      case 'ConditionalExpression':
        if (!hasEffects(node.consequent) && !hasEffects(node.alternate)) return this.effects(node.test, states);
        return this.limits.states(
          each(states, (state) => {
            const { yes, no } = this.test(node.test, state);
            return [...this.effects(node.consequent, yes), ...this.effects(node.alternate, no)];
          }),
        );
      case 'LogicalExpression':
        if (!hasEffects(node.right) || node.operator === '??') break;
        return this.limits.states(
          each(states, (state) => {
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
        return each(after, (state) => [this.step(this.assigned(node, state), node)]);
      }
      case 'UpdateExpression': {
        const { argument } = node;
        if (argument.type !== 'Identifier') return states;
        return each(states, (state) => [
          this.assign(state, argument, unknown(written(this.module, node), 'it is counted')),
        ]);
      }
    }
    let current = states;
    for (const child of childrenOf(node)) current = this.effects(child, current);
    if (node.type !== 'CallExpression' && node.type !== 'NewExpression' && node.type !== 'AwaitExpression')
      return current;
    return each(current, (state) => [
      this.step(node.type === 'CallExpression' ? this.changed(node, state) : state, node),
    ]);
  }

  /** The states in which a test holds and those in which it does not. */
  test(node: TSESTree.Expression, state: State): { readonly yes: State[]; readonly no: State[] } {
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

  /** Runs what a declaration does, and keeps what its variables hold. */
  declaration(node: TSESTree.VariableDeclaration, state: State): readonly State[] {
    let states: readonly State[] = [state];
    for (const { id, init } of node.declarations) {
      if (init) states = this.effects(init, states);
      // What never changes is read where it is used; what does is followed step by step.
      if (id.type !== 'Identifier' || (node.kind === 'const' && !this.isChanged(id))) continue;
      states = each(states, (one) => [
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

  /** What `left === right` comes to. */
  equality(left: TSESTree.Expression, right: TSESTree.Expression, state: State): JsValue {
    const at = written(this.module, right);
    const a = this.machine.evaluate(left, this.at(state));
    const b = this.machine.evaluate(right, this.at(state));
    if (a.kind === 'string' && b.kind === 'string') return { kind: 'boolean', value: a.value === b.value, ...at };
    const comparison: BinaryValue = { kind: 'binary', operator: '===', left: a, right: b, ...at };
    return comparison;
  }

  /** Where the names of a state are looked up. */
  at(state: State): Context {
    return { module: this.module, frame: state.frame };
  }

  private assign(state: State, name: TSESTree.Identifier, value: JsValue): State {
    const variable = this.module.scopes.variable(name);
    return variable === null ? state : { ...state, frame: { variable, value, outer: state.frame } };
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
