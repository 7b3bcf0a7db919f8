import type { TSESTree } from '@typescript-eslint/types';
import type { Place } from '../../../cors/place';
import type { Condition, GuardWays, SourceModule } from '../../../javascript';
import type { Handler } from './handlerKind';
import type { Order } from './orders';
import type { PathPattern } from './pathPattern';

/** One `app.use(…)`, `app.get(…)`, … or a place where an app is handed to a function that sets it up further. */
export type Registration = Layer | Splice;

/** Handlers for a method and a path. */
export interface Layer {
  readonly kind: 'layer';
  /** `use`, `all`, or a method in lower case. */
  readonly method: string;
  readonly path: PathPattern;
  /** Null when no path is given. */
  readonly pathPlace: Place | null;
  readonly handlers: readonly { readonly handler: Handler; readonly place: Place; readonly node: TSESTree.Node }[];
  readonly call: TSESTree.CallExpression;
  /** The method's name: `use` in `app.use(…)`. */
  readonly namePlace: Place;
  readonly module: SourceModule;
  /** The conditions around it; null when they cannot be told, or are several ways. */
  readonly guard: readonly Condition[] | null;
  /** The ways in which it is registered, and in which it is not; null when they cannot be told. */
  readonly ways: GuardWays | null;
  readonly order: Order;
}

/** A call that is given the app, and registers here whatever it registers. */
export interface Splice {
  readonly kind: 'splice';
  /** The app as the function's parameter; null when the function is not read. */
  readonly key: string | null;
  readonly reason: string;
  readonly module: SourceModule;
  readonly order: Order;
}
