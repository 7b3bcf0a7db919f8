const ids = new WeakMap<object, number>();
let lastId = 0;

/** A number for each object that is asked for, the same whenever it is asked for again: part of a key. */
export function idOf(object: object): number {
  const known = ids.get(object);
  if (known !== undefined) return known;
  lastId += 1;
  ids.set(object, lastId);
  return lastId;
}
