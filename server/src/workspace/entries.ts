import type { Entry } from './entry';

/** The last entry of each file, and which files rest on which. */
export interface Entries {
  /** The last entry, fresh or not. */
  get(file: string): Entry | undefined;
  keep(entry: Entry): void;
  /** Files whose last entry rests on this one, sorted. */
  dependents(file: string): string[];
  /** Of these, the ones whose last entry judges the file as a part of theirs. */
  includers(file: string): string[];
}

export function openEntries(): Entries {
  const entries = new Map<string, Entry>();
  const dependentsOf = new Map<string, Set<string>>();
  const dependents = (file: string): string[] => [...(dependentsOf.get(file) ?? [])].sort();
  return {
    get: (file) => entries.get(file),
    dependents,
    includers: (file) =>
      dependents(file).filter((other) => other !== file && entries.get(other)?.parts?.has(file) === true),
    keep(entry: Entry): void {
      const { file } = entry;
      for (const dependency of entries.get(file)?.dependencies.keys() ?? []) dependentsOf.get(dependency)?.delete(file);
      entries.set(file, entry);
      for (const dependency of entry.dependencies.keys()) {
        const known = dependentsOf.get(dependency);
        if (known === undefined) dependentsOf.set(dependency, new Set([file]));
        else known.add(file);
      }
    },
  };
}
