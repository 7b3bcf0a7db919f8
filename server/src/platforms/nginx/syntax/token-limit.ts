import { isWhiteSpace } from './characters';

/**
 * nginx reads a file through a buffer of 4096 bytes (`NGX_CONF_BUFFER`), and a word or comment has to fit in it.
 */
const BUFFER_BYTES = 4096;

/** No token of fewer UTF-16 units than this can fill the buffer: a unit takes three bytes at most. */
export const SHORT_TOKEN = Math.floor(BUFFER_BYTES / 3) - 2;

/** How the piece after the token ends it: that decides whether nginx needs to read on before it can let go. */
type TokenEnd = 'white space' | 'punctuation' | 'end of file';

/**
 * Whether nginx refuses the token as a "too long parameter".
 *
 * @param text the whole file
 * @param start where the token's own text starts, after an opening quote
 * @param last the offset of the character that ends the token; the text's length at the end of the file
 */
export function exceedsBuffer(text: string, start: number, last: number, end: TokenEnd): boolean {
  if (last - start < SHORT_TOKEN) {
    return false;
  }
  const bytes = countBytes(text, start, last);
  switch (end) {
    case 'punctuation':
      return bytes >= BUFFER_BYTES;
    case 'white space':
      return bytes + 1 >= BUFFER_BYTES && (bytes + 1 > BUFFER_BYTES || last + 1 < text.length);
    case 'end of file':
      return bytes > BUFFER_BYTES;
  }
}

/** How the character at an offset ends the token before it. */
export function endKind(text: string, offset: number): TokenEnd {
  if (offset >= text.length) {
    return 'end of file';
  }
  return isWhiteSpace(text.charCodeAt(offset)) ? 'white space' : 'punctuation';
}

/** The UTF-8 length of a part of the text. Counting stops once the buffer is full: nobody asks for more. */
function countBytes(text: string, start: number, end: number): number {
  let bytes = 0;
  for (let at = start; at < end && bytes <= BUFFER_BYTES; at += 1) {
    const code = text.charCodeAt(at);
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : isSurrogate(code) ? 2 : 3;
  }
  return bytes;
}

function isSurrogate(code: number): boolean {
  return code >= 0xd800 && code <= 0xdfff;
}
