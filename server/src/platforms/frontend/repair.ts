import type { Edit, Repair } from '../../cors/repair';
import type { FrontEndAnalysis } from './analysis';

/** Takes a header out of a call, with its comma and its line. Of the server's side nothing is written here. */
export function repair({ file, text }: FrontEndAnalysis, wanted: Repair): readonly Edit[] | undefined {
  return wanted.kind === 'remove' && wanted.place.file === file ? [withoutProperty(text, wanted.place)] : undefined;
}

/** The edit that takes a property of an object out. */
export function withoutProperty(
  text: string,
  { file, start, end }: { file: string; start: number; end: number },
): Edit {
  const after = /^\s*,[ \t]*/.exec(text.slice(end));
  const before = /,\s*$/.exec(text.slice(0, start));
  const lineBefore = /\n[ \t]*$/.exec(text.slice(0, start));
  if (after !== null) {
    const to = end + after[0].length;
    const isLine = lineBefore !== null && /^\s*?(?:\n|$)/.test(text.slice(to));
    return { file, start: isLine ? start - lineBefore[0].length : start, end: to, text: '' };
  }
  if (before !== null) return { file, start: start - before[0].length, end, text: '' };
  return { file, start, end, text: '' };
}
