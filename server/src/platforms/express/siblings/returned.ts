import type { JsValue, Path, Reader } from '../../../javascript';
import { written } from '../../../javascript';
import { type Asked, isFirstParameter } from '../cors/asked';
import { type End, endsOf } from '../cors/callbackEnds';
import { isOriginOf } from '../request/originNames';

/** `(origin) => answer`, perhaps a promise of it. */
export const ORIGIN_RETURN: Asked = {
  names: (fn) => ({ isRequest: () => false, isOrigin: (value) => isFirstParameter(value, fn) }),
  ends: (reader, _, path) => [returned(reader, path)],
};

/** Koa's `(ctx) => answer`: the request is `ctx`, `ctx.request` and `ctx.req`, its headers `headers` and `header`. */
export const CONTEXT_RETURN: Asked = {
  names(fn) {
    const isRequest = (value: JsValue): boolean =>
      isFirstParameter(value, fn) ||
      (value.kind === 'member' &&
        (value.property === 'request' || value.property === 'req') &&
        isFirstParameter(value.object, fn));
    return { isRequest, isOrigin: (value) => isOriginOf(value, isRequest) || isOriginOfHeader(value, isRequest) };
  },
  ends: (reader, _, path) => [returned(reader, path)],
};

/** `(origin, callback)`, or a promise of the answer: what @fastify/cors takes. */
export const ORIGIN_EITHER: Asked = {
  names: ORIGIN_RETURN.names,
  ends(reader, fn, path) {
    const called = endsOf(reader, fn, path);
    if (!called.some((end) => end.kind === 'hang')) return called;
    if (fn.function.async) return [returned(reader, path)];
    return path.end.kind === 'return' && path.end.argument !== null ? notAwaited(reader, path) : called;
  },
};

/** What a function that is not `async` returns counts only as a promise. */
function notAwaited(reader: Reader, path: Path): readonly End[] {
  const end = returned(reader, path);
  if (end.kind !== 'value') return [end];
  const { kind } = end.value;
  const isPlain = ['string', 'boolean', 'number', 'array', 'regexp', 'undefined', 'null', 'not', 'binary'].includes(
    kind,
  );
  return isPlain ? [{ kind: 'hang' }] : [{ kind: 'unknown', reason: 'it may return a promise' }];
}

function returned(reader: Reader, path: Path): End {
  if (path.uncertain !== null) return { kind: 'unknown', reason: path.uncertain };
  const { end } = path;
  if (end.kind === 'throw') return { kind: 'error' };
  if (end.kind === 'return' && end.argument !== null)
    return { kind: 'value', value: reader.evaluate(end.argument, end.context) };
  const { module } = end.context;
  const at = written(module, end.kind === 'return' ? end.node : module.program);
  return { kind: 'value', value: { kind: 'undefined', ...at } };
}

function isOriginOfHeader(value: JsValue, isRequest: (value: JsValue) => boolean): boolean {
  return (
    value.kind === 'member' &&
    value.property === 'origin' &&
    value.object.kind === 'member' &&
    value.object.property === 'header' &&
    isRequest(value.object.object)
  );
}
