import type { Range } from '../cors/place';
import type { CompletionWord, Platform } from '../lint/types';

/** An option of a CORS set-up that stands in a text. Offsets are UTF-16. */
export interface OptionHere {
  /** The word under the pointer. */
  readonly range: Range;
  /** The header that it sets or is a value of, in lower case. */
  readonly header?: string;
  readonly note?: string;
  /** The options that it is among. */
  readonly block?: Range;
}

/** What completion would offer at the offset and stands there already; undefined where nothing of ours stands. */
export function optionAt(platforms: readonly Platform[], text: string, offset: number): OptionHere | undefined {
  for (const platform of platforms) {
    const context = platform.completionAt?.(text, offset);
    if (context === undefined) continue;
    const { replace: range, words, block } = context;
    const here = text.slice(range.start, range.end);
    if (here === '') return undefined;
    const word = words.find((each) => bare(each.text) === bare(here)) ?? aValue(words);
    if (word === undefined) return undefined;
    const { header, note } = word;
    return {
      range,
      ...(header === undefined ? {} : { header }),
      ...(note === undefined ? {} : { note }),
      ...(block === undefined ? {} : { block }),
    };
  }
  return undefined;
}

/** Values that are not among the usual ones are of the same header. A key that nobody offers means nothing. */
function aValue(words: readonly CompletionWord[]): CompletionWord | undefined {
  const [first] = words;
  if (first?.kind !== 'value' || first.header === undefined) return undefined;
  return { text: '', kind: 'value', header: first.header };
}

function bare(text: string): string {
  return text
    .trimEnd()
    .replace(/:$/, '')
    .replace(/^(["'])(.*)\1$/, '$2');
}
