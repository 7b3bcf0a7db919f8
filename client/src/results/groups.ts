/** How the results view groups findings. No editor here: plain data in, plain data out. */
export const GROUPINGS = ['file', 'severity', 'rule', 'endpoint'] as const;
export type Grouping = (typeof GROUPINGS)[number];

/** 0 is the gravest: the numbers of `vscode.DiagnosticSeverity`. */
export type Severity = 0 | 1 | 2 | 3;

const SEVERITIES: readonly Severity[] = [0, 1, 2, 3];

export interface ShownFinding {
  readonly uri: string;
  /** As the reader names the file: relative to its folder. */
  readonly path: string;
  readonly rule: string;
  readonly severity: Severity;
  readonly message: string;
  /** From 0. */
  readonly line: number;
  readonly character: number;
  /** The label of the endpoint that its proof asked; undefined while that is not known, or when there is none. */
  readonly endpoint?: string;
}

export interface Group {
  readonly kind: Grouping;
  /** The file's URI, the severity's number, the rule's id or the endpoint's label. */
  readonly key: string;
  readonly label: string;
  /** The gravest in it. */
  readonly severity: Severity;
  readonly findings: readonly ShownFinding[];
}

const SEVERITY_NAMES: readonly string[] = ['Errors', 'Warnings', 'Information', 'Hints'];

/** Groups with the gravest finding first, then by name; the findings of a group in the order of files and lines. */
export function group(findings: readonly ShownFinding[], by: Grouping): Group[] {
  const groups = new Map<string, ShownFinding[]>();
  for (const finding of findings) {
    const key = keyOf(finding, by);
    const known = groups.get(key);
    if (known) known.push(finding);
    else groups.set(key, [finding]);
  }
  return [...groups].map(([key, members]) => toGroup(key, members, by)).sort(byGravity);
}

function keyOf({ uri, severity, rule, endpoint }: ShownFinding, by: Grouping): string {
  switch (by) {
    case 'file':
      return uri;
    case 'severity':
      return String(severity);
    case 'rule':
      return rule;
    case 'endpoint':
      return endpoint ?? NO_ENDPOINT;
  }
}

const NO_ENDPOINT = 'Of no single endpoint';

/** Those in which every word of the filter occurs, in whatever case: in the path, the rule, the message, the endpoint. */
export function filterFindings(findings: readonly ShownFinding[], filter: string): readonly ShownFinding[] {
  const words = filter
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  if (words.length === 0) return findings;
  return findings.filter(({ path, rule, message, endpoint = '' }) => {
    const text = `${path} ${rule} ${message} ${endpoint}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

function toGroup(key: string, members: readonly ShownFinding[], kind: Grouping): Group {
  const findings = [...members].sort(byPlace);
  const severity = SEVERITIES.find((rank) => members.some((member) => member.severity === rank)) ?? 3;
  return { kind, key, label: labelOf(key, findings, severity, kind), severity, findings };
}

function labelOf(key: string, findings: readonly ShownFinding[], severity: Severity, kind: Grouping): string {
  if (kind === 'file') return findings[0]?.path ?? key;
  return kind === 'severity' ? (SEVERITY_NAMES[severity] ?? key) : key;
}

function byGravity(a: Group, b: Group): number {
  return a.severity - b.severity || compareText(a.label, b.label);
}

function byPlace(a: ShownFinding, b: ShownFinding): number {
  return compareText(a.path, b.path) || a.line - b.line || a.character - b.character || compareText(a.rule, b.rule);
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

/** "3 errors, 1 warning in 2 files"; undefined when there is nothing to count. */
export function countWords(findings: readonly ShownFinding[]): string | undefined {
  if (findings.length === 0) return undefined;
  const names = ['error', 'warning', 'note', 'hint'];
  const counts = names.flatMap((name, severity) => {
    const count = findings.filter((finding) => finding.severity === severity).length;
    return count === 0 ? [] : [plural(count, name)];
  });
  return `${counts.join(', ')} in ${plural(new Set(findings.map(({ uri }) => uri)).size, 'file')}`;
}

export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
