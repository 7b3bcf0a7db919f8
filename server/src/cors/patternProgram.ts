import type { AST } from '@eslint-community/regexpp';
import { acceptsCharacter } from './patternCharacters';
import type { ParsedPattern } from './patternTree';

/**
 * A regular expression as a program for a machine that follows all its threads at once (Thompson 1968): time linear
 * in the subject, memory linear in the program. The patterns come out of a workspace, so none may run on an engine
 * that backtracks.
 */
export interface Program {
  readonly steps: readonly Step[];
  readonly sticky: boolean;
  /** Whether what the pattern prefers is known: nothing in it is repeated or left out that may be empty. */
  readonly ordered: boolean;
}

type Step =
  | { readonly kind: 'character'; readonly accepts: (code: number) => boolean }
  | { readonly kind: 'assert'; readonly holds: (subject: string, index: number) => boolean }
  /** `first` is what the pattern prefers. */
  | { kind: 'fork'; first: number; second: number }
  | { kind: 'jump'; to: number }
  | { readonly kind: 'match' };

/** Counted repetitions are written out; a pattern that comes to more steps than this is not compiled. */
const MOST_STEPS = 4000;

/** Undefined for lookaround, back-references and patterns that grow too large. */
export function compileProgram(parsed: ParsedPattern): Program | undefined {
  const steps: Step[] = [];
  try {
    emitAlternatives(parsed.tree.alternatives, parsed, steps);
  } catch (error) {
    if (error instanceof TooMuch) return undefined;
    throw error;
  }
  steps.push({ kind: 'match' });
  return { steps, sticky: parsed.sticky, ordered: !repeatsNothing(parsed.tree) };
}

/**
 * Whether something is repeated, or left out, that may be empty by itself: ECMAScript does not count an empty one.
 * https://tc39.es/ecma262/#sec-runtime-semantics-repeatmatcher-abstract-operation
 */
function repeatsNothing({ alternatives }: Pick<AST.Pattern, 'alternatives'>): boolean {
  return alternatives.some(({ elements }) => elements.some(isRepeatedNothing));
}

function isRepeatedNothing(element: AST.Element): boolean {
  if (element.type === 'Group' || element.type === 'CapturingGroup') return repeatsNothing(element);
  if (element.type !== 'Quantifier') return false;
  return (element.max > element.min && mayBeEmpty(element.element)) || isRepeatedNothing(element.element);
}

function mayBeEmpty(element: AST.Element): boolean {
  switch (element.type) {
    case 'Group':
    case 'CapturingGroup':
      return element.alternatives.some(({ elements }) => elements.every(mayBeEmpty));
    case 'Quantifier':
      return element.min === 0 || mayBeEmpty(element.element);
    default:
      return element.type === 'Assertion';
  }
}

/** Thrown while compiling what cannot or should not be compiled. */
class TooMuch extends Error {}

function emitAlternatives(alternatives: readonly AST.Alternative[], flags: ParsedPattern, steps: Step[]): void {
  const jumps: { kind: 'jump'; to: number }[] = [];
  alternatives.forEach((alternative, i) => {
    const last = i === alternatives.length - 1;
    const fork = last ? undefined : push(steps, { kind: 'fork' as const, first: steps.length + 1, second: 0 });
    for (const element of alternative.elements) emit(element, flags, steps);
    if (!fork) return;
    jumps.push(push(steps, { kind: 'jump' as const, to: 0 }));
    fork.second = steps.length;
  });
  for (const jump of jumps) jump.to = steps.length;
}

function emit(element: AST.Element, flags: ParsedPattern, steps: Step[]): void {
  if (steps.length > MOST_STEPS) throw new TooMuch();
  switch (element.type) {
    case 'Group':
      emitAlternatives(element.alternatives, withModifiers(flags, element.modifiers), steps);
      return;
    case 'CapturingGroup':
      emitAlternatives(element.alternatives, flags, steps);
      return;
    case 'Quantifier':
      emitQuantifier(element, flags, steps);
      return;
    case 'Assertion':
      steps.push({ kind: 'assert', holds: assertion(element, flags) });
      return;
    case 'Character':
    case 'CharacterSet':
    case 'CharacterClass': {
      const accepts = acceptsCharacter(element, flags);
      if (!accepts) throw new TooMuch();
      steps.push({ kind: 'character', accepts });
      return;
    }
    default:
      throw new TooMuch();
  }
}

function emitQuantifier({ element, min, max, greedy }: AST.Quantifier, flags: ParsedPattern, steps: Step[]): void {
  if (min > MOST_STEPS || (Number.isFinite(max) && max > MOST_STEPS)) throw new TooMuch();
  for (let i = 0; i < min; i++) {
    const before = steps.length;
    emit(element, flags, steps);
    if (steps.length === before) break; // nothing, however often, is nothing
  }
  if (max === Number.POSITIVE_INFINITY) {
    const at = steps.length;
    const fork = pushFork(steps);
    emit(element, flags, steps);
    steps.push({ kind: 'jump', to: at });
    leave(fork, steps.length, greedy);
    return;
  }
  const forks: Fork[] = [];
  for (let i = min; i < max; i++) {
    forks.push(pushFork(steps));
    emit(element, flags, steps);
  }
  for (const fork of forks) leave(fork, steps.length, greedy);
}

type Fork = Extract<Step, { kind: 'fork' }>;

/** A fork into what comes next, once more. */
function pushFork(steps: Step[]): Fork {
  return push(steps, { kind: 'fork' as const, first: steps.length + 1, second: 0 });
}

/** Where the fork leads to without. */
function leave(fork: Fork, to: number, greedy: boolean): void {
  if (greedy) fork.second = to;
  else [fork.first, fork.second] = [to, fork.first];
}

function push<S extends Step>(steps: Step[], step: S): S {
  steps.push(step);
  return step;
}

/** https://tc39.es/ecma262/#sec-updatemodifiers */
function withModifiers(flags: ParsedPattern, modifiers: AST.Modifiers | null): ParsedPattern {
  if (!modifiers) return flags;
  const { add, remove } = modifiers;
  const pick = (name: 'ignoreCase' | 'dotAll' | 'multiline') =>
    (flags[name] || add[name]) && !(remove?.[name] ?? false);
  return { ...flags, ignoreCase: pick('ignoreCase'), dotAll: pick('dotAll'), multiline: pick('multiline') };
}

/** https://tc39.es/ecma262/#sec-compileassertion */
function assertion(node: AST.Assertion, flags: ParsedPattern): (subject: string, index: number) => boolean {
  const { multiline } = flags;
  switch (node.kind) {
    case 'start':
      return (subject, i) => i === 0 || (multiline && isLineEnd(subject[i - 1]));
    case 'end':
      return (subject, i) => i === subject.length || (multiline && isLineEnd(subject[i]));
    case 'word':
      return (subject, i) => (isWord(subject[i - 1]) !== isWord(subject[i])) !== node.negate;
    default:
      throw new TooMuch();
  }
}

function isLineEnd(character: string | undefined): boolean {
  return character !== undefined && /[\n\r\u2028\u2029]/.test(character);
}

function isWord(character: string | undefined): boolean {
  return character !== undefined && /\w/.test(character);
}

/** Whether the program finds a match anywhere in the subject (at its start, when sticky). */
export function run({ steps, sticky }: Program, subject: string): boolean {
  let threads: number[] = [];
  for (let i = 0; i <= subject.length; i++) {
    if (i === 0 || !sticky) threads.push(0);
    const reached = follow(steps, threads, subject, i);
    if (reached === 'match') return true;
    const code = subject.charCodeAt(i);
    threads = [];
    for (const at of reached) {
      const step = steps[at];
      if (step?.kind === 'character' && step.accepts(code)) threads.push(at + 1);
    }
  }
  return false;
}

/** The steps that read a character, reachable from these without reading one. */
function follow(steps: readonly Step[], from: readonly number[], subject: string, i: number): number[] | 'match' {
  const seen = new Set<number>();
  const stack = [...from];
  const readers: number[] = [];
  for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
    if (seen.has(at)) continue;
    seen.add(at);
    const step = steps[at];
    if (step?.kind === 'match') return 'match';
    if (step?.kind === 'character') readers.push(at);
    if (step?.kind === 'jump') stack.push(step.to);
    if (step?.kind === 'fork') stack.push(step.first, step.second);
    if (step?.kind === 'assert' && step.holds(subject, i)) stack.push(at + 1);
  }
  return readers;
}

/** A match, in UTF-16 offsets, half-open. */
export interface Match {
  readonly start: number;
  readonly end: number;
}

interface Thread {
  readonly at: number;
  readonly start: number;
}

/**
 * What `exec` would find in the subject: of all matches the one that begins first and, of those, the one that the pattern
 * prefers, which has to be known. The threads are kept in the order of that preference (Pike's machine). Null without a match.
 */
export function find({ steps, sticky }: Program, subject: string): Match | null {
  let threads: readonly Thread[] = [];
  let found: Match | null = null;
  for (let i = 0; i <= subject.length; i++) {
    if (found === null && (i === 0 || !sticky)) threads = [...threads, { at: 0, start: i }];
    if (threads.length === 0) break;
    const reached = preferred(steps, threads, subject, i);
    found = reached.match ?? found;
    const code = subject.charCodeAt(i);
    threads = reached.readers.flatMap(({ at, start }) => {
      const step = steps[at];
      return step?.kind === 'character' && step.accepts(code) ? [{ at: at + 1, start }] : [];
    });
  }
  return found;
}

/** The steps that read a character, in order, up to where a thread is through: what comes after is preferred less. */
function preferred(
  steps: readonly Step[],
  threads: readonly Thread[],
  subject: string,
  i: number,
): { readonly readers: readonly Thread[]; readonly match: Match | null } {
  const seen = new Set<number>();
  const readers: Thread[] = [];
  for (const { at: from, start } of threads) {
    const stack = [from];
    for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
      if (seen.has(at)) continue;
      seen.add(at);
      const step = steps[at];
      if (step?.kind === 'match') return { readers, match: { start, end: i } };
      if (step?.kind === 'character') readers.push({ at, start });
      if (step?.kind === 'jump') stack.push(step.to);
      if (step?.kind === 'fork') stack.push(step.second, step.first);
      if (step?.kind === 'assert' && step.holds(subject, i)) stack.push(at + 1);
    }
  }
  return { readers, match: null };
}
