import type { TSESTree } from '@typescript-eslint/types';
import { type Context, childrenOf, type JsValue, type Reader, staticName } from '../../../javascript';
import { builtinName, isAssigned } from './builtinError';

type ClassNode = TSESTree.ClassDeclaration | TSESTree.ClassExpression;

/** A class on the way up from an error to `Error`, with what its constructor is given. */
interface Level {
  readonly node: ClassNode;
  readonly made: TSESTree.FunctionExpression | null;
  /** Of the constructor's body, its parameters bound. */
  readonly context: Context;
}

interface Lineage {
  readonly levels: readonly Level[];
  /** The language's own error that the topmost class extends, and what its constructor is given. */
  readonly base: { readonly name: string; readonly arguments: readonly JsValue[] };
}

/** Classes that extend classes are followed this far up. */
const MOST_LEVELS = 8;

/** The class that a value is, as its tree; null for anything else. */
export function classOf({ kind, node }: JsValue): ClassNode | null {
  if (kind !== 'unknown' && kind !== 'object') return null;
  return node.type === 'ClassDeclaration' || node.type === 'ClassExpression' ? node : null;
}

/** The classes of `new AppError(…)` up to the language's own; null where one of them cannot be read. */
export function lineageOf(reader: Reader, error: JsValue): Lineage | null {
  if (error.kind !== 'new') return null;
  const levels: Level[] = [];
  let { callee } = error;
  let args = error.arguments;
  while (levels.length < MOST_LEVELS) {
    const name = builtinName(callee);
    if (name !== null) return levels.length === 0 ? null : { levels, base: { name, arguments: args } };
    const node = classOf(callee);
    if (node?.superClass == null) return null;
    const outer: Context = { module: callee.module, frame: null };
    const made = constructorOf(node);
    const context = made === null ? outer : bound(reader, made, callee, args);
    const given = made === null ? args : handedUp(reader, made, context);
    if (given === null) return null;
    levels.push({ node, made, context });
    callee = reader.evaluate(node.superClass, outer);
    args = given;
  }
  return null;
}

/**
 * What an error of the program's own classes holds under a name when it has been made; `undefined` for nothing, null
 * where that cannot be told.
 */
export function memberOfOwn(reader: Reader, lineage: Lineage, name: string): JsValue | undefined | null {
  for (const level of lineage.levels) {
    if (isAssigned(level.context.module, name, 'elsewhere')) return null;
    const held = heldBy(reader, level, name);
    if (held !== undefined) return held;
  }
  const [message] = lineage.base.arguments;
  if (name === 'message') return message;
  return name in Error.prototype || name === 'stack' || name === 'cause' ? null : undefined;
}

/** What one class sets; undefined where it leaves the name alone. */
function heldBy(reader: Reader, { node, made, context }: Level, name: string): JsValue | undefined | null {
  let held: TSESTree.Node | undefined;
  let inner: Context = context;
  for (const member of node.body.body) {
    if (member.type === 'StaticBlock' || member.type === 'TSIndexSignature' || member.static) continue;
    const isRead = member.type === 'PropertyDefinition' || member.type === 'MethodDefinition';
    const key = isRead ? staticName(member) : null;
    if (key === null) return null;
    if (key !== name) continue;
    if (member.type !== 'PropertyDefinition') return null;
    // What a property that is only declared comes to is the compiler's business; the constructor may say more.
    held = member.value ?? member;
    inner = { module: context.module, frame: null };
  }
  for (const param of made?.params ?? []) {
    if (param.type !== 'TSParameterProperty') continue;
    const id = param.parameter.type === 'AssignmentPattern' ? param.parameter.left : param.parameter;
    if (id.type !== 'Identifier' || id.name !== name) continue;
    held = id;
    inner = context;
  }
  const written = assignments(node, name);
  if (written === null || written.length > 1) return null;
  const [assignment] = written;
  if (assignment !== undefined) {
    if (assignment.parent.type !== 'ExpressionStatement' || assignment.parent.parent !== made?.body) return null;
    held = assignment.right;
    inner = context;
  }
  if (held === undefined) return undefined;
  return held.type === 'PropertyDefinition' ? null : reader.evaluate(held, inner);
}

/** The assignments to `this.name` in a class; null where `this` is given away, and anything may be set on it. */
function assignments(node: ClassNode, name: string): readonly TSESTree.AssignmentExpression[] | null {
  const found: TSESTree.AssignmentExpression[] = [];
  const stack: TSESTree.Node[] = [node.body];
  for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
    if (at.type === 'ThisExpression' && !isHarmless(at)) return null;
    if (at.type === 'AssignmentExpression' && isOfThis(at.left, name)) {
      if (at.operator !== '=') return null;
      found.push(at);
    }
    stack.push(...childrenOf(at));
  }
  return found;
}

function isOfThis(left: TSESTree.Node, name: string): boolean {
  return left.type === 'MemberExpression' && left.object.type === 'ThisExpression' && staticName(left) === name;
}

/** `this.name`, `Error.captureStackTrace(this, …)`, `Object.setPrototypeOf(this, …)`. */
function isHarmless({ parent }: TSESTree.ThisExpression): boolean {
  if (parent.type === 'MemberExpression') {
    const isCalled = parent.parent.type === 'CallExpression' && parent.parent.callee === parent;
    return staticName(parent) !== null && !isCalled;
  }
  if (parent.type !== 'CallExpression' || parent.callee.type !== 'MemberExpression') return false;
  const called = staticName(parent.callee);
  return called === 'captureStackTrace' || called === 'setPrototypeOf';
}

function constructorOf(node: ClassNode): TSESTree.FunctionExpression | null {
  for (const member of node.body.body) {
    if (member.type === 'MethodDefinition' && member.kind === 'constructor' && member.value.body !== null)
      return member.value.type === 'FunctionExpression' ? member.value : null;
  }
  return null;
}

function bound(
  reader: Reader,
  made: TSESTree.FunctionExpression,
  { module, place }: JsValue,
  args: readonly JsValue[],
): Context {
  const context: Context = { module, frame: null };
  return reader.bind({ kind: 'function', function: made, context, node: made, module, place }, args).context;
}

/** What a constructor calls `super` with; null where that is not said plainly, or its variables change on the way. */
function handedUp(reader: Reader, { body }: TSESTree.FunctionExpression, context: Context): readonly JsValue[] | null {
  let result: readonly JsValue[] | null = null;
  for (const statement of body.body) {
    if (statement.type === 'ReturnStatement') return null;
    if (statement.type !== 'ExpressionStatement') continue;
    const { expression } = statement;
    if (expression.type === 'AssignmentExpression' && expression.left.type === 'Identifier') return null;
    if (expression.type !== 'CallExpression' || expression.callee.type !== 'Super') continue;
    if (result !== null || expression.arguments.some(({ type }) => type === 'SpreadElement')) return null;
    result = expression.arguments.map((argument) => reader.evaluate(argument, context));
  }
  return result;
}
