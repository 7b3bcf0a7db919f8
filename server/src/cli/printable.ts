/**
 * The text with its control characters made visible: what stands in a file that is looked at must not move the cursor
 * of whoever looks, or worse. Line breaks go too; a tab becomes two spaces.
 */
export function printable(text: string): string {
  return text.replace(/[\t\r\n]+/g, toBlank).replace(CONTROL, '\uFFFD');
}

/** C0 and C1 controls, and the marks that turn the direction of text around. */
const CONTROL = /[\p{Cc}\p{Bidi_Control}]/gu;

function toBlank(run: string): string {
  return run.includes('\n') || run.includes('\r') ? ' ' : '  '.repeat(run.length);
}

/** How many columns of a terminal a printable text takes, near enough: wide letters and signs take two. */
export function widthOf(text: string): number {
  let width = 0;
  for (const character of text) {
    if (/\p{Mark}|\u200D|\uFE0F/u.test(character)) continue;
    width += WIDE.test(character) ? 2 : 1;
  }
  return width;
}

const WIDE =
  /[\u1100-\u115F\u2E80-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6]|\p{Extended_Pictographic}/u;
