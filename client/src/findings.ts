import type { Diagnostic } from 'vscode';

/** `Diagnostic.source` of everything that the server says. */
export const SOURCE = 'CORS Lint';

/** The rule's id; for a mistake in the configuration, `configuration`. */
export function ruleOf({ code }: Diagnostic): string {
  return String(typeof code === 'object' ? code.value : (code ?? ''));
}
