import type { Range, SyntaxFault } from './tree';

/** Past the first few, faults are echoes of each other. */
const MAX_FAULTS = 200;

/** What nginx would refuse in a text. */
export class Faults {
  readonly all: SyntaxFault[] = [];

  constructor(private readonly text: string) {}

  /** A character that nginx does not take where it stands. */
  unexpected(offset: number): void {
    const character = characterAt(this.text, offset);
    this.add(`unexpected "${character}"`, { start: offset, end: offset + character.length }, offset);
  }

  /** A token that does not fit in nginx's buffer; `inside` is where its own text starts. */
  tooLong(start: number, inside: number, openQuote: number | undefined): void {
    const head = /^[^\r\n]*/.exec(this.text.slice(start, start + 80))?.[0] ?? '';
    const blame = { start, end: start + head.length };
    const message =
      openQuote === undefined
        ? `too long parameter "${this.text.slice(inside, inside + 10)}..." started`
        : tooLongQuoted(openQuote);
    this.add(message, blame, start);
  }

  /** @param noticedAt where nginx has read to when it stops, which is the line that it names */
  add(message: string, range: Range, noticedAt: number): void {
    if (this.all.length < MAX_FAULTS) {
      this.all.push({ message, range, noticedAt });
    }
  }
}

/** The character at an offset, in full where it takes two units. */
export function characterAt(text: string, offset: number): string {
  return String.fromCodePoint(text.codePointAt(offset) ?? 0);
}

/** nginx's words for a quote that goes on for longer than its buffer. */
export function tooLongQuoted(quote: number): string {
  return `too long parameter, probably missing terminating "${String.fromCharCode(quote)}" character`;
}
