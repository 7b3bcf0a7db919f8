import type { TSESTree } from '@typescript-eslint/types';
import type { FunctionValue, JsValue, Reader, Step } from '../../../javascript';

/** `await next()`, `return next()`, `() => next()`: what stands behind it runs when everything else is done. */
export function isAwaited({ parent }: TSESTree.Node): boolean {
  return (
    parent !== undefined && ['AwaitExpression', 'ReturnStatement', 'ArrowFunctionExpression'].includes(parent.type)
  );
}

/**
 * What a function does that is called with these arguments, step by step, where it always does the same.
 * @param args null for an argument that is spread
 * @returns null when an argument is not known, or when it has several ways through it
 */
export function stepsOfCall(
  reader: Reader,
  called: FunctionValue,
  args: readonly (JsValue | null)[],
): readonly Step[] | null {
  const given = args.filter((value) => value !== null);
  if (given.length < args.length) return null;
  const { paths, complete } = reader.paths(reader.bind(called, given));
  const [path, ...others] = paths;
  if (!complete || path === undefined || others.length > 0 || path.end.kind === 'throw') return null;
  return path.uncertain === null && path.conditions.length === 0 ? path.steps : null;
}
