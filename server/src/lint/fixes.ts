import { openBrowser } from '../cors/browser';
import { applyEdits, byFile, overlap, sortEdits } from './edits';
import { find, type LintInput } from './find';
import type { Analysis, Fix, Host, Proposal, RawFinding } from './types';

/**
 * The fix that a proposal comes to, or undefined when it is not right: a fix is offered only if the platform can
 * write it, its edits lie inside the files and apart from each other, the finding is gone afterwards, and no error or
 * warning has come that tells of anything new.
 * @param all the findings of the lint that the finding is one of
 */
export function workOutFix(
  input: LintInput,
  analysis: Analysis,
  all: readonly RawFinding[],
  finding: RawFinding,
  proposal: Proposal,
): Fix | undefined {
  const written = 'edits' in proposal ? proposal.edits : input.platform.repair(analysis, proposal.repair, input.host);
  if (written === undefined || written.length === 0) return undefined;
  const fix = { title: proposal.title, preferred: proposal.preferred, edits: sortEdits(written) };
  const edited = withEdits(input, fix);
  if (edited === undefined) return undefined;
  const after = find(edited);
  if (after.analysis === undefined || (after.analysis.errors?.length ?? 0) > (analysis.errors?.length ?? 0))
    return undefined;
  const { id } = finding.rule;
  if (count(after.findings, id) >= count(all, id) || bringsTrouble(all, after.findings, failedBefore(analysis)))
    return undefined;
  return fix;
}

/** The same lint with the edits made, or undefined when they overlap or lie outside their files. */
export function withEdits(input: LintInput, fix: Pick<Fix, 'edits'>): LintInput | undefined {
  const texts = new Map<string, string>();
  for (const [file, edits] of byFile(fix.edits)) {
    const text = file === input.file ? input.text : input.host.read(file);
    if (text === undefined || overlap(edits)) return undefined;
    if (edits.some((edit) => edit.start < 0 || edit.start > edit.end || edit.end > text.length)) return undefined;
    texts.set(file, applyEdits(text, edits));
  }
  const { onCrash: _, ...quiet } = input;
  return { ...quiet, text: texts.get(input.file) ?? input.text, host: overlay(input.host, texts) };
}

let edition = 0;

/** The host with other texts for some files. */
function overlay(host: Host, texts: ReadonlyMap<string, string>): Host {
  edition += 1;
  const version = `edition ${edition}`;
  return {
    read: (file) => texts.get(file) ?? host.read(file),
    resolve: (from, relative) => host.resolve(from, relative),
    glob: (from, pattern) => host.glob(from, pattern),
    version: (file) => (texts.has(file) ? version : host.version(file)),
  };
}

/**
 * Whether there are errors or warnings that were not there: more with one rule and message than before.
 * @param isOld tells which of the later ones only say in other words what was so before
 */
export function bringsTrouble<T extends Told>(
  before: readonly Told[],
  after: readonly T[],
  isOld: (finding: T) => boolean = () => false,
): boolean {
  const known = tally(before);
  const isMore = (findings: readonly T[]): boolean =>
    [...tally(findings)].some(([key, times]) => times > (known.get(key) ?? 0));
  return isMore(after) && isMore(after.filter((finding) => !isOld(finding)));
}

/**
 * Which findings tell of a call that failed before as well. An origin with a slash at its end hides that errors lack
 * the header: with the slash gone that comes to light, and nothing has become worse.
 * @param analysis of the text before
 */
export function failedBefore({ endpoints }: Analysis): (finding: Pick<RawFinding, 'rule' | 'exchange'>) => boolean {
  return ({ rule, exchange }) => {
    if (rule.category !== 'broken' || exchange === undefined) return false;
    const { call } = exchange;
    const asked = endpoints.filter(({ path }) => path === call.path);
    return (
      asked.length > 0 &&
      asked.every((endpoint) =>
        openBrowser(endpoint)
          .fetch(call)
          .every(({ verdict }) => verdict.result === 'blocked'),
      )
    );
  };
}

type Told = Pick<RawFinding, 'rule' | 'severity' | 'message'>;

function tally(findings: readonly Told[]): Map<string, number> {
  const times = new Map<string, number>();
  for (const { rule, severity, message } of findings) {
    if (severity !== 'error' && severity !== 'warning') continue;
    const key = `${rule.id}\0${message}`;
    times.set(key, (times.get(key) ?? 0) + 1);
  }
  return times;
}

function count(findings: readonly RawFinding[], id: string): number {
  return findings.filter((finding) => finding.rule.id === id).length;
}
