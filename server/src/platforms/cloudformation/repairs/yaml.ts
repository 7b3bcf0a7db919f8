import type { Place } from '../../../cors/place';
import type { Edit } from '../../../cors/repair';
import { deleteEntry, renameKey } from '../../../yaml/edits/entry';
import { findAt } from '../../../yaml/edits/find';
import { deleteItem, flowList, replaceByLines } from '../../../yaml/edits/list';
import { type Quote, replaceRaw, replaceScalar, scalarText } from '../../../yaml/edits/scalar';
import { columnOf, edit, isJson, lineBreak, lineStart } from '../../../yaml/edits/text';
import { deref, type YamlEntry, type YamlMap, type YamlNode, type YamlScalar } from '../../../yaml/tree';

type Roots = readonly YamlNode[];

/** Keys whose values are booleans or numbers, not text. */
const RAW: ReadonlySet<string> = new Set([
  'AllowCredentials',
  'AccessControlAllowCredentials',
  'MaxAge',
  'AccessControlMaxAgeSec',
]);

/** Another text for the value at the place. A text inside inner quotes keeps them. */
export function replaceValue(roots: Roots, place: Place, text: string): readonly Edit[] | undefined {
  const found = findAt(roots, place);
  switch (found?.kind) {
    case 'inside':
      // Text inside quotes that needs escaping is not worth the risk.
      return /['"\\\n]/.test(text) ? undefined : [edit(found.node.source, place.start, place.end, text)];
    case 'item':
      return one(scalarEdit(found.node, text));
    case 'value': {
      const node = deref(found.node);
      const isRaw = RAW.has(String(found.entry.key.value)) && node?.kind === 'scalar' && typeof node.value !== 'string';
      return isRaw ? one(replaceRaw(node, text)) : one(scalarEdit(found.node, text));
    }
    default:
      return undefined;
  }
}

/** A function's argument (`!Sub …`) is not the value: only a plain scalar is replaced. */
function scalarEdit(node: YamlNode, text: string): Edit | undefined {
  return node.kind === 'scalar' && node.tag === undefined ? replaceScalar(node, text) : undefined;
}

/** Several texts for an item of a list, or a list for a list of one. */
export function replaceWithList(roots: Roots, place: Place, texts: readonly string[]): readonly Edit[] | undefined {
  const found = findAt(roots, place);
  if (found?.kind === 'item') return replaceItem(found.list.flow, found.node, texts);
  if (found?.kind !== 'entry' && found?.kind !== 'value') return undefined;
  const value = deref(found.entry.value);
  if (value?.kind === 'list' && value === found.entry.value) {
    const [only] = value.items;
    return value.items.length === 1 && only !== undefined ? replaceItem(value.flow, only, texts) : undefined;
  }
  if (value?.kind !== 'scalar' || value !== found.entry.value) return undefined;
  return LISTS.has(String(found.entry.key.value)) ? [writeList(found.map, found.entry, value, texts)] : undefined;
}

/** Keys that take a list of origins. */
const LISTS: ReadonlySet<string> = new Set(['AllowOrigins', 'AllowedOrigins', 'Items']);

function replaceItem(isFlow: boolean, node: YamlNode, texts: readonly string[]): readonly Edit[] | undefined {
  if (node.kind !== 'scalar' || node.tag !== undefined || node.computed || node.style === 'block') return undefined;
  const [first = '', ...others] = texts.map((text) => scalarText(text, quoteOf(node)));
  const { text } = node.source;
  if (isFlow) return [edit(node.source, node.start, node.end, [first, ...others].join(', '))];
  const dash = text.lastIndexOf('-', node.start);
  const indent = `${lineBreak(text)}${' '.repeat(dash - lineStart(text, node.start))}- `;
  return [edit(node.source, node.start, node.end, [first, ...others].join(indent))];
}

function writeList(map: YamlMap, entry: YamlEntry, node: YamlScalar, texts: readonly string[]): Edit {
  if (map.flow || isJson(map)) {
    return edit(node.source, node.start, node.end, flowList(texts, isJson(map) ? 'double' : quoteOf(node)));
  }
  return replaceByLines(entry, texts, quoteOf(node));
}

/** The quotes of a value, as far as others like it would have them: `'*'` needs its quotes, an origin does not. */
function quoteOf(node: YamlScalar): Quote {
  if (node.style === 'single' && scalarText(String(node.value), 'plain').startsWith("'")) return 'plain';
  return node.style === 'block' ? 'plain' : node.style;
}

export function rename(roots: Roots, place: Place, name: string): readonly Edit[] | undefined {
  const found = findAt(roots, place);
  if (found?.kind === 'entry' && found.part === 'key') return one(renameKey(found.entry, name));
  if (found?.kind === 'inside' && /^[\w.-]+$/.test(name)) {
    return [edit(found.node.source, place.start, place.end, name)];
  }
  return undefined;
}

/** A setting, or an item of a list. */
export function remove(roots: Roots, place: Place): readonly Edit[] | undefined {
  const found = findAt(roots, place);
  if (found?.kind === 'entry' || found?.kind === 'value') return deleteEntry(found.map, found.entry);
  return found?.kind === 'item' ? one(deleteItem(found.list, found.index)) : undefined;
}

/**
 * Lets in only these origins where every origin is let in now: `*` in a list, in quotes of its own in a SAM `Cors`, or
 * `CorsConfiguration: true`.
 */
export function allowList(roots: Roots, place: Place, origins: readonly string[]): readonly Edit[] | undefined {
  const found = findAt(roots, place);
  const [origin = ''] = origins;
  if (found?.kind === 'inside') return origins.length === 1 ? replaceValue(roots, place, origin) : undefined;
  if (found?.kind === 'item') return found.list.items.length === 1 ? replaceWithList(roots, place, origins) : undefined;
  if (found?.kind !== 'entry' && found?.kind !== 'value') return undefined;
  const { entry, map } = found;
  const value = deref(entry.value);
  if (value?.kind === 'list') return replaceWithList(roots, place, origins);
  if (value?.kind !== 'scalar' || value !== entry.value || value.computed) return undefined;
  if (entry.key.value === 'CorsConfiguration') return [writeBlock(map, entry, value, origins)];
  const inner = /^'(\*)'$/.exec(String(value.value));
  if (inner !== null && origins.length === 1 && value.style !== 'block') {
    return one(replaceScalar(value, `'${origin}'`));
  }
  return LISTS.has(String(entry.key.value)) ? replaceWithList(roots, place, origins) : undefined;
}

/** `CorsConfiguration: true` → `CorsConfiguration:` with the origins below it. */
function writeBlock(map: YamlMap, entry: YamlEntry, value: YamlScalar, origins: readonly string[]): Edit {
  const list = flowList(origins, isJson(map) ? 'double' : 'plain');
  if (map.flow) {
    const key = isJson(map) ? '"AllowOrigins"' : 'AllowOrigins';
    return edit(value.source, value.start, value.end, `{ ${key}: ${list} }`);
  }
  const { text } = entry.key.source;
  const colon = text.indexOf(':', entry.key.end);
  const indent = ' '.repeat(columnOf(entry.key) + 2);
  return edit(value.source, colon + 1, value.end, `${lineBreak(text)}${indent}AllowOrigins: ${list}`);
}

function one(made: Edit | undefined): readonly Edit[] | undefined {
  return made === undefined ? undefined : [made];
}
