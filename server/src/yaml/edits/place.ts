import type { Place } from '../../cors/place';
import type { Edit } from '../../cors/repair';
import { deref, type YamlEntry, type YamlList, type YamlMap, type YamlNode, type YamlScalar } from '../tree';
import { deleteEntry, renameKey } from './entry';
import type { Found } from './find';
import { appendItem, deleteItem, flowList, replaceByLines } from './list';
import { quoteOf, replaceRaw, replaceScalar, scalarText } from './scalar';
import { columnOf, edit, indentStep, isJson, lineBreak, lineStart } from './text';

/**
 * Edits of what stands at a place of a YAML file. Each is undefined where it cannot be made with certainty: through an
 * alias, into the text of a function (`!Sub …`), of a block scalar, or of a value that variables put together.
 */

/**
 * Another text for the value. A text inside inner quotes keeps them.
 * @param raw keys whose values are booleans or numbers, and are written without quotes
 */
export function replaceValue(
  found: Found | undefined,
  place: Place,
  text: string,
  raw: ReadonlySet<string>,
): readonly Edit[] | undefined {
  switch (found?.kind) {
    case 'inside':
      // Text inside quotes that needs escaping is not worth the risk.
      return /['"\\\n]/.test(text) ? undefined : [edit(found.node.source, place.start, place.end, text)];
    case 'item':
      return one(scalarEdit(found.node, text));
    case 'value': {
      const node = deref(found.node);
      if (node?.kind === 'list') return node === found.node ? one(appended(node, text)) : undefined;
      const isRaw = raw.has(String(found.entry.key.value)) && node?.kind === 'scalar' && node.tag === undefined;
      return one(isRaw ? replaceRaw(node, text) : scalarEdit(found.node, text));
    }
    default:
      return undefined;
  }
}

/** A list that is sent with commas between its items takes one more, where the text is the list with one more. */
function appended(list: YamlList, text: string): Edit | undefined {
  const texts = text.split(',').map((each) => each.trim());
  const last = texts.pop();
  const isLonger = texts.length === list.items.length && texts.every((each, i) => isText(list.items[i], each));
  return isLonger && last !== undefined ? appendItem(list, last) : undefined;
}

function isText(node: YamlNode | undefined, text: string): boolean {
  return node?.kind === 'scalar' && node.tag === undefined && !node.computed && String(node.value) === text;
}

/** A function's argument is not the value: only a plain scalar is replaced. */
function scalarEdit(node: YamlNode, text: string): Edit | undefined {
  return node.kind === 'scalar' && node.tag === undefined ? replaceScalar(node, text) : undefined;
}

/** Several texts for one item of a list, each an item in the list's own style. */
export function replaceItem(list: YamlList, node: YamlNode, texts: readonly string[]): readonly Edit[] | undefined {
  if (node.kind !== 'scalar' || node.tag !== undefined || node.computed || node.style === 'block') return undefined;
  const items = texts.map((text) => scalarText(text, quoteOf(node)));
  const { text } = node.source;
  const dash = text.lastIndexOf('-', node.start - 1);
  const between = list.flow ? ', ' : `${lineBreak(text)}${' '.repeat(dash - lineStart(text, node.start))}- `;
  return [edit(node.source, node.start, node.end, items.join(between))];
}

/** A list for the scalar that stands behind a key: lines below the key, or `[a, b]` where the map is `{ … }`. */
export function writeList(map: YamlMap, entry: YamlEntry, node: YamlScalar, texts: readonly string[]): Edit {
  if (map.flow || isJson(map)) {
    return edit(node.source, node.start, node.end, flowList(texts, isJson(map) ? 'double' : quoteOf(node)));
  }
  return replaceByLines(entry, texts, quoteOf(node));
}

/** A map of one key for the scalar that stands behind a key: `cors: true` → `cors:` and `  origins: [a]` below. */
export function writeBlock(map: YamlMap, entry: YamlEntry, node: YamlScalar, key: string, value: string): Edit {
  if (map.flow) {
    return edit(node.source, node.start, node.end, `{ ${isJson(map) ? JSON.stringify(key) : key}: ${value} }`);
  }
  const { source } = entry.key;
  const indent = ' '.repeat(columnOf(entry.key) + indentStep(source));
  const colon = source.text.indexOf(':', entry.key.end);
  return edit(node.source, colon + 1, node.end, `${lineBreak(source.text)}${indent}${key}: ${value}`);
}

/** Another name for the key, or for the name that is a part of a key. */
export function rename(found: Found | undefined, place: Place, name: string): readonly Edit[] | undefined {
  if (found?.kind === 'entry' && found.part === 'key') return one(renameKey(found.entry, name));
  if (found?.kind === 'inside' && /^[\w.-]+$/.test(name)) {
    return [edit(found.node.source, place.start, place.end, name)];
  }
  return undefined;
}

/** Takes a setting, or an item of a list, out. */
export function remove(found: Found | undefined): readonly Edit[] | undefined {
  if (found?.kind === 'entry' || found?.kind === 'value') return deleteEntry(found.map, found.entry);
  return found?.kind === 'item' ? deleteItem(found.list, found.index) : undefined;
}

function one(made: Edit | undefined): readonly Edit[] | undefined {
  return made === undefined ? undefined : [made];
}
