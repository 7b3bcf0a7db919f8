import type { CancellationToken } from 'vscode-languageserver';
import { nextTurn } from '../workspace/nextTurn';

/**
 * Lets the messages that have already arrived be handled first: a change that replaces the text, a cancellation. The
 * connection takes one message a turn, and a keystroke brings up to three.
 */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 4; turn++) await nextTurn();
}

/** The token as a signal. It listens for as long as the token lives, which is as long as its request. */
export function signalOf(token: CancellationToken): AbortSignal {
  const controller = new AbortController();
  if (token.isCancellationRequested) controller.abort();
  else token.onCancellationRequested(() => controller.abort());
  return controller.signal;
}
