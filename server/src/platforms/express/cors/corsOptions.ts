import type { Place } from '../../../cors/place';
import {
  branchesOf,
  type CallValue,
  type Condition,
  type FunctionValue,
  type JsValue,
  type ObjectValue,
  type Property,
  property,
  reasonOf,
} from '../../../javascript';
import { CORS_PACKAGE, type CorsDialect, type OptionName } from './corsDialect';

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
  /** Who reads them. */
  readonly dialect: CorsDialect;
  /** The object, when there is one. */
  readonly object: ObjectValue | null;
  /** The whole `cors(…)`, or the options handed to a delegate's callback: where defaults come from. */
  readonly place: Place;
  /** An option by the cors package's name for it, whatever this package calls it. */
  option(name: OptionName): Property | undefined;
  /** Set when the object has properties that cannot be read: an option that is not seen may still be there. */
  readonly unread: string | null;
}

/** A call that sets CORS up: what it is given, and where it stands. */
export interface CorsSource {
  /** The options; undefined when there are none. */
  readonly argument: JsValue | undefined;
  readonly place: Place;
  readonly dialect: CorsDialect;
}

/** `cors(argument)` of the cors package. */
export function sourceOf({ arguments: [argument], place }: CallValue): CorsSource {
  return { argument, place, dialect: CORS_PACKAGE };
}

/** The ways that `cors(argument)` can be set up. Anything but an object or a function gives the defaults. */
export function corsVariants({ argument, place, dialect }: CorsSource): readonly CorsVariant[] {
  if (argument === undefined)
    return [{ when: [], setup: { kind: 'options', options: optionsOf(null, place, dialect) } }];
  return branchesOf(argument).map(({ when, value }) => ({ when, setup: setupOf(value, place, dialect) }));
}

/** The set-up that one value gives, as the argument of `cors` or out of a delegate's callback. */
export function setupOf(value: JsValue, place: Place, dialect: CorsDialect): CorsSetup {
  switch (value.kind) {
    case 'function':
      if (!dialect.takesDelegate) return { kind: 'unknown', reason: 'a function decides about its options' };
      return { kind: 'delegate', fn: value };
    case 'object':
      if (dialect.delegate !== undefined && property(value, dialect.delegate))
        return { kind: 'unknown', reason: `its \`${dialect.delegate}\` decides with each request` };
      return { kind: 'options', options: optionsOf(value, place, dialect) };
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
      return { kind: 'options', options: optionsOf(null, place, dialect) };
    default:
      return { kind: 'unknown', reason: reasonOf(value) };
  }
}

function optionsOf(object: ObjectValue | null, place: Place, dialect: CorsDialect): CorsOptions {
  return {
    dialect,
    object,
    place,
    option(name) {
      const written = dialect.options[name];
      return object === null || written === undefined ? undefined : property(object, written);
    },
    unread: object?.rest ? reasonOf(object.rest) : null,
  };
}
