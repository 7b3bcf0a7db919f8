import type { Place } from '../../cors/place';
import { entryPlace } from '../places';
import type { YamlEntry, YamlList, YamlMap, YamlNode, YamlScalar } from '../tree';

/** What stands at a place of a YAML file. */
export type Found =
  /** A whole setting, or its key alone (`part: 'key'`). */
  | { readonly kind: 'entry'; readonly map: YamlMap; readonly entry: YamlEntry; readonly part: 'whole' | 'key' }
  | { readonly kind: 'item'; readonly list: YamlList; readonly index: number; readonly node: YamlNode }
  | { readonly kind: 'value'; readonly map: YamlMap; readonly entry: YamlEntry; readonly node: YamlNode }
  /** A piece of a scalar: the text inside the quotes of a mapping, one origin of a comma list, a header's name. */
  | { readonly kind: 'inside'; readonly node: YamlScalar };

/** The innermost thing that stands exactly at the place (UTF-16 offsets, half-open) in the trees of its file. */
export function findAt(roots: readonly YamlNode[], place: Place): Found | undefined {
  let found: Found | undefined;
  const stack: YamlNode[] = [...roots];
  const is = (one: { readonly start: number; readonly end: number }): boolean =>
    one.start === place.start && one.end === place.end;
  const holds = (one: YamlNode): boolean =>
    one.kind === 'scalar' && one.start <= place.start && place.end <= one.end && place.end > place.start;
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (node.kind === 'map') {
      for (const entry of node.entries) {
        const { key, value } = entry;
        if (is(entryPlace(entry))) found = { kind: 'entry', map: node, entry, part: 'whole' };
        else if (is(key)) found = { kind: 'entry', map: node, entry, part: 'key' };
        else if (is(value)) found = { kind: 'value', map: node, entry, node: value };
        else if (holds(key)) found = { kind: 'inside', node: key };
        else if (value.kind === 'scalar' && holds(value)) found = { kind: 'inside', node: value };
        stack.push(value);
      }
    }
    if (node.kind === 'list') {
      for (const [index, item] of node.items.entries()) {
        if (is(item)) found = { kind: 'item', list: node, index, node: item };
        else if (item.kind === 'scalar' && holds(item)) found = { kind: 'inside', node: item };
        stack.push(item);
      }
    }
  }
  return found;
}
