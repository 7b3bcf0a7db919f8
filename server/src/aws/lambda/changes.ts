import type { JsValue, Variable } from '../../javascript';
import { staticName, unwrap } from '../../javascript';

type Node = JsValue['node'];

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

/**
 * Why an object that was written out may have more properties by the time it is answered: something else than a
 * `return`, a spread or a plain look is done with the variable that holds it. Undefined when nothing is. The reader
 * follows `response.headers = …` itself; `response.headers['X'] = …` and `addCors(response)` it does not.
 */
export function changedElsewhere(value: JsValue): string | undefined {
  const name = holderOf(value.node);
  if (name === undefined) return undefined;
  const variable = value.module.scopes.variable(name);
  if (variable === null) return `what becomes of \`${name.name}\` cannot be followed`;
  return variable.references.some((reference) => !isHarmless(reference))
    ? `\`${name.name}\` may be changed`
    : undefined;
}

/** The variable that an object literal is written into. */
function holderOf(node: Node) {
  let outer = node;
  while (outer.parent !== undefined && isTransparent(outer.parent)) outer = outer.parent;
  const { parent } = outer;
  if (parent?.type === 'VariableDeclarator' && parent.init === outer) {
    return parent.id.type === 'Identifier' ? parent.id : undefined;
  }
  if (parent?.type === 'AssignmentExpression' && parent.right === outer) {
    return parent.left.type === 'Identifier' ? parent.left : undefined;
  }
  return undefined;
}

function isTransparent(node: Node): boolean {
  return unwrap(node) !== node || node.type === 'ConditionalExpression' || node.type === 'LogicalExpression';
}

function isHarmless(reference: Variable['references'][number]): boolean {
  if (reference.isWrite()) return true;
  let node: Node = reference.identifier;
  while (node.parent !== undefined && isTransparent(node.parent)) node = node.parent;
  const { parent } = node;
  switch (parent?.type) {
    case 'ReturnStatement':
    case 'ArrowFunctionExpression':
    case 'SpreadElement':
    case 'Property':
    case 'AwaitExpression':
    case 'IfStatement':
    case 'BinaryExpression':
    case 'UnaryExpression':
    case 'TemplateLiteral':
    case 'ExpressionStatement':
    case 'ExportSpecifier':
    case 'ExportDefaultDeclaration':
      return true;
    case 'CallExpression':
      return parent.callee !== node && isReader(parent);
    case 'MemberExpression':
      return parent.object === node && isPlainAccess(parent);
    default:
      return false;
  }
}

/** `console.log(x)`, `JSON.stringify(x)`, `callback(null, x)`: the callback answers with it. */
function isReader(call: Extract<Node, { type: 'CallExpression' }>): boolean {
  const callee = unwrap(call.callee);
  if (callee.type === 'MemberExpression') return READERS.has(staticName(callee) ?? '');
  return callee.type === 'Identifier' && /^(?:cb|callback|done|next|resolve)$/i.test(callee.name);
}

/** `x.a` read, or `x.a = …` right below; a write or a call further inside is one that the reader does not follow. */
function isPlainAccess(member: Extract<Node, { type: 'MemberExpression' }>): boolean {
  let node: Node = member;
  let depth = 0;
  while (node.parent?.type === 'MemberExpression' && node.parent.object === node) {
    node = node.parent;
    depth += 1;
  }
  const { parent } = node;
  if (parent?.type === 'AssignmentExpression') return parent.left === node && depth === 0;
  if (parent?.type === 'CallExpression' && parent.callee === node) return false;
  if (parent?.type === 'CallExpression') return isReader(parent);
  if (parent?.type === 'UpdateExpression') return false;
  if (parent?.type === 'UnaryExpression') return parent.operator !== 'delete';
  // `const headers = response.headers` is a second name for what may then be changed.
  return parent?.type !== 'VariableDeclarator';
}
