import { type JsValue, property, type Reader } from '../../../javascript';
import { unwrapHandler } from '../wrapped';
import type { MiddyChain } from './chain';

/**
 * Whether the handler throws, or rejects with, something that is seen to have `headers` of its own:
 * `@middy/http-error-handler` puts these into its answer (the package's `index.js`).
 */
export function throwsHeaders({ handler }: MiddyChain, reader: Reader): boolean {
  const inner = handler && unwrapHandler(handler);
  if (inner?.kind !== 'function') return false;
  const { returns } = reader.returnsOf(inner.fn, { callback: 2, context: 1 });
  return returns.some(({ how, value }) => (how === 'throw' || how === 'callback-error') && hasHeaders(value));
}

/** `{ statusCode, headers }`, `createError(404, { headers })`, `Object.assign(new Error(), { headers })`. */
function hasHeaders(value: JsValue): boolean {
  if (value.kind === 'object') {
    return property(value, 'headers') !== undefined || (value.rest !== null && hasHeaders(value.rest));
  }
  return (value.kind === 'call' || value.kind === 'new') && value.arguments.some(hasHeaders);
}
