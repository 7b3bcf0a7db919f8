import { lookUp } from './frames';
import type { State } from './pathState';
import type { PathOptions, Step } from './paths';
import { type Frame, unknown } from './values';

/** Where an exception may leave a `try`: after its first step that may throw, once for all ways that agree so far. */
export function interrupted(
  through: readonly State[],
  before: State,
  harmless: PathOptions['harmless'],
): readonly State[] {
  for (const state of through) {
    const steps = state.steps.slice(before.steps.length);
    const mayThrow = (step: Step): boolean => !(harmless?.(step) ?? step.node.type === 'AssignmentExpression');
    const thrower = steps.findIndex(mayThrow);
    if (thrower < 0) continue;
    const catches = new Set(through.flatMap((one) => one.steps.slice(before.steps.length).filter(mayThrow)));
    return [
      {
        ...before,
        frame: frameOfCatch(before, [...catches]),
        steps: state.steps.slice(0, before.steps.length + thrower),
        catches: [...catches],
      },
    ];
  }
  return [];
}

/** What the variables hold in a `catch`: what the `try` makes of them depends on how far it came. */
function frameOfCatch(before: State, throwers: readonly Step[]): Frame | null {
  let frame = before.frame;
  const changed = new Set<Frame['variable']>();
  for (const { context } of throwers) {
    for (let one = context.frame; one !== null && one !== before.frame; one = one.outer) changed.add(one.variable);
  }
  for (const variable of changed) {
    const old = lookUp(before.frame, variable);
    if (old === null) continue;
    const values = new Set(throwers.map(({ context }) => lookUp(context.frame, variable)));
    const [only] = values;
    const value = values.size === 1 && only ? only : unknown(old, 'it depends on where the exception comes from');
    frame = { variable, value, outer: frame };
  }
  return frame;
}
