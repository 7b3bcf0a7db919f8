import type { Request } from '../../../cors/http';
import type { Path, Reader, Step } from '../../../javascript';
import type { Outcome } from './outcome';
import type { RequestNames } from './requestNames';
import { requestValue } from './requestValue';

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
