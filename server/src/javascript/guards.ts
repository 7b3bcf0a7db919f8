import type { TSESTree } from '@typescript-eslint/types';
import { decisions } from './decisions';
import type { Machine } from './machine';
import type { FunctionNode } from './tree';
import { type Condition, type Context, conjoin } from './values';

type Ways = readonly (readonly Condition[])[];

/** Every way that the tests around a node can go: those in which it runs, and those in which it is passed by. */
export interface GuardWays {
  readonly taken: Ways;
  readonly passed: Ways;
}

/** More ways than this say nothing to anybody. */
const MOST_WAYS = 8;

/**
 * The ways through the `if`s, `?:`s, `&&`s and `||`s that stand between a node and the function it is in (null: the
 * file's top level); no two of them are open at once. Null when it cannot be said, because a loop, a `switch` or a
 * `catch` stands between, or there are too many.
 */
export function guardWaysOf(
  machine: Machine,
  node: TSESTree.Node,
  home: FunctionNode | null,
  context: Context,
): GuardWays | null {
  let taken: Ways = [[]];
  let passed: Ways = [];
  for (let below = node, up = node.parent; up && up !== home; below = up, up = up.parent) {
    const guard = guardAt(up, below);
    if (guard === null) return null;
    if (guard === undefined) continue;
    const ways = decisions(machine.evaluate(guard.test, context));
    const through = ways.filter(({ holds }) => holds === guard.holds).map(({ when }) => when);
    const around = ways.filter(({ holds }) => holds !== guard.holds).map(({ when }) => when);
    taken = both(through, taken);
    passed = [...around, ...both(through, passed)];
    if (taken.length > MOST_WAYS || passed.length > MOST_WAYS) return null;
  }
  return { taken, passed };
}

/** Each way of the one with each of the other, but for those that contradict each other. */
function both(outer: Ways, inner: Ways): Ways {
  const pairs = outer.flatMap((before) => inner.map((after) => conjoin(before, after)));
  return pairs.filter((way) => way !== null);
}

/** The conditions of the only way to a node. Empty when nothing guards it; null where there are several, or none. */
export function onlyWay(ways: GuardWays | null): readonly Condition[] | null {
  const [way, another] = ways?.taken ?? [];
  return way === undefined || another !== undefined ? null : way;
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
