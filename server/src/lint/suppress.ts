import { type Directive, directivesByLine, directivesOf, mayHaveDirectives } from './directives';
import type { LintSettings } from './settings';
import { severityOf } from './severity';
import type { Analysis, Host, RawFinding, RuleMeta } from './types';

/** A suppression that suppresses nothing hides the next fault; it is reported so that it goes. */
export const UNUSED_SUPPRESSION: RuleMeta = {
  id: 'unused-suppression',
  title: 'a suppression that suppresses nothing',
  severity: 'info',
  category: 'advice',
  tags: ['suppressions'],
  reference: 'https://fetch.spec.whatwg.org/#http-cors-protocol',
};

interface Context {
  readonly analysis: Analysis;
  readonly host: Host;
  /** Every rule that can report on this platform. */
  readonly ruleIds: readonly string[];
  readonly settings: LintSettings;
}

/** The findings that no comment suppresses, and one for each suppression in this file that suppressed nothing. */
export function suppress(findings: readonly RawFinding[], context: Context): RawFinding[] {
  const { analysis, host } = context;
  const files = new Map<string, FileDirectives>();
  const inFile = (file: string): FileDirectives => {
    const known = files.get(file);
    if (known) return known;
    const own = file === analysis.file;
    const text = own ? analysis.text : (host.read(file) ?? '');
    const made = readDirectives(text, own ? analysis : undefined);
    files.set(file, made);
    return made;
  };
  inFile(analysis.file);
  const kept = findings.filter((finding) => !inFile(finding.place.file).suppresses(finding));
  return [...kept, ...unused(inFile(analysis.file), context)];
}

interface FileDirectives {
  readonly directives: readonly Directive[];
  /** The rules that each directive suppressed. */
  readonly used: ReadonlyMap<Directive, ReadonlySet<string>>;
  suppresses(finding: RawFinding): boolean;
}

function readDirectives(text: string, analysis: Analysis | undefined): FileDirectives {
  if (!mayHaveDirectives(text)) return { directives: [], used: new Map(), suppresses: () => false };
  const directives = analysis ? directivesOf(analysis.comments, text) : directivesByLine(text);
  const used = new Map<Directive, Set<string>>(directives.map((directive) => [directive, new Set()]));
  const suppresses = (finding: RawFinding): boolean => {
    let hit = false;
    for (const directive of directives) {
      if (!names(directive, finding.rule.id) || !covers(text, directive, finding.place.start)) continue;
      used.get(directive)?.add(finding.rule.id);
      hit = true;
    }
    return hit;
  };
  return { directives, used, suppresses };
}

function names(directive: Directive, id: string): boolean {
  return directive.rules.length === 0 || directive.rules.some((rule) => rule.id === id);
}

function covers(text: string, directive: Directive, offset: number): boolean {
  if (directive.scope === 'file') return true;
  const lines = lineBreaksBetween(text, directive.start, offset);
  return directive.scope === 'line' ? lines === 0 : offset > directive.start && lines === 1;
}

/** How many line breaks stand between two offsets, counted no further than 2. */
function lineBreaksBetween(text: string, a: number, b: number): number {
  let count = 0;
  for (let at = Math.min(a, b); count < 2; at++) {
    at = text.indexOf('\n', at);
    if (at < 0 || at >= Math.max(a, b)) break;
    count += 1;
  }
  return count;
}

function unused(file: FileDirectives, context: Context): RawFinding[] {
  const severity = severityOf(UNUSED_SUPPRESSION, UNUSED_SUPPRESSION.severity, context.settings);
  if (severity === 'off') return [];
  const known = new Set(context.ruleIds);
  const result: RawFinding[] = [];
  const say = (start: number, end: number, message: string): void => {
    const place = { file: context.analysis.file, start, end };
    result.push({ rule: UNUSED_SUPPRESSION, severity, place, message, related: [], proposals: () => [] });
  };
  for (const directive of file.directives) {
    const used = file.used.get(directive) ?? new Set();
    if (directive.rules.length === 0) {
      if (used.size === 0) say(directive.start, directive.end, 'This comment suppresses nothing. Delete it.');
      continue;
    }
    for (const rule of directive.rules) {
      if (used.has(rule.id)) continue;
      const message = known.has(rule.id)
        ? `${rule.id} finds nothing here, so this comment suppresses nothing. Delete it.`
        : `There is no rule ${rule.id} for this kind of file, so this comment suppresses nothing. Correct the name or delete it.`;
      say(rule.start, rule.end, message);
    }
  }
  return result;
}
