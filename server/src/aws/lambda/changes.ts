import type { JsValue, Variable } from '../../javascript';
import { childrenOf, enclosingFunction, staticName, unwrap } from '../../javascript';
import { changeAt } from '../../javascript/mutations';

type Node = JsValue['node'];
export type Reference = Variable['references'][number];

/** Calls that look at what they are given and leave it alone. */
const READERS = new Set([
  'stringify',
  'log',
  'info',
  'warn',
  'error',
  'debug',
  'keys',
  'values',
  'entries',
  'freeze',
  'resolve',
  'succeed',
  'done',
]);

const known = new WeakMap<Variable, readonly Reference[]>();

/**
 * Why the object that a variable holds may be another one by the time it is answered: something else than a `return`, a
 * spread, a plain look or a change that the reader follows is done with it. Undefined when nothing is. By the text alone.
 */
export function mayBeChanged(variable: Variable): string | undefined {
  return unsettled(variable).length > 0 ? changedReason(variable) : undefined;
}

export function changedReason({ name }: Variable): string {
  return `\`${name}\` may be changed`;
}

/** Where something is done with a variable that may change the object in it, for all that the file's text tells. */
export function unsettled(variable: Variable): readonly Reference[] {
  const before = known.get(variable);
  if (before !== undefined) return before;
  const found = variable.references.filter((reference) => !isHarmless(reference, variable));
  known.set(variable, found);
  return found;
}

/** What a value goes through without being changed: parentheses, `a ? x : y`, `x || y`. */
export function isTransparent(node: Node): boolean {
  return unwrap(node) !== node || node.type === 'ConditionalExpression' || node.type === 'LogicalExpression';
}

function isHarmless(reference: Reference, variable: Variable): boolean {
  if (reference.isWrite()) return true;
  const { identifier } = reference;
  if (identifier.type === 'Identifier' && isFollowed(identifier, variable)) return true;
  let node: Node = identifier;
  while (node.parent !== undefined && isTransparent(node.parent)) node = node.parent;
  const { parent } = node;
  switch (parent?.type) {
    case 'Property':
      return parent.parent.type !== 'ObjectExpression' || !isChangedInside(parent.parent, parent);
    case 'ReturnStatement':
    case 'ArrowFunctionExpression':
    case 'SpreadElement':
    case 'AwaitExpression':
    case 'IfStatement':
    case 'BinaryExpression':
    case 'UnaryExpression':
    case 'TemplateLiteral':
    case 'ExpressionStatement':
    case 'ExportSpecifier':
    case 'ExportDefaultDeclaration':
      return true;
    case 'AssignmentExpression':
      return parent.right === node && parent.left.type === 'MemberExpression';
    case 'CallExpression':
      return parent.callee !== node && isReader(parent, node);
    case 'NewExpression':
      return false;
    case 'MemberExpression':
      return parent.object === node && isPlainAccess(parent);
    default:
      return false;
  }
}

/** A change in place that is followed: in the variable's own function, or one level deep at the file's top. */
function isFollowed(name: Parameters<typeof changeAt>[0], variable: Variable): boolean {
  const change = changeAt(name);
  if (change === null) return false;
  const [first] = variable.identifiers;
  const home = first === undefined ? null : enclosingFunction(first);
  if (enclosingFunction(name) !== home) return false;
  if (home !== null) return true;
  return (
    change.type === 'AssignmentExpression' &&
    change.left.type === 'MemberExpression' &&
    unwrap(change.left.object) === name &&
    change.parent.type === 'ExpressionStatement' &&
    change.parent.parent.type === 'Program'
  );
}

/** Whether the object that is written into `holder` is changed inside what this property of it holds. */
function isChangedInside(object: Node, property: Extract<Node, { type: 'Property' }>): boolean {
  let outer = object;
  while (outer.parent !== undefined && isTransparent(outer.parent)) outer = outer.parent;
  const name = staticName(property);
  const { parent } = outer;
  if (parent?.type !== 'VariableDeclarator' || parent.id.type !== 'Identifier' || name === null) return false;
  const holder = parent.id.name;
  const scope = enclosingFunction(parent)?.body ?? null;
  return scope !== null && changesMember(scope, holder, name);
}

/** Whether `holder.name` is changed in place anywhere in a function. */
function changesMember(scope: Node, holder: string, name: string): boolean {
  const stack: Node[] = [scope];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (
      node.type === 'MemberExpression' &&
      node.object.type === 'Identifier' &&
      node.object.name === holder &&
      staticName(node) === name
    ) {
      const { parent } = node;
      if (parent.type === 'MemberExpression' && parent.object === node && !isPlainAccess(parent, 1)) return true;
      if (parent.type === 'CallExpression' && !isReader(parent, node)) return true;
      if (parent.type === 'VariableDeclarator') return true;
    }
    stack.push(...childrenOf(node));
  }
  return false;
}

/** `console.log(x)`, `JSON.stringify(x)`, `callback(null, x)`: the callback answers with it. */
function isReader(call: Extract<Node, { type: 'CallExpression' }>, given: Node): boolean {
  const callee = unwrap(call.callee);
  if (callee.type === 'MemberExpression') {
    const name = staticName(callee) ?? '';
    return READERS.has(name) || (name === 'assign' && call.arguments[0] !== given);
  }
  return callee.type === 'Identifier' && /^(?:cb|callback|done|next|resolve)$/i.test(callee.name);
}

/** `x.a` read; a write, a call or a second name further inside is one that the reader does not follow. */
function isPlainAccess(member: Extract<Node, { type: 'MemberExpression' }>, depth = 0): boolean {
  let node: Node = member;
  while (node.parent?.type === 'MemberExpression' && node.parent.object === node) node = node.parent;
  const { parent } = node;
  if (parent?.type === 'AssignmentExpression') return parent.left !== node && depth === 0;
  if (parent?.type === 'CallExpression' && parent.callee === node) return false;
  if (parent?.type === 'CallExpression') return isReader(parent, node);
  if (parent?.type === 'UpdateExpression') return false;
  if (parent?.type === 'UnaryExpression') return parent.operator !== 'delete';
  // `const headers = response.headers` is a second name for what may then be changed.
  return parent?.type !== 'VariableDeclarator';
}
