/**
 * A text that a parser reads more strictly than those of the Serverless Framework (js-yaml) and of AWS's tools (PyYAML)
 * do, with white space put in where they do not ask for it.
 */
export interface LenientText {
  readonly text: string;
  /** The offset in the text as it was written, for one in `text` (both UTF-16). */
  original(offset: number): number;
}

/** An error of the `yaml` package: its code, its words and where it is (offsets UTF-16, half-open). */
export interface StrictError {
  readonly code: string;
  readonly message: string;
  readonly pos: readonly [number, number];
}

/** White space that is put in at an offset. */
interface Gap {
  readonly at: number;
  readonly width: number;
}

/** A text as it stands. */
export function asWritten(text: string): LenientText {
  return { text, original: (offset) => offset };
}

/**
 * The text with room for what js-yaml and PyYAML let pass and the `yaml` package does not: the further lines of a quoted
 * text and those of a flow collection may stand as far left as they like, and a comment may touch the quote or bracket
 * before it. Undefined where none of the errors is of that kind. What comes after an open quote or bracket has been misread, so one
 * of them is dealt with at a time: call again with the errors of the result.
 */
export function lenient(before: LenientText, errors: readonly StrictError[]): LenientText | undefined {
  const { text } = before;
  const gaps: Gap[] = [];
  for (const error of errors) {
    if (isTouchingComment(error)) {
      gaps.push({ at: error.pos[0], width: 1 });
      continue;
    }
    const lines = linesTooFarLeft(error, errors, text);
    if (lines !== undefined) gaps.push(...lines);
    // From here on, the parser has seen another text than the one that is meant.
    break;
  }
  return gaps.length === 0 ? undefined : widened(before, gaps);
}

function isTouchingComment({ code, message }: StrictError): boolean {
  return code === 'MISSING_CHAR' && message.startsWith('Comments must be separated');
}

/** Where the lines begin that the parser takes to lie outside, up to the one with the end that it missed. */
function linesTooFarLeft(error: StrictError, errors: readonly StrictError[], text: string): readonly Gap[] | undefined {
  const [from] = error.pos;
  const quote = error.code === 'MISSING_CHAR' ? /^Missing closing (["'])quote$/.exec(error.message)?.[1] : undefined;
  if (quote !== undefined) {
    const close = closingQuote(text, from, quote);
    return close === undefined ? undefined : gapsBetween(text, from, close);
  }
  if (!isOpenFlow(error)) return undefined;
  // Of collections in each other, each is told of at the same place.
  const depth = errors.filter((other) => other.pos[0] === from && isOpenFlow(other)).length;
  const close = closingBracket(text, from, depth);
  return close === undefined ? undefined : gapsBetween(text, lineBefore(text, from), close);
}

function isOpenFlow({ code, message }: StrictError): boolean {
  return code === 'BAD_INDENT' && /^Flow (?:map|sequence) in block collection must be sufficiently/.test(message);
}

/**
 * The quote that ends a quoted text, given an offset inside it. Undefined without one, and where something follows it
 * that cannot: then a quote is missing indeed, and that one opens another text.
 */
function closingQuote(text: string, from: number, quote: string): number | undefined {
  const ends = quote === '"' ? /\\[\s\S]|"/g : /''|'/g;
  ends.lastIndex = from;
  for (let match = ends.exec(text); match !== null; match = ends.exec(text)) {
    if (match[0] !== quote) continue;
    return /^[\t ]*(?:[\r\n#,\]}]|$)/.test(text.slice(ends.lastIndex, ends.lastIndex + 200)) ? match.index : undefined;
  }
  return undefined;
}

/** The bracket that ends the outermost of some open flow collections, given an offset inside all of them. */
function closingBracket(text: string, from: number, depth: number): number | undefined {
  const pieces = /(?<=[\s,:[{])(?:"(?:\\[\s\S]|[^"\\])*(?:"|$)|'(?:''|[^'])*(?:'|$))|(?<!\S)#[^\r\n]*|[[\]{}]/g;
  pieces.lastIndex = from;
  let open = depth;
  for (let match = pieces.exec(text); match !== null; match = pieces.exec(text)) {
    if (/^[[{]/.test(match[0])) open += 1;
    else if (/^[\]}]/.test(match[0])) open -= 1;
    if (open === 0) return match.index;
  }
  return undefined;
}

/** The end of the last line before an offset's own one that is not empty. */
function lineBefore(text: string, offset: number): number {
  let at = offset;
  while (at > 0 && /\s/.test(text[at - 1] ?? '')) at -= 1;
  return at;
}

/**
 * The beginnings of the lines after an offset, up to an end: as far in as the last line before them can ask for, which
 * holds the beginning or lies inside. Undefined where one of them parts two documents, which no quote and no bracket
 * takes in.
 */
function gapsBetween(text: string, from: number, to: number): readonly Gap[] | undefined {
  const last = lineBefore(text, from);
  const width = (/^[\s?:-]*/.exec(text.slice(text.lastIndexOf('\n', last - 1) + 1, last))?.[0].length ?? 0) + 1;
  const gaps: Gap[] = [];
  for (let line = text.indexOf('\n', from); line !== -1 && line < to; line = text.indexOf('\n', line + 1)) {
    if (/^(?:---|\.\.\.)/.test(text.slice(line + 1, line + 4))) return undefined;
    gaps.push({ at: line + 1, width });
  }
  return gaps;
}

function widened(before: LenientText, gaps: readonly Gap[]): LenientText {
  const pieces: string[] = [];
  let end = 0;
  for (const { at, width } of gaps) {
    pieces.push(before.text.slice(end, at), ' '.repeat(width));
    end = at;
  }
  pieces.push(before.text.slice(end));
  return {
    text: pieces.join(''),
    original: (offset) => before.original(withoutGaps(offset, gaps)),
  };
}

function withoutGaps(offset: number, gaps: readonly Gap[]): number {
  let shift = 0;
  for (const { at, width } of gaps) {
    if (offset <= at + shift) break;
    shift += Math.min(width, offset - at - shift);
  }
  return offset - shift;
}
