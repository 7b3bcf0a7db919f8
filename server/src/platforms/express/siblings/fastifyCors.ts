import type { OriginEntry } from '../../../cors/policy';
import type { JsValue } from '../../../javascript';
import type { OriginNames } from '../../../javascript/originParts';
import type { CorsDialect } from '../cors/corsDialect';
import { type OriginSetting, originSetting } from '../cors/originValue';
import { ORIGIN_EITHER } from './returned';

/**
 * @fastify/cors, by its major version (index.js). From version 11 on only GET, HEAD and POST are allowed unless the
 * options say more.
 */
export function fastifyCors(version: number | null): CorsDialect {
  const setting = (value: JsValue, names: OriginNames) => settingOf(value, names, version);
  return {
    name: '@fastify/cors',
    layer: '@fastify/cors',
    options: {
      origin: 'origin',
      methods: 'methods',
      allowedHeaders: 'allowedHeaders',
      exposedHeaders: 'exposedHeaders',
      credentials: 'credentials',
      maxAge: 'maxAge',
      preflightContinue: 'preflightContinue',
      optionsSuccessStatus: 'optionsSuccessStatus',
    },
    delegate: 'delegator',
    preflightSwitch: 'preflight',
    takesDelegate: false,
    otherOptions: [
      'hook',
      'preflight',
      'strictPreflight',
      'hideOptionsRoute',
      'cacheControl',
      'delegator',
      'logLevel',
      // Fastify's own, for every plugin.
      'prefix',
      'encapsulate',
    ],
    defaultMethods: version === null ? null : version >= 11 ? 'GET,HEAD,POST' : 'GET,HEAD,PUT,PATCH,POST,DELETE',
    methodsMustBeList: false,
    failsWithoutMethods: false,
    separator: ', ',
    originSetting: setting,
    answerSetting: setting,
    asked: () => ORIGIN_EITHER,
    truthyReflects: true,
    varies: (option) => option === 'reflect' || option === 'callback',
    credentials: 'truthy',
    reflectsWithCredentials: false,
    reflectsHeaders: ({ kind }) => (kind === 'import' || kind === 'unknown' ? undefined : kind === 'null'),
    headersVary: 'when-reflected',
    exposesOnPreflight: true,
    withoutRequestMethod: { refusedUnless: 'strictPreflight' },
  };
}

/** Only `false` turns CORS off; whatever else is falsy makes every request fail. */
function settingOf(value: JsValue, names: OriginNames, version: number | null): OriginSetting {
  const { place } = value;
  if (value.kind === 'array' && value.items.some((item) => item.kind === 'string' && item.value === '*')) {
    if (version !== null && version >= 11) return { kind: 'wildcard', place, implied: false };
    return { kind: 'unknown', reason: 'it depends on the version of @fastify/cors', place };
  }
  const setting = originSetting(value, names);
  if (setting.kind === 'off')
    return value.kind === 'boolean' ? setting : { kind: 'fails', varies: value.kind !== 'string', place };
  if (setting.kind !== 'reflect') return setting;
  return { ...setting, policy: { ...setting.policy, entries: setting.policy.entries.map(withoutMemory) } };
}

/** Each test starts at the beginning: `lastIndex` is set back. */
function withoutMemory(entry: OriginEntry): OriginEntry {
  if (entry.kind !== 'match' || entry.test.kind !== 'regex') return entry;
  return { ...entry, test: { ...entry.test, flags: entry.test.flags.replace('g', '') } };
}
