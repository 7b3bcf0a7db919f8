import type { Directive, Word } from '../syntax/tree';

/**
 * Where a statement seems to lack its `;`: the end of the last word before one that starts a line and could start a
 * statement.
 */
export function swallowedStatement(
  { name, args }: Directive,
  text: string,
  startsStatement: (word: Word) => boolean,
): number | undefined {
  let before = name;
  for (const word of args) {
    const between = text.slice(before.range.end, word.range.start);
    if (between.includes('\n') && startsStatement(word)) return before.range.end;
    before = word;
  }
  return undefined;
}
