import type { Place } from '../../../cors/place';
import type { Edit } from '../../../cors/repair';
import { deleteEntry, renameKey } from '../../../yaml/edits/entry';
import { deleteItem, flowList, replaceByLines } from '../../../yaml/edits/list';
import { type Quote, replaceRaw, replaceScalar, scalarText } from '../../../yaml/edits/scalar';
import { edit, isJson, lineBreak, lineStart } from '../../../yaml/edits/text';
import {
  deref,
  entriesOf,
  entryOf,
  type YamlEntry,
  type YamlMap,
  type YamlNode,
  type YamlScalar,
} from '../../../yaml/tree';
import type { ServerlessAnalysis } from '../analysis';
import { entryOfList, findAt } from './find';

/** Keys whose values are booleans, not text. */
const BOOLEANS: ReadonlySet<string> = new Set(['allowCredentials']);

export function replaceValue(analysis: ServerlessAnalysis, place: Place, text: string): readonly Edit[] | undefined {
  const found = findAt(analysis, place);
  switch (found?.kind) {
    case 'inside': {
      const { node } = found;
      // Text inside quotes that needs escaping is not worth the risk.
      if (/['"\\\n]/.test(text)) return undefined;
      return [edit(node.source, place.start, place.end, text)];
    }
    case 'item':
      return one(scalarEdit(found.node, text));
    case 'value': {
      const node = deref(found.node);
      if (BOOLEANS.has(String(found.entry.key.value)) && node?.kind === 'scalar') return one(replaceRaw(node, text));
      return one(scalarEdit(found.node, text));
    }
    default:
      return undefined;
  }
}

/** A function's argument (`!Sub …`) is not the value: only a plain scalar is replaced. */
function scalarEdit(node: YamlNode, text: string): Edit | undefined {
  return node.kind === 'scalar' && node.tag === undefined ? replaceScalar(node, text) : undefined;
}

function one(made: Edit | undefined): readonly Edit[] | undefined {
  return made === undefined ? undefined : [made];
}

/** Several origins for one value: a REST event's `origin` becomes `origins`, a list takes them as items. */
export function replaceWithList(
  analysis: ServerlessAnalysis,
  place: Place,
  texts: readonly string[],
): readonly Edit[] | undefined {
  const found = findAt(analysis, place);
  if (found?.kind === 'item') {
    const { list, node } = found;
    if (node.kind !== 'scalar' || node.tag !== undefined || node.computed || node.style === 'block') return undefined;
    const [first = '', ...others] = texts.map((text) => scalarText(text, quoteOf(node)));
    if (list.flow) return [edit(node.source, node.start, node.end, [first, ...others].join(', '))];
    const gap = `${lineBreak(node.source.text)}${' '.repeat(columnOfDash(node))}- `;
    return [edit(node.source, node.start, node.end, [first, ...others].join(gap))];
  }
  if (found?.kind !== 'value' || found.node.kind !== 'scalar' || found.node.computed) return undefined;
  return writeOrigins(analysis, found.map, found.entry, found.node, texts);
}

function columnOfDash({ source: { text }, start }: YamlScalar): number {
  return text.lastIndexOf('-', start - 1) - lineStart(text, start);
}

/** Keys that take a list of origins, or have a sister that does; another may be named where a text has to stand. */
const LISTS: ReadonlySet<string> = new Set([
  'origin',
  'origins',
  'allowedOrigins',
  'AllowOrigins',
  'AllowedOrigins',
  'Items',
]);

/** A key with a list: `origin: a` → `origins:` with its items; other keys keep their names. */
function writeOrigins(
  analysis: ServerlessAnalysis,
  map: YamlMap,
  entry: YamlEntry,
  node: YamlScalar,
  texts: readonly string[],
): readonly Edit[] | undefined {
  if (!LISTS.has(String(entry.key.value))) return undefined;
  const rename = entry.key.value === 'origin' && texts.length > 1;
  if (rename && (entryOf(map, 'origins') !== undefined || !isRestCors(analysis, map))) return undefined;
  const renamed = rename ? renameKey(entry, 'origins') : undefined;
  const written =
    map.flow || isJson(map)
      ? edit(node.source, node.start, node.end, flowList(texts, isJson(map) ? 'double' : quoteOf(node)))
      : replaceByLines(entry, texts, quoteOf(node));
  return renamed === undefined ? [written] : [renamed, written];
}

/** Only there `origin` has a sister; a key that variables name keeps its name. */
function isRestCors({ rest }: ServerlessAnalysis, map: YamlMap): boolean {
  return rest.some(({ cors }) => cors.kind === 'map' && cors.map === map);
}

/** The quotes of a value, as far as others like it would have them: `'*'` needs its quotes, an origin does not. */
function quoteOf(node: YamlScalar): Quote {
  if (node.style === 'single' && scalarText(String(node.value), 'plain').startsWith("'")) return 'plain';
  return node.style === 'block' ? 'plain' : node.style;
}

export function rename(analysis: ServerlessAnalysis, place: Place, name: string): readonly Edit[] | undefined {
  const found = findAt(analysis, place);
  if (found?.kind === 'entry' && found.part === 'key') return one(renameKey(found.entry, name));
  if (found?.kind === 'inside' && /^[\w.-]+$/.test(name))
    return [edit(found.node.source, place.start, place.end, name)];
  return undefined;
}

/** A setting, or an item of a list. */
export function remove(analysis: ServerlessAnalysis, place: Place): readonly Edit[] | undefined {
  const found = findAt(analysis, place);
  if (found?.kind === 'entry') return deleteEntry(found.map, found.entry);
  if (found?.kind === 'item') return one(deleteItem(found.list, found.index));
  if (found?.kind === 'value') return deleteEntry(found.map, found.entry);
  return undefined;
}

/**
 * Lets in only these origins where every origin is let in now: `*` as a value or in a list, `cors: true`, or a block
 * without origins. `place` is the header's setting or the value itself.
 */
export function allowList(
  analysis: ServerlessAnalysis,
  place: Place,
  origins: readonly string[],
  key: 'origin' | 'allowedOrigins',
): readonly Edit[] | undefined {
  const found = findAt(analysis, place);
  if (found?.kind === 'item') {
    const owner = entryOfList(analysis, found.list);
    if (found.list.items.length !== 1 || owner === undefined) return undefined;
    return replaceWithList(analysis, place, origins);
  }
  if (found?.kind !== 'entry' && found?.kind !== 'value') return undefined;
  const { entry, map } = found;
  if (entry.key.value !== 'cors') return originsOf(analysis, map, entry, origins);
  const value = deref(entry.value);
  if (value?.kind === 'scalar' && !value.computed && value === entry.value) {
    return [writeBlock(map, entry, value, key, origins)];
  }
  return value?.kind === 'map' ? one(firstEntry(value, key, origins)) : undefined;
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
    if (value.items.length !== 1 || only?.kind !== 'scalar') return undefined;
    return replaceWithList(analysis, { file: only.source.file, start: only.start, end: only.end }, origins);
  }
  if (value.kind !== 'scalar' || value.computed || value.style === 'block') return undefined;
  const [single = ''] = origins;
  if (origins.length > 1) return writeOrigins(analysis, map, entry, value, origins);
  return [edit(value.source, value.start, value.end, scalarText(single, quoteOf(value)))];
}

/** `cors: true` → `cors:` with the origins below it. */
function writeBlock(
  map: YamlMap,
  entry: YamlEntry,
  value: YamlScalar,
  key: 'origin' | 'allowedOrigins',
  origins: readonly string[],
): Edit {
  const quote = isJson(map) ? 'double' : 'plain';
  const list = key === 'allowedOrigins' || origins.length > 1;
  const name = key === 'origin' && list ? 'origins' : key;
  const written = list ? flowList(origins, quote) : scalarText(origins[0] ?? '', quote);
  if (map.flow) {
    const quotedName = isJson(map) ? JSON.stringify(name) : name;
    return edit(value.source, value.start, value.end, `{ ${quotedName}: ${written} }`);
  }
  const { text } = entry.key.source;
  const line = text.lastIndexOf('\n', entry.key.start - 1) + 1;
  const column = entry.key.start - line;
  const step = stepOf(map) ?? 2;
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const colon = text.indexOf(':', entry.key.end);
  return edit(value.source, colon + 1, value.end, `${eol}${' '.repeat(column + step)}${name}: ${written}`);
}

function stepOf(map: YamlMap): number | undefined {
  const found = /^( *)\S[^\n]*:[ \t]*\r?\n\1( +)[^\s-]/m.exec(map.source.text);
  return found?.[2]?.length;
}

/** Puts the origins before a block's first key. */
function firstEntry(map: YamlMap, key: 'origin' | 'allowedOrigins', origins: readonly string[]): Edit | undefined {
  const [first] = map.entries;
  if (first === undefined || entriesOf(map).has(key)) return undefined;
  const list = key === 'allowedOrigins' || origins.length > 1;
  const name = key === 'origin' && list ? 'origins' : key;
  const json = isJson(map);
  const written = list
    ? flowList(origins, json ? 'double' : 'plain')
    : scalarText(origins[0] ?? '', json ? 'double' : 'plain');
  const { text } = map.source;
  const line = text.lastIndexOf('\n', first.key.start - 1) + 1;
  const gap = map.flow ? ', ' : `\n${' '.repeat(first.key.start - line)}`;
  const shown = json ? JSON.stringify(name) : name;
  return edit(map.source, first.key.start, first.key.start, `${shown}: ${written}${gap}`);
}
