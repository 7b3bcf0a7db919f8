import type { Place } from '../../../cors/place';
import type { Edit } from '../../../cors/repair';
import type { Found } from '../../../yaml/edits/find';
import { flowList } from '../../../yaml/edits/list';
import { replaceItem, writeBlock, writeList } from '../../../yaml/edits/place';
import { replaceScalar } from '../../../yaml/edits/scalar';
import { edit, isJson } from '../../../yaml/edits/text';
import { deref } from '../../../yaml/tree';

/** Keys that take a list of origins. */
const LISTS: ReadonlySet<string> = new Set(['AllowOrigins', 'AllowedOrigins', 'Items']);

/** Several texts for an item of a list, or a list for a list of one. */
export function replaceWithList(found: Found | undefined, texts: readonly string[]): readonly Edit[] | undefined {
  if (found?.kind === 'item') return replaceItem(found.list, found.node, texts);
  if (found?.kind !== 'entry' && found?.kind !== 'value') return undefined;
  const value = deref(found.entry.value);
  // What stands behind an alias is shared with others.
  if (value !== found.entry.value) return undefined;
  if (value?.kind === 'list') {
    const [only] = value.items;
    return value.items.length === 1 && only !== undefined ? replaceItem(value, only, texts) : undefined;
  }
  if (value?.kind !== 'scalar' || !LISTS.has(String(found.entry.key.value))) return undefined;
  return [writeList(found.map, found.entry, value, texts)];
}

/**
 * Lets in only these origins where every origin is let in now: `*` in a list, in quotes of its own in a SAM `Cors`, or
 * `CorsConfiguration: true`.
 */
export function allowList(
  found: Found | undefined,
  place: Place,
  origins: readonly string[],
): readonly Edit[] | undefined {
  const [origin = '', ...others] = origins;
  const isOne = others.length === 0;
  if (found?.kind === 'inside') {
    return isOne && !/['"\\\n]/.test(origin) ? [edit(found.node.source, place.start, place.end, origin)] : undefined;
  }
  if (found?.kind === 'item') return found.list.items.length === 1 ? replaceWithList(found, origins) : undefined;
  if (found?.kind !== 'entry' && found?.kind !== 'value') return undefined;
  const { entry, map } = found;
  const value = deref(entry.value);
  if (value?.kind === 'list') return replaceWithList(found, origins);
  if (value?.kind !== 'scalar' || value !== entry.value || value.computed) return undefined;
  if (entry.key.value === 'CorsConfiguration') {
    return [writeBlock(map, entry, value, 'AllowOrigins', flowList(origins, isJson(map) ? 'double' : 'plain'))];
  }
  if (/^'\*'$/.test(String(value.value)) && isOne && value.style !== 'block') {
    const edited = replaceScalar(value, `'${origin}'`);
    return edited && [edited];
  }
  return replaceWithList(found, origins);
}
