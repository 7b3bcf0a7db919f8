import { type JsValue, truthiness } from '../../../javascript';
import type { OriginNames } from '../../../javascript/originParts';
import { type Answering, ORIGIN_CALLBACK } from './asked';
import { type OriginSetting, originSetting } from './originValue';

/** Every option that cors 2.8.6 reads (lib/index.js); `headers` stands for `allowedHeaders`. */
export const OPTION_NAMES = [
  'origin',
  'methods',
  'allowedHeaders',
  'headers',
  'exposedHeaders',
  'credentials',
  'maxAge',
  'preflightContinue',
  'optionsSuccessStatus',
] as const;

export type OptionName = (typeof OPTION_NAMES)[number];

/**
 * What tells one CORS middleware of Node from another: the names of its options, its defaults, and what it makes of an
 * origin. `corsPackage.ts` runs all of them by this table.
 */
export interface CorsDialect extends Answering {
  /** To stand in a sentence: "the cors package". */
  readonly name: string;
  /** Who sets the headers, in words. */
  readonly layer: string;
  /** Its names for the options of the cors package; those that it has nothing like are left out. */
  readonly options: Readonly<Partial<Record<OptionName, string>>>;
  /** The key of an option that decides about all others with each request. */
  readonly delegate?: string;
  /** The key of an option that leaves preflights to the app unless it is `true`. */
  readonly preflightSwitch?: string;
  /** Whether a function in the place of the options is asked for them: `(request, callback) => …`. */
  readonly takesDelegate: boolean;
  /** Other keys that it reads. */
  readonly otherOptions: readonly string[];
  /** Null when it depends on the package's version, which is not known. */
  readonly defaultMethods: string | null;
  /** What becomes of methods that are no list: they are sent as they are, or nothing is. */
  readonly methodsMustBeList: boolean;
  /** Whether `undefined` for the methods makes a preflight fail; otherwise none are sent. */
  readonly failsWithoutMethods: boolean;
  /** What stands between the items of a list. */
  readonly separator: ',' | ', ';
  /** What one value of the `origin` option does, choices taken apart beforehand. */
  originSetting(value: JsValue, names: OriginNames): OriginSetting;
  /** Whether `Vary: Origin` is sent, by what the option is and by what it came to for the request. */
  varies(option: OriginSetting['kind'], outcome: OriginSetting['kind']): boolean;
  /** Whether only the boolean `true` allows credentials, or everything truthy does. */
  readonly credentials: 'true' | 'truthy';
  /** Whether `*` becomes the request's origin where credentials are allowed. */
  readonly reflectsWithCredentials: boolean;
  /** Whether a list of allowed headers gives way to those that the preflight asks for. */
  reflectsHeaders(allowed: JsValue): boolean | undefined;
  /** When `Vary: Access-Control-Request-Headers` is sent. */
  readonly headersVary: 'when-reflected' | 'when-sent' | 'never';
  readonly exposesOnPreflight: boolean;
  /**
   * What OPTIONS without `Access-Control-Request-Method` comes to. What refuses it refuses what has no `Origin` too,
   * unless the option of this name is set to something other than `true`.
   */
  readonly withoutRequestMethod: 'preflight' | 'passed-on' | { readonly refusedUnless: string };
  /** Set when nothing but `Vary` is sent, and nobody asked, where a request has no `Origin`. */
  readonly needsOrigin?: true;
}

/** cors 2.8.6. NestJS on Express hands its options to it. */
export const CORS_PACKAGE: CorsDialect = {
  name: 'the cors package',
  layer: 'cors()',
  options: Object.fromEntries(OPTION_NAMES.map((name) => [name, name])),
  takesDelegate: true,
  otherOptions: [],
  defaultMethods: 'GET,HEAD,PUT,PATCH,POST,DELETE',
  methodsMustBeList: false,
  failsWithoutMethods: true,
  separator: ',',
  originSetting,
  answerSetting: originSetting,
  asked: () => ORIGIN_CALLBACK,
  truthyReflects: true,
  varies: (_, outcome) => outcome === 'fixed' || outcome === 'reflect',
  credentials: 'true',
  reflectsWithCredentials: false,
  reflectsHeaders: (allowed) => negated(truthiness(allowed)),
  headersVary: 'when-reflected',
  exposesOnPreflight: true,
  withoutRequestMethod: 'preflight',
};

/** socket.io hands its options to the cors package too, and answers its errors by itself. */
export const SOCKET_CORS: CorsDialect = { ...CORS_PACKAGE, layer: 'socket.io' };

function negated(value: boolean | undefined): boolean | undefined {
  return value === undefined ? undefined : !value;
}
