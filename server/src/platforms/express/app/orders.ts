import type { TSESTree } from '@typescript-eslint/types';
import { enclosingFunction, type FunctionNode, type SourceModule, staticName, unwrap } from '../../../javascript';

/** Positions to compare one after the other: a function's registrations stand where it is called. */
export type Order = readonly number[];

/** Where the registrations of one file stand in the order in which they run. */
export interface Orders {
  of(node: TSESTree.Node): Order;
  /** A mark of the function that the order could not be followed out of; 0 for the file's top level. */
  homeOf(order: Order): number;
}

/** Finds where functions of the file are called, so that what they register stands in the order in which it runs. */
export function createOrders(module: SourceModule): Orders {
  const sites = new Map<string, TSESTree.CallExpression[]>();
  for (const call of module.index.of('CallExpression')) {
    const callee = unwrap(call.callee);
    const name =
      callee.type === 'Identifier'
        ? callee.name
        : callee.type === 'MemberExpression' && callee.object.type === 'ThisExpression'
          ? `this.${staticName(callee) ?? ''}`
          : null;
    if (name === null) continue;
    const known = sites.get(name);
    if (known) known.push(call);
    else sites.set(name, [call]);
  }
  const homes = new Map<Order, number>();
  const of = (node: TSESTree.Node): Order => {
    const order: number[] = [node.range[0]];
    let home = enclosingFunction(node);
    for (let depth = 0; home !== null && depth < 10; depth++) {
      const name = calledAs(home);
      const callers = name === null ? [] : (sites.get(name) ?? []);
      const [caller] = callers;
      if (caller !== undefined && callers.length === 1) {
        order.unshift(caller.range[0]);
        home = enclosingFunction(caller);
      } else if (name === null) home = enclosingFunction(home);
      else break;
    }
    homes.set(order, home === null ? 0 : home.range[0] + 1);
    return order;
  };
  return { of, homeOf: (order) => homes.get(order) ?? 0 };
}

/** Below 0 when `a` runs before `b`. */
export function compareOrders(a: Order, b: Order): number {
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** The name that a function is called by; null for one that stands where it runs, such as an argument. */
function calledAs(fn: FunctionNode): string | null {
  if (fn.type === 'FunctionDeclaration') return fn.id?.name ?? 'default';
  const { parent } = fn;
  if (parent?.type === 'VariableDeclarator' && parent.id.type === 'Identifier') return parent.id.name;
  if (parent?.type === 'MethodDefinition' || parent?.type === 'PropertyDefinition') {
    return parent.type === 'MethodDefinition' && parent.kind === 'constructor'
      ? 'constructor'
      : `this.${staticName(parent) ?? ''}`;
  }
  return parent?.type === 'AssignmentExpression' || parent?.type === 'Property' ? 'elsewhere' : null;
}
