import type { TSESTree } from '@typescript-eslint/types';
import { merge } from './calls';
import { lookUp } from './frames';
import type { Machine } from './machine';
import type { Variable } from './scope';
import { enclosingFunction, staticName, unwrap } from './tree';
import {
  type Context,
  type Frame,
  type JsValue,
  mapChoice,
  type Property,
  placeOf,
  property,
  unknown,
  type Written,
  written,
} from './values';

/** What a change in place is made to: a variable's object, or one right inside it. */
interface Target {
  readonly root: TSESTree.Identifier;
  /** The members that lead from the variable to what is changed; the last one is assigned. */
  readonly members: readonly TSESTree.MemberExpression[];
}

const mutated = new WeakMap<Variable, boolean>();

/** Whether a function changes the object in one of its own variables in a way that is followed. By the text alone. */
export function isChangedInPlace(variable: Variable): boolean {
  const known = mutated.get(variable);
  if (known !== undefined) return known;
  const home = enclosingFunction(variable.identifiers[0] ?? variable.scope.block);
  const found = variable.references.some(({ identifier }) => {
    if (identifier.type !== 'Identifier' || home === null || enclosingFunction(identifier) !== home) return false;
    return changeAt(identifier) !== null;
  });
  mutated.set(variable, found);
  return found;
}

/**
 * The assignment or the call of `Object.assign` that changes the object of the name where it is used: `name.a = …`,
 * `name.a.b = …`, `Object.assign(name, …)`, `Object.assign(name.a, …)`; null when it is used otherwise.
 */
export function changeAt(name: TSESTree.Identifier): TSESTree.AssignmentExpression | TSESTree.CallExpression | null {
  let node: TSESTree.Node = name;
  let depth = 0;
  for (let up: TSESTree.Node | undefined = node.parent; up !== undefined; up = up.parent) {
    if (up.type === 'MemberExpression' && up.object === node && staticName(up) !== null) depth += 1;
    else if (unwrap(up) === up) break;
    node = up;
  }
  const { parent } = node;
  if (parent?.type === 'AssignmentExpression' && parent.left === node) {
    return parent.operator === '=' && (depth === 1 || depth === 2) ? parent : null;
  }
  if (parent?.type !== 'CallExpression' || parent.arguments[0] !== node || depth > 1) return null;
  return isObjectAssign(parent) && parent.parent.type === 'ExpressionStatement' ? parent : null;
}

function isObjectAssign({ callee }: TSESTree.CallExpression): boolean {
  return (
    callee.type === 'MemberExpression' &&
    callee.object.type === 'Identifier' &&
    callee.object.name === 'Object' &&
    staticName(callee) === 'assign'
  );
}

/**
 * The variables after `name.a = …`, `name.a.b = …` or `Object.assign(name, …)`, where the variable's value is followed
 * on this way and is an object; the same frame otherwise.
 */
export function afterChange(
  machine: Machine,
  node: TSESTree.AssignmentExpression | TSESTree.CallExpression,
  context: Context,
): Frame | null {
  const { module, frame } = context;
  const target = targetOf(node.type === 'AssignmentExpression' ? node.left : node.arguments[0]);
  if (target === null || changeAt(target.root) !== node) return frame;
  const variable = module.scopes.variable(target.root);
  const before = variable && lookUp(frame, variable);
  if (variable === null || before === null) return frame;
  const at = written(module, node);
  let change: (value: JsValue) => JsValue;
  if (node.type === 'AssignmentExpression') {
    const assigned = machine.evaluate(node.right, context);
    const { members } = target;
    change = (value) => setIn(value, members, assigned, node, context);
  } else {
    const sources = node.arguments.slice(1).map((argument) => machine.evaluate(argument, context));
    const [member] = target.members;
    const assign = (value: JsValue): JsValue => {
      const { module: home, node: literal, place } = value;
      return sources.reduce((sum, source) => merge(sum, source, { module: home, node: literal, place }), value);
    };
    change = (value) => (member === undefined ? assign(value) : within(value, member, assign, at, context));
  }
  return { variable, value: mapChoice(before, change), outer: frame };
}

function targetOf(outer: TSESTree.Node | undefined): Target | null {
  const members: TSESTree.MemberExpression[] = [];
  let node = outer && unwrap(outer);
  while (node?.type === 'MemberExpression') {
    members.unshift(node);
    node = unwrap(node.object);
  }
  return node?.type === 'Identifier' ? { root: node, members } : null;
}

function setIn(
  value: JsValue,
  [member, ...inner]: readonly TSESTree.MemberExpression[],
  assigned: JsValue,
  node: TSESTree.AssignmentExpression,
  context: Context,
): JsValue {
  if (member === undefined) return assigned;
  const at = written(context.module, node);
  if (inner.length > 0) return within(value, member, (one) => setIn(one, inner, assigned, node, context), at, context);
  return value.kind === 'object' ? withProperty(value, member, assigned, at, context) : value;
}

/** Changes what a property holds. What came from outside the function may be shared, and is not known afterwards. */
function within(
  value: JsValue,
  member: TSESTree.MemberExpression,
  change: (value: JsValue) => JsValue,
  at: Written,
  context: Context,
): JsValue {
  const key = staticName(member);
  if (value.kind !== 'object' || key === null) return value;
  const before = property(value, key)?.value;
  const after = before === undefined ? unknown(at, `\`${key}\` is not there`) : mapChoice(before, change);
  return withProperty(value, member, after, at, context);
}

function withProperty(
  value: Extract<JsValue, { kind: 'object' }>,
  member: TSESTree.MemberExpression,
  assigned: JsValue,
  at: Written,
  { module }: Context,
): JsValue {
  const key = staticName(member);
  if (key === null) return value;
  const before = property(value, key);
  const made: Property = {
    key,
    keyPlace: before?.keyPlace ?? placeOf(module, member.property),
    place: at.place,
    node: at.node,
    module,
    value: assigned,
  };
  return { ...value, properties: [...value.properties.filter((one) => one.key !== key), made] };
}
