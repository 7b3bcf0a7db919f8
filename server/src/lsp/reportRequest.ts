import type { CancellationToken, WorkDoneProgressReporter } from 'vscode-languageserver';
import { nextTurn } from '../workspace/nextTurn';
import { layerChain } from '../workspace/told/endpointInfo';
import { toReport } from '../workspace/told/report';
import { catalogues } from './catalogues';
import { endpointInfo } from './endpointInfo';
import { createLocate } from './locate';
import type { EndpointInfo, LayerChain, ReportedFinding, ReportParams, ReportResult } from './protocol';
import { reportedFinding } from './reportedFinding';
import type { Session } from './session';
import { signalOf } from './turns';

/** `corsLint/report` */
export async function reportRequest(
  session: Session,
  { workDoneToken }: ReportParams,
  token: CancellationToken,
  version: string,
): Promise<ReportResult> {
  const reporter = session.connection.window.attachWorkDoneProgress(workDoneToken);
  reporter.begin('CORS report', 0, 'Looking for files', true);
  try {
    const { findings, files } = await audited(session, token, reporter);
    const endpoints: EndpointInfo[] = [];
    const chains: LayerChain[] = [];
    for (const { endpoints: found, locate } of await catalogues(session, undefined, token, reporter)) {
      for (const each of found) {
        if (token.isCancellationRequested) break;
        endpoints.push(endpointInfo(session, each, locate));
        chains.push(layerChain(each, locate));
        await nextTurn();
      }
    }
    return toReport({ cancelled: token.isCancellationRequested, version, endpoints, findings, chains, files });
  } finally {
    reporter.done();
  }
}

async function audited(session: Session, token: CancellationToken, reporter: WorkDoneProgressReporter) {
  const findings: ReportedFinding[] = [];
  const files = { seen: 0, analysed: 0 };
  for (const { workspace, settings } of await session.folders.all()) {
    if (!settings.enable || token.isCancellationRequested) continue;
    const result = await workspace.audit({
      signal: signalOf(token),
      onProgress: ({ phase, done, total }) => {
        if (phase === 'analyse' && total && done % 10 === 0) reporter.report(`${done} of ${total} files`);
      },
    });
    files.seen += result.files.seen;
    files.analysed += result.files.analysed;
    const locate = createLocate(session, workspace);
    for (const list of result.findings.values()) {
      findings.push(...list.flatMap((finding) => reportedFinding(session, workspace, finding, locate, false) ?? []));
    }
  }
  return { findings, files };
}
