/** An edit of one file, by lines and characters from 0. */
export interface PlacedEdit {
  readonly range: { readonly start: Point; readonly end: Point };
  readonly newText: string;
}

interface Point {
  readonly line: number;
  readonly character: number;
}

/** A fix's edits by file. */
export type FileEdits = ReadonlyMap<string, readonly PlacedEdit[]>;

/**
 * Those fixes that can be made at once, in their order: one whose edits meet those of an earlier one is left out,
 * unless it is that very fix once more, which then counts as made.
 */
export function together<Fix extends { readonly edits: FileEdits }>(
  fixes: readonly Fix[],
): { readonly made: readonly Fix[]; readonly left: readonly Fix[] } {
  const made: Fix[] = [];
  const left: Fix[] = [];
  for (const fix of fixes) {
    if (made.some((other) => sameEdits(other.edits, fix.edits))) continue;
    if (made.some((other) => meet(other.edits, fix.edits))) left.push(fix);
    else made.push(fix);
  }
  return { made, left };
}

function sameEdits(a: FileEdits, b: FileEdits): boolean {
  return a.size === b.size && [...a].every(([file, edits]) => JSON.stringify(edits) === JSON.stringify(b.get(file)));
}

function meet(a: FileEdits, b: FileEdits): boolean {
  return [...a].some(([file, edits]) =>
    edits.some((one) => (b.get(file) ?? []).some((other) => touches(one.range, other.range))),
  );
}

/** Two insertions at one place meet too: which of them comes first would be chance. */
function touches(a: PlacedEdit['range'], b: PlacedEdit['range']): boolean {
  return compare(a.start, b.end) <= 0 && compare(b.start, a.end) <= 0;
}

function compare(a: Point, b: Point): number {
  return a.line - b.line || a.character - b.character;
}
