/**
 * What nginx makes of the text between a word's delimiters: `\"`, `\'` and `\\` lose their backslash, `\t`, `\r` and
 * `\n` become control characters, any other backslash stays (`ngx_conf_read_token`).
 */
export function unescapeWord(raw: string): string {
  if (!raw.includes('\\')) {
    return raw;
  }
  let value = '';
  for (let at = 0; at < raw.length; at += 1) {
    const replacement = raw[at] === '\\' ? ESCAPES.get(raw[at + 1] ?? '') : undefined;
    if (replacement === undefined) {
      value += raw[at];
      continue;
    }
    value += replacement;
    at += 1;
  }
  return value;
}

const ESCAPES = new Map([
  ['"', '"'],
  ["'", "'"],
  ['\\', '\\'],
  ['t', '\t'],
  ['r', '\r'],
  ['n', '\n'],
]);

/**
 * Where a piece of an unescaped value stands in the text as written.
 *
 * @param raw the text between the delimiters
 * @param index an offset into `unescapeWord(raw)`
 * @returns the offset into `raw` of the same character
 */
export function rawIndex(raw: string, index: number): number {
  if (!raw.includes('\\')) {
    return index;
  }
  let at = 0;
  for (let seen = 0; seen < index && at < raw.length; seen += 1) {
    at += raw[at] === '\\' && ESCAPES.has(raw[at + 1] ?? '') ? 2 : 1;
  }
  return at;
}
