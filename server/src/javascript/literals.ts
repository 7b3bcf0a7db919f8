import type { TSESTree } from '@typescript-eslint/types';
import { truthinessGiven } from './decisions';
import type { Machine } from './machine';
import { staticName } from './tree';
import {
  branchesOf,
  type Condition,
  type Context,
  choose,
  conjoin,
  type JsValue,
  MOST_BRANCHES,
  type Property,
  placeOf,
  unknown,
  type Written,
} from './values';

/** More items than this in one array literal are data, not a setting. */
const MOST_ITEMS = 1000;

/** One way that a literal with conditional spreads comes out, while it is being put together. */
interface Variant<T> {
  readonly when: readonly Condition[];
  readonly content: T;
  readonly rest: JsValue | null;
}

/** `{ … }`: spreads of known objects are merged in order, conditional ones make the object a choice. */
export function evaluateObject(
  machine: Machine,
  node: TSESTree.ObjectExpression,
  context: Context,
  at: Written,
): JsValue {
  type Content = ReadonlyMap<string, Property>;
  if (!node.properties.some((member) => member.type === 'SpreadElement'))
    return plainObject(machine, node, context, at);
  let variants: readonly Variant<Content>[] = [{ when: [], content: new Map(), rest: null }];
  for (const member of node.properties) {
    if (member.type === 'SpreadElement') {
      const spread = machine.evaluate(member.argument, context);
      // Spreading what is falsy into an object spreads nothing: `...(origin && { … })`.
      variants = fork(variants, spread, (variant, value, when) =>
        truthinessGiven(value, when) === false ? variant : mergeSpread(variant, value),
      );
    } else {
      const property = propertyOf(machine, member, context);
      variants = variants.map((variant) =>
        'key' in property
          ? { ...variant, content: new Map(variant.content).set(property.key, property) }
          : { ...variant, rest: property.unreadable },
      );
    }
    if (variants.length > MOST_BRANCHES) return unknown(at, 'it can come out in too many ways');
  }
  return choose(
    at,
    variants.map(({ when, content, rest }) => ({
      when,
      value: { kind: 'object', properties: [...content.values()], rest, ...at },
    })),
  );
}

/** An object without spreads, which is nearly all of them. */
function plainObject(machine: Machine, node: TSESTree.ObjectExpression, context: Context, at: Written): JsValue {
  const content = new Map<string, Property>();
  let rest: JsValue | null = null;
  for (const member of node.properties) {
    if (member.type === 'SpreadElement') continue;
    const property = propertyOf(machine, member, context);
    if ('key' in property) content.set(property.key, property);
    else rest = property.unreadable;
  }
  return { kind: 'object', properties: [...content.values()], rest, ...at };
}

function mergeSpread(
  variant: Variant<ReadonlyMap<string, Property>>,
  value: JsValue,
): Variant<ReadonlyMap<string, Property>> {
  if (isNothing(value)) return variant;
  if (value.kind !== 'object') return { ...variant, content: shadowed(variant.content, value), rest: value };
  const content = new Map(value.rest ? shadowed(variant.content, value.rest) : variant.content);
  for (const property of value.properties) {
    content.delete(property.key);
    content.set(property.key, property);
  }
  return { ...variant, content, rest: value.rest ?? variant.rest };
}

/** Properties that something unreadable, spread after them, may have overwritten. */
function shadowed(content: ReadonlyMap<string, Property>, by: JsValue): ReadonlyMap<string, Property> {
  return new Map(
    [...content].map(([key, property]) => [
      key,
      {
        ...property,
        value: unknown(
          property.value,
          `what is spread after it may hold \`${key}\` too: ${by.kind === 'unknown' ? by.reason : 'it cannot be read'}`,
        ),
      },
    ]),
  );
}

function isNothing(value: JsValue): boolean {
  return value.kind === 'undefined' || value.kind === 'null' || (value.kind === 'boolean' && !value.value);
}

function propertyOf(
  machine: Machine,
  node: TSESTree.Property,
  context: Context,
): Property | { readonly unreadable: JsValue } {
  const { module } = context;
  const key = staticName(node) ?? computedKey(machine, node, context);
  if (typeof key !== 'string') return { unreadable: key };
  const place = placeOf(module, node);
  let value: JsValue | null = null;
  return {
    key,
    keyPlace: placeOf(module, node.key),
    place,
    node,
    module,
    get value() {
      value ??=
        node.kind === 'get' || node.kind === 'set'
          ? unknown({ module, node, place }, 'it is computed by an accessor')
          : machine.evaluate(node.value, context);
      return value;
    },
  };
}

function computedKey(machine: Machine, node: TSESTree.Property, context: Context): string | JsValue {
  const key = machine.evaluate(node.key, context);
  return key.kind === 'string' ? key.value : key;
}

/** `[ … ]`, or the arguments of a call: spreads of known arrays and sets are merged, conditional ones make a choice. */
export function evaluateArray(
  machine: Machine,
  elements: readonly (TSESTree.Node | null)[],
  context: Context,
  at: Written,
): JsValue {
  if (elements.length > MOST_ITEMS) return unknown(at, 'it is a long list of data');
  const itemOf = (element: TSESTree.Node | null): JsValue =>
    element ? machine.evaluate(element, context) : { kind: 'undefined', ...at };
  if (!elements.some((element) => element?.type === 'SpreadElement')) {
    return { kind: 'array', items: elements.map(itemOf), rest: null, ...at };
  }
  let variants: readonly Variant<readonly JsValue[]>[] = [{ when: [], content: [], rest: null }];
  for (const element of elements) {
    if (element?.type === 'SpreadElement') {
      const spread = machine.evaluate(element.argument, context);
      variants = fork(variants, spread, (variant, value) => {
        const { items, rest } = itemsOf(value);
        return { ...variant, content: [...variant.content, ...items], rest: rest ?? variant.rest };
      });
    } else {
      const item = itemOf(element);
      variants = variants.map((variant) => ({ ...variant, content: [...variant.content, item] }));
    }
    if (variants.length > MOST_BRANCHES) return unknown(at, 'it can come out in too many ways');
  }
  return choose(
    at,
    variants.map(({ when, content, rest }) => ({ when, value: { kind: 'array', items: content, rest, ...at } })),
  );
}

/** What spreading a value into an array gives. */
export function itemsOf(value: JsValue): { readonly items: readonly JsValue[]; readonly rest: JsValue | null } {
  if (value.kind === 'array') return value;
  if (value.kind === 'new' && value.name === 'Set') {
    const [from] = value.arguments;
    return from === undefined ? { items: [], rest: null } : itemsOf(from);
  }
  return isNothing(value) ? { items: [], rest: null } : { items: [], rest: value };
}

function fork<T>(
  variants: readonly Variant<T>[],
  spread: JsValue,
  add: (variant: Variant<T>, value: JsValue, when: readonly Condition[]) => Variant<T>,
): readonly Variant<T>[] {
  const result: Variant<T>[] = [];
  for (const variant of variants) {
    for (const branch of branchesOf(spread)) {
      const when = conjoin(variant.when, branch.when);
      if (when !== null) result.push({ ...add(variant, branch.value, when), when });
    }
  }
  return result;
}
