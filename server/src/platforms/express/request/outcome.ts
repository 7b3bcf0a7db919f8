import type { JsValue } from '../../../javascript';

/** What an expression comes to for one request: `is` holds it, or it throws; null when that cannot be told. */
export type Outcome = { readonly is: Plain } | 'throws' | null;
export type Plain = string | number | boolean | null | undefined | Thing;
/** An object, a list, a URL: truthy, and equal to nothing else but for a text that is not known. */
export type Thing =
  | { readonly list: readonly Outcome[]; readonly open: boolean }
  | { readonly url: URL }
  | { readonly thing: JsValue }
  /** A text that is not empty, of which no more is known. */
  | { readonly someText: true };

/** Whether something holds, or working it out throws; undefined when that is not known. */
export type Holds = boolean | 'throws' | undefined;

/** Whether an outcome is truthy; undefined when it is not known. */
export function truth(outcome: Outcome): Holds {
  if (outcome === null) return undefined;
  if (outcome === 'throws') return outcome;
  return isThing(outcome.is) ? true : Boolean(outcome.is);
}

export function isThing(value: Plain): value is Thing {
  return typeof value === 'object' && value !== null;
}

export function isNullish(value: Plain): boolean {
  return value === null || value === undefined;
}
