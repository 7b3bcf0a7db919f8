import type { Location, NameFile, ReportData, ReportFinding, Severity, Tried, TriedHeader, TriedLeg } from './data';

/** The severities, the gravest first. */
export const SEVERITIES: readonly Severity[] = ['error', 'warning', 'info', 'hint'];

const NAMES: Readonly<Record<Severity, readonly [one: string, more: string]>> = {
  error: ['error', 'errors'],
  warning: ['warning', 'warnings'],
  info: ['note', 'notes'],
  hint: ['hint', 'hints'],
};

export function severityName(severity: Severity, count = 1): string {
  return NAMES[severity][count === 1 ? 0 : 1];
}

export function plural(count: number, one: string, more = `${one}s`): string {
  return `${count} ${count === 1 ? one : more}`;
}

/** "2 errors and 1 warning in 2 files", "Nothing found". */
export function countWords({ counts }: ReportData): string {
  const parts = SEVERITIES.filter((severity) => counts.severities[severity] > 0).map(
    (severity) => `${counts.severities[severity]} ${severityName(severity, counts.severities[severity])}`,
  );
  const last = parts.pop();
  if (last === undefined) return 'Nothing found';
  const list = parts.length === 0 ? last : `${parts.join(', ')} and ${last}`;
  return `${list} in ${plural(counts.files.withFindings, 'file')}`;
}

/** "3 of 12 files set up CORS, with 7 endpoints." and whether that is all. */
export function scopeWords({ counts, cancelled }: ReportData): string {
  const { seen, analysed } = counts.files;
  const verb = analysed === 1 ? 'sets' : 'set';
  const scope = `${analysed} of ${plural(seen, 'file')} ${verb} up CORS or may, with ${plural(counts.endpoints, 'endpoint')}.`;
  return cancelled ? `${scope} Stopped before the end: this is not all there is.` : scope;
}

/** "api/app.js:12", the line from 1. */
export function placeWords({ uri, range }: Location, name: NameFile): string {
  return `${name(uri)}:${range.start.line + 1}`;
}

const RESULTS: Readonly<Record<Tried['verdict'], string>> = {
  allowed: 'The browser lets the page read the answer',
  blocked: 'The browser refuses',
  unknown: 'What the browser does cannot be told',
};

/** "The browser refuses: …." */
export function verdictWords({ verdict, reason }: Pick<Tried, 'verdict' | 'reason'>): string {
  return `${RESULTS[verdict]}: ${reason}${/[.!?]$/.test(reason) ? '' : '.'}`;
}

/** "A page at https://app.example.com fetches GET /items with credentials." */
export function callWords({ call }: Pick<Tried, 'call'>): string {
  return `A page at ${call.origin} fetches ${call.method} ${call.url}${call.credentials ? ' with credentials' : ''}.`;
}

/**
 * The legs that were played, with their titles. A request that a browser never comes to send is left out, where the
 * step tells that it was the preflight that failed.
 */
export function legsOf({ preflight, actual, step, verdict }: Tried): readonly (readonly [string, TriedLeg])[] {
  const stopped = preflight !== null && verdict === 'blocked' && step.startsWith('preflight/');
  const legs: (readonly [string, TriedLeg])[] = [];
  if (preflight !== null) legs.push(['Preflight', preflight]);
  if (actual !== null && !stopped) legs.push(['Request', actual]);
  return legs;
}

export function statusWords({ status, answeredBy }: TriedLeg): string {
  const by = answeredBy === '' ? '' : `, from ${answeredBy}`;
  return `${status ?? 'status unknown'}${by}`;
}

export function headerWords({ name, value }: TriedHeader): string {
  return `${name}: ${value ?? '(unknown)'}`;
}

/** "cors(), by default, app.js:3" */
export function writtenWords({ layer, implied, location }: TriedHeader, name: NameFile): string {
  const place = location === null ? '' : `, ${placeWords(location, name)}`;
  return `${layer}${implied ? ', by default' : ''}${place}`;
}

/** Findings by file, both in the order that they come in. */
export function byFile(findings: readonly ReportFinding[]): ReadonlyMap<string, readonly ReportFinding[]> {
  const files = new Map<string, ReportFinding[]>();
  for (const finding of findings) {
    const known = files.get(finding.location.uri);
    if (known) known.push(finding);
    else files.set(finding.location.uri, [finding]);
  }
  return files;
}
