import type { Edit } from '../../cors/repair';
import type { YamlEntry, YamlMap } from '../tree';
import { scalarText } from './scalar';
import { deleteSeparated } from './separated';
import { columnOf, edit, indentStep, isJson, lineBreak, lineEnd, lineStart, nextLine } from './text';

/** A value to be written below or behind a key: text for one line, or a block of `key: value` lines. */
export type NewValue =
  | { readonly kind: 'inline'; readonly text: string }
  /** Lines as they stand in a block, without the indentation of the first. */
  | { readonly kind: 'block'; readonly lines: readonly string[] };

export function renameKey({ key }: YamlEntry, name: string): Edit | undefined {
  if (key.computed || key.style === 'block') return undefined;
  return edit(key.source, key.start, key.end, scalarText(name, key.style));
}

/**
 * Takes an entry out of its map, with its lines and the comment on them; undefined when it is the map's only entry
 * (an empty map means something else) or does not stand in this map itself.
 */
export function deleteEntry(map: YamlMap, entry: YamlEntry): readonly Edit[] | undefined {
  const index = map.entries.indexOf(entry);
  if (index === -1 || map.entries.length < 2) return undefined;
  return map.flow ? deleteFromFlow(map, index) : [deleteLines(map, index)];
}

function deleteFromFlow({ entries, source }: YamlMap, index: number): readonly Edit[] {
  const [before, entry, next] = [entries[index - 1], entries[index], entries[index + 1]].map(
    (one) => one && { start: one.key.start, end: endOf(one) },
  );
  return entry === undefined ? [] : deleteSeparated(source, entry, before, next);
}

function deleteLines(map: YamlMap, index: number): Edit {
  const { entries, source } = map;
  const entry = entries[index];
  const next = entries[index + 1];
  const start = entry?.key.start ?? map.start;
  const { text } = source;
  const isFirstOnLine = text.slice(lineStart(text, start), start).trim() === '';
  // `- a: 1` above `  b: 2`: the dash stays, b takes a's place.
  if (!isFirstOnLine && next !== undefined) return edit(source, start, next.key.start, '');
  return edit(source, lineStart(text, start), nextLine(text, entry === undefined ? start : endOf(entry)), '');
}

/** Where an entry's own text ends: its value's end, where that stands in this file below or behind the key. */
export function endOf({ key, value }: YamlEntry): number {
  return value.source === key.source && value.end > key.end ? value.end : key.end;
}

/** The entry as it would have to be written elsewhere: its lines relative to its key's column. */
export function linesOf(entry: YamlEntry): string[] {
  const { text } = entry.key.source;
  const column = columnOf(entry.key);
  return text
    .slice(entry.key.start, endOf(entry))
    .split(/\r?\n/)
    .map((line, i) => (i === 0 ? line : line.slice(Math.min(column, line.length - line.trimStart().length))));
}

/** Adds `key: value` after the map's last entry, in the map's own style; undefined for an empty block. */
export function addEntry(map: YamlMap, key: string, value: NewValue): Edit | undefined {
  if (map.flow) return addToFlow(map, key, value);
  const last = map.entries.at(-1);
  if (last === undefined) return undefined;
  const lines =
    value.kind === 'inline'
      ? [`${key}: ${value.text}`]
      : [`${key}:`, ...value.lines.map((line) => (line === '' ? '' : `${' '.repeat(indentStep(map.source))}${line}`))];
  return addLines(map, lines);
}

/** Adds whole lines after the map's last entry, indented as its keys are. */
export function addLines(map: YamlMap, lines: readonly string[]): Edit | undefined {
  const [first] = map.entries;
  const last = map.entries.at(-1);
  if (map.flow || first === undefined || last === undefined) return undefined;
  const { text } = map.source;
  const indent = ' '.repeat(columnOf(first.key));
  const at = lineEnd(text, Math.max(endOf(last) - 1, last.key.end));
  const eol = lineBreak(text);
  return edit(map.source, at, at, lines.map((line) => `${eol}${line === '' ? '' : indent}${line}`).join(''));
}

function addToFlow(map: YamlMap, key: string, value: NewValue): Edit | undefined {
  if (value.kind === 'block') return undefined;
  const json = isJson(map);
  const pair = `${json ? JSON.stringify(key) : key}: ${value.text}`;
  const last = map.entries.at(-1);
  if (last === undefined) return edit(map.source, map.start, map.end, `{ ${pair} }`);
  const at = endOf(last);
  const { text } = map.source;
  // A JSON map over several lines gets a line of its own.
  const start = lineStart(text, last.key.start);
  const isOwnLine = text.slice(start, last.key.start).trim() === '' && text.slice(at, map.end - 1).includes('\n');
  const gap = isOwnLine ? `${lineBreak(text)}${text.slice(start, last.key.start)}` : ' ';
  return edit(map.source, at, at, `,${gap}${pair}`);
}
