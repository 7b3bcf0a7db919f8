import type { Part } from './app';
import { PHASES, type Phase } from './fastifyHook';
import { reaches } from './scopes';

/** A part with when it runs; null where that does not matter. */
export interface Staged {
  readonly part: Part;
  readonly phase: Phase | null;
  /** Set on what answers errors. */
  readonly isOfErrors?: true;
}

/** The parts phase after phase; what runs last, `onSend`, is put first: what it does is done on the way back. */
export function inOrder(staged: readonly Staged[]): readonly Part[] {
  const at = (phase: Phase | null) => staged.flatMap((one) => (one.phase === phase ? [one.part] : []));
  const early = PHASES.filter((phase) => phase !== 'onSend').flatMap(at);
  if (isTwice(staged)) return [...at(null).filter(({ kind }) => kind === 'route'), ...early, TWICE];
  return [...at(null), ...at('onSend').reverse(), ...early];
}

/**
 * Whether CORS is set up again where it is already, or under the same prefix: every version of @fastify/cors keeps the
 * app from starting then, by its decorator of requests or its route for OPTIONS.
 */
function isTwice(staged: readonly Staged[]): boolean {
  const all = staged.flatMap(({ part }) => (part.kind === 'cors' && part.guard?.length === 0 ? [part] : []));
  return all.some((part, i) =>
    all.slice(0, i).some((before) => reaches(before, part.scope) || before.scope?.prefix === part.scope?.prefix),
  );
}

const TWICE: Part = { kind: 'opaque', reason: 'CORS is set up twice, and Fastify does not start', overrides: true };
