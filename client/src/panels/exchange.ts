import * as vscode from 'vscode';
import type { TryResult } from '../../../server/src/lsp/protocol';
import { callPage } from '../../../server/src/report/explanationHtml';
import { nameFile, type Panel } from './panel';

/** Shows one played call: the command "Show the exchange" of a finding, and what "Try a Request" ends with. */
export function showExchange(panel: Panel, tried: TryResult): void {
  const { preflight, actual } = tried;
  panel.show((showing) => callPage(tried, nameFile, showing), {
    'curl-preflight': () => void copyCurl(preflight?.curl),
    'curl-request': () => void copyCurl(actual?.curl),
  });
}

/** Puts a command into the clipboard. It may have come through a link: anything but a text is refused. */
export async function copyCurl(command: unknown): Promise<void> {
  if (typeof command !== 'string') return;
  await vscode.env.clipboard.writeText(command);
  vscode.window.setStatusBarMessage('$(check) The curl command is in the clipboard', 4000);
}

/** What a code action or a link brings, if it is a played call. */
export function isTried(value: unknown): value is TryResult {
  return (
    typeof value === 'object' &&
    value !== null &&
    'call' in value &&
    'verdict' in value &&
    'preflight' in value &&
    'actual' in value
  );
}
