import type { Condition, JsValue } from '../../../javascript';
import { type Flow, given, opened } from '../flow/flow';
import type { Run } from './run';

/** More ways than this are not told apart any more. */
const MOST_FLOWS = 24;

/** A flow that goes on, with the error that it carries, if any. */
export interface Active {
  readonly flow: Flow;
  readonly error: { readonly status: number | 'unknown' | undefined; readonly value: JsValue | null } | null;
}

/** The same, with the flow that stands for all that hold the same. */
export function joined(run: Run, one: Active): Active {
  const flow = run.memo.flows.only(one.flow);
  return flow === one.flow ? one : { ...one, flow };
}

/** The flow where all the conditions hold: none where it is known that one does not. */
export function under(one: Active, conditions: readonly Condition[]): Active[] {
  const flow = given(one.flow, conditions);
  return flow === null ? [] : [{ ...one, flow }];
}

/** The first of many, open from then on: what the others would have done is not known. */
export function limited(active: readonly Active[]): readonly Active[] {
  if (active.length <= MOST_FLOWS) return active;
  return active.slice(0, MOST_FLOWS).map((one) => ({ ...one, flow: opened(one.flow, 'it can go in too many ways') }));
}
