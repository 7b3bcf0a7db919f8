import type { TSESTree } from '@typescript-eslint/types';
import { evaluateCall, evaluateNew, isGlobal } from './calls';
import { coalesce, either, ifElse } from './decisions';
import { thisAt } from './frames';
import { evaluateArray, evaluateObject } from './literals';
import type { Machine } from './machine';
import { classValue, evaluateMember } from './members';
import { binary, concatenate, negate, prefixed } from './operators';
import { staticName, unwrap } from './tree';
import { type Context, type JsValue, mapChoice, unknown, type Written, written } from './values';
import { valueOfName } from './variables';

/** The value of an expression, one kind of node after the other. Recursion goes through the machine. */
export function evaluateExpression(machine: Machine, outer: TSESTree.Node, context: Context): JsValue {
  const node = unwrap(outer);
  const at = written(context.module, node);
  const value = (child: TSESTree.Node) => machine.evaluate(child, context);
  switch (node.type) {
    case 'Literal':
      return literal(node, at);
    case 'TemplateLiteral':
      return template(node, at, value);
    case 'Identifier':
      return valueOfName(machine, node, context, at);
    case 'ObjectExpression':
      return evaluateObject(machine, node, context, at);
    case 'ArrayExpression':
      return evaluateArray(machine, node.elements, context, at);
    case 'FunctionExpression':
    case 'ArrowFunctionExpression':
    case 'FunctionDeclaration':
      return { kind: 'function', function: node, context, ...at };
    case 'ClassDeclaration':
    case 'ClassExpression':
      return classValue(machine, node, context, at);
    case 'MemberExpression':
      return evaluateMember(machine, node, context, at);
    case 'CallExpression':
      return evaluateCall(machine, node, context, at);
    case 'NewExpression':
      return evaluateNew(machine, node, context, at);
    case 'ConditionalExpression':
      return ifElse(
        at,
        value(node.test),
        () => value(node.consequent),
        () => value(node.alternate),
      );
    case 'LogicalExpression':
      if (node.operator === '??') return coalesce(at, value(node.left), () => value(node.right));
      return either(at, node.operator, value(node.left), () => value(node.right));
    case 'BinaryExpression':
      if (node.left.type === 'PrivateIdentifier') return unknown(at, 'it tests for a private member');
      if (node.operator === '+') return concatenate(at, value(node.left), value(node.right));
      return binary(at, node.operator, value(node.left), value(node.right));
    case 'UnaryExpression':
      if (node.operator === '!') return negate(at, value(node.argument));
      return prefixed(at, node.operator, value(node.argument));
    case 'AwaitExpression':
      return awaited(machine, value(node.argument), at);
    case 'AssignmentExpression':
      return node.operator === '=' ? value(node.right) : unknown(at, 'it is changed in place');
    case 'SequenceExpression': {
      const last = node.expressions.at(-1);
      return last ? value(last) : unknown(at, 'it is empty');
    }
    case 'ImportExpression': {
      const source = value(node.source);
      if (source.kind !== 'string') return unknown(at, 'what it imports is computed');
      return machine.imported(context.module, source.value, '*', at);
    }
    case 'ThisExpression':
      return thisAt(node, context) ?? unknown(at, 'it is `this`');
    case 'MetaProperty':
      return { kind: 'import', specifier: 'import.meta', exported: '*', ...at };
    default:
      return unknown(at, 'it is not an expression that can be read');
  }
}

function literal(node: TSESTree.Literal, at: Written): JsValue {
  if ('regex' in node) return { kind: 'regexp', pattern: node.regex.pattern, flags: node.regex.flags, ...at };
  switch (typeof node.value) {
    case 'string':
      return { kind: 'string', value: node.value, ...at };
    case 'number':
      return { kind: 'number', value: node.value, ...at };
    case 'boolean':
      return { kind: 'boolean', value: node.value, ...at };
    default:
      return node.value === null && node.raw === 'null' ? { kind: 'null', ...at } : unknown(at, 'it is a big number');
  }
}

function template(node: TSESTree.TemplateLiteral, at: Written, value: (child: TSESTree.Node) => JsValue): JsValue {
  let result: JsValue = { kind: 'string', value: node.quasis[0]?.value.cooked ?? '', ...at };
  for (const [i, expression] of node.expressions.entries()) {
    result = concatenate(at, result, value(expression));
    const text = node.quasis[i + 1];
    const cooked = text?.value.cooked;
    if (text && cooked)
      result = concatenate(at, result, { kind: 'string', value: cooked, ...written(at.module, text) });
  }
  return result;
}

/** Promises of promises are followed to this depth. */
const MOST_PROMISES = 6;

/** What a promise holds is followed only where the function that makes it can be read. */
function awaited(machine: Machine, promise: JsValue, at: Written, depth = 0): JsValue {
  if (depth > MOST_PROMISES) return promise;
  return mapChoice(promise, (one) => {
    if (one.kind !== 'call') return one;
    const [first] = one.arguments;
    if (isPromiseResolve(one.callee) && first !== undefined) return awaited(machine, first, at, depth + 1);
    if (one.callee.kind !== 'function') return one;
    const result = machine.apply(one.callee, one.arguments, at);
    return result === null ? one : awaited(machine, result, at, depth + 1);
  });
}

function isPromiseResolve(callee: JsValue): boolean {
  return callee.kind === 'member' && callee.property === 'resolve' && isGlobal(callee.object, 'Promise');
}

/** The name that a function is known by: its own, or the variable's or property's that it is written into. */
export function functionName(node: TSESTree.Node): string | null {
  if ('id' in node && node.id?.type === 'Identifier') return node.id.name;
  const { parent } = node;
  if (parent?.type === 'VariableDeclarator' && parent.id.type === 'Identifier') return parent.id.name;
  if (parent?.type === 'Property' || parent?.type === 'MethodDefinition' || parent?.type === 'PropertyDefinition') {
    return staticName(parent);
  }
  if (parent?.type === 'AssignmentExpression' && parent.left.type === 'MemberExpression') {
    const name = staticName(parent.left);
    // `module.exports = …` names nothing.
    return name === 'exports' ? null : name;
  }
  if (parent?.type === 'AssignmentExpression' && parent.left.type === 'Identifier') return parent.left.name;
  return null;
}
