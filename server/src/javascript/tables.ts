import { isGlobal } from './calls';
import type { JsValue, ObjectValue, Written } from './values';

/** A value that is looked up by a key: an object or a `Map`, as far as it can be read. */
export interface Table {
  readonly entries: readonly Entry[];
  /** Set when there may be more entries: what they come from. */
  readonly rest: JsValue | null;
  /** Whether every key but its own leads nowhere; an object has what every object has. */
  readonly isMap: boolean;
}

interface Entry extends Written {
  readonly key: string;
  readonly value: JsValue;
}

/** A look into a table. */
export interface Lookup {
  readonly table: Table;
  readonly key: JsValue;
  /** Whether it asks for what stands under the key, or whether the key is there. */
  readonly asks: 'value' | 'presence';
}

/**
 * The look into a table that an expression is: `table[key]`, `key in table`, `table.hasOwnProperty(key)`,
 * `Object.hasOwn(table, key)`, `map.get(key)`, `map.has(key)`; null when it is none.
 */
export function lookupOf(value: JsValue): Lookup | null {
  if (value.kind === 'element') return { table: ofObject(value.object), key: value.key, asks: 'value' };
  if (value.kind === 'binary') {
    const { operator, left, right } = value;
    return operator === 'in' && right.kind === 'object'
      ? { table: ofObject(right), key: left, asks: 'presence' }
      : null;
  }
  if (value.kind !== 'call' || value.callee.kind !== 'member') return null;
  const { object, property } = value.callee;
  const [first, second] = value.arguments;
  if (first === undefined) return null;
  if (property === 'has' || property === 'get') {
    const table = ofMap(object);
    return table && { table, key: first, asks: property === 'has' ? 'presence' : 'value' };
  }
  if (property === 'hasOwnProperty')
    return object.kind === 'object' ? { table: ofObject(object), key: first, asks: 'presence' } : null;
  const isStatic = isOwnTest(object, property);
  return isStatic && first.kind === 'object' && second
    ? { table: ofObject(first), key: second, asks: 'presence' }
    : null;
}

/** `Object.hasOwn`, `Object.prototype.hasOwnProperty.call`. */
function isOwnTest(object: JsValue, property: string): boolean {
  if (property === 'call') return object.kind === 'member' && object.property === 'hasOwnProperty';
  return property === 'hasOwn' && isGlobal(object, 'Object');
}

function ofObject({ properties, rest }: ObjectValue): Table {
  const entries = properties.map((property): Entry => {
    const { key, module, node, keyPlace } = property;
    return {
      key,
      module,
      node,
      place: keyPlace,
      get value() {
        return property.value;
      },
    };
  });
  return { entries, rest, isMap: false };
}

/** `new Map([[key, value], …])`. */
function ofMap(value: JsValue): Table | null {
  if (value.kind !== 'new' || value.name !== 'Map') return null;
  const [pairs] = value.arguments;
  if (pairs === undefined) return { entries: [], rest: null, isMap: true };
  if (pairs.kind !== 'array') return { entries: [], rest: pairs, isMap: true };
  const entries: Entry[] = [];
  let { rest } = pairs;
  for (const pair of pairs.items) {
    const [key, held] = pair.kind === 'array' ? pair.items : [];
    if (key?.kind === 'string' && held)
      entries.push({ key: key.value, value: held, module: key.module, node: key.node, place: key.place });
    else rest ??= pair;
  }
  return { entries, rest, isMap: true };
}
