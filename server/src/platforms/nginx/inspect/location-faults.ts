import { hasHole } from '../syntax/holes';
import type { Directive } from '../syntax/tree';
import { splitLocation } from './argument-faults';
import { headRange, type Refusal, refusal } from './refusal';

/** A location that cannot be inside the one around it (`ngx_http_core_location`). */
export function nestingFault(location: Directive): Refusal | undefined {
  const { parent } = location;
  if (parent?.name.value !== 'location' || isUnknown(location) || isUnknown(parent)) return undefined;
  const inner = splitLocation(location.args);
  const outer = splitLocation(parent.args);
  const range = headRange(location);
  const isNamed = (each: typeof inner) => each.modifier === '' && each.path.startsWith('@');
  if (outer.modifier === '=') {
    return refusal(`location "${inner.path}" cannot be inside the exact location "${outer.path}"`, range);
  }
  if (isNamed(outer)) {
    return refusal(`location "${inner.path}" cannot be inside the named location "${outer.path}"`, range);
  }
  if (isNamed(inner)) {
    return refusal(`named location "${inner.path}" can be on the server level only`, range);
  }
  if (inner.modifier.startsWith('~') || inner.path.startsWith(outer.path)) return undefined;
  return refusal(`location "${inner.path}" is outside location "${outer.path}"`, range);
}

/** Of the locations of one block, those that stand there a second time (`ngx_http_join_exact_locations`). */
export function duplicateLocations(siblings: readonly Directive[]): Refusal[] {
  const seen = new Map<string, Directive>();
  const found: Refusal[] = [];
  for (const each of siblings) {
    if (each.name.value !== 'location' || each.block === undefined || isUnknown(each)) continue;
    const { modifier, path } = splitLocation(each.args);
    if (modifier.startsWith('~') || path.startsWith('@')) continue;
    const key = `${modifier === '=' ? '=' : ''} ${path}`;
    const first = seen.get(key);
    if (first === undefined) seen.set(key, each);
    else found.push(refusal(`duplicate location "${path}"`, headRange(each), { kind: 'contradicted', first }));
  }
  return found;
}

function isUnknown({ args }: Directive): boolean {
  return args.length === 0 || args.length > 2 || args.some(({ raw }) => hasHole(raw));
}
