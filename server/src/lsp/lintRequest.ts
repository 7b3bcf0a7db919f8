import type { CancellationToken } from 'vscode-languageserver';
import { check } from './check';
import { diagnosticsOf } from './diagnostics';
import type { AuditedFile, LintParams } from './protocol';
import type { Session } from './session';
import { signalOf } from './turns';

/** `corsLint/lint` */
export async function lintRequest(
  session: Session,
  { uri }: LintParams,
  token: CancellationToken,
): Promise<AuditedFile> {
  const checked = await check(session, uri, signalOf(token));
  return { uri, diagnostics: checked ? diagnosticsOf(session, checked) : [] };
}
