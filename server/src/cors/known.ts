import type { Exchange } from './browser';
import type { OriginEntry, OriginPolicy } from './policy';

/**
 * The first exchange of which `holds` is true and that is known to happen: always, or in circumstances with a name.
 * Certain ones come before those with circumstances. Where several may happen and one has no circumstances, that one
 * is a guess and does not count. What is true of every way that the call can go happens always: it names none.
 */
export function knownExchange(
  exchanges: readonly Exchange[],
  holds: (exchange: Exchange) => boolean,
): Exchange | undefined {
  const found = exchanges
    .filter((exchange) => exchanges.length === 1 || exchange.when.length > 0)
    .sort((a, b) => a.when.length - b.when.length)
    .find(holds);
  if (found === undefined || exchanges.length === 1 || !exchanges.every(holds)) return found;
  return { ...found, when: [] };
}

/** The first entry of the policies that `holds` is true of. */
export function findEntry(
  policies: readonly OriginPolicy[],
  holds: (entry: OriginEntry) => boolean,
): OriginEntry | undefined {
  for (const policy of policies) {
    const entry = policy.entries.find(holds);
    if (entry) return entry;
  }
  return undefined;
}
