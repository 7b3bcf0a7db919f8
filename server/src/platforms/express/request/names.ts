import type { FunctionNode, FunctionValue, JsValue } from '../../../javascript';
import type { HeaderNames } from './headerValue';
import { isOriginOf } from './originNames';
import type { RequestNames } from './requestNames';

/** What the parameters of a request handler stand for. */
export interface Roles extends RequestNames, HeaderNames {
  isResponse(value: JsValue): boolean;
  isNext(value: JsValue): boolean;
  isOrigin(value: JsValue): boolean;
  /** The names of the response and of `next`: a function inside that has neither does nothing to the response. */
  readonly names: ReadonlySet<string>;
}

/** `(req, res, next)`, or `(error, req, res, next)` for a function of four parameters. */
export function rolesOf(fn: FunctionValue): Roles {
  const known = rolesByFunction.get(fn.function);
  if (known !== undefined) return known;
  const made = rolesAt(fn.function, isErrorHandler(fn) ? 1 : 0);
  rolesByFunction.set(fn.function, made);
  return made;
}

const rolesByFunction = new WeakMap<FunctionNode, Roles>();

export function isErrorHandler(fn: FunctionValue): boolean {
  return fn.function.params.length === 4;
}

function rolesAt(owner: FunctionNode, first: number): Roles {
  const at = (index: number) => (value: JsValue) => isParameter(value, owner, first + index);
  const isRequest = at(0);
  // Express puts the request on the response and the other way round.
  const isResponse = (value: JsValue) =>
    at(1)(value) || (value.kind === 'member' && value.property === 'res' && isRequest(value.object));
  return {
    ...(first > 0 ? { isError: (value: JsValue) => isParameter(value, owner, 0) } : {}),
    isRequest,
    isResponse,
    isNext: at(2),
    isOrigin: (value) => isOriginOf(value, isRequest),
    requestHeader: (value) => headerOf(value, isRequest),
    names: new Set([nameOf(owner, first + 1), nameOf(owner, first + 2)].filter((name) => name !== '')),
  };
}

function isParameter(value: JsValue, owner: FunctionNode, index: number): boolean {
  return value.kind === 'parameter' && value.function === owner && value.index === index;
}

function nameOf(owner: FunctionNode, index: number): string {
  const param = owner.params[index];
  return param?.type === 'Identifier' ? param.name : '';
}

function headerOf(value: JsValue, isRequest: (value: JsValue) => boolean): string | null {
  if (value.kind === 'member') {
    const { object, property } = value;
    return object.kind === 'member' &&
      object.property === 'headers' &&
      isRequest(object.object) &&
      property === property.toLowerCase()
      ? property
      : null;
  }
  if (value.kind !== 'call' || value.callee.kind !== 'member' || !isRequest(value.callee.object)) return null;
  const [name] = value.arguments;
  const isGetter = value.callee.property === 'get' || value.callee.property === 'header';
  return isGetter && name?.kind === 'string' && value.arguments.length === 1 ? name.value.toLowerCase() : null;
}
