import type { TSESTree } from '@typescript-eslint/types';

type Node = TSESTree.Node;

/** The node types by name. */
export type NodeByName = { [N in Node as `${N['type']}`]: N };
export type NodeName = keyof NodeByName;

/** Every node of a tree by its type, each with its `parent` set. */
export interface Index {
  of<T extends NodeName>(type: T): readonly NodeByName[T][];
}

/**
 * Sets every node's `parent` and sorts the nodes by type, in the order of the source. Walks with its own stack, so
 * that depth cannot overflow it.
 */
export function index(program: TSESTree.Program): Index {
  const byType = new Map<string, Node[]>();
  const stack: Node[] = [program];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    const bucket = byType.get(node.type);
    if (bucket) bucket.push(node);
    else byType.set(node.type, [node]);
    const children = childrenOf(node);
    for (let i = children.length - 1; i >= 0; i--) {
      const child = children[i];
      if (child === undefined) continue;
      child.parent = node;
      stack.push(child);
    }
  }
  return {
    of<T extends NodeName>(type: T) {
      return (byType.get(type) ?? []) as NodeByName[T][];
    },
  };
}

/** The nodes right below a node, in the order in which their properties were made, which is nearly the source's. */
export function childrenOf(node: Node): Node[] {
  const children: Node[] = [];
  for (const key in node) {
    if (key === 'parent' || key === 'range') continue;
    const value: unknown = node[key as keyof Node];
    if (Array.isArray(value)) {
      for (const item of value) if (isNode(item)) children.push(item);
    } else if (isNode(value)) children.push(value);
  }
  return children;
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && 'range' in value;
}

export type FunctionNode =
  | TSESTree.FunctionDeclaration
  | TSESTree.FunctionExpression
  | TSESTree.ArrowFunctionExpression;

export function isFunction(node: Node | null | undefined): node is FunctionNode {
  return (
    node?.type === 'FunctionDeclaration' ||
    node?.type === 'FunctionExpression' ||
    node?.type === 'ArrowFunctionExpression'
  );
}

/** The function that a node stands in, itself excluded; null at the file's top level. Needs `parent`s. */
export function enclosingFunction(node: Node): FunctionNode | null {
  for (let up = node.parent; up; up = up.parent) if (isFunction(up)) return up;
  return null;
}

/** The nearest ancestor of one type, the node itself included. Needs `parent`s. */
export function closest<T extends NodeName>(node: Node, type: T): NodeByName[T] | null {
  for (let up: Node | undefined = node; up; up = up.parent) {
    if (up.type === type) return up as NodeByName[T];
  }
  return null;
}

/** The expression inside type assertions, `!`, `satisfies` and optional chains: what runs. */
export function unwrap(node: Node): Node {
  switch (node.type) {
    case 'TSAsExpression':
    case 'TSSatisfiesExpression':
    case 'TSNonNullExpression':
    case 'TSTypeAssertion':
    case 'TSInstantiationExpression':
    case 'ChainExpression':
      return unwrap(node.expression);
    default:
      return node;
  }
}

/** The name of a property key or of a member access, when it can be read off the source; null for a computed one. */
export function staticName(
  node: TSESTree.Property | TSESTree.MemberExpression | TSESTree.PropertyDefinition | TSESTree.MethodDefinition,
): string | null {
  const key = node.type === 'MemberExpression' ? node.property : node.key;
  if (!node.computed && key.type === 'Identifier') return key.name;
  if (key.type === 'PrivateIdentifier') return `#${key.name}`;
  if (key.type === 'Literal' && (typeof key.value === 'string' || typeof key.value === 'number'))
    return String(key.value);
  if (key.type === 'TemplateLiteral' && key.expressions.length === 0) return key.quasis[0]?.value.cooked ?? null;
  return null;
}
