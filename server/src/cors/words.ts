/**
 * The circumstances of an exchange, to end a clause with: " when ORIGIN is unset"; empty when it always holds. A chain
 * that nobody would read to its end is only mentioned.
 */
export function whenWords(when: readonly string[]): string {
  const words = when.length === 0 ? '' : ` when ${and(telling([...new Set(when.flatMap(single))]))}`;
  return words.length > MOST_WORDS ? ' in some circumstances' : words;
}

const MOST_WORDS = 160;

/** Without what another of them says too: what is `'a'` is set, and truthy. */
function telling(words: readonly string[]): readonly string[] {
  return words.filter((one) => {
    const [said, name] = /^(.*) is (?:set|truthy)$/s.exec(one) ?? [];
    return said === undefined || !words.some((other) => other.startsWith(`${name} is '`));
  });
}

/** The circumstances that one text joins, so that what two of them say is said once. Code is not taken apart. */
function single(words: string): readonly string[] {
  return words.includes(EITHER) ? [words] : words.split(/ and (?=[^`]*(?:`[^`]*`[^`]*)*$)/);
}

/** "a", "a and b", "a, b and c". */
export function and(items: readonly string[]): string {
  return items.length < 2 ? (items[0] ?? '') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;
}

/** Whether the circumstances say that this is somebody's own machine or a test. */
export function isDevelopment(when: readonly string[]): boolean {
  // Where one of several circumstances is enough, each of them has to say so.
  return when.some((words) => words.split(EITHER).every(saysDevelopment));
}

function saysDevelopment(words: string): boolean {
  return (
    /\b(?:dev|development|debug|local|localhost|test(?:ing)?)\b|\bnot\b.*\bproduction\b|\bproduction\b.*\b(?:not|unset)\b/i.test(
      words,
    ) ||
    /\bis_?(?:dev|development|local|test)\b[^`]*` is true/i.test(words) ||
    /\bis_?prod(?:uction)?\b[^`]*` is false/i.test(words)
  );
}

/** Stands between circumstances of which one is enough. */
export const EITHER = ', or when ';
