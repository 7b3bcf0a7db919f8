import type { Place } from '../../../cors/place';
import type { OriginEntry, OriginPolicy } from '../../../cors/policy';
import type { Value } from '../../../cors/value';
import { type Branch, condition, type FunctionValue, type JsValue, reasonOf, snippet } from '../../../javascript';
import { itemEntries } from '../../../javascript/originItems';
import type { OriginNames } from '../../../javascript/originParts';
import { toValue } from '../request/headerValue';

/**
 * What an `origin` value makes the cors package, or one like it, do (cors 2.8.6, lib/index.js, `configureOrigin` and
 * `isOriginAllowed`).
 */
export type OriginSetting =
  /** `*` for everyone. */
  | { readonly kind: 'wildcard'; readonly place: Place; readonly implied: boolean }
  /** No CORS headers at all, and preflights passed on. */
  | { readonly kind: 'off'; readonly place: Place }
  /** This text for every request, whatever it is. */
  | { readonly kind: 'fixed'; readonly value: Value; readonly place: Place }
  /** The request's origin when the policy lets it in. */
  | { readonly kind: 'reflect'; readonly policy: OriginPolicy; readonly place: Place }
  /** Every request ends with an error; `varies` when `Vary: Origin` has been set by then. */
  | { readonly kind: 'fails'; readonly varies: boolean; readonly place: Place }
  /** A function that is asked for each request. */
  | { readonly kind: 'callback'; readonly fn: FunctionValue; readonly place: Place }
  | { readonly kind: 'unknown'; readonly reason: string; readonly place: Place };

/**
 * The setting for one value of the `origin` option, choices taken apart beforehand.
 * @param absent the option's key is not there at all, so the default holds
 */
export function originSetting(value: JsValue, names: OriginNames): OriginSetting {
  const { place } = value;
  switch (value.kind) {
    case 'string':
      if (value.value === '') return { kind: 'off', place };
      if (value.value === '*') return { kind: 'wildcard', place, implied: false };
      return { kind: 'fixed', value: toValue(value), place };
    case 'template':
    case 'environment':
      return { kind: 'fixed', value: toValue(value), place };
    case 'undefined':
    case 'null':
      return { kind: 'off', place };
    case 'boolean':
    case 'number':
      return value.value ? reflectAny(value) : { kind: 'off', place };
    case 'array':
    case 'regexp':
      return { kind: 'reflect', policy: { place, entries: allowedEntries(value) }, place };
    case 'function':
      return { kind: 'callback', fn: value, place };
    // Anything else that is truthy allows every origin.
    case 'object':
      return reflectAny(value);
    case 'new':
      return isPattern(value) ? { kind: 'unknown', reason: reasonOf(value), place } : reflectAny(value);
    case 'call':
      if (isPromise(value)) return reflectAny(value);
      return { kind: 'unknown', reason: reasonOf(value), place };
    default:
      // Inside a callback the origin itself may be handed back: `callback(null, origin)`.
      if (names.isOrigin(value)) return reflectAny(value);
      return { kind: 'unknown', reason: reasonOf(value), place };
  }
}

export function reflectAny(value: JsValue): OriginSetting {
  const { place } = value;
  return { kind: 'reflect', policy: { place, entries: [{ kind: 'any', how: snippet(value), place }] }, place };
}

/** A regular expression that is put together of text that is not known: `new RegExp(process.env.SITE)`. */
export function isPattern(value: JsValue): boolean {
  return value.kind === 'new' && value.name === 'RegExp';
}

/** `Promise.resolve(…)`, and calls of `async` functions that can be read: a promise is truthy. */
export function isPromise(value: JsValue): boolean {
  if (value.kind !== 'call') return false;
  const { callee } = value;
  if (callee.kind === 'function') return callee.function.async;
  const object = callee.kind === 'member' ? callee.object : null;
  return object?.kind === 'import' && object.specifier === 'globalThis' && object.exported === 'Promise';
}

/** What `isOriginAllowed` accepts, one entry an item. */
export function allowedEntries(value: JsValue): readonly OriginEntry[] {
  const { place } = value;
  switch (value.kind) {
    case 'array': {
      const entries = value.items.flatMap(allowedEntries);
      if (value.rest === null) return entries;
      return [...entries, { kind: 'unknown', reason: reasonOf(value.rest), place: value.rest.place }];
    }
    case 'regexp':
      return [
        {
          kind: 'match',
          test: { kind: 'regex', source: value.pattern, flags: value.flags, dialect: 'ecmascript' },
          place,
        },
      ];
    case 'boolean':
    case 'number':
      return value.value ? [{ kind: 'any', how: snippet(value), place }] : [];
    case 'new':
      if (isPattern(value)) return [{ kind: 'unknown', reason: reasonOf(value), place }];
      return [{ kind: 'any', how: snippet(value), place }];
    case 'object':
    case 'function':
      return [{ kind: 'any', how: snippet(value), place }];
    case 'choice':
      return value.branches.some((branch) => !isPlain(branch.value))
        ? [{ kind: 'unknown', reason: reasonOf(value), place }]
        : itemEntries(value, false);
    default:
      return itemEntries(value, false);
  }
}

function isPlain(value: JsValue): boolean {
  return ['string', 'environment', 'template', 'undefined', 'null'].includes(value.kind);
}

/** A variable of the environment is a text or, where it is not set, nothing. */
export function unsetToo(branch: Branch): readonly Branch[] {
  const { when, value } = branch;
  if (value.kind !== 'environment') return [branch];
  return [
    { when: [...when, condition(value, true)], value },
    { when: [...when, condition(value, false)], value: { ...value, kind: 'undefined' } },
  ];
}
