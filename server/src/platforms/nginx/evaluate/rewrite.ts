import type { Condition, Value } from '../../../cors/value';
import { variableName } from '../config/configuration';
import type { Level, Step } from '../config/level';
import { type Node, wordPlace } from '../config/node';
import type { Word } from '../syntax/tree';
import { capture, judge } from './condition';
import { type Known, literal, unknown } from './known';
import { cannotMatch, compilePattern } from './pattern';
import { notePolicy, type Run } from './run';
import { evaluate } from './variables';

/** How the directives of the rewrite module end. */
export type Rewritten =
  | { readonly kind: 'done' }
  /** The path has changed and a location is looked for again. */
  | { readonly kind: 'again' }
  | { readonly kind: 'return'; readonly node: Node }
  | { readonly kind: 'redirect'; readonly status: 301 | 302; readonly node: Node; readonly target: Known }
  /** Code runs that may answer, or change any variable. */
  | { readonly kind: 'code'; readonly node: Node };

/**
 * Runs a level's `set`, `if`, `rewrite`, `return` and `break` in order.
 * https://nginx.org/en/docs/http/ngx_http_rewrite_module.html
 */
export function rewrite(level: Level, run: Run): Rewritten {
  const state = { changed: false };
  return runSteps(level.program, run, state) ?? (state.changed ? { kind: 'again' } : { kind: 'done' });
}

interface State {
  changed: boolean;
}

function runSteps(steps: readonly Step[], run: Run, state: State): Rewritten | undefined {
  for (const step of steps) {
    const end = runStep(step, run, state);
    if (end !== undefined) {
      return end;
    }
  }
  return undefined;
}

function runStep(step: Step, run: Run, state: State): Rewritten | undefined {
  switch (step.kind) {
    case 'set':
      assign(step.node, run, undefined);
      return undefined;
    case 'return':
      return { kind: 'return', node: step.node };
    case 'break':
      run.pathInLocation &&= !state.changed;
      return { kind: 'done' };
    case 'rewrite':
      return runRewrite(step.node, run, state);
    case 'code':
      return { kind: 'code', node: step.node };
    case 'if':
      return runIf(step, run, state);
  }
}

function runIf(step: Extract<Step, { kind: 'if' }>, run: Run, state: State): Rewritten | undefined {
  const { truth, guard } = judge(step.node, run);
  if (guard !== undefined) {
    noteGuard(guard, run);
  }
  if (!truth) {
    if (guard !== undefined) {
      assignHypothetically(step.level, guard, run);
    }
    return undefined;
  }
  if (step.level.parent?.kind === 'location') {
    run.level = step.level;
    run.taken.push(step.level);
    if (guard === undefined) {
      run.guards.delete(step.level);
    } else {
      run.guards.set(step.level, guard);
    }
  }
  for (const inner of step.level.program) {
    if (inner.kind === 'set') {
      assign(inner.node, run, guard);
      continue;
    }
    const end = runStep(inner, run, state);
    if (end !== undefined) {
      return end;
    }
  }
  return undefined;
}

/** A check on the origin decides who is let in, whichever way it is put. */
function noteGuard(guard: Condition, run: Run): void {
  const condition = guard.kind === 'not' ? guard.of : guard;
  if (condition.kind === 'origin-admitted') {
    notePolicy(run, condition.policy);
  }
}

/** Assigns, and where an `if` on the origin decided it, keeps in the value that it did. */
function assign(node: Node, run: Run, guard: Condition | undefined): void {
  const name = variableName(node.args[0]?.value);
  const word = node.args[1];
  if (name === undefined || word === undefined) {
    return;
  }
  const next = evaluate(word, node.file, run);
  run.variables.set(
    name,
    guard === undefined ? next : { text: next.text, value: choose(guard, next, before(name, node, run)) },
  );
}

/** What the body of an `if` that is not taken would assign to, for other origins. */
function assignHypothetically(level: Level, guard: Condition, run: Run): void {
  for (const { kind, node } of level.program) {
    const name = kind === 'set' ? variableName(node.args[0]?.value) : undefined;
    const word = node.args[1];
    if (name !== undefined && word !== undefined) {
      const previous = before(name, node, run);
      run.variables.set(name, { text: previous.text, value: choose(guard, evaluate(word, node.file, run), previous) });
    }
  }
}

function before(name: string, node: Node, run: Run): Known {
  return run.variables.get(name) ?? literal('', wordPlace(node.file, node.directive.name));
}

function choose(guard: Condition, then: Known, otherwise: Known): Value {
  return {
    kind: 'choice',
    options: [
      { when: guard, value: then.value },
      { when: { kind: 'always' }, value: otherwise.value },
    ],
    place: then.value.place,
  };
}

function runRewrite(node: Node, run: Run, state: State): Rewritten | undefined {
  const [regex, replacement, flag] = node.args;
  if (regex === undefined || replacement === undefined) {
    return undefined;
  }
  if (!matchesPath(node, regex.value, run)) {
    return undefined;
  }
  const target = evaluate(replacement, node.file, run);
  if (isRedirect(replacement.value, flag?.value)) {
    const status = flag?.value === 'permanent' ? 301 : 302;
    return { kind: 'redirect', status, node, target: withArguments(target, run) };
  }
  const { path, query, keepsArguments } = replaced(replacement, node.file, run);
  run.uri = path;
  const kept = keepsArguments ? run.args : '';
  run.args = query === undefined ? kept : kept === '' ? query : `${query}&${kept}`;
  run.internal = true;
  run.pathAsSent = false;
  switch (flag?.value) {
    case 'last':
      state.changed = true;
      return { kind: 'again' };
    case 'break':
      run.pathInLocation = false;
      return { kind: 'done' };
    default:
      state.changed = true;
      return undefined;
  }
}

function isRedirect(replacement: string, flag: string | undefined): boolean {
  return flag === 'permanent' || flag === 'redirect' || /^(?:https?:\/\/|\$scheme)/.test(replacement);
}

/** The request's query goes along, unless the replacement ends in a question mark. */
function withArguments({ text, value }: Known, { args }: Run): Known {
  if (text === undefined) {
    return { text, value };
  }
  const { place } = value;
  if (text.endsWith('?')) {
    return literal(text.slice(0, -1), place);
  }
  const joint = text.includes('?') ? '&' : '?';
  return args === '' ? { text, value } : literal(text + joint + args, place);
}

function matchesPath(node: Node, source: string, run: Run): boolean {
  const pattern = compilePattern(source, false);
  if (run.uri === undefined) {
    return run.decide(`the path matches \`${source}\``, `the path does not match \`${source}\``);
  }
  if (pattern === undefined) {
    if (!cannotMatch(source, false, run.uri)) {
      run.undecided = `the pattern \`${source}\` cannot be read`;
    }
    return false;
  }
  const groups = pattern.exec(run.uri);
  if (groups === undefined) {
    run.captures = [];
    return false;
  }
  capture(pattern.names, groups, { file: node.file, ...node.directive.name.range }, run);
  return true;
}

interface Replaced {
  /** Undefined when it cannot be told. */
  readonly path: string | undefined;
  /** Undefined without one. */
  readonly query: string | undefined;
  /** The request's own query goes along: the replacement does not end in a question mark. */
  readonly keepsArguments: boolean;
}

/** Path and query of a replacement: only a question mark that stands in it parts them, not one in a variable. */
function replaced(word: Word, file: string, run: Run): Replaced {
  const keepsArguments = !word.value.endsWith('?');
  const mark = word.value.indexOf('?');
  const textOf = (start: number, end: number): string | undefined =>
    evaluate({ ...word, value: word.value.slice(start, end) }, file, run).text;
  const last = keepsArguments ? word.value.length : word.value.length - 1;
  if (mark === -1 || mark === last) {
    return { path: textOf(0, last), query: undefined, keepsArguments };
  }
  const { captures } = run;
  if (/[%+]/.test(run.request.path.split('?')[0] ?? '')) {
    run.captures = captures.map((group) => group?.replace(NOT_IN_QUERY, encodeURIComponent));
  }
  const query = textOf(mark + 1, last);
  run.captures = captures;
  return { path: query === undefined ? undefined : textOf(0, mark), query, keepsArguments };
}

/** What nginx encodes in groups that come into a query, of a path that came encoded (`NGX_ESCAPE_ARGS`). */
const NOT_IN_QUERY = /[\0-\x20"#%&+;<>?\\^`{|}\x7f-\ud7ff\ue000-\u{10ffff}]/gu;

/** Forgets what code may have changed. */
export function distrustVariables(run: Run, node: Node): void {
  const place = wordPlace(node.file, node.directive.name);
  for (const name of run.configuration.assigned) {
    run.variables.set(name, unknown(`\`${node.name}\` may change it`, place));
  }
}
