import {
  type Diagnostic,
  type DiagnosticRelatedInformation,
  DiagnosticSeverity,
  DiagnosticTag,
} from 'vscode-languageserver';
import type { ConfigurationProblem } from '../config/settings';
import type { Finding, Severity } from '../lint/types';
import { type Checked, positionsOf } from './check';
import { digest } from './digest';
import type { Positions } from './positions';
import type { DiagnosticData } from './protocol';
import type { Session } from './session';

/** Names us beside every message in an editor. */
export const SOURCE = 'CORS Lint';

const SEVERITIES: Readonly<Record<Severity, DiagnosticSeverity>> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  info: DiagnosticSeverity.Information,
  hint: DiagnosticSeverity.Hint,
};

/** Everything to show for one document: its findings, and the mistakes when it is a configuration file. */
export function diagnosticsOf(session: Session, checked: Checked): Diagnostic[] {
  const findings = checked.findings.map((finding) => findingDiagnostic(session, checked, finding));
  const problems = checked.problems.map((problem) => problemDiagnostic(problem, checked.positions));
  return [...findings, ...problems];
}

function findingDiagnostic(session: Session, checked: Checked, finding: Finding): Diagnostic {
  const { rule, severity, place, message } = finding;
  const href = session.pages.link(rule.id);
  const data: DiagnosticData = { finding: findingKey(finding) };
  const related = session.client.relatedInformation ? relatedInformation(session, checked, finding) : [];
  return {
    range: checked.positions.range(place),
    severity: SEVERITIES[severity],
    source: SOURCE,
    code: rule.id,
    ...(href === undefined ? {} : { codeDescription: { href } }),
    message,
    ...(related.length === 0 ? {} : { relatedInformation: related }),
    ...(rule.id === 'unused-suppression' ? { tags: [DiagnosticTag.Unnecessary] } : {}),
    data,
  };
}

/** Equal for the same finding in the same text: the engine reports a rule once for each place. */
export function findingKey({ rule, place }: Finding): string {
  return `${rule.id}@${place.start}-${place.end}`;
}

function relatedInformation(session: Session, checked: Checked, finding: Finding): DiagnosticRelatedInformation[] {
  return finding.related.flatMap(({ place, message }) => {
    const positions = positionsOf(checked, place);
    if (positions === undefined) return [];
    const uri = place.file === checked.file ? checked.uri : session.names.toUri(place.file);
    return [{ location: { uri, range: positions.range(place) }, message }];
  });
}

/** A mistake in a configuration file, under what is wrong in it. */
export function problemDiagnostic({ range, message }: ConfigurationProblem, positions: Positions): Diagnostic {
  return {
    range: positions.range(range ?? { start: 0, end: 0 }),
    severity: DiagnosticSeverity.Warning,
    source: SOURCE,
    code: 'configuration',
    message,
  };
}

/** Equal for equal diagnostics of equal versions: an editor that has them need not be sent them again. */
export function resultId(version: number | undefined, diagnostics: readonly Diagnostic[]): string {
  return `${version ?? 'disk'}.${digest(JSON.stringify(diagnostics))}`;
}
