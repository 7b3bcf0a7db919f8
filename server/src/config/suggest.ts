import { distance } from 'fastest-levenshtein';

/**
 * The known word that a mistyped one most likely stands for, or undefined when none is close: at most a third of its
 * letters may differ. Case and the difference between `-`, `_` and nothing do not count.
 */
export function suggest(word: string, known: Iterable<string>): string | undefined {
  const wanted = fold(word);
  let best: string | undefined;
  let least = Math.max(1, Math.floor(wanted.length / 3)) + 1;
  for (const candidate of known) {
    const far = distance(wanted, fold(candidate));
    if (far < least) [best, least] = [candidate, far];
  }
  return best;
}

/** `Did you mean "x"?` with a space before it, or nothing. */
export function didYouMean(word: string, known: Iterable<string>): string {
  const best = suggest(word, known);
  return best === undefined ? '' : ` Did you mean "${best}"?`;
}

function fold(word: string): string {
  return word.toLowerCase().replace(/[-_]/g, '');
}
