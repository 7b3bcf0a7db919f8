/**
 * Answers whether a circumstance holds that is settled outside the file: a parameter left at its default, a condition.
 * Undefined where there are more circumstances than are told apart.
 *
 * @param holds the circumstance and its opposite, each to finish "when …"
 */
export type Decide = (holds: string, otherwise: string) => boolean | undefined;

/** What is read under one set of circumstances. */
export interface World<T> {
  readonly assumes: ReadonlyMap<string, boolean>;
  /** The circumstances in words; undefined when there are none. */
  readonly when: string | undefined;
  readonly value: T;
}

/** More undecided circumstances than this in one reading, and the rest count as unknown. */
const MOST_CIRCUMSTANCES = 3;

/** Reads once for each way in which the circumstances that the reading asks for may hold; never empty. */
export function inEveryWorld<T>(read: (decide: Decide) => T): World<T>[] {
  const worlds: World<T>[] = [];
  const words = new Map<string, string>();
  const open: ReadonlyMap<string, boolean>[] = [new Map()];
  for (let given = open.pop(); given !== undefined; given = open.pop()) {
    const assumes = new Map<string, boolean>(given);
    const value = read((holds, otherwise) => {
      const known = assumes.get(holds);
      if (known !== undefined || assumes.size >= MOST_CIRCUMSTANCES) return known;
      words.set(holds, otherwise);
      assumes.set(holds, true);
      return true;
    });
    worlds.push({ assumes, when: wordsFor(assumes, words), value });
    // What was asked for the first time was taken to hold; each of these may also not, with those before it kept.
    const asked = [...assumes].slice(given.size);
    for (const [index, [holds]] of asked.entries()) {
      open.push(new Map([...given, ...asked.slice(0, index), [holds, false]]));
    }
  }
  return worlds;
}

function wordsFor(assumes: ReadonlyMap<string, boolean>, words: ReadonlyMap<string, string>): string | undefined {
  if (assumes.size === 0) return undefined;
  return [...assumes].map(([holds, does]) => (does ? holds : (words.get(holds) ?? holds))).join(' and ');
}

/** A condition as a circumstance, and its opposite. */
export function conditionWords(name: string): readonly [holds: string, otherwise: string] {
  return [`the condition ${name} holds`, `the condition ${name} does not hold`];
}

/** Decides as `decide` does, and for a resource that exists under a condition alone: that the condition holds. */
export function whereExists(condition: string | undefined, decide: Decide): Decide {
  if (condition === undefined) return decide;
  const [given] = conditionWords(condition);
  return (holds, otherwise) => holds === given || decide(holds, otherwise);
}

/** Decides nothing: for what has to be certain whatever the circumstances. */
export const undecided: Decide = () => undefined;
