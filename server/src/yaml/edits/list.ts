import type { Edit } from '../../cors/repair';
import type { YamlEntry, YamlList } from '../tree';
import { type Quote, quoteOf, scalarText } from './scalar';
import { deleteSeparated } from './separated';
import { columnOf, edit, indentStep, lineBreak, lineEnd, lineStart, nextLine } from './text';

/** Takes one item out of a list; undefined when it is the only one. */
export function deleteItem(list: YamlList, index: number): readonly Edit[] | undefined {
  const { items, source } = list;
  const item = items[index];
  if (item === undefined || items.length < 2) return undefined;
  if (list.flow) return deleteSeparated(source, item, items[index - 1], items[index + 1]);
  return [edit(source, lineStart(source.text, item.start), nextLine(source.text, item.end), '')];
}

/** Puts one more text at the end of a list of texts, in the list's own style. */
export function appendItem(list: YamlList, value: string): Edit | undefined {
  const last = list.items.at(-1);
  if (last?.kind !== 'scalar' || last.style === 'block' || last.source !== list.source) return undefined;
  const item = scalarText(value, quoteOf(last));
  const { text } = list.source;
  if (list.flow) return edit(list.source, last.end, last.end, `, ${item}`);
  const dash = text.lastIndexOf('-', last.start - 1);
  const end = lineEnd(text, last.end);
  const indent = ' '.repeat(dash - lineStart(text, dash));
  return edit(list.source, end, end, `${lineBreak(text)}${indent}- ${item}`);
}

/** Values as a flow list: `[a, 'b']`. */
export function flowList(texts: readonly string[], quote: Quote): string {
  return `[${texts.map((text) => scalarText(text, quote)).join(', ')}]`;
}

/** Puts a list, one item on each line, for a value that stands behind its key on the same line. */
export function replaceByLines(entry: YamlEntry, texts: readonly string[], quote: Quote): Edit {
  const { key, value } = entry;
  const { text } = key.source;
  const indent = ' '.repeat(columnOf(key) + indentStep(key.source));
  const lines = texts.map((one) => `${lineBreak(text)}${indent}- ${scalarText(one, quote)}`).join('');
  const colon = text.indexOf(':', key.end);
  return edit(key.source, colon + 1, value.end, lines);
}
