import {
  type FunctionValue,
  type JsValue,
  type Path,
  type Reader,
  type Step,
  snippet,
  truthiness,
} from '../../../javascript';
import { isTimer } from '../flow/effects';
import { readError } from '../request/errorValue';

/** How a way through a Node-style function `(question, callback)` ends, whatever the request. */
export type End =
  /** `unless` is an error that may be none. What is deferred is called by nobody who catches anything. */
  | { readonly kind: 'value'; readonly value: JsValue; readonly unless?: JsValue; readonly isDeferred?: true }
  | { readonly kind: 'error'; readonly error?: JsValue | null }
  | { readonly kind: 'hang' }
  | { readonly kind: 'unknown'; readonly reason: string };

/** How one way through the function ends. */
export function endsOf(reader: Reader, fn: FunctionValue, path: Path): readonly End[] {
  if (path.uncertain !== null) return [{ kind: 'unknown', reason: path.uncertain }];
  const isCallback = (value: JsValue) =>
    value.kind === 'parameter' && value.function === fn.function && value.index === 1;
  for (const { node, context } of path.steps) {
    if (node.type !== 'CallExpression') continue;
    if (isCallback(reader.evaluate(node.callee, context))) {
      const [error, value] = node.arguments.map((argument) => reader.evaluate(argument, context));
      const failed = error === undefined ? false : truthiness(error);
      const handed: JsValue = value ?? {
        kind: 'undefined',
        module: context.module,
        node,
        place: { file: context.module.path, start: node.range[0], end: node.range[1] },
      };
      // What is thrown inside an `async` function is a rejection that nobody looks at.
      const called: Extract<End, { kind: 'value' }> = {
        kind: 'value',
        value: handed,
        ...(fn.function.async ? { isDeferred: true } : {}),
      };
      if (failed === undefined && error !== undefined) return [{ ...called, unless: error }];
      return failed ? [{ kind: 'error', error: readError(error ?? null) }] : [called];
    }
    const deferred = isTimer(node.callee) ? deferredSteps(reader, reader.evaluate(node, context)) : null;
    if (deferred !== null) {
      const ends = endsOf(reader, fn, { ...path, steps: deferred });
      return ends.map((end): End => (end.kind === 'value' ? { ...end, isDeferred: true } : end));
    }
    const isPassedOn = node.arguments.some((argument) => mentions(fn, context.module.text.slice(...argument.range)));
    if (isPassedOn)
      return [
        { kind: 'unknown', reason: `${snippet(reader.evaluate(node.callee, context))} decides, and it is not read` },
      ];
  }
  if (path.end.kind !== 'throw' || fn.function.async) return [{ kind: 'hang' }];
  return [{ kind: 'error', error: readError(reader.evaluate(path.end.node.argument, path.end.context)) }];
}

/** The steps of the function that a timer is given, where there is one way through it. */
function deferredSteps(reader: Reader, call: JsValue): readonly Step[] | null {
  const [later] = call.kind === 'call' ? call.arguments : [];
  if (later?.kind !== 'function' || later.function.params.length > 0) return null;
  const { paths, complete } = reader.paths(later);
  const [only] = paths;
  return complete && paths.length === 1 && only?.conditions.length === 0 ? only.steps : null;
}

/** Whether a piece of source names the function's callback, so that it may be called from there. */
function mentions(fn: FunctionValue, source: string): boolean {
  const callback = fn.function.params[1];
  if (callback?.type !== 'Identifier') return callback !== undefined;
  return source.split(/[^\w$]+/).includes(callback.name);
}
