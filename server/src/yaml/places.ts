import type { Place } from '../cors/place';
import type { YamlEntry, YamlNode } from './tree';

/** Where a node stands. */
export function placeOf(node: YamlNode): Place {
  return { file: node.source.file, start: node.start, end: node.end };
}

/** A key with its value; where the value stands in another file or behind an alias, the key with what stands there. */
export function entryPlace(entry: YamlEntry): Place {
  const { key, value } = entry;
  const end = value.source === key.source && value.end > key.end ? value.end : key.end;
  return { file: key.source.file, start: key.start, end };
}
