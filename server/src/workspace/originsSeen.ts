/** A fix that names more origins than these, found in other files, is of no use. */
const MOST_SEEN_ORIGINS = 5;

/** The origins that files let in, as far as they were analysed. */
export interface OriginsSeen {
  learn(file: string, origins: readonly string[]): void;
  /** What other files let in, those that most of them do first, then by name. */
  elsewhere(file: string): string[];
}

export function openOriginsSeen(): OriginsSeen {
  const originsIn = new Map<string, readonly string[]>();
  return {
    learn(file, origins) {
      if (origins.length > 0) originsIn.set(file, origins);
      else originsIn.delete(file);
    },
    elsewhere(file) {
      const counts = new Map<string, number>();
      for (const [other, origins] of originsIn) {
        if (other === file) continue;
        for (const origin of new Set(origins)) counts.set(origin, (counts.get(origin) ?? 0) + 1);
      }
      const byUse = [...counts].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)).map(([origin]) => origin);
      return byUse.slice(0, MOST_SEEN_ORIGINS);
    },
  };
}
