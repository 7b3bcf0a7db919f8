import type { JsValue, ObjectValue } from '../../../javascript';
import { optionsOf } from './site';

/** The defaults of `axios.create({ … })`; null for axios itself, undefined for what is not axios. */
export function defaultsOf(value: JsValue): ObjectValue | null | undefined {
  if (isAxios(value)) return null;
  if (value.kind !== 'call' || value.callee.kind !== 'import') return undefined;
  const { specifier, exported } = value.callee;
  if (specifier !== 'axios' || exported !== 'create') return undefined;
  return optionsOf(value.arguments[0]) ?? null;
}

export function isAxios(value: JsValue): boolean {
  return value.kind === 'import' && value.specifier === 'axios' && ['default', '*', 'axios'].includes(value.exported);
}
