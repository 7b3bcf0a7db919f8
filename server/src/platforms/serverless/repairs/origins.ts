import type { Edit } from '../../../cors/repair';
import { renameKey } from '../../../yaml/edits/entry';
import type { Found } from '../../../yaml/edits/find';
import { flowList } from '../../../yaml/edits/list';
import { replaceItem, writeBlock, writeList } from '../../../yaml/edits/place';
import { quoteOf, scalarText, usualQuote } from '../../../yaml/edits/scalar';
import { columnOf, edit, isJson, lineBreak } from '../../../yaml/edits/text';
import { deref, entriesOf, entryOf, type YamlEntry, type YamlMap, type YamlScalar } from '../../../yaml/tree';
import type { ServerlessAnalysis } from '../analysis';
import { entryOfList } from './find';

/** Keys that take a list of origins, or have a sister that does; another may be named where a text has to stand. */
const LISTS: ReadonlySet<string> = new Set([
  'origin',
  'origins',
  'allowedOrigins',
  'AllowOrigins',
  'AllowedOrigins',
  'Items',
]);

/** Several origins for one value: a REST event's `origin` becomes `origins`, a list takes them as items. */
export function replaceWithList(
  analysis: ServerlessAnalysis,
  found: Found | undefined,
  texts: readonly string[],
): readonly Edit[] | undefined {
  if (found?.kind === 'item') return replaceItem(found.list, found.node, texts);
  if (found?.kind !== 'value' || found.node.kind !== 'scalar' || found.node.computed) return undefined;
  return writeOrigins(analysis, found.map, found.entry, found.node, texts);
}

/** A key with a list: `origin: a` → `origins:` with its items; other keys keep their names. */
function writeOrigins(
  analysis: ServerlessAnalysis,
  map: YamlMap,
  entry: YamlEntry,
  node: YamlScalar,
  texts: readonly string[],
): readonly Edit[] | undefined {
  if (!LISTS.has(String(entry.key.value))) return undefined;
  const needsSister = entry.key.value === 'origin' && texts.length > 1;
  if (needsSister && (entryOf(map, 'origins') !== undefined || !isRestCors(analysis, map))) return undefined;
  const renamed = needsSister ? renameKey(entry, 'origins') : undefined;
  const written = writeList(map, entry, node, texts);
  return renamed === undefined ? [written] : [renamed, written];
}

/** Only there `origin` has a sister; a key that variables name keeps its name. */
function isRestCors({ rest }: ServerlessAnalysis, map: YamlMap): boolean {
  return rest.some(({ cors }) => cors.kind === 'map' && cors.map === map);
}

/**
 * Lets in only these origins where every origin is let in now: `*` as a value or in a list, `cors: true`, or a block
 * without origins. `found` is the header's setting or the value itself.
 */
export function allowList(
  analysis: ServerlessAnalysis,
  found: Found | undefined,
  origins: readonly string[],
  key: 'origin' | 'allowedOrigins',
): readonly Edit[] | undefined {
  if (found?.kind === 'item') {
    const isAlone = found.list.items.length === 1 && entryOfList(analysis, found.list) !== undefined;
    return isAlone ? replaceWithList(analysis, found, origins) : undefined;
  }
  if (found?.kind !== 'entry' && found?.kind !== 'value') return undefined;
  const { entry, map } = found;
  if (entry.key.value !== 'cors') return originsOf(analysis, map, entry, origins);
  const value = deref(entry.value);
  if (value?.kind === 'scalar' && !value.computed && value === entry.value) {
    const pair = pairOf(map, key, origins);
    return [writeBlock(map, entry, value, pair.name, pair.text)];
  }
  const added = value?.kind === 'map' ? firstEntry(value, key, origins) : undefined;
  return added && [added];
}

function originsOf(
  analysis: ServerlessAnalysis,
  map: YamlMap,
  entry: YamlEntry,
  origins: readonly string[],
): readonly Edit[] | undefined {
  const { value } = entry;
  if (value.kind === 'list') {
    const [only] = value.items;
    return value.items.length === 1 && only !== undefined ? replaceItem(value, only, origins) : undefined;
  }
  if (value.kind !== 'scalar' || value.computed || value.style === 'block') return undefined;
  const [single = ''] = origins;
  if (origins.length > 1) return writeOrigins(analysis, map, entry, value, origins);
  return [edit(value.source, value.start, value.end, scalarText(single, quoteOf(value)))];
}

/** A REST event takes one origin under `origin`, several under `origins`. */
function pairOf(
  map: YamlMap,
  key: 'origin' | 'allowedOrigins',
  origins: readonly string[],
): { readonly name: string; readonly text: string } {
  const quote = isJson(map) ? 'double' : usualQuote(map.source.file);
  if (key === 'origin' && origins.length === 1) return { name: key, text: scalarText(origins[0] ?? '', quote) };
  return { name: key === 'origin' ? 'origins' : key, text: flowList(origins, quote) };
}

/** Puts the origins before a block's first key. */
function firstEntry(map: YamlMap, key: 'origin' | 'allowedOrigins', origins: readonly string[]): Edit | undefined {
  const [first] = map.entries;
  if (first === undefined || entriesOf(map).has(key)) return undefined;
  const { name, text } = pairOf(map, key, origins);
  const gap = map.flow ? ', ' : `${lineBreak(map.source.text)}${' '.repeat(columnOf(first.key))}`;
  const { start } = first.key;
  return edit(map.source, start, start, `${isJson(map) ? JSON.stringify(name) : name}: ${text}${gap}`);
}
