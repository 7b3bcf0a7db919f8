import type { Option, Value } from '../../../cors/value';

/** More circumstances than this are not told apart. */
const MAX_WORLDS = 16;

/**
 * What a list comes to where variables choose items of it: a choice between what each of their values makes of it.
 * Past a bound, items that are chosen are handed on as they are.
 */
export function inEachWorld(items: readonly Value[], finish: (items: readonly Value[]) => Value): Value {
  return worlds(items, MAX_WORLDS, finish);
}

function worlds(items: readonly Value[], most: number, finish: (items: readonly Value[]) => Value): Value {
  const at = items.findIndex((item) => item.kind === 'choice' && item.options.length <= most);
  const choice = items[at];
  if (choice?.kind !== 'choice') return finish(items);
  const left = Math.floor(most / choice.options.length);
  const options = choice.options.map(
    ({ when, value }): Option => ({ when, value: worlds(items.with(at, value), left, finish) }),
  );
  return { ...choice, options };
}
