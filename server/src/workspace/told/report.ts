import type { Severity } from '../../lint/types';
import type { Report, ReportedFinding } from './types';

const SEVERITIES: readonly Severity[] = ['error', 'warning', 'info', 'hint'];

/** What a report is made of, besides what is counted from it. */
export interface Gathered extends Pick<Report, 'cancelled' | 'version' | 'endpoints' | 'findings' | 'chains'> {
  readonly files: { readonly seen: number; readonly analysed: number };
}

/** The report of what was gathered: counted, and the worst first, then by file and place. */
export function toReport({ cancelled, version, endpoints, findings, chains, files }: Gathered): Report {
  return {
    cancelled,
    version,
    counts: {
      severities: countBy(findings),
      rules: rulesOf(findings),
      files: {
        seen: files.seen,
        analysed: files.analysed,
        withFindings: new Set(findings.map(({ location }) => location.uri)).size,
      },
      endpoints: endpoints.length,
    },
    endpoints,
    findings: [...findings].sort(worstFirst),
    chains,
  };
}

function countBy(findings: readonly ReportedFinding[]): Record<Severity, number> {
  const counts = { error: 0, warning: 0, info: 0, hint: 0 };
  for (const { severity } of findings) counts[severity] += 1;
  return counts;
}

function rulesOf(findings: readonly ReportedFinding[]): Report['counts']['rules'] {
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
