import type { OriginEntry, OriginPolicy } from '../../../cors/policy';
import type { Option, Value } from '../../../cors/value';
import type { ArrayValue, JsValue } from '../../../javascript';
import { itemEntries } from '../../../javascript/originItems';
import type { EventNames } from '../request';
import { headerValue } from '../value';

/** The major versions of middy that are known. */
export type MiddyMajor = 1 | 2 | 3 | 4 | 5 | 6 | 7;

export function asMajor(version: number | null): MiddyMajor | undefined {
  return MAJORS.find((one) => one === version);
}

export const MAJORS: readonly MiddyMajor[] = [1, 2, 3, 4, 5, 6, 7];

/** How a major version of `@middy/http-cors` differs from the others (its `index.js`, versions 1.5 to 7.9). */
export interface CorsDialect {
  /** What `origin` is when it is not given. */
  readonly defaultOrigin: string | undefined;
  /** Whether an empty origin sets no header at all. */
  readonly omitsEmpty: boolean;
  /** What `origins` makes of a request. */
  fromList(list: ArrayValue, credentials: boolean | undefined, names: EventNames): Value;
  /** Options that go out as they are, with their headers. */
  readonly lists: readonly (readonly [option: string, header: string])[];
  /** When `Vary: Origin` is set: never; where the origin sent is not `*`; the same where one is sent; by the options. */
  readonly vary: 'none' | 'by-value' | 'by-set-value' | 'appended';
  /** Whether it answers OPTIONS by itself when `disableBeforePreflightResponse` is false. */
  readonly answersPreflight: boolean;
}

const FIRST_LISTS = [
  ['headers', 'Access-Control-Allow-Headers'],
  ['maxAge', 'Access-Control-Max-Age'],
] as const;

const LISTS = [
  ...FIRST_LISTS,
  ['methods', 'Access-Control-Allow-Methods'],
  ['exposeHeaders', 'Access-Control-Expose-Headers'],
] as const;

const REQUEST_LISTS = [
  ...LISTS,
  ['requestHeaders', 'Access-Control-Request-Headers'],
  ['requestMethods', 'Access-Control-Request-Methods'],
] as const;

const OLD: CorsDialect = {
  defaultOrigin: '*',
  omitsEmpty: false,
  fromList: firstOf,
  lists: REQUEST_LISTS,
  vary: 'by-value',
  answersPreflight: false,
};

const DIALECTS: Readonly<Record<MiddyMajor, CorsDialect>> = {
  1: { ...OLD, lists: FIRST_LISTS, vary: 'none' },
  2: { ...OLD, vary: 'none' },
  3: OLD,
  4: { ...OLD, answersPreflight: true },
  5: { ...OLD, omitsEmpty: true, fromList: admitted, vary: 'by-set-value', answersPreflight: true },
  6: {
    defaultOrigin: undefined,
    omitsEmpty: true,
    fromList: admitted,
    lists: LISTS,
    vary: 'appended',
    answersPreflight: true,
  },
  7: {
    defaultOrigin: undefined,
    omitsEmpty: true,
    fromList: admitted,
    lists: LISTS,
    vary: 'appended',
    answersPreflight: true,
  },
};

export function corsDialect(major: MiddyMajor): CorsDialect {
  return DIALECTS[major];
}

/** Versions 1 to 4: an origin of the list gets itself back, any other one the list's first. */
function firstOf(list: ArrayValue, _: boolean | undefined, names: EventNames): Value {
  const { place } = list;
  const [first] = list.items;
  if (first === undefined) return { kind: 'unknown', reason: '`origins` cannot be read', place };
  const entries = list.items.flatMap((item) => itemEntries(item, false));
  return choice(list, entriesWith(list, entries), { when: { kind: 'always' }, value: headerValue(first, names) });
}

/** Version 5 and later: `*` for all, a `*` inside an item for one label; any other origin gets nothing. */
function admitted(list: ArrayValue, credentials: boolean | undefined): Value {
  const { place } = list;
  const star = list.items.find((item) => item.kind === 'string' && item.value === '*');
  if (star !== undefined && credentials !== true) {
    if (credentials === undefined || list.items.length > 1 || list.rest !== null) {
      return { kind: 'unknown', reason: 'it depends on `origins` and `credentials`', place };
    }
    return { kind: 'literal', text: '*', place: star.place };
  }
  const entries = list.items.flatMap(entriesOfItem);
  return choice(list, entriesWith(list, entries));
}

function entriesOfItem(item: JsValue): readonly OriginEntry[] {
  const { place } = item;
  if (item.kind !== 'string' || !item.value.includes('*')) return itemEntries(item, false);
  if (item.value === '*') return [{ kind: 'any', how: "`origins: ['*']` with `credentials`", place }];
  const source = `^${item.value.replaceAll('.', '\\.').replaceAll('*', '[^.]*')}$`;
  return [{ kind: 'match', test: { kind: 'regex', source, flags: '', dialect: 'ecmascript' }, place }];
}

function entriesWith({ rest }: ArrayValue, entries: readonly OriginEntry[]): readonly OriginEntry[] {
  return rest === null
    ? entries
    : [...entries, { kind: 'unknown', reason: 'not all of the list can be read', place: rest.place }];
}

function choice({ place }: ArrayValue, entries: readonly OriginEntry[], ...others: readonly Option[]): Value {
  const policy: OriginPolicy = { place, entries };
  return {
    kind: 'choice',
    place,
    options: [{ when: { kind: 'origin-admitted', policy }, value: { kind: 'request-origin', place } }, ...others],
  };
}
