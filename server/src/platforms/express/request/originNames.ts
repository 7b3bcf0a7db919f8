import type { JsValue } from '../../../javascript';

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
  const found = names.isOrigin(value) || hasPart(value, (part) => mentionsOrigin(part, names));
  known.set(value, found);
  return found;
}

interface ErrorNames {
  isError?(value: JsValue): boolean;
}

/** Whether the error that an error handler is given stands anywhere in a value. */
export function mentionsError(value: JsValue, names: ErrorNames): boolean {
  return names.isError?.(value) === true || hasPart(value, (part) => mentionsError(part, names));
}

/** Whether something holds for one of the values that a value is directly made of. */
function hasPart(value: JsValue, holds: (part: JsValue) => boolean): boolean {
  switch (value.kind) {
    case 'member':
      return holds(value.object);
    case 'element':
      return holds(value.key);
    case 'call':
      return holds(value.callee) || value.arguments.some(holds);
    case 'new':
      return value.arguments.some(holds);
    case 'not':
      return holds(value.of);
    case 'binary':
      return holds(value.left) || holds(value.right);
    case 'template':
      return value.parts.some(holds);
    case 'array':
      return value.items.some(holds);
    case 'choice':
      return value.branches.some((branch) => holds(branch.value) || branch.when.some((one) => holds(one.of)));
    default:
      return false;
  }
}
