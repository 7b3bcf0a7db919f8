import { applyEdits } from '../../server/src/lint/edits';
import { lint } from '../../server/src/lint/engine';
import type { LintInput } from '../../server/src/lint/find';
import { bringsTrouble, failedBefore } from '../../server/src/lint/fixes';
import { rules } from '../../server/src/lint/registry';
import { DEFAULT_SETTINGS } from '../../server/src/lint/settings';
import type { Finding, Fix } from '../../server/src/lint/types';
import { express } from '../../server/src/platforms/express/platform';
import { memoryHost } from '../harness/memoryHost';
import type { Program } from './express-grammar/program';
import { newFaults, openTypeChecker } from './express-types';
import { syntaxErrors } from './express-world';

/** Fixes of generated programs, made, and what can be said of the texts alone. */

/** One text of a program, on one major. */
export interface Edition {
  readonly program: Program;
  readonly version: 4 | 5;
  readonly text: string;
}

export interface Judged extends Edition {
  readonly finding: Finding;
  /** The fix in words; null for the program as it was. */
  readonly fix: string | null;
  /** What is still found. */
  readonly left: readonly Finding[];
}

const types = openTypeChecker();

/** A program with the types that the grammar takes as imported. */
function typed({ text }: Edition): string {
  return `import type { CorsOptions } from 'cors';\nimport type { NextFunction, Request, Response } from 'express';\n${text}`;
}

export type Complain = (edition: Edition, what: string) => void;

export function inputFor({ program: { file }, version, text }: Edition): LintInput {
  const manifest = JSON.stringify({ dependencies: { express: `^${version}.0.0`, cors: '^2.8.6' } });
  const files = new Map([
    [file, text],
    ['package.json', manifest],
  ]);
  return {
    platform: express,
    file,
    text,
    host: memoryHost(files),
    settings: DEFAULT_SETTINGS,
    rules,
    onCrash: ({ error }) => {
      throw error;
    },
  };
}

/** The program with the fix made; what can be said of the texts alone is said here. */
export function makeFix(
  before: Edition,
  findings: readonly Finding[],
  finding: Finding,
  fix: Fix,
  complain: Complain,
): Judged {
  const { file } = before.program;
  const after: Edition = { ...before, text: applyEdits(before.text, fix.edits) };
  const what = `"${fix.title}" for ${finding.rule.id} (${finding.message})`;
  if (fix.edits.some((edit) => edit.file !== file)) complain(before, `${what}: it changes another file`);
  for (const error of syntaxErrors(file, after.text)) complain(after, `${what}: ${error}`);
  if (file.endsWith('.ts')) {
    const { version } = before;
    for (const fault of newFaults(types.faults(version, typed(before)), types.faults(version, typed(after)))) {
      complain(after, `${what}: ${fault}`);
    }
  }
  const input = inputFor(before);
  const left = lint(inputFor(after)).findings;
  const { analysis } = lint(input);
  const count = (all: readonly Finding[]): number => all.filter(({ rule }) => rule === finding.rule).length;
  if (count(left) >= count(findings)) complain(after, `${what}: the finding is still there`);
  if (analysis === undefined || bringsTrouble(findings, left, failedBefore(analysis))) {
    complain(after, `${what}: new findings ${left.map(({ rule }) => rule.id)}`);
  }
  return { ...after, finding, fix: what, left };
}

/** The program with every fix that is offered made, those that are preferred first, until there is none. */
export function fixRest(one: Judged): Judged {
  let current: Judged = one;
  for (let round = 0; round < MOST_FIXES; round++) {
    const fixes = current.left.flatMap((finding) => finding.fixes());
    const next = fixes.find(({ preferred }) => preferred) ?? fixes[0];
    if (next === undefined) return current;
    const text = applyEdits(current.text, next.edits);
    current = { ...current, text, left: lint(inputFor({ ...current, text })).findings };
  }
  return current;
}

/** More rounds than there are faults in one program. */
const MOST_FIXES = 20;
