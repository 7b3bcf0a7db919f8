import type { Range } from '../../cors/place';
import type { Finding } from '../../lint/types';
import { evidenceOf, type Locate } from '../evidence';
import { shownPath } from '../shownPath';
import { endpointJson, linkJson } from './endpointJson';
import type { Report } from './report';

/** The report as JSON. Its shape is a contract: schemas/report.schema.json, version 1. */
export function formatJson(report: Report): string {
  const { result, cwd } = report;
  const findings = [...result.findings.values()].flat().map((finding) => findingJson(finding, report));
  const skipped = result.files.skipped.map(({ file, reason }) => ({ file: shownPath(cwd, file), reason }));
  const { seen, analysed } = result.files;
  const more = {
    ...(report.endpoints && { endpoints: report.endpoints.map((each) => endpointJson(each, report)) }),
    ...(report.links && { links: report.links.map((each) => linkJson(each, report)) }),
  };
  return `${JSON.stringify({ version: 1, findings, files: { seen, analysed, skipped }, ...more }, undefined, 2)}\n`;
}

function findingJson(finding: Finding, { cwd, lines }: Report): unknown {
  const { rule, severity, place, message, exchange, related } = finding;
  const at = (file: string, range: Range) => ({ file: shownPath(cwd, file), range: lines.range(file, range) });
  const locate: Locate = ({ header }) => ({
    file: shownPath(cwd, header.place.file),
    line: lines.range(header.place.file, header.place).start.line,
  });
  return {
    rule: rule.id,
    severity,
    ...at(place.file, place),
    message,
    evidence: exchange === undefined ? null : evidenceOf(exchange, locate),
    related: related.map((other) => ({ ...at(other.place.file, other.place), message: other.message })),
    fixes: finding.fixes().map(({ title, preferred, edits }) => ({
      title,
      preferred,
      edits: edits.map((edit) => ({ ...at(edit.file, edit), text: edit.text })),
    })),
  };
}
