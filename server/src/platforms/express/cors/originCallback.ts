import type { Request } from '../../../cors/http';
import type { OriginEntry, OriginPolicy, OriginTest } from '../../../cors/policy';
import {
  type Branch,
  branchesOf,
  type Condition,
  type FunctionNode,
  type FunctionValue,
  type JsValue,
  type Path,
  type Paths,
  type Reader,
  type Step,
  sameTest,
  snippet,
  truthiness,
} from '../../../javascript';
import { entriesOf } from '../../../javascript/originEntries';
import type { OriginNames } from '../../../javascript/originParts';
import { conditionTest, originTest } from '../../../javascript/originTest';
import { conjunction, isAlways, isNever } from '../../../javascript/testAlgebra';
import { isTimer } from '../flow/effects';
import { type Flow, given } from '../flow/flow';
import { isCaught } from '../request/caught';
import { readError } from '../request/errorValue';
import { isCatchMissed, throws } from '../request/exceptions';
import { isOriginOf, mentionsOrigin } from '../request/originNames';
import { truth } from '../request/outcome';
import type { RequestNames } from '../request/requestNames';
import { holdsFor, requestValue } from '../request/requestValue';
import { allowedEntries, type OriginSetting } from './originValue';

/** What a Node-style function `(question, callback)` comes to for one request. */
export type CallbackOutcome =
  | {
      readonly kind: 'value';
      readonly value: JsValue;
      readonly flow: Flow;
      /** Nothing catches what the callback throws, called with this. */
      readonly isDeferred?: true;
    }
  | { readonly kind: 'error'; readonly flow: Flow; readonly error?: JsValue | null }
  /** The callback is never called on this way. */
  | { readonly kind: 'hang'; readonly flow: Flow }
  | { readonly kind: 'unknown'; readonly reason: string; readonly flow: Flow };

/** How a function is asked and how it answers. */
export interface Asked {
  /** What its parameters stand for. */
  names(fn: FunctionValue): RequestNames;
  /** The answers that one way through it gives. */
  ends(reader: Reader, fn: FunctionValue, path: Path): readonly End[];
}

/** `(origin, callback)`: the `origin` option of the cors package. */
export const ORIGIN_CALLBACK: Asked = {
  names: (fn) => ({ isRequest: () => false, isOrigin: (value) => isFirstParameter(value, fn) }),
  ends: endsOf,
};

/** `(request, callback)`: a delegate that is asked for all options. */
export const REQUEST_CALLBACK: Asked = {
  names: (fn) => ({ isRequest: (value) => isFirstParameter(value, fn) }),
  ends: endsOf,
};

/** How a CORS middleware takes what its origin function answers. */
export interface Answering {
  /** How the function is asked. */
  asked(fn: FunctionValue): Asked;
  /** What one value does that the function answers with. */
  answerSetting(value: JsValue, names: OriginNames): OriginSetting;
  /** Whether whatever is truthy lets the origin in; otherwise the answer itself is sent. */
  readonly truthyReflects: boolean;
}

export function isFirstParameter(value: JsValue, fn: FunctionValue): boolean {
  return value.kind === 'parameter' && value.function === fn.function && value.index === 0;
}

/** The ways that the function can call back for this request; ways that its tests rule out are left out. */
export function callbackOutcomes(
  reader: Reader,
  fn: FunctionValue,
  asked: Asked,
  request: Request,
  flow: Flow,
): readonly CallbackOutcome[] {
  const names = asked.names(fn);
  const { paths, complete } = pathsOf(reader, fn);
  const outcomes: CallbackOutcome[] = complete
    ? []
    : [{ kind: 'unknown', reason: 'it has too many ways through it', flow }];
  for (const path of paths) {
    if (isCatchMissed(reader, path, request, names)) continue;
    const undecided: Condition[] = [];
    let taken = true;
    let thrown = false;
    let steps = path.steps;
    for (const [i, condition] of path.conditions.entries()) {
      const holds = holdsFor(reader, [condition], request, names);
      if (holds === false) taken = false;
      if (holds === undefined) undecided.push(condition);
      if (holds === 'throws') {
        thrown = true;
        taken &&= !isCaught(condition.of.node);
        steps = steps.slice(0, path.stepsBefore[i]);
      }
      if (holds === false || thrown) break;
    }
    const thrower = taken ? steps.find((step) => throws(reader, step, request, names)) : undefined;
    if (thrower !== undefined) {
      thrown = true;
      taken = !isCaught(thrower.node);
    }
    const about = undecided.find((condition) => isAboutQuestion(condition.of, fn));
    const here = taken ? given(flow, about ? [] : undecided) : null;
    if (here === null) continue;
    if (about) {
      // Which way the request goes is not known, and so is nothing that lies behind.
      if (!outcomes.some((outcome) => outcome.kind === 'unknown')) {
        outcomes.push({ kind: 'unknown', reason: `it depends on whether ${about.words}`, flow });
      }
      continue;
    }
    if (thrown) {
      // Nobody looks at the promise of an `async` function.
      outcomes.push({ kind: fn.function.async ? 'hang' : 'error', flow: here });
      continue;
    }
    for (const end of asked.ends(reader, fn, path)) {
      if (end.kind === 'value' && end.isDeferred && requestValue(reader, end.value, request, names) === 'throws') {
        outcomes.push({ kind: 'hang', flow: here });
        continue;
      }
      const failed =
        end.kind === 'value' && end.unless ? truth(requestValue(reader, end.unless, request, names)) : false;
      if (failed !== false)
        outcomes.push({
          kind: 'error',
          flow: here,
          error: end.kind === 'value' ? readError(end.unless ?? null) : null,
        });
      if (failed !== true && failed !== 'throws') outcomes.push({ ...end, flow: here });
    }
  }
  return outcomes.length > 0 ? outcomes : [{ kind: 'unknown', reason: 'no way through it was found', flow }];
}

/** What does not depend on the request is worked out once. */
const pathsByReader = new WeakMap<Reader, WeakMap<FunctionNode, Paths>>();

function pathsOf(reader: Reader, fn: FunctionValue): Paths {
  const known = pathsByReader.get(reader) ?? new WeakMap<FunctionNode, Paths>();
  pathsByReader.set(reader, known);
  const before = fn.context.frame === null ? known.get(fn.function) : undefined;
  if (before !== undefined) return before;
  const paths = reader.paths(fn, { harmless: (step) => isHarmless(step, fn) });
  if (fn.context.frame === null) known.set(fn.function, paths);
  return paths;
}

/** Calls of the callback do not throw, and neither do those of the console. */
function isHarmless({ node }: Step, fn: FunctionValue): boolean {
  if (node.type === 'AssignmentExpression') return true;
  if (node.type !== 'CallExpression') return false;
  const { callee } = node;
  if (callee.type === 'MemberExpression')
    return callee.object.type === 'Identifier' && callee.object.name === 'console';
  const parameter = fn.function.params[1];
  return callee.type === 'Identifier' && parameter?.type === 'Identifier' && parameter.name === callee.name;
}

/** Whether the function's first argument stands in a value. */
export function isAboutQuestion(value: JsValue, fn: FunctionValue): boolean {
  return mentionsOrigin(value, {
    isOrigin: (one) => one.kind === 'parameter' && one.function === fn.function && one.index === 0,
  });
}

export type End =
  /** `unless` is an error that may be none. What is deferred is called by nobody who catches anything. */
  | { readonly kind: 'value'; readonly value: JsValue; readonly unless?: JsValue; readonly isDeferred?: true }
  | { readonly kind: 'error'; readonly error?: JsValue | null }
  | { readonly kind: 'hang' }
  | { readonly kind: 'unknown'; readonly reason: string };

/** How one way through the function ends. */
export function endsOf(reader: Reader, fn: FunctionValue, path: Path): readonly End[] {
  if (path.uncertain !== null) return [{ kind: 'unknown', reason: path.uncertain }];
  const isCallback = (value: JsValue) =>
    value.kind === 'parameter' && value.function === fn.function && value.index === 1;
  for (const { node, context } of path.steps) {
    if (node.type !== 'CallExpression') continue;
    if (isCallback(reader.evaluate(node.callee, context))) {
      const [error, value] = node.arguments.map((argument) => reader.evaluate(argument, context));
      const failed = error === undefined ? false : truthiness(error);
      const handed: JsValue = value ?? {
        kind: 'undefined',
        module: context.module,
        node,
        place: { file: context.module.path, start: node.range[0], end: node.range[1] },
      };
      // What is thrown inside an `async` function is a rejection that nobody looks at.
      const called: Extract<End, { kind: 'value' }> = {
        kind: 'value',
        value: handed,
        ...(fn.function.async ? { isDeferred: true } : {}),
      };
      if (failed === undefined && error !== undefined) return [{ ...called, unless: error }];
      return failed ? [{ kind: 'error', error: readError(error ?? null) }] : [called];
    }
    const deferred = isTimer(node.callee) ? deferredSteps(reader, reader.evaluate(node, context)) : null;
    if (deferred !== null) {
      const ends = endsOf(reader, fn, { ...path, steps: deferred });
      return ends.map((end): End => (end.kind === 'value' ? { ...end, isDeferred: true } : end));
    }
    const isPassedOn = node.arguments.some((argument) => mentions(fn, context.module.text.slice(...argument.range)));
    if (isPassedOn)
      return [
        { kind: 'unknown', reason: `${snippet(reader.evaluate(node.callee, context))} decides, and it is not read` },
      ];
  }
  if (path.end.kind !== 'throw' || fn.function.async) return [{ kind: 'hang' }];
  return [{ kind: 'error', error: readError(reader.evaluate(path.end.node.argument, path.end.context)) }];
}

/** The steps of the function that a timer is given, where there is one way through it. */
function deferredSteps(reader: Reader, call: JsValue): readonly Step[] | null {
  const [later] = call.kind === 'call' ? call.arguments : [];
  if (later?.kind !== 'function' || later.function.params.length > 0) return null;
  const { paths, complete } = reader.paths(later);
  const [only] = paths;
  return complete && paths.length === 1 && only?.conditions.length === 0 ? only.steps : null;
}

/** Whether a piece of source names the function's callback, so that it may be called from there. */
function mentions(fn: FunctionValue, source: string): boolean {
  const callback = fn.function.params[1];
  if (callback?.type !== 'Identifier') return callback !== undefined;
  return source.split(/[^\w$]+/).includes(callback.name);
}

/** Names for tests of the origin inside the function. */
export function originNames(reader: Reader, fn: FunctionValue, asked: Asked): OriginNames {
  const names = asked.names(fn);
  if (names.isOrigin) return { reader, isOrigin: names.isOrigin };
  return { reader, isOrigin: (value) => isOriginOf(value, names.isRequest) };
}

/** One way through a function that lets some origins in. */
interface Admission {
  readonly conditions: readonly Condition[];
  readonly entries: readonly OriginEntry[];
}

/** The policy that an `origin` function comes to. */
export function policyOf(reader: Reader, fn: FunctionValue, answering: Answering): OriginPolicy {
  const names = originNames(reader, fn, answering.asked(fn));
  const { paths, complete } = reader.paths(fn);
  const { place } = fn;
  const admissions = paths.flatMap((path) => admissionsOf(reader, fn, path, names, answering));
  const entries = admissions.flatMap((admission) => conditionalEntries(admission, admissions, names));
  return {
    place,
    entries: complete ? entries : [...entries, { kind: 'unknown', reason: 'it has too many ways through it', place }],
  };
}

function admissionsOf(
  reader: Reader,
  fn: FunctionValue,
  path: Path,
  names: OriginNames,
  answering: Answering,
): Admission[] {
  return answering
    .asked(fn)
    .ends(reader, fn, path)
    .flatMap((end): Admission[] => {
      const { conditions } = path;
      if (end.kind === 'unknown')
        return [{ conditions, entries: [{ kind: 'unknown', reason: end.reason, place: fn.place }] }];
      if (end.kind !== 'value') return [];
      // Where the answer itself is sent, each way that it can come out lets in something else.
      const answers: readonly Branch[] = answering.truthyReflects
        ? [{ when: [], value: end.value }]
        : branchesOf(end.value);
      return answers.flatMap(({ when, value }): Admission[] => {
        const entries = admittedBy(value, names, answering);
        return entries.length === 0 ? [] : [{ conditions: [...conditions, ...when], entries }];
      });
    });
}

/** The origins let in by what is handed to the callback. */
function admittedBy(value: JsValue, names: OriginNames, answering: Answering): readonly OriginEntry[] {
  const isTest = value.kind === 'choice' || value.kind === 'not' || value.kind === 'binary';
  if (isTest && answering.truthyReflects) return entriesOf(value, names);
  const setting = answering.answerSetting(value, names);
  switch (setting.kind) {
    case 'off':
    case 'fails':
      return [];
    case 'reflect':
      return setting.policy.entries;
    case 'wildcard':
      return [{ kind: 'any', how: snippet(value), place: value.place }];
    case 'fixed':
      return allowedEntries(value);
    case 'callback':
      return [{ kind: 'any', how: snippet(value), place: value.place }];
    case 'unknown':
      if (answering.truthyReflects) return entriesOf(value, names);
      return [{ kind: 'unknown', reason: setting.reason, place: value.place }];
  }
}

/** The entries of one way in, narrowed by its conditions. */
export function conditionalEntries(
  admission: Admission,
  all: readonly Admission[],
  names: OriginNames,
): readonly OriginEntry[] {
  const conditions = admission.conditions.filter(
    (condition, i) => !isLeftOver(condition, admission.conditions.slice(0, i), all),
  );
  const tests = conditions.map((condition) => conditionTest(condition, names));
  if (tests.some(isNever)) return [];
  const needed = conditions.filter((_, i) => !isAlways(tests[i] ?? { kind: 'all', of: [] }));
  const [only] = needed;
  if (only === undefined) return admission.entries;
  const isAny = admission.entries.every((entry) => entry.kind === 'any');
  if (isAny && needed.length === 1 && only.holds) return entriesOf(only.of, names);
  return admission.entries.map((entry): OriginEntry => {
    const test = conjunction([...needed.map((condition) => conditionTest(condition, names)), testOf(entry)]);
    const unknown = needed.find((condition) => originTest(condition.of, names).kind === 'unknown');
    if (unknown && test.kind === 'unknown')
      return { kind: 'unknown', reason: `it depends on whether ${unknown.words}`, place: entry.place };
    return { kind: 'match', test, place: isAny ? only.of.place : entry.place };
  });
}

function testOf(entry: OriginEntry): OriginTest {
  switch (entry.kind) {
    case 'any':
      return { kind: 'all', of: [] };
    case 'exact':
      return { kind: 'equals', text: entry.text, ...(entry.ignoreCase ? { ignoreCase: true } : {}) };
    case 'match':
      return entry.test;
    case 'unknown':
      return { kind: 'unknown', reason: entry.reason };
  }
}

/** "Not A" says nothing when A, after the same tests, lets in as well. */
function isLeftOver(condition: Condition, before: readonly Condition[], all: readonly Admission[]): boolean {
  if (condition.holds) return false;
  return all.some(
    ({ conditions }) =>
      conditions.length > before.length &&
      before.every((one, i) => {
        const other = conditions[i];
        return other !== undefined && sameTest(one, other) && one.holds === other.holds;
      }) &&
      conditions.slice(before.length).every((one) => one.holds) &&
      conditions.slice(before.length).length === 1 &&
      conditions.some((one) => one.holds && sameTest(one, condition)),
  );
}
