import { isWhiteSpace, NEWLINE, RETURN } from './characters';

/** How far in the line the first word of it stands, in UTF-16 units; -1 when the word is not its first. */
export function indentOf(text: string, offset: number): number {
  const lineStart = startOfLine(text, offset);
  let at = lineStart;
  while (at < offset && isWhiteSpace(text.charCodeAt(at))) {
    at += 1;
  }
  return at === offset ? offset - lineStart : -1;
}

/** The start of the line, looked for within a hundred characters: further left there is no indentation to see. */
export function startOfLine(text: string, offset: number): number {
  const floor = Math.max(0, offset - 100);
  for (let at = offset - 1; at >= floor; at -= 1) {
    if (text.charCodeAt(at) === NEWLINE) {
      return at + 1;
    }
  }
  return floor;
}

/** The offset of the line's end, before its line break. */
export function endOfLine(text: string, offset: number): number {
  const newline = text.indexOf('\n', offset);
  const end = newline === -1 ? text.length : newline;
  return text.charCodeAt(end - 1) === RETURN ? end - 1 : end;
}
