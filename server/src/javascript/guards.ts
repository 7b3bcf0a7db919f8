import type { TSESTree } from '@typescript-eslint/types';
import { decisions } from './decisions';
import type { Machine } from './machine';
import type { FunctionNode } from './tree';
import { type Condition, type Context, conjoin } from './values';

/**
 * The conditions of the `if`s, `?:`s, `&&`s and `||`s that stand between a node and the function it is in (null: the
 * file's top level). Empty when nothing guards it; null when it cannot be said, because a loop, a `switch` or a `catch`
 * stands between, or a test goes one way in several manners.
 */
export function guardsOf(
  machine: Machine,
  node: TSESTree.Node,
  home: FunctionNode | null,
  context: Context,
): readonly Condition[] | null {
  let when: readonly Condition[] = [];
  for (let below = node, up = node.parent; up && up !== home; below = up, up = up.parent) {
    const guard = guardAt(up, below);
    if (guard === null) return null;
    if (guard === undefined) continue;
    const ways = decisions(machine.evaluate(guard.test, context)).filter((way) => way.holds === guard.holds);
    const [way] = ways;
    if (way === undefined || ways.length > 1) return null;
    const both = conjoin(way.when, when);
    if (both === null) return null;
    when = both;
  }
  return when;
}

interface Guard {
  readonly test: TSESTree.Node;
  readonly holds: boolean;
}

function guardAt(up: TSESTree.Node, below: TSESTree.Node): Guard | undefined | null {
  switch (up.type) {
    case 'IfStatement':
    case 'ConditionalExpression':
      return up.test === below ? undefined : { test: up.test, holds: up.consequent === below };
    case 'LogicalExpression':
      if (up.left === below) return undefined;
      return up.operator === '??' ? null : { test: up.left, holds: up.operator === '&&' };
    case 'CatchClause':
    case 'SwitchCase':
    case 'ForStatement':
    case 'ForInStatement':
    case 'ForOfStatement':
    case 'WhileStatement':
    case 'DoWhileStatement':
      return null;
    default:
      return undefined;
  }
}
