import type { Request } from '../../../../cors/http';
import { searches } from '../../../../cors/pattern';
import type { Place } from '../../../../cors/place';
import { type JsValue, property } from '../../../../javascript';

/** One item of `has` or `missing` (next/dist/shared/lib/router/utils/prepare-destination.js, `matchHas`). */
export interface Wanted {
  readonly type: string;
  readonly key: string | null;
  /** A pattern for the whole of the value; null when any will do. */
  readonly pattern: string | null;
  readonly place: Place;
}

/** The items of a list; null when they cannot be read. */
export function wantedIn(value: JsValue | undefined): readonly Wanted[] | null {
  if (value === undefined || value.kind === 'undefined') return [];
  if (value.kind !== 'array' || value.rest !== null) return null;
  const items = value.items.map((item): Wanted | null => {
    if (item.kind !== 'object' || item.rest !== null) return null;
    const [type, key, pattern] = ['type', 'key', 'value'].map((name) => property(item, name)?.value);
    if (type?.kind !== 'string') return null;
    const isAny = pattern === undefined || pattern.kind === 'undefined';
    if (!isAny && pattern.kind !== 'string') return null;
    return {
      type: type.value,
      key: key?.kind === 'string' ? key.value : null,
      pattern: isAny ? null : pattern.value,
      place: isAny ? item.place : pattern.place,
    };
  });
  return items.every((item) => item !== null) ? items : null;
}

/** The pattern as a regular expression for the whole value. */
export function wholePattern(pattern: string): string {
  return `^${pattern}$`;
}

/** Whether the request has what is wanted; undefined when that cannot be told. */
export function isThere(wanted: Wanted, request: Request): boolean | undefined {
  const value = valueFor(wanted, request);
  if (value === undefined) return undefined;
  if (value === null || value === '') return false;
  if (wanted.pattern === null) return true;
  const source = wholePattern(wanted.pattern);
  return searches({ kind: 'regex', source, flags: '', dialect: 'ecmascript' }, value);
}

/** Null when the request has none; undefined when that is not known. */
function valueFor({ type, key }: Wanted, request: Request): string | null | undefined {
  switch (type) {
    case 'header': {
      const name = key?.toLowerCase() ?? '';
      if (name === 'origin') return request.origin ?? null;
      if (name === 'host' || name === 'user-agent' || name.startsWith('accept') || name.startsWith('x-forwarded'))
        return undefined;
      return request.headers.get(name) ?? null;
    }
    case 'query':
      return new URLSearchParams(request.path.split('?')[1] ?? '').get(key ?? '');
    case 'cookie':
      return request.headers.has('cookie') ? undefined : null;
    default:
      return undefined;
  }
}
