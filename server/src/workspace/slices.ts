import { nextTurn } from './nextTurn';

/** Work that shares the thread with whoever waits for answers. */
export interface Slices {
  /** Lets others have the thread when this work has had it for long enough. Rejects never; see `stopped`. */
  breathe(): Promise<void> | undefined;
  /** Whether the work was called off. */
  stopped(): boolean;
}

/** Long enough to be quick, short enough that nobody waits: an editor draws a frame in 16 ms. */
const SLICE_MS = 12;

export function openSlices(signal: AbortSignal | undefined): Slices {
  let since = performance.now();
  return {
    breathe() {
      if (performance.now() - since < SLICE_MS) return undefined;
      return nextTurn().then(() => {
        since = performance.now();
      });
    },
    stopped: () => signal?.aborted === true,
  };
}
