import { ALLOW_ORIGIN, VARY } from '../../../cors/names';
import type { Place } from '../../../cors/place';
import type { Level } from '../config/level';
import { placeOf } from '../config/node';
import { type HeaderLine, ownHeaders } from '../evaluate/header-lines';

/** Whether the line sets a header of the CORS protocol, or the Vary that goes with it. */
export function isCors({ name, value }: HeaderLine): boolean {
  const lower = name.value.toLowerCase();
  return lower.startsWith('access-control-') || (lower === VARY && /\borigin\b/i.test(value.value));
}

export function nameOf({ name }: HeaderLine): string {
  return name.value.toLowerCase();
}

export function has(lines: readonly HeaderLine[], name: string): boolean {
  return lines.some((line) => nameOf(line) === name);
}

export function hasAllowOrigin(lines: readonly HeaderLine[]): boolean {
  return has(lines, ALLOW_ORIGIN);
}

/** The CORS lines of the first list whose headers the second does not set. */
export function lostLines(from: readonly HeaderLine[], to: readonly HeaderLine[]): HeaderLine[] {
  return from.filter((line) => isCors(line) && !has(to, nameOf(line)));
}

/** The names of headers as they are written, each once: "`A` and `B`". */
export function listNames(lines: readonly HeaderLine[]): string {
  const names = [...new Map(lines.map((line) => [nameOf(line), `\`${line.name.value}\``])).values()];
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}

/** The level on which the line at that place stands, among a level and those above it and its `if`s. */
export function levelOfLine(place: Place, levels: readonly Level[]): Level | undefined {
  return levels.find((level) =>
    ownHeaders(level).some(({ node }) => {
      const own = placeOf(node);
      return own.file === place.file && own.start === place.start;
    }),
  );
}

/** The level and those that it is in, innermost first. */
export function withParents(level: Level): Level[] {
  const levels: Level[] = [];
  for (let at: Level | undefined = level; at !== undefined; at = at.parent) {
    levels.push(at);
  }
  return levels;
}
