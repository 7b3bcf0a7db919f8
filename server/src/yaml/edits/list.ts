import type { Edit } from '../../cors/repair';
import type { YamlEntry, YamlList } from '../tree';
import { type Quote, scalarText } from './scalar';
import { deleteSeparated } from './separated';
import { columnOf, edit, indentStep, lineBreak, lineStart, nextLine } from './text';

/** Takes one item out of a list; undefined when it is the only one. */
export function deleteItem(list: YamlList, index: number): readonly Edit[] | undefined {
  const { items, source } = list;
  const item = items[index];
  if (item === undefined || items.length < 2) return undefined;
  if (list.flow) return deleteSeparated(source, item, items[index - 1], items[index + 1]);
  return [edit(source, lineStart(source.text, item.start), nextLine(source.text, item.end), '')];
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
