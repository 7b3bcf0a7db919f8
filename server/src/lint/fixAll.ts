import { mergeEdits } from './edits';
import { find, type LintInput } from './find';
import { bringsTrouble, failedBefore, withEdits, workOutFix } from './fixes';
import type { Analysis, Fix, RawFinding } from './types';

export interface FixedAll {
  /** The new text of every file that changed. */
  readonly texts: ReadonlyMap<string, string>;
  /** The fixes made, in order. */
  readonly made: readonly Fix[];
}

/** Whether a fix may be made to the files as the input has them: those of the fixes made so far. */
export type FixFilter = (fix: Fix, input: LintInput) => boolean;

/** Fixes that open the way for others take another round; more rounds than this means that two fixes fight. */
const MOST_ROUNDS = 12;

/**
 * Makes every preferred fix of one file, round after round until none is left: in each round as many as go together,
 * or only the first when together they would do harm.
 * @param filter which fixes may be made; all when left out (an editor passes one that keeps to the open file)
 */
export function fixAll(input: LintInput, filter: FixFilter = () => true): FixedAll {
  let current = input;
  const texts = new Map<string, string>();
  const made: Fix[] = [];
  const seen = new Set<string>();
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const step = nextStep(current, filter);
    if (step === undefined) break;
    for (const { file } of step.fixes.flatMap((fix) => fix.edits)) {
      const text = file === step.after.file ? step.after.text : step.after.host.read(file);
      if (text !== undefined) texts.set(file, text);
    }
    made.push(...step.fixes);
    current = step.after;
    const state = JSON.stringify([...texts]);
    if (seen.has(state)) break;
    seen.add(state);
  }
  return { texts, made };
}

interface Step {
  readonly fixes: readonly Fix[];
  readonly after: LintInput;
}

function nextStep(input: LintInput, filter: FixFilter): Step | undefined {
  const { analysis, findings, judgements } = find(input);
  if (analysis === undefined || judgements === undefined) return undefined;
  const again = { ...input, before: judgements };
  const fixes = findings.flatMap((finding) => {
    for (const proposal of finding.proposals()) {
      if (!proposal.preferred) continue;
      const fix = workOutFix(again, analysis, findings, finding, proposal);
      if (fix && filter(fix, input)) return [fix];
    }
    return [];
  });
  const { edits, taken } = mergeEdits(fixes);
  return (
    stepBy(again, { analysis, findings }, taken, { edits }) ??
    stepBy(again, { analysis, findings }, fixes.slice(0, 1), { edits: fixes[0]?.edits ?? [] })
  );
}

function stepBy(
  input: LintInput,
  before: { readonly analysis: Analysis; readonly findings: readonly RawFinding[] },
  fixes: readonly Fix[],
  merged: Pick<Fix, 'edits'>,
): Step | undefined {
  if (fixes.length === 0) return undefined;
  const after = withEdits(input, merged);
  if (after === undefined) return undefined;
  const isHarm = bringsTrouble(before.findings, find(after).findings, failedBefore(before.analysis));
  return isHarm ? undefined : { fixes, after };
}
