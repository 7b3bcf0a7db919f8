import { pathToFileURL } from 'node:url';
import type { Locate, Location } from '../workspace/told/types';
import type { FileLines, Position } from './lines';

/** Tells places as reports have them: files as URIs, lines and characters from 0. */
export function locateBy(lines: FileLines): Locate {
  return (place) => {
    const { start, end } = lines.range(place.file, place);
    return { uri: toUri(place.file), range: { start: fromZero(start), end: fromZero(end) } };
  };
}

/** A file as a URI. */
export function toUri(file: string): string {
  return pathToFileURL(file).href;
}

function fromZero({ line, column }: Position): Location['range']['start'] {
  return { line: line - 1, character: column - 1 };
}
