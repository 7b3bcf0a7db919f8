import type { Ending } from '../../../cors/http';
import type { Step } from './flow';

/** Which of a handler's steps fit the way that the request is to end. */
export function fitting(steps: readonly Step[], ending: Ending): readonly Step[] {
  return steps.filter((step) => {
    if (step.kind === 'error') return ending !== 'success';
    if (step.kind !== 'answer' || step.status === undefined) return true;
    return ending === 'success' ? step.status < 400 : step.status === ending;
  });
}
