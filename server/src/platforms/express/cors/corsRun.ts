import type { Answerer, Request } from '../../../cors/http';
import { RESPONSE_HEADERS } from '../../../cors/names';
import type { Place } from '../../../cors/place';
import type { Reader } from '../../../javascript';
import { type Flow, opened, removeHeader, type Step } from '../flow/flow';
import type { CallbackOutcome } from './callbackOutcomes';
import type { CorsDialect } from './corsDialect';

/** One call of the middleware for one request. */
export interface Run {
  readonly reader: Reader;
  /** The `cors(…)`. */
  readonly place: Place;
  readonly dialect: CorsDialect;
  readonly request: Request;
}

/** Options that cannot be read may set anything, in place of what was set before; they may be off, and then a preflight goes on. */
export function unreadable(run: Run, reason: string, flow: Flow): Step {
  const after = opened(RESPONSE_HEADERS.reduce(removeHeader, flow), reason);
  if (run.request.method !== 'OPTIONS') return { kind: 'next', flow: after };
  return { kind: 'answer', flow: after, by: answerer(run), status: undefined };
}

/** Who answers a preflight: the `cors(…)`. */
export function answerer({ place }: Run): Answerer {
  return { kind: 'preflight', what: 'the cors middleware', place };
}

/** What comes of a callback that hands over nothing. */
export function endOf(run: Run, outcome: Exclude<CallbackOutcome, { kind: 'value' }>): Step {
  switch (outcome.kind) {
    case 'error':
      return { kind: 'error', flow: outcome.flow, status: undefined, error: outcome.error ?? null };
    case 'hang':
      return { kind: 'hang', flow: outcome.flow, why: 'its callback is never called' };
    case 'unknown':
      return unreadable(run, outcome.reason, outcome.flow);
  }
}

/** What the package throws is thrown inside the call of its callback, where perhaps nobody catches it. */
export function afterCallback(
  { isDeferred }: Extract<CallbackOutcome, { kind: 'value' }>,
  steps: readonly Step[],
): readonly Step[] {
  if (!isDeferred) return steps;
  return steps.map((step) =>
    step.kind === 'error' && step.isThrown
      ? { kind: 'hang', flow: step.flow, why: 'nothing catches what the cors package throws in its callback' }
      : step,
  );
}
