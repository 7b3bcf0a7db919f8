import type { JsValue } from '../../javascript';

/** `req.headers.origin`, `req.get('Origin')`, `req.header('origin')`. */
export function isOriginOf(value: JsValue, isRequest: (value: JsValue) => boolean): boolean {
  if (value.kind === 'member') {
    const { object } = value;
    return (
      value.property === 'origin' &&
      object.kind === 'member' &&
      object.property === 'headers' &&
      isRequest(object.object)
    );
  }
  if (value.kind !== 'call' || value.callee.kind !== 'member' || !isRequest(value.callee.object)) return false;
  const [name] = value.arguments;
  return (
    (value.callee.property === 'get' || value.callee.property === 'header') &&
    name?.kind === 'string' &&
    name.value.toLowerCase() === 'origin'
  );
}

interface OriginNames {
  isOrigin(value: JsValue): boolean;
}

/** What was found out about values, by whose names they were read with. */
const mentioning = new WeakMap<OriginNames, WeakMap<JsValue, boolean>>();

/** Whether the origin stands anywhere in a value. */
export function mentionsOrigin(value: JsValue, names: OriginNames): boolean {
  const known = mentioning.get(names) ?? new WeakMap<JsValue, boolean>();
  mentioning.set(names, known);
  const before = known.get(value);
  if (before !== undefined) return before;
  const found = names.isOrigin(value) || partsMentionOrigin(value, names);
  known.set(value, found);
  return found;
}

function partsMentionOrigin(value: JsValue, names: OriginNames): boolean {
  const inside = (of: JsValue) => mentionsOrigin(of, names);
  switch (value.kind) {
    case 'member':
      return inside(value.object);
    case 'call':
      return inside(value.callee) || value.arguments.some(inside);
    case 'new':
      return value.arguments.some(inside);
    case 'not':
      return inside(value.of);
    case 'binary':
      return inside(value.left) || inside(value.right);
    case 'template':
      return value.parts.some(inside);
    case 'array':
      return value.items.some(inside);
    case 'choice':
      return value.branches.some((branch) => inside(branch.value) || branch.when.some((one) => inside(one.of)));
    default:
      return false;
  }
}
