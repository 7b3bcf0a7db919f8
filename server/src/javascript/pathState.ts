import type { PathEnd, Step } from './paths';
import { type Condition, conjoin, type Frame } from './values';

/** Why a way goes on no further than this. */
type Stop = Exclude<PathEnd, { kind: 'end' }> | { readonly kind: 'break' } | { readonly kind: 'continue' };

/** How far one way through a function has come. */
export interface State {
  readonly conditions: readonly Condition[];
  readonly stepsBefore: readonly number[];
  readonly steps: readonly Step[];
  readonly frame: Frame | null;
  readonly stop: Stop | null;
  readonly catches: readonly Step[] | null;
  readonly error: boolean;
  readonly uncertain: string | null;
}

/** The state under more conditions, tested now; null when they contradict those before. */
export function under(state: State, when: readonly Condition[]): State | null {
  const conditions = conjoin(state.conditions, when);
  if (conditions === null) return null;
  const stepsBefore = conditions.map((_, i) => state.stepsBefore[i] ?? state.steps.length);
  return { ...state, conditions, stepsBefore };
}

/** Takes the states further that have not stopped. */
export function each(states: readonly State[], go: (state: State) => readonly State[]): State[] {
  return states.flatMap((state) => (state.stop === null ? go(state) : [state]));
}
