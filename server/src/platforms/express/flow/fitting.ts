import type { Ending, Request } from '../../../cors/http';
import type { Flow, Step } from './flow';

/** Which of a handler's steps fit the way that the request is to end. */
export function fitting(steps: readonly Step[], ending: Ending): readonly Step[] {
  return steps.filter((step) => {
    if (step.kind === 'error') return ending !== 'success';
    return step.kind !== 'answer' || mayEnd(step.status, ending);
  });
}

/** Whether a request that is to end so may be answered with the status; undefined when that is not known. */
export function mayEnd(status: number | undefined, ending: Ending): boolean {
  if (status === undefined) return true;
  return ending === 'success' ? status < 400 : status === ending;
}

/**
 * The steps that fit, for a request that `from` has brought here. What of the request leads to all of them, and to other
 * ends otherwise, is no circumstance of theirs: a request that ends well has met it.
 */
export function fittingRequest(steps: readonly Step[], { ending, method }: Request, from: Flow): readonly Step[] {
  const fits = fitting(steps, ending);
  // A preflight is asked before it is known how the request ends.
  if (ending !== 'success' || method === 'OPTIONS' || fits.length === steps.length) return fits;
  return withoutGiven(fits, from);
}

/** What is settled outside the request stays: the ending says nothing about it. */
function withoutGiven(fits: readonly Step[], from: Flow): readonly Step[] {
  if (fits.some(({ flow }) => flow.assumes.size !== from.assumes.size)) return fits;
  const [first] = fits;
  const met = first?.flow.when.filter(
    (words) => !from.when.includes(words) && fits.every(({ flow }) => flow.when.includes(words)),
  );
  if (met === undefined || met.length === 0) return fits;
  return fits.map((step) => ({
    ...step,
    flow: { ...step.flow, when: step.flow.when.filter((words) => !met.includes(words)) },
  }));
}
