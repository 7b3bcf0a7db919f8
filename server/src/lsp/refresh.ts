import type { Pusher } from './pushDiagnostics';
import type { Session } from './session';

/** Several reasons at once (a branch is checked out) make one refresh. */
const WAIT_MS = 25;

/** Has every open document looked at again: the client asks for all of them, or they are pushed. */
export function createRefresh({ client, connection, log }: Session, pusher: Pusher | undefined): () => void {
  let waiting = false;
  return () => {
    if (waiting) return;
    waiting = true;
    setTimeout(() => {
      waiting = false;
      if (pusher) pusher.changedAll();
      else if (client.refreshesDiagnostics) {
        log.background('Could not refresh', connection.languages.diagnostics.refresh());
      }
    }, WAIT_MS);
  };
}
