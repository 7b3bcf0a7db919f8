import type { JsValue } from '../../../javascript';
import { reasonOf, truthiness } from '../../../javascript';
import type { CorsDialect } from '../cors/corsDialect';
import { allowedEntries, type OriginSetting } from '../cors/originValue';
import { toValue } from '../request/headerValue';
import { ALLOW_NAMES, isEmpty } from './allowOptions';
import { ORIGIN_RETURN } from './returned';

/** hono/cors 4 (dist/middleware/cors/index.js). */
export const HONO_CORS: CorsDialect = {
  name: 'hono/cors',
  layer: 'hono/cors',
  options: ALLOW_NAMES,
  takesDelegate: false,
  otherOptions: [],
  // Since 4.13 with QUERY, which changes nothing for pages.
  defaultMethods: 'GET,HEAD,PUT,POST,DELETE,PATCH,QUERY',
  methodsMustBeList: true,
  failsWithoutMethods: false,
  separator: ',',
  originSetting: settingOf,
  answerSetting: answerOf,
  asked: () => ORIGIN_RETURN,
  truthyReflects: false,
  varies: (option) => option !== 'wildcard',
  credentials: 'truthy',
  reflectsWithCredentials: false,
  reflectsHeaders: isEmpty,
  headersVary: 'when-sent',
  exposesOnPreflight: true,
  withoutRequestMethod: 'preflight',
};

/** A text is compared as a list of one is, and what can do neither `includes` nor be called fails. */
function settingOf(value: JsValue): OriginSetting {
  const { place } = value;
  switch (value.kind) {
    case 'string':
      if (value.value === '*') return { kind: 'wildcard', place, implied: false };
      return { kind: 'reflect', policy: { place, entries: value.value === '' ? [] : allowedEntries(value) }, place };
    case 'template':
      return { kind: 'reflect', policy: { place, entries: allowedEntries(value) }, place };
    case 'array': {
      const texts = value.items.filter(
        ({ kind }) => !['regexp', 'boolean', 'number', 'object', 'new', 'function'].includes(kind),
      );
      return { kind: 'reflect', policy: { place, entries: allowedEntries({ ...value, items: texts }) }, place };
    }
    case 'function':
      return { kind: 'callback', fn: value, place };
    case 'boolean':
    case 'number':
    case 'regexp':
    case 'undefined':
    case 'null':
    case 'object':
      return { kind: 'fails', varies: false, place };
    case 'new':
      if (value.name === 'Set' || value.name === 'URL' || value.name === 'RegExp')
        return { kind: 'fails', varies: false, place };
      return { kind: 'unknown', reason: reasonOf(value), place };
    default:
      return { kind: 'unknown', reason: reasonOf(value), place };
  }
}

/** What is truthy is sent as it is; without it the other headers go out all the same. */
function answerOf(value: JsValue): OriginSetting {
  const { place } = value;
  if (truthiness(value) === false) return { kind: 'reflect', policy: { place, entries: [] }, place };
  if (value.kind === 'string')
    return value.value === '*'
      ? { kind: 'wildcard', place, implied: false }
      : { kind: 'fixed', value: toValue(value), place };
  if (value.kind === 'boolean' || value.kind === 'number' || value.kind === 'template')
    return { kind: 'fixed', value: toValue(value), place };
  return { kind: 'unknown', reason: reasonOf(value), place };
}
