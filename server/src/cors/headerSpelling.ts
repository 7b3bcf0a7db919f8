import { distance } from 'fastest-levenshtein';
import { CORS_REQUEST_HEADERS, OTHER_KNOWN_HEADERS, RESPONSE_HEADERS, VARY } from './names';
import { withoutEnd } from './trim';

/** What is wrong with a header's name in a response, and the name that was meant. */
export interface Misspelling {
  readonly kind: 'colon' | 'underscore' | 'request-header' | 'near-miss';
  readonly meant: string;
}

/**
 * Why a response header of that name means nothing to a browser though it looks as if it should; undefined for names
 * that are right, and for those that have nothing to do with CORS.
 * @param name as written, in any case
 */
export function misspelling(name: string): Misspelling | undefined {
  const lower = name.trim().toLowerCase();
  if (isKnown(lower)) return undefined;
  const bare = withoutEnd(lower, ' \t\r\n:=');
  if (bare !== lower) {
    const meant = known(bare) ?? misspelling(bare)?.meant;
    return meant === undefined ? undefined : { kind: 'colon', meant };
  }
  const dashed = known(lower.replaceAll('_', '-'));
  if (dashed !== undefined) return { kind: 'underscore', meant: dashed };
  const asked = REQUEST_COUNTERPARTS.get(lower);
  if (asked !== undefined) return { kind: 'request-header', meant: asked };
  const near = nearest(lower);
  return near === undefined ? undefined : { kind: 'near-miss', meant: near };
}

const REQUEST_COUNTERPARTS: ReadonlyMap<string, string> = new Map([
  ['access-control-request-method', 'Access-Control-Allow-Methods'],
  ['access-control-request-methods', 'Access-Control-Allow-Methods'],
  ['access-control-request-headers', 'Access-Control-Allow-Headers'],
  ['access-control-request-header', 'Access-Control-Allow-Headers'],
  ['origin', 'Access-Control-Allow-Origin'],
]);

function isKnown(lower: string): boolean {
  if (CORS_REQUEST_HEADERS.has(lower)) return false;
  return lower === VARY || OTHER_KNOWN_HEADERS.has(lower) || known(lower) !== undefined;
}

function known(lower: string): string | undefined {
  return RESPONSE_HEADERS.find((name) => name.toLowerCase() === lower);
}

/** Names of the same family differ by a word, so a few letters count as the same word and a word more may be left out. */
function nearest(lower: string): string | undefined {
  const words = lower.replace(/^x-/, '').replaceAll('_', '-');
  if (!/a[a-z]{3,6}[-_]?c[a-z]{3,6}[-_]?|allow|origin/.test(words)) return undefined;
  const ranked = RESPONSE_HEADERS.map((name) => ({ name, away: away(words, name.toLowerCase()) })).sort(
    (a, b) => a.away - b.away,
  );
  const [best, second] = ranked;
  return best && second && best.away <= 3 && best.away < second.away ? best.name : undefined;
}

/** The distance in letters, with the family's words left out where the name leaves them out. */
function away(name: string, wanted: string): number {
  const short = wanted.replace('access-control-', '');
  const forms = [
    wanted,
    wanted.replaceAll('-', ''),
    `access-${short}`,
    wanted.replace('-allow-', '-'),
    `cors-${short}`,
  ];
  const letters = forms.map((form) => distance(name, form));
  const alone = name === short ? 0 : Number.POSITIVE_INFINITY;
  return Math.min(...letters, alone);
}
