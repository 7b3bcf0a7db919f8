import type { OriginPart } from '../cors/policy';
import type { Reader } from './reader';
import type { CallValue, JsValue } from './values';

/** What a check on an origin is read with. */
export interface OriginNames {
  readonly reader: Reader;
  /** Whether a value is the request's `Origin`, which is there (tests are about requests that have one). */
  isOrigin(value: JsValue): boolean;
}

export interface Part {
  readonly on: OriginPart;
  /** It was lower-cased. */
  readonly lower: boolean;
}

/** Which part of the origin a value is; null when it is none. */
export function partOf(value: JsValue, names: OriginNames): Part | null {
  if (names.isOrigin(value)) return { on: 'origin', lower: false };
  if (value.kind === 'call' && value.callee.kind === 'member') {
    const inner = partOf(value.callee.object, names);
    if (inner === null) return null;
    if (value.callee.property === 'toLowerCase') return { ...inner, lower: true };
    return ['trim', 'toString'].includes(value.callee.property) ? inner : null;
  }
  if (value.kind !== 'member' || !isUrlOfOrigin(value.object, names)) return null;
  if (value.property === 'hostname' || value.property === 'host' || value.property === 'origin') {
    return { on: value.property, lower: false };
  }
  return null;
}

function isUrlOfOrigin(value: JsValue, names: OriginNames): boolean {
  if (value.kind !== 'new' && value.kind !== 'call') return false;
  const [first] = value.arguments;
  if (first === undefined || value.arguments.length !== 1 || !names.isOrigin(first)) return false;
  if (value.kind === 'new') return value.name === 'URL';
  return (
    value.callee.kind === 'import' &&
    value.callee.exported === 'parse' &&
    /^(?:node:)?url$/.test(value.callee.specifier)
  );
}

/** The part of a test that is about the whole origin is not written down. */
export function onPart(part: Part): { readonly on?: OriginPart } {
  return part.on === 'origin' ? {} : { on: part.on };
}

/** The name of the method that is called; null for other calls. */
export function calledMethod(call: CallValue): string | null {
  return call.callee.kind === 'member' ? call.callee.property : null;
}
