import { BACKSLASH, DOLLAR, isWhiteSpace, OPEN_BRACE, SEMICOLON } from './characters';
import { isHole } from './holes';
import { endOfLine } from './lines';

/** The offset behind a word without quotes. */
export function endOfBareWord(text: string, start: number): number {
  let variable = false;
  let at = start;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (code === OPEN_BRACE && variable) {
      at += 1;
      continue;
    }
    variable = code === DOLLAR;
    if (code === BACKSLASH) {
      at += 2;
      continue;
    }
    if (isWhiteSpace(code) || code === SEMICOLON || code === OPEN_BRACE) {
      return at;
    }
    at += 1;
  }
  return text.length;
}

/** The offset of the closing quote, or -1. */
export function endOfQuoted(text: string, quote: number, from: number): number {
  for (let at = from; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === BACKSLASH) {
      at += 1;
    } else if (code === quote) {
      return at;
    }
  }
  return -1;
}

/** How far to look for what makes a hole a statement of its own. */
const MAX_HOLES_LINE = 400;

/** Whether the first word of a statement is a template's hole that stands for whole statements, without a `;`. */
export function isStatementHole(text: string, start: number, end: number): boolean {
  if (text.charCodeAt(start) !== DOLLAR || !isHole(text.slice(start, end))) {
    return false;
  }
  const lineEnd = endOfLine(text, end);
  const rest = lineEnd - end > MAX_HOLES_LINE ? undefined : text.slice(end, lineEnd);
  return (
    rest !== undefined &&
    (rest.replace(/#.*/, '').match(/\S+/g) ?? []).every(isHole) &&
    !/^[\s]*[;{]/.test(text.slice(lineEnd, lineEnd + MAX_HOLES_LINE))
  );
}
