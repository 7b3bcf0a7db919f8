import { RESPONSE_HEADERS } from '../../../cors/names';
import type { Place } from '../../../cors/place';
import { type FunctionValue, type JsValue, placeOf } from '../../../javascript';
import type { Setting } from '../flow/effects';
import type { HandPart } from './app';

const OF_CORS = new Set(RESPONSE_HEADERS.map((name) => name.toLowerCase()));

/** What a middleware may set, by the names of the headers that it touches. */
export function setsOf(names: readonly string[]): HandPart['sets'] {
  if (names.some((name) => OF_CORS.has(name.toLowerCase()))) return 'cors';
  return names.length > 0 ? 'others' : 'nothing';
}

/** The function up to its body, or its name. */
export function headOf({ module, function: fn }: FunctionValue): Place {
  if (fn.type !== 'ArrowFunctionExpression' && fn.id) return placeOf(module, fn.id);
  const [start] = fn.range;
  const end = fn.body ? fn.body.range[0] : fn.range[1];
  return { file: module.path, start, end: start + module.text.slice(start, end).trimEnd().length };
}

/** `set(name, value)`, where the name is written out. */
export function settingOf(name: Extract<JsValue, { kind: 'string' }>, value: JsValue, place: Place): Setting {
  const { start, end } = name.place;
  const isQuoted = /^(['"`]).*\1$/s.test(name.module.text.slice(start, end));
  const namePlace = isQuoted ? { ...name.place, start: start + 1, end: end - 1 } : name.place;
  return { name: name.value, namePlace, value, place };
}

/** A header's name as HTTP has it: what is none makes servers throw. */
export function isHeaderName(name: string): boolean {
  return /^[!#$%&'*+\-.^_`|~\w]+$/.test(name);
}
