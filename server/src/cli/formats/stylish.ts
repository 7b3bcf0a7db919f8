import { byFile } from '../../lint/edits';
import type { Finding, Fix, Severity } from '../../lint/types';
import { changedLines } from '../changes';
import { codeFrame } from '../codeFrame';
import { type Evidence, evidenceOf } from '../evidence';
import type { Paint, Style } from '../paint';
import { printable } from '../printable';
import { shownPath } from '../shownPath';
import type { MendedFile, Report } from './report';

/** With more findings than this each gets one line: nobody reads hundreds of frames. */
export const MOST_IN_FULL = 100;

const STYLES: Readonly<Record<Severity, Style>> = { error: 'red', warning: 'yellow', info: 'blue', hint: 'dim' };

/** The report for people: each finding with its code, the reason and the fix, then a summary. */
export function formatStylish(report: Report, paint: Paint): string {
  const all = [...report.result.findings.values()].flat();
  const inFull = all.length <= MOST_IN_FULL;
  const blocks = [...report.result.findings].map(([file, findings]) => {
    const head = paint('underline', printable(shownPath(report.cwd, file)));
    const bodies = findings.map((finding) => (inFull ? full(finding, report, paint) : [title(finding, report, paint)]));
    return `${head}\n${bodies.map((lines) => lines.join('\n')).join(inFull ? '\n\n' : '\n')}\n`;
  });
  return [...blocks, summary(report, all, inFull, paint)].join('\n');
}

function title(finding: Finding, { lines }: Report, paint: Paint): string {
  const { line, column } = lines.range(finding.place.file, finding.place).start;
  const severity = paint(STYLES[finding.severity], finding.severity);
  return `  ${line}:${column}  ${severity}  ${paint('bold', finding.rule.id)}  ${printable(finding.message)}`;
}

function full(finding: Finding, report: Report, paint: Paint): string[] {
  const { place, exchange, related } = finding;
  const rows = [title(finding, report, paint)];
  rows.push(...codeFrame(report.lines.of(place.file), place, paint).map((line) => `    ${line}`));
  if (exchange !== undefined) {
    const evidence = evidenceOf(exchange, ({ header }) => ({ file: header.place.file, line: 0 }));
    rows.push(...labelled('why', [asked(evidence), answered(evidence), decided(evidence)], paint));
  }
  for (const other of related) {
    const { line, column } = report.lines.range(other.place.file, other.place).start;
    const where = `${shownPath(report.cwd, other.place.file)}:${line}:${column}`;
    rows.push(...labelled('see', [printable(`${where}  ${other.message}`)], paint));
  }
  const [fix, ...others] = finding.fixes();
  if (fix !== undefined) {
    const how = fix.preferred ? '' : paint('dim', ' (yours to decide: --fix leaves it)');
    rows.push(...labelled('fix', [printable(fix.title) + how, ...changes(fix, place.file, report, paint)], paint));
    for (const other of others) rows.push(...labelled('or', [printable(other.title)], paint));
  }
  return rows;
}

function labelled(label: string, lines: readonly string[], paint: Paint): string[] {
  return lines.map((line, i) => `    ${paint('cyan', (i === 0 ? label : '').padEnd(4))} ${line}`.trimEnd());
}

function asked({ request }: Evidence): string {
  const { method, path, origin, credentials, headers } = request;
  const from = origin === null ? '' : ` from ${origin}`;
  const names = headers.filter(({ name }) => name !== 'cookie').map(({ name, value }) => `${name}: ${value}`);
  const extra = [...(credentials ? ['with credentials'] : []), ...names].join(', ');
  return printable(`${method} ${path}${from}${extra && ` (${extra})`}`);
}

function answered({ response }: Evidence): string {
  const shown = response.headers.filter(({ name }) => /^(access-control-|vary$)/i.test(name));
  const values = shown.map(({ name, value }) => `${name}: ${value ?? 'unknown'}`);
  return printable(
    `→ ${response.status ?? 'status unknown'}${values.length > 0 ? `, ${values.join(', ')}` : ', no CORS headers'}`,
  );
}

function decided({ verdict, step, reason, when }: Evidence): string {
  const circumstances = when.length > 0 ? ` (when ${when.join(' and ')})` : '';
  return printable(`→ ${verdict} at ${step}${circumstances}: ${reason}`);
}

/** More changed lines than this are counted, not shown. */
const MOST_CHANGED = 8;

/** The lines that a fix takes out and puts in. */
function changes(fix: Fix, own: string, report: Report, paint: Paint): string[] {
  const rows: string[] = [];
  for (const [file, edits] of byFile(fix.edits)) {
    const lines = report.lines.of(file);
    if (file !== own) rows.push(printable(`in ${shownPath(report.cwd, file)}`));
    for (const { line, removed, added } of changedLines(lines.whole, lines, edits)) {
      rows.push(...removed.map((text, i) => paint('red', `${line + i} - ${printable(text)}`)));
      rows.push(...added.map((text, i) => paint('green', `${line + i} + ${printable(text)}`)));
    }
  }
  if (rows.length <= MOST_CHANGED) return rows;
  return [...rows.slice(0, MOST_CHANGED), paint('dim', `… ${rows.length - MOST_CHANGED} lines more`)];
}

function summary(report: Report, all: readonly Finding[], inFull: boolean, paint: Paint): string {
  const { mended, result } = report;
  const rows: string[] = [];
  if (mended !== undefined) rows.push(...mendedRows(mended, report, paint));
  rows.push(all.length === 0 ? paint('green', nothingFound(report)) : counts(report, all, inFull, paint));
  if (all.length > 0 && !inFull) rows.push('Name a file or folder to see the code, the reasons and the fixes.');
  const { seen, analysed, skipped } = result.files;
  const left = skipped.length === 0 ? '' : ` Left out: ${tally(skipped.map(({ reason }) => reason))}.`;
  rows.push(paint('dim', `Looked at ${analysed} of ${many(seen, 'file')}.${left}`));
  if (result.cancelled) rows.push(paint('yellow', 'Stopped before the end: this is not all there is.'));
  return `${rows.join('\n')}\n`;
}

function mendedRows(mended: readonly MendedFile[], { cwd }: Report, paint: Paint): string[] {
  const rows = mended.flatMap(({ file, titles }) =>
    titles.map((text) => `  ${printable(shownPath(cwd, file))}  ${printable(text)}`),
  );
  const total = mended.reduce((sum, { titles }) => sum + titles.length, 0);
  if (total === 0) return ['Nothing could be mended without a decision of yours.', ''];
  return [paint('green', `Made ${many(total, 'fix', 'fixes')} in ${many(mended.length, 'file')}:`), ...rows, ''];
}

function nothingFound({ result, mended }: Report): string {
  if (mended?.length) return 'Nothing is left to report.';
  return result.files.analysed === 0
    ? 'Nothing to check: no file here sets up CORS with nginx, Express, the Serverless Framework or CloudFormation.'
    : 'Nothing to report.';
}

function counts({ result, mended }: Report, all: readonly Finding[], inFull: boolean, paint: Paint): string {
  const severities = (['error', 'warning', 'info', 'hint'] as const).flatMap((severity) => {
    const count = all.filter((finding) => finding.severity === severity).length;
    return count === 0
      ? []
      : [paint(STYLES[severity], many(count, severity, severity === 'info' ? 'info' : undefined))];
  });
  const left = mended === undefined ? '' : ' left';
  const fixable = inFull && mended === undefined ? all.filter(isMendable).length : 0;
  const how = fixable === 0 ? '' : ` --fix can mend ${fixable}.`;
  return `${many(all.length, 'finding')}${left} in ${many(result.findings.size, 'file')}: ${severities.join(', ')}.${how}`;
}

function isMendable(finding: Finding): boolean {
  return finding.fixes().some(({ preferred }) => preferred);
}

/** "3 listed in .gitignore, 1 binary". */
function tally(reasons: readonly string[]): string {
  const counted = new Map<string, number>();
  for (const reason of reasons) counted.set(reason, (counted.get(reason) ?? 0) + 1);
  return [...counted].map(([reason, count]) => `${count} ${reason}`).join(', ');
}

function many(count: number, one: string, more = `${one}s`): string {
  return `${count} ${count === 1 ? one : more}`;
}
