import type { Place } from '../../cors/place';
import {
  branchesOf,
  type CallValue,
  type Condition,
  type FunctionValue,
  type JsValue,
  type ObjectValue,
  type Property,
  property,
} from '../../javascript';
import { reasonOf } from './originTest';

/** One way that the argument of `cors(…)` can come out. */
export interface CorsVariant {
  readonly when: readonly Condition[];
  readonly setup: CorsSetup;
}

export type CorsSetup =
  | { readonly kind: 'options'; readonly options: CorsOptions }
  /** `cors((request, callback) => …)`: the options are asked for with each request. */
  | { readonly kind: 'delegate'; readonly fn: FunctionValue }
  | { readonly kind: 'unknown'; readonly reason: string };

/** The options object as the package will see it, over its defaults. */
export interface CorsOptions {
  /** The object, when there is one. */
  readonly object: ObjectValue | null;
  /** The whole `cors(…)`, or the options handed to a delegate's callback: where defaults come from. */
  readonly place: Place;
  option(name: OptionName): Property | undefined;
  /** Set when the object has properties that cannot be read: an option that is not seen may still be there. */
  readonly unread: string | null;
}

export type OptionName = (typeof OPTION_NAMES)[number];

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

/** The ways that `cors(argument)` can be set up. Anything but an object or a function gives the defaults. */
export function corsVariants(call: CallValue): readonly CorsVariant[] {
  const [argument] = call.arguments;
  if (argument === undefined) return [{ when: [], setup: { kind: 'options', options: optionsOf(null, call.place) } }];
  return branchesOf(argument).map(({ when, value }) => ({ when, setup: setupOf(value, call.place) }));
}

/** The set-up that one value gives, as the argument of `cors` or out of a delegate's callback. */
export function setupOf(value: JsValue, place: Place): CorsSetup {
  switch (value.kind) {
    case 'function':
      return { kind: 'delegate', fn: value };
    case 'object':
      return { kind: 'options', options: optionsOf(value, place) };
    case 'undefined':
    case 'null':
    case 'boolean':
    case 'number':
    // The characters of a string and the items of a list are copied into the options under their indexes.
    case 'string':
    case 'template':
    case 'array':
    case 'regexp':
    case 'environment':
    case 'not':
    case 'binary':
      return { kind: 'options', options: optionsOf(null, place) };
    default:
      return { kind: 'unknown', reason: reasonOf(value) };
  }
}

function optionsOf(object: ObjectValue | null, place: Place): CorsOptions {
  return {
    object,
    place,
    option: (name) => (object === null ? undefined : property(object, name)),
    unread: object?.rest ? reasonOf(object.rest) : null,
  };
}
