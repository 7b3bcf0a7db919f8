import type { CancellationToken, WorkDoneProgressReporter } from 'vscode-languageserver';
import { openBrowser } from '../cors/browser';
import { chainOf } from '../cors/layers';
import type { Severity } from '../lint/types';
import type { FoundEndpoint } from '../workspace/types';
import { catalogues } from './catalogues';
import { endpointInfo, endpointRef } from './endpointInfo';
import { createLocate, type Locate } from './locate';
import type { EndpointInfo, LayerChain, ReportedFinding, ReportParams, ReportResult } from './protocol';
import { reportedFinding } from './reportedFinding';
import type { Session } from './session';
import { predictedHeader } from './tried';
import { signalOf } from './turns';

const SEVERITIES: readonly Severity[] = ['error', 'warning', 'info', 'hint'];

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
        chains.push(toChain(session, each, locate));
        await new Promise((resolve) => setImmediate(resolve));
      }
    }
    return {
      cancelled: token.isCancellationRequested,
      version,
      counts: {
        severities: countBy(findings),
        rules: rulesOf(findings),
        files: { ...files, withFindings: new Set(findings.map(({ location }) => location.uri)).size },
        endpoints: endpoints.length,
      },
      endpoints,
      findings: findings.sort(worstFirst),
      chains,
    };
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

function countBy(findings: readonly ReportedFinding[]): Record<Severity, number> {
  const counts = { error: 0, warning: 0, info: 0, hint: 0 };
  for (const { severity } of findings) counts[severity] += 1;
  return counts;
}

function rulesOf(findings: readonly ReportedFinding[]): ReportResult['counts']['rules'] {
  const counts = new Map<string, { rule: string; title: string; count: number }>();
  for (const { rule, title } of findings) {
    const known = counts.get(rule) ?? { rule, title, count: 0 };
    known.count += 1;
    counts.set(rule, known);
  }
  return [...counts.values()].sort((a, b) => b.count - a.count || (a.rule < b.rule ? -1 : 1));
}

function worstFirst(a: ReportedFinding, b: ReportedFinding): number {
  const severity = SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity);
  if (severity !== 0) return severity;
  if (a.file !== b.file) return a.file < b.file ? -1 : 1;
  return a.location.range.start.line - b.location.range.start.line;
}

function toChain(session: Session, found: FoundEndpoint, locate: Locate): LayerChain {
  const { layers, collisions } = chainOf(openBrowser(found.endpoint));
  return {
    endpoint: endpointRef(session, found, locate).id,
    layers: layers.map(({ kind, label, endpoint, sets }) => ({
      kind,
      label,
      location: endpoint === undefined ? null : locate(endpoint.place),
      sets: sets.map((header) => predictedHeader(header, locate)),
    })),
    collisions,
  };
}
