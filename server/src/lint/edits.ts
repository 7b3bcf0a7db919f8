import type { Edit } from '../cors/repair';

/** Sorted by file, start and end. */
export function sortEdits(edits: readonly Edit[]): Edit[] {
  return [...edits].sort((a, b) => (a.file === b.file ? a.start - b.start || a.end - b.end : a.file < b.file ? -1 : 1));
}

/** Whether two of the edits touch the same text, or insert at the same place; equal edits do. Wants them sorted. */
export function overlap(sorted: readonly Edit[]): boolean {
  return sorted.some((edit, i) => {
    const before = sorted[i - 1];
    return before !== undefined && collide(before, edit);
  });
}

/** Two insertions at one place collide: their order would be a guess. */
function collide(a: Edit, b: Edit): boolean {
  if (a.file !== b.file) return false;
  if (a.start === b.start) return true;
  return a.start < b.start ? a.end > b.start : b.end > a.start;
}

/**
 * The text with the edits made.
 * @param edits of one file, sorted, without overlap
 */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  let result = '';
  let at = 0;
  for (const edit of edits) {
    result += text.slice(at, edit.start) + edit.text;
    at = edit.end;
  }
  return result + text.slice(at);
}

/**
 * As many of the sets of edits as go together, first come first served. A set is taken whole or not at all; an edit
 * that another set makes too is made once.
 */
export function mergeEdits<T extends { readonly edits: readonly Edit[] }>(
  sets: readonly T[],
): { edits: Edit[]; taken: T[] } {
  const edits: Edit[] = [];
  const taken: T[] = [];
  for (const set of sets) {
    const fresh = set.edits.filter((edit) => !edits.some((known) => equalEdits(known, edit)));
    if (fresh.some((edit) => edits.some((known) => collide(known, edit)))) continue;
    edits.push(...fresh);
    taken.push(set);
  }
  return { edits: sortEdits(edits), taken };
}

function equalEdits(a: Edit, b: Edit): boolean {
  return a.file === b.file && a.start === b.start && a.end === b.end && a.text === b.text;
}

/** The edits by file, each list sorted. */
export function byFile(edits: readonly Edit[]): Map<string, Edit[]> {
  const files = new Map<string, Edit[]>();
  for (const edit of sortEdits(edits)) {
    const known = files.get(edit.file);
    if (known) known.push(edit);
    else files.set(edit.file, [edit]);
  }
  return files;
}
