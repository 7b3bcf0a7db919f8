/** Small repeatable random numbers (mulberry32): a failing run is replayed by its seed. */
export function randomFrom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
  const below = (limit: number): number => Math.floor(next() * limit);
  return {
    below,
    chance: (probability) => next() < probability,
    pick: <T>(items: readonly T[]) => {
      if (items.length === 0) throw new RangeError('nothing to pick from');
      return items[below(items.length)] as T;
    },
  };
}

export interface Random {
  /** A whole number from 0 to `limit - 1`. */
  below(limit: number): number;
  chance(probability: number): boolean;
  pick<T>(items: readonly T[]): T;
}

/**
 * The seed of a run: `SEED=123`, or `SEED=new` for one that nobody has tried; else always the same one, so that a red
 * run tells of a change and not of luck.
 */
export function chooseSeed(): number {
  if (process.env['SEED'] === 'new') return Date.now() % 2 ** 31;
  const given = Number(process.env['SEED']);
  return Number.isSafeInteger(given) && given > 0 ? given : 4_711;
}
