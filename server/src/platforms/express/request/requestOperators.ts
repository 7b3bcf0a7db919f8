import type { Request } from '../../../cors/http';
import { parseUrl } from '../../../cors/origin';
import { type BinaryValue, itemsOf, type JsValue, type Reader } from '../../../javascript';
import type { Lookup } from '../../../javascript/tables';
import { isInstance } from './errorValue';
import { isOriginOf } from './originNames';
import { isNullish, isThing, type Outcome, type Plain } from './outcome';
import { headerOf } from './requestMembers';
import type { RequestNames } from './requestNames';

/** `new URL(…)`, `new Set(…)`; any other object is a thing. */
export function constructed(value: Extract<JsValue, { kind: 'new' }>, go: (of: JsValue) => Outcome): Outcome {
  const [first] = value.arguments;
  if (value.name === 'URL' && first && value.arguments.length === 1) {
    const text = go(first);
    if (text === null || text === 'throws') return text;
    if (isThing(text.is)) return null;
    const url = parseUrl(String(text.is));
    return url === undefined ? 'throws' : { is: { url } };
  }
  if (value.name === 'Set') {
    const { items, rest } = first ? itemsOf(first) : { items: [], rest: null };
    return { is: { list: items.map(go), open: rest !== null } };
  }
  return { is: { thing: value } };
}

/**
 * Whether a header that the request does not have is compared with a variable of the environment: a key that clients
 * must send. An app that checks for one is run with one.
 */
export function isKeyMissing({ operator, left, right }: BinaryValue, isMissing: (value: JsValue) => boolean): boolean {
  if (!/^[!=]==?$/.test(operator)) return false;
  return (right.kind === 'environment' && isMissing(left)) || (left.kind === 'environment' && isMissing(right));
}

/** A header other than Origin, by its own name, that the request does not have. */
export function isMissingHeader(value: JsValue, request: Request, { isRequest, isOrigin }: RequestNames): boolean {
  if (isOrigin?.(value) || isOriginOf(value, isRequest)) return false;
  const object = value.kind === 'member' ? value.object : null;
  if (value.kind !== 'member' || object?.kind !== 'member') return false;
  if (object.property !== 'headers' || !isRequest(object.object)) return false;
  const header = headerOf(request, value.property);
  return header !== null && header !== 'throws' && header.is === undefined;
}

/** A binary operator, and `typeof`, which has one operand. */
export function compare(operator: string, left: Outcome, right: Outcome): Outcome {
  if (left === 'throws') return left;
  if (operator === 'typeof') return left === null || isThing(left.is) ? null : { is: typeof left.is };
  if (left === null) return null;
  if (right === null || right === 'throws') return right;
  const a = left.is;
  const b = right.is;
  if ((isSomeText(a) && isText(b)) || (isSomeText(b) && isText(a))) return null;
  switch (operator) {
    case '===':
      return { is: a === b };
    case '!==':
      return { is: a !== b };
    case '==':
      return { is: a === b || (isNullish(a) && isNullish(b)) };
    case '!=':
      return { is: !(a === b || (isNullish(a) && isNullish(b))) };
    // Indexes of a list are never origins.
    case 'in':
      return isThing(b) && !isThing(a) && 'list' in b
        ? { is: /^\d+$/.test(String(a)) && Number(a) < b.list.length }
        : null;
  }
  if (typeof a !== 'number' || typeof b !== 'number') return null;
  switch (operator) {
    case '<':
      return { is: a < b };
    case '<=':
      return { is: a <= b };
    case '>':
      return { is: a > b };
    case '>=':
      return { is: a >= b };
    default:
      return null;
  }
}

function isSomeText(value: Plain): boolean {
  return isThing(value) && 'someText' in value;
}

function isText(value: Plain): boolean {
  return typeof value === 'string' || isSomeText(value);
}

/** `left instanceof type`. */
export function instance(reader: Reader, left: Outcome, type: JsValue): Outcome {
  if (left === null || left === 'throws') return left;
  if (!isThing(left.is)) return { is: false };
  const holds = 'thing' in left.is ? isInstance(reader, left.is.thing, type) : undefined;
  return holds === undefined ? null : { is: holds };
}

/** What a look into a table comes to, its key worked out. */
export function lookedUp({ table, asks }: Lookup, key: Outcome, go: (of: JsValue) => Outcome): Outcome {
  if (key === null || key === 'throws') return key;
  if (isThing(key.is)) return null;
  // The keys of objects are texts, those of maps what they are; ours are all texts.
  const name = table.isMap && typeof key.is !== 'string' ? null : String(key.is);
  const found = table.entries.find((one) => one.key === name);
  if (found !== undefined) return asks === 'presence' ? { is: true } : go(found.value);
  if (table.rest !== null || (!table.isMap && name !== null && name in Object.prototype)) return null;
  return { is: asks === 'presence' ? false : undefined };
}
