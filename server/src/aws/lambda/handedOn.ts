import type { JsValue, Reader, SourceModule, Variable } from '../../javascript';
import { isFunction } from '../../javascript';
import { changeAt } from '../../javascript/mutations';
import { changedReason, isTransparent, type Reference, unsettled } from './changes';

type Node = JsValue['node'];

/** Functions that hand an object to others are followed to this depth. */
const DEEPEST = 4;

/**
 * Tells of a variable why the object in it may be changed out of sight, for one reader. An object that is handed to a
 * function of the workspace is followed there: `reply(200, headers)` changes nothing where `reply` only puts it into
 * what it gives back, and what it gives back is not changed either.
 */
export function changeWatch(readerOf: () => Reader): (variable: Variable, module: SourceModule) => string | undefined {
  const known = new WeakMap<Variable, boolean>();
  const pending = new Set<Variable>();

  function isSettled(variable: Variable, module: SourceModule, depth: number): boolean {
    const left = unsettled(variable);
    if (left.length === 0) return true;
    const before = known.get(variable);
    if (before !== undefined) return before;
    // What refers to itself is taken for changed.
    if (pending.has(variable)) return false;
    pending.add(variable);
    const is = left.every((reference) => isKept(reference, module, depth));
    pending.delete(variable);
    known.set(variable, is);
    return is;
  }

  /** Whether it is an argument of a call of a function that leaves it alone, and so does whoever gets the result. */
  function isKept({ identifier }: Reference, module: SourceModule, depth: number): boolean {
    let node: Node = identifier;
    while (node.parent !== undefined && isTransparent(node.parent)) node = node.parent;
    const { parent: call } = node;
    if (call?.type !== 'CallExpression' || depth > DEEPEST) return false;
    const index = call.arguments.findIndex(({ range }) => range === node.range);
    if (index === -1 || call.arguments.some(({ type }) => type === 'SpreadElement')) return false;
    if (!isHandedBack(call, module, depth)) return false;
    const callee = readerOf().evaluate(call.callee, { module, frame: null });
    return callee.kind === 'function' && leavesAlone(callee.function, callee.module, index, depth);
  }

  function leavesAlone(fn: Node, module: SourceModule, index: number, depth: number): boolean {
    if (!isFunction(fn) || /\barguments\b/.test(module.text.slice(fn.range[0], fn.range[1]))) return false;
    const parameter = fn.params[index];
    // JavaScript drops an argument that nothing takes.
    if (parameter === undefined) return fn.params.every(({ type }) => type !== 'RestElement');
    const name = parameter.type === 'AssignmentPattern' ? parameter.left : parameter;
    const variable = name.type === 'Identifier' ? module.scopes.variable(name) : null;
    if (variable === null) return false;
    const isChanged = variable.references.some(
      (one) => one.identifier.type === 'Identifier' && changeAt(one.identifier) !== null,
    );
    return !isChanged && isSettled(variable, module, depth + 1);
  }

  /** Whether the result of a call is handed on as it is, or dropped, so that nobody changes what it may hold. */
  function isHandedBack(call: Node, module: SourceModule, depth: number): boolean {
    let node = call;
    while (node.parent !== undefined && (isTransparent(node.parent) || node.parent.type === 'AwaitExpression')) {
      node = node.parent;
    }
    const { parent } = node;
    switch (parent?.type) {
      case 'ReturnStatement':
      case 'ExpressionStatement':
      case 'SpreadElement':
        return true;
      case 'ArrowFunctionExpression':
        return parent.body === node;
      case 'CallExpression':
        return parent.callee.type === 'Identifier' && /^(?:cb|callback|done)$/i.test(parent.callee.name);
      case 'VariableDeclarator': {
        const variable = parent.id.type === 'Identifier' ? module.scopes.variable(parent.id) : null;
        if (variable === null || !isSettled(variable, module, depth + 1)) return false;
        return variable.references.every(
          ({ identifier }) => identifier.type !== 'Identifier' || changeAt(identifier) === null,
        );
      }
      default:
        return false;
    }
  }

  return (variable, module) => (isSettled(variable, module, 0) ? undefined : changedReason(variable));
}
