import type { TSESTree } from '@typescript-eslint/types';
import type { Request } from '../../cors/http';
import { isFunction, type Path, type Reader, type Step } from '../../javascript';
import { type Outcome, type RequestNames, requestValue } from './requestValue';

/** Whether a node stands in a `try` of its function that has a `catch`. */
export function isCaught(node: TSESTree.Node): boolean {
  for (let inner: TSESTree.Node = node, up = inner.parent; up && !isFunction(up); inner = up, up = up.parent) {
    if (up.type === 'TryStatement' && up.handler !== null && up.block === inner) return true;
  }
  return false;
}

/** Whether a step throws for this request, as far as can be told. */
export function throws(reader: Reader, step: Step, request: Request, names: RequestNames): boolean {
  return outcomeOf(reader, step, request, names) === 'throws';
}

/** Whether a way leads through a `catch` that this request certainly does not get to. */
export function isCatchMissed(reader: Reader, { catches }: Path, request: Request, names: RequestNames): boolean {
  if (catches === null) return false;
  return catches.every((step) => {
    const outcome = outcomeOf(reader, step, request, names);
    return outcome !== null && outcome !== 'throws';
  });
}

function outcomeOf(reader: Reader, { node, context }: Step, request: Request, names: RequestNames): Outcome {
  if (node.type !== 'CallExpression' && node.type !== 'NewExpression') return null;
  return requestValue(reader, reader.evaluate(node, context), request, names);
}
