// Generated from the folders beside this file by npm run generate: add a folder, then run it.
import { rule as expressCorsArgument } from './express-cors-argument';
import { rule as expressCorsDiscarded } from './express-cors-discarded';
import { rule as expressCorsNotCalled } from './express-cors-not-called';
import { rule as expressCorsOption } from './express-cors-option';
import { rule as expressMiddlewareOrder } from './express-middleware-order';
import { rule as expressOptionsCrash } from './express-options-crash';
import { rule as expressOptionsFallthrough } from './express-options-fallthrough';
import { rule as expressOriginCallback } from './express-origin-callback';
import { rule as expressOriginError } from './express-origin-error';
import { rule as expressOriginList } from './express-origin-list';
import { rule as expressOriginOff } from './express-origin-off';
import { rule as expressOriginType } from './express-origin-type';
import { rule as expressPathWildcard } from './express-path-wildcard';
import { rule as expressPreflightRouteOnly } from './express-preflight-route-only';
import { rule as expressStatefulRegex } from './express-stateful-regex';
import { rule as expressUndefinedHeader } from './express-undefined-header';

/** Every rule of this folder. */
export const rules = [
  expressCorsArgument,
  expressCorsDiscarded,
  expressCorsNotCalled,
  expressCorsOption,
  expressMiddlewareOrder,
  expressOptionsCrash,
  expressOptionsFallthrough,
  expressOriginCallback,
  expressOriginError,
  expressOriginList,
  expressOriginOff,
  expressOriginType,
  expressPathWildcard,
  expressPreflightRouteOnly,
  expressStatefulRegex,
  expressUndefinedHeader,
];
