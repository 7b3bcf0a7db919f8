import type { TSESTree } from '@typescript-eslint/types';
import { callMethod } from './builtins';
import { calledOn, thisAt } from './frames';
import { evaluateArray, itemsOf } from './literals';
import type { Machine } from './machine';
import { memberOf, methodOfNew } from './members';
import { textOf } from './operators';
import { staticName, unwrap } from './tree';
import {
  type Branch,
  type Context,
  choose,
  type JsValue,
  mapChoice,
  type Property,
  truthiness,
  unknown,
  type Written,
} from './values';

/** A call: `require`, a method of a known value, a function that can be read; else the call itself, kept whole. */
export function evaluateCall(machine: Machine, node: TSESTree.CallExpression, context: Context, at: Written): JsValue {
  const args = argumentsOf(machine, node, context, at);
  const callee = unwrap(node.callee);
  if (callee.type === 'MemberExpression' && callee.object.type !== 'Super') {
    const name = staticName(callee);
    const { object: outer } = callee;
    const object =
      name === null
        ? null
        : outer.type === 'ThisExpression'
          ? thisAt(outer, context)
          : machine.evaluate(outer, context);
    if (object !== null && name !== null) {
      return mapChoice(object, (one) => callOn(machine, one, name, args, node, at));
    }
  }
  return call(machine, machine.evaluate(callee, context), args, node, context, at);
}

function call(
  machine: Machine,
  callee: JsValue,
  args: readonly JsValue[],
  node: TSESTree.CallExpression,
  context: Context,
  at: Written,
): JsValue {
  const [first] = args;
  if (isGlobal(callee, 'require')) {
    if (first?.kind === 'string') return machine.imported(context.module, first.value, '*', at);
    return unknown(at, 'what it requires is computed');
  }
  if (callee.kind === 'import' && callee.specifier === 'globalThis' && first !== undefined) {
    const converted = convert(callee.exported, first, args, at);
    if (converted !== null) return converted;
  }
  const kept: JsValue = { kind: 'call', callee, arguments: args, call: node, ...at };
  if (callee.kind !== 'function' || callee.function.async) return kept;
  return machine.apply(callee, args, at) ?? kept;
}

function callOn(
  machine: Machine,
  object: JsValue,
  name: string,
  args: readonly JsValue[],
  node: TSESTree.CallExpression,
  at: Written,
): JsValue {
  const known = callMethod(machine, object, name, args, at) ?? callStatic(object, name, args, at);
  if (known !== null) return known;
  const made = object.kind === 'new' && isMadeHere(node) ? methodOfNew(machine, object, name, at) : null;
  const member = made ?? memberOf(object, name, at);
  const callee = member.kind === 'function' ? calledOn(member, object) : member;
  const kept: JsValue = { kind: 'call', callee, arguments: args, call: node, ...at };
  if (callee.kind !== 'function' || callee.function.async) return kept;
  return machine.apply(callee, args, at) ?? kept;
}

/** Whether a call is of `new Name(…)` itself, which nobody else has a hold of. */
function isMadeHere({ callee }: TSESTree.CallExpression): boolean {
  const outer = unwrap(callee);
  return outer.type === 'MemberExpression' && unwrap(outer.object).type === 'NewExpression';
}

/** `new Name(…)`; a regular expression of known text is as good as a literal one. */
export function evaluateNew(machine: Machine, node: TSESTree.NewExpression, context: Context, at: Written): JsValue {
  const args = argumentsOf(machine, node, context, at);
  const callee = machine.evaluate(node.callee, context);
  const [first] = args;
  if (callee.kind === 'import' && callee.specifier === 'globalThis' && callee.exported === 'RegExp' && first) {
    const converted = convert('RegExp', first, args, at);
    if (converted !== null) return converted;
  }
  const name =
    node.callee.type === 'Identifier'
      ? node.callee.name
      : node.callee.type === 'MemberExpression'
        ? (staticName(node.callee) ?? '')
        : '';
  return { kind: 'new', callee, name, arguments: args, ...at };
}

export function isGlobal(value: JsValue, name: string): boolean {
  return value.kind === 'import' && value.specifier === 'globalThis' && value.exported === name;
}

function argumentsOf(
  machine: Machine,
  node: TSESTree.CallExpression | TSESTree.NewExpression,
  context: Context,
  at: Written,
): readonly JsValue[] {
  if (!node.arguments.some((argument) => argument.type === 'SpreadElement')) {
    return node.arguments.map((argument) => machine.evaluate(argument, context));
  }
  const list = evaluateArray(machine, node.arguments, context, at);
  if (list.kind !== 'array') return [list];
  return list.rest ? [...list.items, unknown(at, 'not all arguments can be read')] : list.items;
}

/** `String(x)`, `Number(x)`, `Boolean(x)`, `RegExp(x)`. */
function convert(name: string, value: JsValue, args: readonly JsValue[], at: Written): JsValue | null {
  switch (name) {
    case 'String': {
      const text = textOf(value);
      if (text !== null) return { kind: 'string', value: text, ...at };
      return value.kind === 'template' || value.kind === 'environment' ? value : null;
    }
    case 'Number':
    case 'parseInt':
      return value.kind === 'number' || value.kind === 'string'
        ? { kind: 'number', value: Number(value.value), ...at }
        : null;
    case 'Boolean': {
      const known = truthiness(value);
      return known === undefined ? value : { kind: 'boolean', value: known, ...at };
    }
    case 'RegExp': {
      const flags = args[1];
      if (flags !== undefined && flags.kind !== 'string') return null;
      if (value.kind === 'string') return { kind: 'regexp', pattern: value.value, flags: flags?.value ?? '', ...at };
      if (value.kind === 'regexp') return { ...value, flags: flags?.value ?? value.flags };
      return null;
    }
    default:
      return null;
  }
}

/** Static methods of the language's own objects that only pass a known value on. */
function callStatic(object: JsValue, name: string, args: readonly JsValue[], at: Written): JsValue | null {
  if (object.kind !== 'import' || object.specifier !== 'globalThis') return null;
  const [first] = args;
  switch (`${object.exported}.${name}`) {
    case 'Object.freeze':
    case 'Object.seal':
      return first ?? null;
    case 'Object.assign':
      return assign(args, at);
    case 'Array.from': {
      if (first === undefined || args.length > 1) return null;
      return mapChoice(first, (one) => ({ kind: 'array', ...pick(itemsOf(one)), ...at }));
    }
    case 'Array.of':
      return { kind: 'array', items: args, rest: null, ...at };
    case 'Array.isArray': {
      if (first === undefined || first.kind === 'choice') return null;
      if (first.kind === 'array') return { kind: 'boolean', value: true, ...at };
      return ['string', 'number', 'boolean', 'object', 'undefined', 'null', 'environment', 'template'].includes(
        first.kind,
      )
        ? { kind: 'boolean', value: false, ...at }
        : null;
    }
    case 'Object.values':
      if (first?.kind !== 'object') return null;
      return { kind: 'array', items: first.properties.map((one) => one.value), rest: first.rest, ...at };
    case 'Object.entries':
      if (first?.kind !== 'object') return null;
      return {
        kind: 'array',
        items: first.properties.map((one): JsValue => {
          const where: Written = { module: one.module, node: one.node, place: one.place };
          const key: JsValue = { kind: 'string', value: one.key, ...where, place: one.keyPlace };
          return { kind: 'array', items: [key, one.value], rest: null, ...where };
        }),
        rest: first.rest,
        ...at,
      };
    case 'Object.keys':
      if (first?.kind !== 'object') return null;
      return {
        kind: 'array',
        items: first.properties.map(
          (one): JsValue => ({
            kind: 'string',
            value: one.key,
            module: one.module,
            node: one.node,
            place: one.keyPlace,
          }),
        ),
        rest: first.rest,
        ...at,
      };
    default:
      return null;
  }
}

function pick({ items, rest }: { readonly items: readonly JsValue[]; readonly rest: JsValue | null }) {
  return { items, rest };
}

function assign(objects: readonly JsValue[], at: Written): JsValue {
  let variants: readonly Branch[] = [{ when: [], value: { kind: 'object', properties: [], rest: null, ...at } }];
  for (const object of objects) {
    variants = variants.map(({ when, value }) => ({ when, value: mapChoice(object, (one) => merge(value, one, at)) }));
  }
  return choose(at, variants);
}

/** An object with another one's properties over its own, as `Object.assign` does it. */
export function merge(onto: JsValue, from: JsValue, at: Written): JsValue {
  return mapChoice(onto, (target) => {
    if (target.kind !== 'object') return target;
    if (from.kind === 'undefined' || from.kind === 'null') return target;
    if (from.kind !== 'object') return { ...target, properties: [], rest: from };
    const content = new Map<string, Property>();
    for (const property of [...target.properties, ...from.properties]) {
      content.delete(property.key);
      content.set(property.key, property);
    }
    return { kind: 'object', properties: [...content.values()], rest: from.rest ?? target.rest, ...at };
  });
}
