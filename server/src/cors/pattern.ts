import { compileProgram, type Program, run } from './patternProgram';
import { parsePattern } from './patternTree';
import type { OriginTest } from './policy';

export type RegexTest = Extract<OriginTest, { kind: 'regex' }>;

/** More patterns than this, and the oldest are compiled anew. */
const MOST_CACHED = 500;
const cache = new Map<string, Program | undefined>();

/**
 * Whether the regular expression finds a match somewhere in the subject; undefined when that cannot be told: the
 * pattern has a syntax error, lookaround, a back-reference or something else that only its own engine knows, or it is
 * too large. Takes time linear in the subject's length, whatever the pattern. Never throws.
 */
export function searches(test: RegexTest, subject: string): boolean | undefined {
  const key = `${test.dialect}/${test.flags}/${test.source}`;
  let program = cache.get(key);
  if (program === undefined && !cache.has(key)) {
    program = compile(test);
    if (cache.size >= MOST_CACHED) cache.delete(cache.keys().next().value ?? '');
    cache.set(key, program);
  }
  return program && run(program, subject);
}

function compile(test: RegexTest): Program | undefined {
  const parsed = parsePattern(test);
  return parsed && compileProgram(parsed);
}
