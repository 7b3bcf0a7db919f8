import type { Place } from './place';
import type { Value } from './value';

/** A text that a header may be sent with, whole, and where it was written. */
export interface Literal {
  readonly text: string;
  readonly place: Place;
}

/** The literal texts that a value may come to, whatever the conditions. Parts of a template are none. */
export function literalsOf(value: Value): Literal[] {
  if (value.kind === 'literal') return [{ text: value.text, place: value.place }];
  if (value.kind === 'choice') return value.options.flatMap((option) => literalsOf(option.value));
  return [];
}
