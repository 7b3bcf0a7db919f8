import type { FunctionNode, FunctionValue, Path, Step as PathStep, Paths } from '../../../javascript';
import type { Roles } from '../request/names';
import { type Effect, effectOf } from './effects';
import type { FunctionRun } from './functionRun';
import { whatMatters } from './whatMatters';

export function pathsOf(run: FunctionRun, fn: FunctionValue, roles: Roles): Paths {
  const { frame } = fn.context;
  const memo = frame === null ? run.memo.paths : (run.memo.framed.get(frame) ?? new Map<FunctionNode, Paths>());
  if (frame !== null) run.memo.framed.set(frame, memo);
  const known = memo.get(fn.function);
  if (known !== undefined) return known;
  const paths = run.reader.paths(fn, whatMatters(fn, roles));
  memo.set(fn.function, paths);
  return paths;
}

export function effectAt(run: FunctionRun, step: PathStep, roles: Roles): Effect {
  const known = run.memo.effects.get(step);
  if (known !== undefined) return known;
  const effect = effectOf(run.reader, step, roles);
  run.memo.effects.set(step, effect);
  return effect;
}

/** Whether `next` is called, or another answer given, after an answer. */
export function goesOn(run: FunctionRun, path: Path, roles: Roles, from: number): boolean {
  return path.steps.slice(from + 1).some((step) => effectAt(run, step, roles).kind === 'next');
}
