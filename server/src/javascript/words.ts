import type { TSESTree } from '@typescript-eslint/types';
import { staticName, unwrap } from './tree';
import type { Condition, JsValue } from './values';

/** A test as a condition, with the words for the way it goes: "ORIGIN is unset", "`isDev` is false". */
export function condition(of: JsValue, holds: boolean): Condition {
  if (of.kind === 'not') return condition(of.of, !holds);
  return { of, holds, words: words(of, holds) };
}

function words(of: JsValue, holds: boolean): string {
  if (of.kind === 'environment') return `${of.name} is ${holds ? 'set' : 'unset'}`;
  if (of.kind === 'binary') {
    const equality = EQUALITIES[of.operator];
    const name = plainName(of.left) ?? snippet(of.left);
    const other = plainName(of.right);
    if (equality !== undefined && other !== null) {
      return `${name} is ${equality === holds ? '' : 'not '}${other}`;
    }
  }
  if (of.kind === 'member' && of.property === 'length') return `${snippet(of)} is ${holds ? 'not ' : ''}0`;
  if (isBoolean(of.node)) return `${snippet(of)} is ${holds ? 'true' : 'false'}`;
  return `${snippet(of)} is ${holds ? 'truthy' : 'falsy'}`;
}

/** Whether an expression is true or false and nothing else, by what it does or by what it is called. */
function isBoolean(node: TSESTree.Node): boolean {
  const inner = unwrap(node);
  switch (inner.type) {
    case 'Literal':
      return typeof inner.value === 'boolean';
    case 'BinaryExpression':
      return /^(?:[=!]==?|[<>]=?|in|instanceof)$/.test(inner.operator);
    case 'UnaryExpression':
      return inner.operator === '!' || inner.operator === 'delete';
    case 'LogicalExpression':
      return isBoolean(inner.left) && isBoolean(inner.right);
    case 'AwaitExpression':
      return isBoolean(inner.argument);
    case 'CallExpression':
      return BOOLEAN_CALLS.has(nameOf(inner.callee)) || isCalledBoolean(inner.callee);
    default:
      return isCalledBoolean(inner);
  }
}

const BOOLEAN_CALLS = new Set([
  'Boolean',
  'includes',
  'startsWith',
  'endsWith',
  'test',
  'some',
  'every',
  'has',
  'equals',
]);

function isCalledBoolean(node: TSESTree.Node): boolean {
  return /^_*(?:(?:is|are|was|has|can|should)(?=[A-Z_]|$)|(?:IS|HAS|CAN|SHOULD)_)/.test(nameOf(node));
}

function nameOf(node: TSESTree.Node): string {
  const inner = unwrap(node);
  if (inner.type === 'Identifier') return inner.name;
  return inner.type === 'MemberExpression' ? (staticName(inner) ?? '') : '';
}

const EQUALITIES: Readonly<Record<string, boolean>> = { '===': true, '==': true, '!==': false, '!=': false };

function plainName(value: JsValue): string | null {
  if (value.kind === 'environment') return value.name;
  if (value.kind === 'string') return `'${value.value}'`;
  if (value.kind === 'number' || value.kind === 'boolean') return String(value.value);
  if (value.kind === 'undefined' || value.kind === 'null') return value.kind;
  return null;
}

/** The source of a value in back quotes, on one line and cut to a length that fits a sentence. */
export function snippet(value: JsValue): string {
  const text = value.module.text.slice(value.place.start, value.place.end).replace(/\s+/g, ' ');
  // Half-typed code: nothing stands where a value should.
  if (text === '') return '`…`';
  return `\`${text.length > 60 ? `${text.slice(0, 59)}…` : text}\``;
}

/** Why a value is not known, in words. */
export function reasonOf(value: JsValue): string {
  switch (value.kind) {
    case 'environment':
      return `${value.name} is set outside the code`;
    case 'unknown':
      return value.reason;
    case 'import':
      return value.specifier === 'globalThis'
        ? `${snippet(value)} is not defined here`
        : `\`${value.specifier}\` is not read`;
    default:
      return `${snippet(value)} is not known before it runs`;
  }
}
