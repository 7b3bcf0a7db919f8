import { type CancellationToken, ProgressType, type WorkDoneProgressReporter } from 'vscode-languageserver';
import type { Finding } from '../lint/types';
import type { FileResult, Progress, Workspace, AuditResult as WorkspaceAudit } from '../workspace/types';
import { type Checked, toChecked } from './check';
import { diagnosticsOf } from './diagnostics';
import { positionsIn } from './positions';
import type { AuditedFile, AuditParams, AuditResult } from './protocol';
import type { Session } from './session';
import { signalOf } from './turns';

const PARTIAL_RESULT = new ProgressType<AuditedFile[]>();

/** `corsLint/audit` */
export function audit(session: Session, params: AuditParams, token: CancellationToken): Promise<AuditResult> {
  const { connection, log } = session;
  const { workDoneToken, partialResultToken } = params;
  const reporter = connection.window.attachWorkDoneProgress(workDoneToken);
  const stream = (file: AuditedFile): void => {
    if (partialResultToken === undefined) return;
    log.background(
      'Could not send what the audit found',
      connection.sendProgress(PARTIAL_RESULT, partialResultToken, [file]),
    );
  };
  return runAudit(session, { reporter, stream, token, keep: partialResultToken === undefined });
}

export interface AuditRun {
  readonly reporter: WorkDoneProgressReporter;
  /** Told the findings of each file as they are known, and again when another file adds some. */
  readonly stream: (file: AuditedFile) => void;
  readonly token: CancellationToken;
  /** Whether the result holds the findings too. */
  readonly keep: boolean;
}

/** Looks at every file of every folder. */
export async function runAudit(session: Session, run: AuditRun): Promise<AuditResult> {
  const { reporter, token } = run;
  const signal = signalOf(token);
  reporter.begin('Audit CORS', 0, 'Looking for files', true);
  try {
    const total = { seen: 0, analysed: 0 };
    const skipped: { uri: string; reason: string }[] = [];
    const found = new Map<string, AuditedFile>();
    let cancelled = false;
    for (const { workspace, settings } of await session.folders.all()) {
      if (!settings.enable) continue;
      if (signal.aborted) break;
      const one = await auditFolder(session, workspace, run, signal, found);
      total.seen += one.files.seen;
      total.analysed += one.files.analysed;
      skipped.push(...one.files.skipped.map(({ file, reason }) => ({ uri: session.names.toUri(file), reason })));
      cancelled ||= one.cancelled;
    }
    return {
      cancelled: cancelled || signal.aborted,
      files: { ...total, skipped },
      found: run.keep ? [...found.values()].filter(({ diagnostics }) => diagnostics.length > 0) : [],
    };
  } finally {
    reporter.done();
  }
}

async function auditFolder(
  session: Session,
  workspace: Workspace,
  { reporter, stream }: AuditRun,
  signal: AbortSignal,
  found: Map<string, AuditedFile>,
): Promise<WorkspaceAudit> {
  const tell = (file: string, checked: Checked | undefined): void => {
    const uri = session.names.toUri(file);
    const audited = { uri, diagnostics: checked ? diagnosticsOf(session, checked) : [] };
    if (JSON.stringify(found.get(uri)?.diagnostics ?? []) === JSON.stringify(audited.diagnostics)) return;
    found.set(uri, audited);
    stream(audited);
  };
  const onFile = (result: FileResult): void => {
    tell(result.file, toChecked(session.names.toUri(result.file), workspace, result));
  };
  const result = await workspace.audit({ signal, onProgress: throttled(reporter), onFile });
  session.configurationProblems.audited(workspace, result.problems);
  // What other files put into a file is known only now.
  if (!result.cancelled)
    for (const [file, findings] of result.findings) tell(file, read(session, workspace, file, findings));
  return result;
}

/** A file as it is now, with findings that are known. */
function read(
  { documents, names }: Session,
  workspace: Workspace,
  file: string,
  findings: readonly Finding[],
): Checked | undefined {
  const uri = names.toUri(file);
  const text = workspace.host.read(file);
  if (text === undefined) return undefined;
  const version = documents.get(uri)?.version;
  return { uri, file, version, text, positions: positionsIn(text), findings, problems: [], workspace };
}

/** At most ten reports a second: drawing them must not cost more than the audit. */
const REPORT_EVERY_MS = 100;

function throttled(reporter: WorkDoneProgressReporter): (progress: Progress) => void {
  let last = Number.NEGATIVE_INFINITY;
  return ({ phase, done, total }) => {
    const now = performance.now();
    const finished = phase === 'analyse' && done === total;
    if (now - last < REPORT_EVERY_MS && !finished) return;
    last = now;
    if (phase === 'walk' || total === undefined) reporter.report(`Looking for files: ${done}`);
    else reporter.report(total === 0 ? 100 : Math.floor((100 * done) / total), `${done} of ${total} files`);
  };
}
