import type { ResolvedHeader, ResolvedResponse } from './resolve';
import { withoutEnds } from './trim';

/**
 * What getting a header from a response's header list comes to.
 * https://fetch.spec.whatwg.org/#concept-header-list-get: values of several lines are joined by ", ".
 */
export type Got =
  | { readonly kind: 'value'; readonly text: string; readonly headers: readonly ResolvedHeader[] }
  | { readonly kind: 'absent' }
  | { readonly kind: 'unknown'; readonly reason: string; readonly headers: readonly ResolvedHeader[] };

/** The lines of that name (lower case), certain or not, in order. */
export function linesOf(response: ResolvedResponse, name: string): ResolvedHeader[] {
  return response.headers.filter((header) => header.name.toLowerCase() === name);
}

/**
 * The combined value of a header. In an open response a header that is listed is taken to stand alone, and one that
 * is not listed is unknown.
 * @param name in lower case
 */
export function get(response: ResolvedResponse, name: string): Got {
  const headers = linesOf(response, name);
  const unreadable = headers.find((header) => header.text === undefined);
  if (unreadable) return { kind: 'unknown', reason: unreadable.reason ?? 'its value is not known', headers };
  if (headers.length === 0) {
    return response.open === undefined ? { kind: 'absent' } : { kind: 'unknown', reason: response.open, headers };
  }
  return { kind: 'value', text: headers.map((header) => normalise(header.text ?? '')).join(', '), headers };
}

/** https://fetch.spec.whatwg.org/#concept-header-value-normalize */
function normalise(value: string): string {
  return withoutEnds(value, '\t\n\r ');
}

/** The items of a list as somebody writes one, whatever they are: `GET, POST`. */
export function commaItems(list: string): string[] {
  return list.split(',').map((item) => item.trim());
}

/**
 * The items of a comma-separated header (`#field-name`, `#method`); undefined when it does not parse, which makes a
 * browser refuse a preflight. https://fetch.spec.whatwg.org/#extract-header-list-values
 */
export function listItems(text: string): string[] | undefined {
  const items = text
    .split(',')
    .map((item) => normalise(item))
    .filter((item) => item !== '');
  return items.every((item) => TOKEN.test(item)) ? items : undefined;
}

/** https://httpwg.org/specs/rfc9110.html#tokens */
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
