import type { Quote, Word } from '../syntax/tree';

/** Characters that a bare word cannot hold, or not everywhere. */
const NEEDS_QUOTES = /[\s;{}"'#\\]/;

/**
 * A text as a word of a configuration. The text's dollars stay what nginx makes of them: variables.
 *
 * @param style the quotes of the word that it replaces, kept where there were any
 */
export function writeWord(text: string, style: Quote = 'none'): string {
  if (style === 'none' && text !== '' && !NEEDS_QUOTES.test(text) && !text.startsWith('$')) {
    return text;
  }
  if (style === 'none' && /^\$\w+$/.test(text)) {
    return text;
  }
  const quote = style === 'single' || (style === 'none' && text.includes('"') && !text.includes("'")) ? "'" : '"';
  return `${quote}${escapeWord(text, quote)}${quote}`;
}

/**
 * Backslashes that nginx would take away are doubled; a pattern's own (`\.`) stay as they are, so that what is read is
 * what stands there.
 */
function escapeWord(text: string, quote: string): string {
  return text.replace(/\\(?=["'\\trn]|$)/g, '\\\\').replaceAll(quote, `\\${quote}`);
}

/** A pattern as a word: quoted as soon as a brace, a semicolon or a space would end it. */
export function writePattern(source: string, style: Quote): string {
  const quoted = style !== 'none' || /[\s;{}"'#]/.test(source) || /\\[\\"'trn]/.test(source);
  if (!quoted) {
    return source;
  }
  return writeWord(source, style === 'none' ? 'double' : style);
}

/** The text to put for the inside of a word that keeps its quotes; undefined when it cannot stand there. */
export function insideOf(word: Word, text: string): string | undefined {
  if (/[$\r\n]/.test(text)) {
    return undefined;
  }
  if (word.quote === 'none') {
    return NEEDS_QUOTES.test(text) || text === '' ? undefined : text;
  }
  return escapeWord(text, word.quote === 'single' ? "'" : '"');
}
