import {
  type CancellationToken,
  CancellationTokenSource,
  type ExecuteCommandParams,
  type WorkDoneProgressReporter,
} from 'vscode-languageserver';
import { readActionData } from './actionData';
import { runAudit } from './audit';
import { resolveEdit } from './codeActionResolve';
import { APPLY_COMMAND, AUDIT_COMMAND, type AuditResult } from './protocol';
import type { Session } from './session';

/** `workspace/executeCommand`, for clients that cannot do the same by a request of its own. */
export async function executeCommand(
  session: Session,
  { command, arguments: args = [] }: ExecuteCommandParams,
  token: CancellationToken,
  reporter: WorkDoneProgressReporter,
): Promise<unknown> {
  if (command === APPLY_COMMAND) return applyAction(session, args[0], token);
  if (command === AUDIT_COMMAND) return auditAndPublish(session, token, reporter);
  return null;
}

async function applyAction(session: Session, argument: unknown, token: CancellationToken): Promise<boolean> {
  const data = readActionData(argument);
  const edit = data && (await resolveEdit(session, data, token));
  if (edit === undefined) return false;
  return (await session.connection.workspace.applyEdit(edit)).applied;
}

/** Audits the workspace and publishes what is in files that are not open: the open ones have their findings. */
async function auditAndPublish(
  session: Session,
  token: CancellationToken,
  given: WorkDoneProgressReporter,
): Promise<Omit<AuditResult, 'found'>> {
  const { connection, client, documents, log } = session;
  const own = client.showsProgress ? await connection.window.createWorkDoneProgress() : undefined;
  const source = new CancellationTokenSource();
  token.onCancellationRequested(() => source.cancel());
  own?.token.onCancellationRequested(() => source.cancel());
  const { found, ...result } = await runAudit(session, {
    reporter: own ?? given,
    token: source.token,
    keep: true,
    stream: ({ uri, diagnostics }) => {
      if (documents.get(uri)) return;
      log.background('Could not send diagnostics', connection.sendDiagnostics({ uri, diagnostics: [...diagnostics] }));
    },
  });
  const count = found.reduce((sum, { diagnostics }) => sum + diagnostics.length, 0);
  log.info(`Audit CORS: ${result.files.analysed} of ${result.files.seen} files concern CORS, ${count} findings.`);
  return result;
}
