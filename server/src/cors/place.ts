/** A stretch of text: UTF-16 offsets, `end` excluded. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** A stretch of a named file. The name is opaque to the model: whoever reads files decides what it means. */
export interface Place extends Range {
  readonly file: string;
}

/** Whether two places are the same stretch of the same file. */
export function samePlace(a: Place, b: Place): boolean {
  return a.file === b.file && a.start === b.start && a.end === b.end;
}

/** A key for maps: equal for equal places. */
export function placeKey(place: Place): string {
  return `${place.file}\0${place.start}\0${place.end}`;
}
