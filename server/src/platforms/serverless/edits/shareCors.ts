import type { Edit } from '../../../cors/repair';
import { addEntry, addLines, linesOf, type NewValue } from '../../../yaml/edits/entry';
import { scalarText } from '../../../yaml/edits/scalar';
import { columnOf, edit, indentStep, isJson, lineBreak } from '../../../yaml/edits/text';
import { textOf, type YamlEntry, type YamlNode } from '../../../yaml/tree';
import type { CorsEvent } from '../gateway/corsEvent';
import type { RestEvent } from '../service/rest';

/**
 * Gives an event without `cors` that of another event of the service: plain values as they stand, a block by an
 * anchor where the event stands below it, and a copy where it stands above. Undefined where neither can be written.
 */
export function shareCors(from: CorsEvent, to: RestEvent): readonly Edit[] | undefined {
  const { entry } = from.cors;
  const { map } = to;
  const at = map ?? to.pathNode;
  if (at.source !== entry.key.source || isForeign(entry)) return undefined;
  const shared = sharedText(entry, at.start);
  if (shared !== undefined) {
    const value: NewValue = { kind: 'inline', text: shared.text };
    const added = map === undefined ? longEvent(to, [`cors: ${shared.text}`]) : addEntry(map, 'cors', value);
    return added && [...shared.edits, added];
  }
  const lines = linesOf(entry);
  if (lines.some((line) => /(?:^|[\s[{,])[&*]\w/.test(line))) return undefined;
  if (map === undefined) return one(longEvent(to, lines));
  if (!map.flow) return one(addLines(map, lines));
  const text = textOf(entry.value);
  return text.includes('\n') || !isFlow(entry.value) ? undefined : one(addEntry(map, 'cors', { kind: 'inline', text }));
}

/**
 * Puts the `cors` of one event in the place of another's. Undefined where that cannot be written, or where a comment
 * would go with what is replaced.
 */
export function replaceCors(from: CorsEvent, to: CorsEvent): readonly Edit[] | undefined {
  const { key, value } = to.cors.entry;
  const { entry } = from.cors;
  if (key.source !== entry.key.source || isForeign(entry) || isForeign(to.cors.entry)) return undefined;
  const shared = sharedText(entry, key.start);
  if (shared === undefined) return undefined;
  const { text } = key.source;
  const colon = text.indexOf(':', key.end);
  if (/(?:^|\s)#/.test(text.slice(colon, value.end))) return undefined;
  return [...shared.edits, edit(key.source, colon + 1, value.end, ` ${shared.text}`)];
}

interface Shared {
  readonly text: string;
  /** The anchor that has to be written. */
  readonly edits: readonly Edit[];
}

/** What to write for the value at a place further down or, for plain values, anywhere in the file. */
function sharedText(entry: YamlEntry, at: number): Shared | undefined {
  const { value, key } = entry;
  if (value.kind === 'scalar') return value.style === 'block' ? undefined : { text: textOf(value), edits: [] };
  if (value.kind === 'alias') {
    return value.target !== undefined && value.target.start < at ? { text: textOf(value), edits: [] } : undefined;
  }
  if (value.end > at || isJsonNode(value)) return undefined;
  if (value.anchor !== undefined) return { text: `*${value.anchor}`, edits: [] };
  const name = freeAnchor(key.source.text);
  const colon = key.source.text.indexOf(':', key.end);
  return { text: `*${name}`, edits: [edit(key.source, colon + 1, colon + 1, ` &${name}`)] };
}

function freeAnchor(text: string): string {
  const taken = new Set(Array.from(text.matchAll(/&([\w-]+)/g), ([, name]) => name));
  for (let n = 1; ; n += 1) {
    const name = n === 1 ? 'cors' : `cors${n}`;
    if (!taken.has(name)) return name;
  }
}

function isJsonNode(node: YamlNode): boolean {
  return node.kind === 'map' && isJson(node);
}

function isFlow(node: YamlNode): boolean {
  return node.kind === 'map' && node.flow;
}

/** A value that is reached through a variable or stands in another file than its key. */
function isForeign({ key, value }: YamlEntry): boolean {
  return key.computed || value.source !== key.source;
}

function one(made: Edit | undefined): readonly Edit[] | undefined {
  return made === undefined ? undefined : [made];
}

/**
 * `- http: GET /users` becomes a map with these lines of `cors`; undefined where it is no such event, or its item is
 * written in braces.
 */
export function longEvent({ event, pathNode, path, method }: RestEvent, cors: readonly string[]): Edit | undefined {
  const { entry } = event;
  if (pathNode !== entry.value || pathNode.kind !== 'scalar' || event.item.flow || path === undefined) return undefined;
  const { source } = pathNode;
  const step = ' '.repeat(indentStep(source));
  const indent = `${lineBreak(source.text)}${' '.repeat(columnOf(entry.key))}${step}`;
  // A path that stood without quotes behind the method does so by itself: nothing but the method came before it.
  const written =
    pathNode.style === 'plain' ? `/${path}` : scalarText(`/${path}`, pathNode.style === 'double' ? 'double' : 'single');
  const lines = [`path: ${written}`, `method: ${(method ?? 'get').toLowerCase()}`, ...cors];
  const colon = source.text.indexOf(':', entry.key.end);
  return edit(source, colon + 1, pathNode.end, lines.map((line) => `${indent}${line}`).join(''));
}
