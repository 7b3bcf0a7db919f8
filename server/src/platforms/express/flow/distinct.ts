import type { Header } from '../../../cors/http';
import { idOf } from '../app/ids';
import type { Step } from './flow';
import { mergeWays } from './ways';

/** Steps that do the same are one; the circumstances that they do not share say nothing then. */
export function distinct(steps: readonly Step[]): readonly Step[] {
  if (steps.length < 2) return steps;
  const kept = new Map<string, [Step, ...Step[]]>();
  for (const step of steps) {
    const same = kept.get(keyOf(step));
    if (same === undefined) kept.set(keyOf(step), [step]);
    else same.push(step);
  }
  return [...kept.values()].map(([step, ...others]) =>
    others.length === 0 ? step : { ...step, flow: mergeWays([step.flow, ...others.map(({ flow }) => flow)]) },
  );
}

function keyOf(step: Step): string {
  const status = 'status' in step ? step.status : '';
  const by = step.kind === 'answer' ? step.by.kind : '';
  const error = step.kind === 'error' && step.error ? idOf(step.error) : '';
  return `${step.kind}|${status}|${by}|${error}|${step.flow.open}|${keyOfHeaders(step.flow.headers)}`;
}

const headerKeys = new WeakMap<readonly Header[], string>();

function keyOfHeaders(headers: readonly Header[]): string {
  const known = headerKeys.get(headers);
  if (known !== undefined) return known;
  const keys = headers.map(
    ({ name, place, value }) =>
      `${name}@${place.start}:${value.kind}:${value.place.start}:${value.kind === 'literal' ? value.text : ''}`,
  );
  const made = keys.join('|');
  headerKeys.set(headers, made);
  return made;
}
