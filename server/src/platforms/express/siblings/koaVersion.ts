import { type JsValue, property, truthiness } from '../../../javascript';
import type { LowestVersion } from '../../../javascript/packageMajor';
import type { CorsDialect } from '../cors/corsDialect';
import { KOA_CORS } from './koaCors';

/** How a version of @koa/cors is read. */
export interface KoaDialect {
  readonly dialect: CorsDialect;
  /** Unset where the version does something else with these options, or may. */
  readonly isCertain: boolean;
}

/** From here on `*` is reflected with credentials also where it is given or called for (index.js of 3.4.0 and 3.4.1). */
const REFLECTS_SINCE = [3, 4, 1] as const;

/** Before 4 a request without an Origin is passed on (index.js of 3.4.3 and 4.0.0). */
const THREE: CorsDialect = { ...KOA_CORS, needsOrigin: true };
const OLDER: CorsDialect = { ...THREE, reflectsWithCredentials: false };

/**
 * What a version does with an Origin, by the options of `cors(…)`. Without an origin versions 3 and 4 reflect every one,
 * as 5 does with credentials alone; version 2 waits for no promise (index.js of each).
 */
export function koaDialect(argument: JsValue | undefined, version: LowestVersion | null): KoaDialect {
  const dialect = version !== null && version.numbers[0] < 4 ? THREE : KOA_CORS;
  const isAsFive = { dialect, isCertain: true };
  const isOpen = { dialect, isCertain: false };
  if (version === null || version.numbers[0] >= 5) return isAsFive;
  if (version.numbers[0] < 3 || argument?.kind !== 'object') return isOpen;
  const origin = property(argument, 'origin')?.value;
  const credentials = property(argument, 'credentials')?.value;
  // A function decides for each request from 3.1 on.
  const isAlwaysWith = credentials !== undefined && credentials.kind !== 'function' && truthiness(credentials) === true;
  const isGiven = origin === undefined ? false : truthiness(origin);
  // One that is not known may be `*`, or none.
  if (origin === undefined || isGiven !== true)
    return isAlwaysWith && (isGiven === false || isReflecting(version)) ? isAsFive : isOpen;
  if (isReflecting(version)) return isAsFive;
  const isNeverWith = argument.rest === null && (credentials === undefined || truthiness(credentials) === false);
  if (isNeverWith || (origin.kind === 'string' && origin.value !== '*')) return isAsFive;
  if (credentials?.kind === 'function') return isOpen;
  return version.isExact ? { dialect: OLDER, isCertain: true } : isOpen;
}

function isReflecting({ numbers }: LowestVersion): boolean {
  const at = numbers.findIndex((number, i) => number !== REFLECTS_SINCE[i]);
  return at < 0 || (numbers[at] ?? 0) > (REFLECTS_SINCE[at] ?? 0);
}
