import type { State } from './pathState';

/** More ways than this through one function are not followed. */
const MOST_PATHS = 64;
/** Nor are more statements than this, counted once for each way through. */
const MOST_STATEMENTS = 2000;

/** How much of one function is followed. */
export class PathLimits {
  /** False once something was left out. */
  complete = true;
  private statements = 0;

  /** The first of many states. */
  states(all: readonly State[]): readonly State[] {
    if (all.length <= MOST_PATHS) return all;
    this.complete = false;
    return all.slice(0, MOST_PATHS);
  }

  /** Whether a statement is still to be run, in that many states. */
  runs(states: number): boolean {
    this.statements += states;
    if (this.statements <= MOST_STATEMENTS) return true;
    this.complete = false;
    return false;
  }
}
