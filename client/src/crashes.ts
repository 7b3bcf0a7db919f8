import { CloseAction, ErrorAction, type ErrorHandler } from 'vscode-languageclient';

/** So many crashes in so short a time are no accident. */
const MOST_CRASHES = 5;
const WITHIN_MS = 3 * 60 * 1000;

/**
 * Has a server that died started again; the client then tells it of every open document. A write that fails is only
 * ever logged: it means that the server has died, which is told of next, while the client's own handler would give the
 * server up when several writes were under way.
 */
export function createErrorHandler(): ErrorHandler {
  const crashes: number[] = [];
  return {
    error: () => ({ action: ErrorAction.Continue, handled: true }),
    closed() {
      crashes.push(Date.now());
      const [first = 0, last = 0] = [crashes.at(-MOST_CRASHES), crashes.at(-1)];
      if (first === 0 || last - first > WITHIN_MS) return { action: CloseAction.Restart, handled: true };
      return {
        action: CloseAction.DoNotRestart,
        message: `CORS Lint's server has stopped ${MOST_CRASHES} times in three minutes, so it is not started again. The output says why; the command "CORS Lint: Restart Server" tries once more.`,
      };
    },
  };
}
