import type { Condition, Path } from '../../../javascript';
import { isCaught } from '../request/caught';
import type { Roles } from '../request/names';
import { mentionsError, mentionsOrigin } from '../request/originNames';
import { holdsFor } from '../request/requestValue';
import { type Flow, given, opened } from './flow';
import type { FunctionRun } from './functionRun';

/** A flow that an exception ends, after some of the path's steps. */
interface Thrown {
  readonly thrown: Flow;
  readonly after: number;
}

/**
 * The flow on a path; null when the request, or what is already assumed, rules the path out, or when a test throws and
 * the path has a `catch` for it.
 */
export function underConditions(run: FunctionRun, path: Path, roles: Roles, flow: Flow): Flow | Thrown | null {
  const undecided: Condition[] = [];
  for (const [i, condition] of path.conditions.entries()) {
    const holds = holdsFor(run.reader, [condition], run.request, roles);
    if (holds === false) return null;
    if (holds === 'throws') {
      const thrown = isCaught(condition.of.node) ? null : undecidedFlow(flow, undecided, roles);
      return thrown && { thrown, after: path.stepsBefore[i] ?? 0 };
    }
    if (holds === undefined) undecided.push(condition);
  }
  return undecidedFlow(flow, undecided, roles);
}

/**
 * The flow under conditions that cannot be decided; those about the origin, or about an error that is just this one,
 * leave it open whether it is taken at all.
 */
export function undecidedFlow(flow: Flow, undecided: readonly Condition[], roles: Roles): Flow | null {
  if (undecided.length === 0) return flow;
  const isCertain = ({ of }: Condition) => mentionsOrigin(of, roles) || (roles.error && mentionsError(of, roles));
  const about = undecided.find(isCertain);
  const others = undecided.filter((condition) => !isCertain(condition));
  const here = given(flow, others);
  if (here === null || about === undefined) return here;
  const why = `it depends on whether ${about.words}`;
  return { ...opened(here, why), unsure: why };
}
