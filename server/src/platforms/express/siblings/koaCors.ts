import type { JsValue } from '../../../javascript';
import { reasonOf, truthiness } from '../../../javascript';
import type { CorsDialect } from '../cors/corsDialect';
import type { OriginSetting } from '../cors/originValue';
import { joined, toValue } from '../request/headerValue';
import { ALLOW_NAMES, isEmpty } from './allowOptions';
import { CONTEXT_RETURN } from './returned';

/** @koa/cors 5 (index.js). */
export const KOA_CORS: CorsDialect = {
  name: '@koa/cors',
  layer: '@koa/cors',
  options: ALLOW_NAMES,
  takesDelegate: false,
  otherOptions: ['keepHeadersOnError', 'secureContext', 'privateNetworkAccess'],
  defaultMethods: 'GET,HEAD,PUT,POST,DELETE,PATCH',
  methodsMustBeList: false,
  failsWithoutMethods: false,
  separator: ',',
  // `options.origin || '*'`
  originSetting: (value) =>
    truthiness(value) === false && value.kind !== 'not'
      ? { kind: 'wildcard', place: value.place, implied: false }
      : sentOrigin(value),
  answerSetting: (value) => (truthiness(value) === false ? { kind: 'off', place: value.place } : sentOrigin(value)),
  asked: () => CONTEXT_RETURN,
  truthyReflects: false,
  varies: () => true,
  credentials: 'truthy',
  reflectsWithCredentials: true,
  reflectsHeaders: isEmpty,
  headersVary: 'never',
  exposesOnPreflight: false,
  withoutRequestMethod: 'passed-on',
};

/** Whatever it is goes into the header as text; Koa sends a list as so many lines, which browsers join. */
function sentOrigin(value: JsValue): OriginSetting {
  const { place } = value;
  switch (value.kind) {
    case 'string':
      return value.value === '*'
        ? { kind: 'wildcard', place, implied: false }
        : { kind: 'fixed', value: toValue(value), place };
    case 'template':
      return { kind: 'fixed', value: toValue(value), place };
    case 'array':
      return { kind: 'fixed', value: joined(value.items, value.rest, ', ', place), place };
    case 'boolean':
    case 'number':
      return { kind: 'fixed', value: toValue(value), place };
    case 'regexp':
      return { kind: 'fixed', value: { kind: 'literal', text: `/${value.pattern}/${value.flags}`, place }, place };
    case 'function':
      return { kind: 'callback', fn: value, place };
    default:
      return { kind: 'unknown', reason: reasonOf(value), place };
  }
}
