import { attempt, find, type LintInput } from './find';
import { workOutFix } from './fixes';
import type { Judgements } from './judgements';
import { withKnownOrigins } from './knownOrigins';
import type { Analysis, Finding, Fix, RawFinding } from './types';

export type { Crash, LintInput } from './find';

export interface LintResult {
  /** Undefined when reading the file crashed. */
  readonly analysis: Analysis | undefined;
  /** In this file and in others that it names, in the order of their places; one for each rule and place. */
  readonly findings: readonly Finding[];
  /** For `LintInput.before` of the next lint of the file. */
  readonly judgements: Judgements | undefined;
}

/** Lints one file. The platform must be prepared. Never throws. Fixes are worked out only when asked for. */
export function lint(input: LintInput): LintResult {
  const { analysis, findings, judgements } = find(input);
  if (analysis === undefined) return { analysis, findings: [], judgements };
  const after = judgements === undefined ? input : { ...input, before: judgements };
  return { analysis, findings: findings.map((raw) => toFinding(after, analysis, raw, findings)), judgements };
}

function toFinding(input: LintInput, analysis: Analysis, raw: RawFinding, all: readonly RawFinding[]): Finding {
  const { proposals, ...rest } = raw;
  const known = { configured: input.settings.origins, seen: input.seenOrigins ?? (() => []) };
  const fixes = once((): Fix[] =>
    withKnownOrigins(attempt(input, raw.rule.id, proposals) ?? [], known).flatMap((proposal) => {
      const fix = attempt(input, raw.rule.id, () => workOutFix(input, analysis, all, raw, proposal));
      return fix ? [fix] : [];
    }),
  );
  return { ...rest, fixes };
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
