import type { Asked, Browser } from './browser';
import { type Place, samePlace } from './place';

/** A place of one endpoint, and the place that plays its part for another. */
export interface PlacePair {
  readonly here: Place;
  readonly there: Place;
}

/**
 * Whether an endpoint gives the same answers as another one to all that the other was asked, but for its path and for
 * where things are written: whoever came to know the other by these questions alone would ask this one the same, and
 * come to the same conclusions. Words that only say who answers may differ.
 * @param known the endpoint that was asked
 * @param asked what it was asked
 * @param other the endpoint to compare with it; is asked the same
 * @returns the places that differ, those of the known endpoint in `here`; undefined when the two are not alike
 */
export function counterpart(known: Browser, asked: readonly Asked[], other: Browser): readonly PlacePair[] | undefined {
  const [a, b] = [known.endpoint, other.endpoint];
  const same = comparison();
  const isAlike =
    a.platform === b.platform &&
    a.partial === b.partial &&
    same.of(a.methods, b.methods) &&
    same.of(a.requestHeaders, b.requestHeaders) &&
    same.of(a.place, b.place) &&
    same.of(a.policies, b.policies) &&
    same.of(a.cache, b.cache) &&
    asked.every((one) => {
      if (one.request.path !== a.path) return false;
      const answer = other.ask({ ...one.request, path: b.path });
      // What only the other looks at might make it answer another request differently.
      for (const what of answer.reads.keys()) if (!one.reads.has(what)) return false;
      return same.of(one.responses, answer.responses);
    });
  if (!isAlike) return undefined;
  const own = same.pairs.filter(({ here, there }) => !samePlace(here, there));
  return sameLayout(own, same.pairs) ? own : undefined;
}

/** With more places than this to keep apart, comparing endpoints costs more than judging each. */
const MOST_PLACES = 200;

/** Words for messages, which nothing is decided by. */
const WORDS = new Set(['layer', 'what']);

interface Comparison {
  /** Whether two values hold the same, but for words, and for places as long as each has one counterpart. */
  of(a: unknown, b: unknown): boolean;
  /** Each place met so far with its counterpart. */
  readonly pairs: readonly PlacePair[];
}

function comparison(): Comparison {
  const pairs: PlacePair[] = [];
  const met = new Set<object>();
  return { of, pairs };

  function of(a: unknown, b: unknown): boolean {
    if (!isObject(a) || !isObject(b)) return a === b;
    // What is one and the same is looked through once, for the places in it.
    if (a === b) {
      if (met.has(a)) return true;
      met.add(a);
    }
    if (isPlace(a)) return isPlace(b) && pair(a, b);
    if (isList(a)) return isList(b) && a.length === b.length && a.every((item, i) => of(item, b[i]));
    if (a instanceof Map) return b instanceof Map && of([...a], [...b]);
    const keys = Object.keys(a);
    if (keys.length !== Object.keys(b).length) return false;
    return keys.every((key) => WORDS.has(key) || (key in b && of(a[key], b[key])));
  }

  function pair(here: Place, there: Place): boolean {
    for (const known of pairs) {
      if (known.here === here && known.there === there) return true;
      const isHere = samePlace(known.here, here);
      if (isHere || samePlace(known.there, there)) return isHere && samePlace(known.there, there);
    }
    if (pairs.length === MOST_PLACES) return false;
    pairs.push({ here, there });
    return true;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

function isPlace(value: object): value is Place {
  return 'file' in value && 'start' in value && 'end' in value;
}

/** Whether places that lie in each other, or in one file, have counterparts that do. */
function sameLayout(own: readonly PlacePair[], all: readonly PlacePair[]): boolean {
  return own.every((one) =>
    all.every(
      (two) =>
        contains(one.here, two.here) === contains(one.there, two.there) &&
        contains(two.here, one.here) === contains(two.there, one.there) &&
        (one.here.file === two.here.file) === (one.there.file === two.there.file),
    ),
  );
}

function contains(outer: Place, inner: Place): boolean {
  return outer.file === inner.file && outer.start <= inner.start && inner.end <= outer.end;
}
