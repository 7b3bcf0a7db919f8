import type { FunctionNode, JsValue } from '../../../javascript';
import type { WebNames } from './web/names';

/** What a middleware of Koa calls its context, and what hangs on it. */
export interface KoaNames extends WebNames {
  isContext(value: JsValue): boolean;
  /** `ctx` and `ctx.response`: both set headers (koa/lib/context.js delegates to the response). */
  isResponse(value: JsValue): boolean;
  isNext(value: JsValue): boolean;
  /** Whether a text of code has one of them by its name. */
  isNamedIn(text: string): boolean;
}

/** `(ctx, next) => …`: the request is `ctx`, `ctx.request` and `ctx.req`, its headers `headers` and `header`. */
export function koaNames(owner: FunctionNode): KoaNames {
  const at = (index: number) => (value: JsValue) =>
    value.kind === 'parameter' && value.function === owner && value.index === index;
  const isContext = at(0);
  const isOf = (value: JsValue, ...names: readonly string[]) =>
    value.kind === 'member' && names.includes(value.property) && isContext(value.object);
  const isRequest = (value: JsValue) => isContext(value) || isOf(value, 'request', 'req');
  const requestHeader = (value: JsValue): string | null => {
    if (value.kind === 'member') {
      const { object, property } = value;
      const isHeaders =
        object.kind === 'member' &&
        (object.property === 'headers' || object.property === 'header') &&
        isRequest(object.object);
      return isHeaders && property === property.toLowerCase() ? property : null;
    }
    if (value.kind !== 'call' || value.callee.kind !== 'member' || value.callee.property !== 'get') return null;
    const { object } = value.callee;
    const [name] = value.arguments;
    return (isContext(object) || isOf(object, 'request')) && name?.kind === 'string' ? name.value.toLowerCase() : null;
  };
  const words = new Set([
    'res',
    'response',
    ...owner.params.flatMap((one) => (one.type === 'Identifier' ? one.name : [])),
  ]);
  return {
    isContext,
    isNamedIn: (text) => text.split(/[^\w$]+/).some((word) => words.has(word)),
    isRequest,
    isResponse: (value) => isContext(value) || isOf(value, 'response'),
    isNext: at(1),
    requestHeader,
    isOrigin: (value) => requestHeader(value) === 'origin',
    // `get` of koa/lib/request.js gives '' for what is not there.
    missing: (value) => (value.kind === 'call' ? 'empty' : 'undefined'),
  };
}
