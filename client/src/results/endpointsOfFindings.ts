import type { BaseLanguageClient } from 'vscode-languageclient';
import { REPORT_METHOD, type ReportParams, type ReportResult } from '../../../server/src/lsp/protocol';
import { withServerProgress } from '../progress';
import type { EndpointOf } from './view';

/** Asks which endpoint each finding's proof is about. Undefined when it was cancelled. */
export async function endpointsOfFindings(client: BaseLanguageClient): Promise<EndpointOf | undefined> {
  const title = 'Looking for the endpoints of the findings';
  const report = await withServerProgress<ReportParams, ReportResult>(client, title, REPORT_METHOD, {});
  if (report.cancelled) return undefined;
  const labels = new Map<string, string>();
  for (const { rule, location, tried } of report.findings) {
    const label = tried?.endpoint?.label;
    if (label !== undefined) labels.set(keyOf(location.uri, rule, location.range.start.line), label);
  }
  return (uri, rule, line) => labels.get(keyOf(uri, rule, line));
}

function keyOf(uri: string, rule: string, line: number): string {
  return `${uri}\n${rule}\n${line}`;
}
