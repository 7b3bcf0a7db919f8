import type { FunctionNode, JsValue } from '../../../javascript';
import type { WebNames } from './web/names';

/** What a function of Hono calls its context, and what hangs on it. */
export interface HonoNames extends WebNames {
  isContext(value: JsValue): boolean;
  /** `c.res`. */
  isResponse(value: JsValue): boolean;
  isNext(value: JsValue): boolean;
  /** Whether a text of code has the context or `next` by its name. */
  isNamedIn(text: string): boolean;
}

/**
 * `(c, next) => …`: the request is `c.req` (hono/request.js) and, as standards have it, `c.req.raw`.
 * @param context which parameter the context is: handlers of errors are given the error first
 */
export function honoNames(owner: FunctionNode, context = 0): HonoNames {
  const at = (index: number) => (value: JsValue) =>
    value.kind === 'parameter' && value.function === owner && value.index === index;
  const isContext = at(context);
  const isMember = (value: JsValue, name: string, of: (object: JsValue) => boolean) =>
    value.kind === 'member' && value.property === name && of(value.object);
  const isHono = (value: JsValue) => isMember(value, 'req', isContext);
  const isRaw = (value: JsValue) => isMember(value, 'raw', isHono);
  const isAllHeaders = (value: JsValue) =>
    value.kind === 'call' && value.arguments.length === 0 && isMember(value.callee, 'header', isHono);
  const requestHeader = (value: JsValue): string | null => {
    if (value.kind === 'member')
      return isAllHeaders(value.object) && value.property === value.property.toLowerCase() ? value.property : null;
    if (value.kind !== 'call') return null;
    const { callee } = value;
    const [name] = value.arguments;
    const isGet = isMember(callee, 'get', (object) => isMember(object, 'headers', isRaw));
    return (isGet || isMember(callee, 'header', isHono)) && name?.kind === 'string' ? name.value.toLowerCase() : null;
  };
  const words = new Set(owner.params.flatMap((one) => (one.type === 'Identifier' ? one.name : [])));
  return {
    isContext,
    isResponse: (value) => isMember(value, 'res', isContext),
    isNext: at(context + 1),
    isNamedIn: (text) => text.split(/[^\w$]+/).some((word) => words.has(word)),
    isRequest: (value) => isHono(value) || isRaw(value),
    requestHeader,
    isOrigin: (value) => requestHeader(value) === 'origin',
    missing: (value) =>
      value.kind === 'call' && value.callee.kind === 'member' && value.callee.property === 'get' ? 'null' : 'undefined',
    isPath: (value) => isMember(value, 'path', isHono),
  };
}
