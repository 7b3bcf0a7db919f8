import type { TSESTree } from '@typescript-eslint/types';
import { guardWaysOf } from './guards';
import { itemsOf } from './literals';
import type { Machine } from './machine';
import type { Variable } from './scope';
import { enclosingFunction, staticName } from './tree';
import {
  type Context,
  choose,
  type JsValue,
  type NewValue,
  type Property,
  placeOf,
  unknown,
  type Written,
  written,
} from './values';

/**
 * What the file does to an object, a list, a set or a map after making it: `list.push(…)`, `options.origin = …`,
 * `allowed.add(…)`. Other values are given back as they are.
 */
export function withChanges(
  machine: Machine,
  variable: Variable,
  made: JsValue,
  declarator: TSESTree.VariableDeclarator,
  context: Context,
): JsValue {
  if (made.kind === 'new' && (made.name === 'Set' || made.name === 'Map'))
    return withEntries(machine, variable, made, declarator, context);
  if (made.kind !== 'object' && made.kind !== 'array') return made;
  let value: JsValue = made;
  const home = enclosingFunction(declarator);
  for (const member of memberUses(variable)) {
    const outer = member.parent;
    const use = written(context.module, outer ?? member);
    const isElsewhere = enclosingFunction(member) !== home;
    if (outer?.type === 'AssignmentExpression' && outer.left === member) {
      value = assignedTo(machine, value, outer, member, isElsewhere, context, use);
    } else if (outer?.type === 'CallExpression' && outer.callee === member) {
      value = calledOn(machine, value, outer, staticName(member), isElsewhere, context, use);
    } else if (outer?.type === 'UnaryExpression' && outer.operator === 'delete') {
      value = opened(value, unknown(use, 'a property of it is deleted'));
    }
  }
  return value;
}

/** A set or a map, whose one argument is the list that it is made of, with what is added to it. */
function withEntries(
  machine: Machine,
  variable: Variable,
  made: NewValue,
  declarator: TSESTree.VariableDeclarator,
  context: Context,
): JsValue {
  const changes = memberUses(variable);
  if (changes.length === 0) return made;
  const home = enclosingFunction(declarator);
  const { module, node, place } = made;
  const { items, rest } = itemsOf(made.arguments[0] ?? { kind: 'undefined', module, node, place });
  let list: JsValue = { kind: 'array', items, rest, module, node, place };
  for (const member of changes) {
    const outer = member.parent;
    const use = written(context.module, outer);
    const name = staticName(member);
    const isAdded =
      outer.type === 'CallExpression' &&
      outer.parent.type !== 'MemberExpression' &&
      name === (made.name === 'Set' ? 'add' : 'set');
    const isElsewhere = enclosingFunction(member) !== home;
    list = isAdded
      ? added(machine, list, outer, isElsewhere, context, use, made.name === 'Map')
      : opened(list, unknown(use, 'it is changed afterwards'));
  }
  return { ...made, arguments: [list] };
}

const uses = new WeakMap<Variable, readonly TSESTree.MemberExpression[]>();

/** Where a member of the variable is assigned, called or deleted, harmless methods aside. By the text alone. */
function memberUses(variable: Variable): readonly TSESTree.MemberExpression[] {
  const known = uses.get(variable);
  if (known !== undefined) return known;
  const found = variable.references.flatMap(({ identifier }) => {
    const member = identifier.parent;
    return member?.type === 'MemberExpression' && member.object === identifier && mayChange(member) ? [member] : [];
  });
  uses.set(variable, found);
  return found;
}

function mayChange(member: TSESTree.MemberExpression): boolean {
  const outer = member.parent;
  if (outer.type === 'AssignmentExpression') return outer.left === member;
  if (outer.type === 'UnaryExpression') return outer.operator === 'delete';
  if (outer.type !== 'CallExpression' || outer.callee !== member) return false;
  const name = staticName(member);
  return name === null || !HARMLESS.has(name);
}

function assignedTo(
  machine: Machine,
  value: JsValue,
  assignment: TSESTree.AssignmentExpression,
  member: TSESTree.MemberExpression,
  isElsewhere: boolean,
  context: Context,
  use: Written,
): JsValue {
  const key = staticName(member);
  if (value.kind !== 'object' || key === null || assignment.operator !== '=') {
    return opened(value, unknown(use, 'it is changed afterwards'));
  }
  const ways = isElsewhere ? null : guardWaysOf(machine, assignment, enclosingFunction(assignment), context);
  const before = value.properties.find((one) => one.key === key);
  const assigned = machine.evaluate(assignment.right, context);
  const earlier: JsValue = before?.value ?? { kind: 'undefined', ...use };
  let after = assigned;
  if (ways === null) after = unknown(use, `\`${key}\` is assigned in a function`);
  else if (ways.passed.length > 0)
    after = choose(use, [
      ...ways.taken.map((when) => ({ when, value: assigned })),
      ...ways.passed.map((when) => ({ when, value: earlier })),
    ]);
  const property: Property = {
    key,
    keyPlace: placeOf(context.module, member.property),
    place: use.place,
    node: assignment,
    module: context.module,
    value: after,
  };
  return { ...value, properties: [...value.properties.filter((one) => one.key !== key), property] };
}

const HARMLESS = new Set([
  'includes',
  'indexOf',
  'some',
  'every',
  'find',
  'filter',
  'map',
  'concat',
  'join',
  'forEach',
  'slice',
  'findIndex',
  'keys',
  'values',
  'entries',
  'flat',
  'flatMap',
  'reduce',
  'has',
  'get',
  'at',
  'toString',
  'hasOwnProperty',
  'lastIndexOf',
]);

function calledOn(
  machine: Machine,
  value: JsValue,
  call: TSESTree.CallExpression,
  name: string | null,
  isElsewhere: boolean,
  context: Context,
  use: Written,
): JsValue {
  if (value.kind !== 'array') return value;
  if (name !== 'push' && name !== 'unshift') return opened(value, unknown(use, 'it is changed afterwards'));
  return added(machine, value, call, isElsewhere, context, use, false);
}

/** A list with a call's arguments at its end: each as an item, or all of them as one. */
function added(
  machine: Machine,
  list: JsValue,
  call: TSESTree.CallExpression,
  isElsewhere: boolean,
  context: Context,
  use: Written,
  asOne: boolean,
): JsValue {
  if (list.kind !== 'array') return list;
  const ways = isElsewhere ? null : guardWaysOf(machine, call, enclosingFunction(call), context);
  if (ways === null) return opened(list, unknown(use, 'it is changed afterwards'));
  const { items, rest } = argumentsOf(machine, call, context);
  const whole: readonly JsValue[] = asOne ? [{ kind: 'array', items, rest, ...use }] : items;
  const conditional = (item: JsValue): JsValue =>
    choose(use, [
      ...ways.taken.map((when) => ({ when, value: item })),
      ...ways.passed.map((when) => ({ when, value: { kind: 'undefined', ...use } as const })),
    ]);
  const more = ways.passed.length === 0 ? whole : whole.map(conditional);
  return { ...list, items: [...list.items, ...more], rest: list.rest ?? (asOne ? null : rest) };
}

/** The arguments of a call, spreads taken apart. */
function argumentsOf(machine: Machine, call: TSESTree.CallExpression, context: Context) {
  const items: JsValue[] = [];
  let rest: JsValue | null = null;
  for (const argument of call.arguments) {
    if (argument.type === 'SpreadElement') {
      const spread = itemsOf(machine.evaluate(argument.argument, context));
      items.push(...spread.items);
      rest ??= spread.rest;
    } else items.push(machine.evaluate(argument, context));
  }
  return { items, rest };
}

/** The list or object with more in it than can be read. */
export function opened(value: JsValue, by: JsValue): JsValue {
  return value.kind === 'array' || value.kind === 'object' ? { ...value, rest: value.rest ?? by } : value;
}
