import { compileProgram, find, type Match, type Program, run } from './patternProgram';
import { parsePattern } from './patternTree';
import type { OriginTest } from './policy';

export type RegexTest = Extract<OriginTest, { kind: 'regex' }>;

/** More patterns than this, and the oldest are compiled anew. */
const MOST_CACHED = 500;
const bySource = new Map<string, Program | null>();
/** The same test is asked about many origins; looking it up by its source would cost more than the match. */
const byTest = new WeakMap<RegexTest, Program | null>();

/**
 * Whether the regular expression finds a match somewhere in the subject; undefined when that cannot be told: the
 * pattern has a syntax error, lookaround, a back-reference or something else that only its own engine knows, or it is
 * too large. Takes time linear in the subject's length, whatever the pattern. Never throws.
 */
export function searches(test: RegexTest, subject: string): boolean | undefined {
  const program = programOf(test);
  return program ? answer(program, subject) : undefined;
}

/**
 * What the regular expression finds in the subject, as `exec` would; null for nothing. Undefined where {@link searches} is,
 * and where something is repeated or left out that may be empty by itself.
 */
export function matchIn(test: RegexTest, subject: string): Match | null | undefined {
  const program = programOf(test);
  return program?.ordered ? find(program, subject) : undefined;
}

function programOf(test: RegexTest): Program | null {
  const known = byTest.get(test);
  if (known !== undefined) return known;
  const program = programFor(test);
  byTest.set(test, program);
  return program;
}

/** Every endpoint is asked about the same few origins. */
const answers = new WeakMap<Program, Map<string, boolean>>();
const MOST_ANSWERS = 200;

function answer(program: Program, subject: string): boolean {
  const given = answers.get(program) ?? new Map<string, boolean>();
  answers.set(program, given);
  const known = given.get(subject);
  if (known !== undefined) return known;
  const found = run(program, subject);
  if (given.size < MOST_ANSWERS) given.set(subject, found);
  return found;
}

/** Null for what cannot be compiled. */
function programFor(test: RegexTest): Program | null {
  const key = `${test.dialect}/${test.flags}/${test.source}`;
  const known = bySource.get(key);
  if (known !== undefined) return known;
  const parsed = parsePattern(test);
  const program = (parsed && compileProgram(parsed)) ?? null;
  if (bySource.size >= MOST_CACHED) bySource.delete(bySource.keys().next().value ?? '');
  bySource.set(key, program);
  return program;
}
