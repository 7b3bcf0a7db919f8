import type { Ending, Header, Request } from '../../../cors/http';
import type { Place } from '../../../cors/place';
import type { RequestMemo } from '../../../cors/requestMemo';
import type { Value } from '../../../cors/value';
import {
  branchesOf,
  type Condition,
  type Frame,
  type FunctionNode,
  type FunctionValue,
  functionName,
  type JsValue,
  type Path,
  type Step as PathStep,
  type Paths,
  property,
  type Reader,
  truthiness,
} from '../../../javascript';
import { type Handler, handlerOf } from '../app/handlerKind';
import { idOf } from '../app/ids';
import { sourceOf } from '../cors/corsOptions';
import { runCors } from '../cors/corsPackage';
import { isCaught } from '../request/caught';
import { readError } from '../request/errorValue';
import { isCatchMissed, throws } from '../request/exceptions';
import { toValue } from '../request/headerValue';
import { type Roles, rolesOf } from '../request/names';
import { mentionsError, mentionsOrigin } from '../request/originNames';
import { holdsFor, requestValue } from '../request/requestValue';
import { type Effect, effectOf, type HowSet, type Setting } from './effects';
import {
  appendHeader,
  type Flow,
  given,
  opened,
  removeHeader,
  type Step,
  setHeader,
  setHeaderLines,
  vary,
} from './flow';
import { createFlowTable, type FlowTable } from './flowTable';
import { mergeWays } from './ways';
import { whatMatters } from './whatMatters';

/** A request on its way through functions. */
export interface FunctionRun {
  readonly reader: Reader;
  readonly request: Request;
  readonly memo: FunctionMemo;
  /** Whether a promise that a handler returns is waited for, so that its rejection is an error like any other. */
  readonly seesRejections?: boolean;
  /** The error that an error handler is given, where it is known which. */
  readonly error?: JsValue | null;
  /** How other middleware runs, when a function calls one by hand. */
  runHandler(handler: Handler, flow: Flow): readonly Step[];
}

/** What does not depend on the request, worked out once for one analysis. */
export interface FunctionMemo {
  readonly paths: Map<FunctionNode, Paths>;
  /** The same for functions with some variables known, by what is known. */
  readonly framed: WeakMap<Frame, Map<FunctionNode, Paths>>;
  /** Functions with the arguments that a call gives them. */
  readonly bound: WeakMap<Effect, FunctionValue>;
  readonly effects: WeakMap<PathStep, Effect>;
  /** What a layer or a function made of a flow: the routes of an app share what comes before them. */
  readonly steps: WeakMap<Flow, Map<string, RequestMemo<readonly Step[]>>>;
  readonly flows: FlowTable;
}

export function createMemo(): FunctionMemo {
  return {
    paths: new Map(),
    framed: new WeakMap(),
    bound: new WeakMap(),
    effects: new WeakMap(),
    steps: new WeakMap(),
    flows: createFlowTable(),
  };
}

/** A function's step, or its end without an answer. */
type Inner =
  | Step
  | { readonly kind: 'end'; readonly flow: Flow }
  /** Another middleware has answered: it never calls back, and whoever waits for it waits for ever. */
  | (Extract<Step, { kind: 'answer' }> & { readonly isByOther?: true });

/** Functions that call functions are followed to this depth. */
const DEEPEST = 5;
/** More ways than this and what is left counts as not read. */
const MOST_STEPS = 48;

/**
 * What a middleware or handler written as a function does with a request, one step for each way through it that the
 * request does not rule out. A middleware that neither answers nor goes on hangs.
 */
export function runFunction(run: FunctionRun, fn: FunctionValue, flow: Flow): readonly Step[] {
  const roles = run.error ? { ...rolesOf(fn), error: run.error } : rolesOf(fn);
  const inner = runBody(run, fn, roles, flow, 0);
  const steps = inner.map((one): Step => {
    if (one.kind === 'error' && one.isThrown && fn.function.async && run.seesRejections === false)
      return { kind: 'hang', flow: one.flow, why: 'Express 4 does not see what an `async` function throws' };
    if (one.kind !== 'end') return one;
    // Whatever was given the response, or `next`, may answer or go on.
    return one.flow.handedOn ? { kind: 'next', flow: one.flow } : hang(fn, one.flow);
  });
  return distinct(steps);
}

function hang(fn: FunctionValue, flow: Flow): Step {
  const name = functionName(fn.function);
  return {
    kind: 'hang',
    flow,
    why: `${name === null ? 'the middleware' : `\`${name}\``} neither answers nor calls next()`,
  };
}

function runBody(run: FunctionRun, fn: FunctionValue, roles: Roles, flow: Flow, depth: number): readonly Inner[] {
  const { paths, complete } = pathsOf(run, fn, roles);
  const results: Inner[] = [];
  for (const path of paths) {
    if (isCatchMissed(run.reader, path, run.request, roles)) continue;
    const here = underConditions(run, path, roles, flow);
    if (here === null) continue;
    if ('thrown' in here) {
      results.push(
        ...runSteps(run, { ...path, steps: path.steps.slice(0, here.after) }, roles, 0, here.thrown, depth).map(
          failing,
        ),
      );
      continue;
    }
    const unsure = path.uncertain === null ? here : opened(here, path.uncertain);
    results.push(...runSteps(run, path, roles, 0, unsure, depth));
  }
  if (!complete || results.length > MOST_STEPS) {
    return [
      ...results.slice(0, MOST_STEPS),
      { kind: 'end', flow: opened(flow, 'not every way through it is followed') },
    ];
  }
  return results;
}

/**
 * The flow under conditions that cannot be decided; those about the origin, or about an error that is just this one,
 * leave it open whether it is taken at all.
 */
function undecidedFlow(flow: Flow, undecided: readonly Condition[], roles: Roles): Flow | null {
  if (undecided.length === 0) return flow;
  const isCertain = ({ of }: Condition) => mentionsOrigin(of, roles) || (roles.error && mentionsError(of, roles));
  const about = undecided.find(isCertain);
  const others = undecided.filter((condition) => !isCertain(condition));
  const here = given(flow, others);
  if (here === null || about === undefined) return here;
  const why = `it depends on whether ${about.words}`;
  return { ...opened(here, why), unsure: why };
}

function pathsOf(run: FunctionRun, fn: FunctionValue, roles: Roles): Paths {
  const { frame } = fn.context;
  const memo = frame === null ? run.memo.paths : (run.memo.framed.get(frame) ?? new Map<FunctionNode, Paths>());
  if (frame !== null) run.memo.framed.set(frame, memo);
  const known = memo.get(fn.function);
  if (known !== undefined) return known;
  const paths = run.reader.paths(fn, whatMatters(fn, roles));
  memo.set(fn.function, paths);
  return paths;
}

function effectAt(run: FunctionRun, step: PathStep, roles: Roles): Effect {
  const known = run.memo.effects.get(step);
  if (known !== undefined) return known;
  const effect = effectOf(run.reader, step, roles);
  run.memo.effects.set(step, effect);
  return effect;
}

/** A way that ends, instead of going on, by an exception. */
function failing(one: Inner): Inner {
  return one.kind === 'end'
    ? { kind: 'error', flow: one.flow, status: statusOfError(null, one.flow), isThrown: true }
    : one;
}

/** A flow that an exception ends, after some of the path's steps. */
interface Thrown {
  readonly thrown: Flow;
  readonly after: number;
}

/**
 * The flow on a path; null when the request, or what is already assumed, rules the path out, or when a test throws and
 * the path has a `catch` for it.
 */
function underConditions(run: FunctionRun, path: Path, roles: Roles, flow: Flow): Flow | Thrown | null {
  const undecided: Condition[] = [];
  for (const [i, condition] of path.conditions.entries()) {
    const holds = holdsFor(run.reader, [condition], run.request, roles);
    if (holds === false) return null;
    if (holds === 'throws') {
      const thrown = isCaught(condition.of.node) ? null : undecidedFlow(flow, undecided, roles);
      return thrown && { thrown, after: path.stepsBefore[i] ?? 0 };
    }
    if (holds === undefined) undecided.push(condition);
  }
  return undecidedFlow(flow, undecided, roles);
}

function runSteps(
  run: FunctionRun,
  path: Path,
  roles: Roles,
  from: number,
  start: Flow,
  depth: number,
): readonly Inner[] {
  let flow = start;
  const later: Inner[] = [];
  let isLeftToOthers = false;
  for (let i = from; i < path.steps.length; i++) {
    const step = path.steps[i];
    if (step === undefined) break;
    const effect = effectAt(run, step, roles);
    if (effect.kind === 'none') {
      if (!throws(run.reader, step, run.request, roles)) continue;
      return isCaught(step.node) ? later : [...later, failing({ kind: 'end', flow })];
    }
    const outcome = apply(run, effect, roles, flow, depth).map((one): Inner => {
      const waits = 'isByOther' in one && step.node.parent.type === 'AwaitExpression';
      if (one.kind === 'answer' && !waits && goesOn(run, path, roles, i))
        return { ...one, status: undefined, flow: opened(one.flow, GOES_ON) };
      // A promise that is not waited for may have its `.catch`.
      const isPromise = effect.kind === 'promise' || effect.kind === 'function';
      const isHandled = isCaught(step.node) || (isPromise && step.node.parent.type === 'MemberExpression');
      if (one.kind === 'error' && one.isThrown && isHandled)
        return { kind: 'error', status: one.status, flow: opened(one.flow, 'what it throws is caught') };
      return one;
    });
    later.push(...outcome.filter((one) => one.kind !== 'end'));
    if (effect.kind === 'later' && later.length > 0) isLeftToOthers = true;
    const goOn = outcome.filter((one) => one.kind === 'end');
    const [only] = goOn;
    if (only === undefined) return effect.kind === 'later' ? [...later, { kind: 'end', flow }] : later;
    if (goOn.length > 1)
      return [...later, ...goOn.flatMap((one) => runSteps(run, path, roles, i + 1, one.flow, depth))];
    flow = only.flow;
  }
  if (path.end.kind === 'throw') {
    const thrown = run.reader.evaluate(path.end.node.argument, path.end.context);
    return [
      ...later,
      { kind: 'error', flow, status: statusOfError(thrown, flow), error: readError(thrown), isThrown: true },
    ];
  }
  // What runs later answers; that this way itself ends without an answer is then no fault.
  if (later.length > 0 && (isLeftToOthers || depth === 0)) return later;
  return [...later, { kind: 'end', flow }];
}

/** Nobody catches what a timer's function throws: the program ends, and the request with it. */
function lost(one: Inner): Inner {
  if (one.kind !== 'error' || !one.isThrown) return one;
  return { kind: 'hang', flow: one.flow, why: 'nothing catches what a callback throws' };
}

const GOES_ON = 'it goes on after its answer, and the connection may be cut before that is sent';

/** Whether `next` is called, or another answer given, after an answer. */
function goesOn(run: FunctionRun, path: Path, roles: Roles, from: number): boolean {
  return path.steps.slice(from + 1).some((step) => effectAt(run, step, roles).kind === 'next');
}

function apply(
  run: FunctionRun,
  effect: Exclude<Effect, { kind: 'none' }>,
  roles: Roles,
  flow: Flow,
  depth: number,
): readonly Inner[] {
  switch (effect.kind) {
    case 'set':
      return applySettings(run, effect.headers, effect.how, roles, flow);
    case 'remove':
      return [{ kind: 'end', flow: effect.name.kind === 'string' ? removeHeader(flow, effect.name.value) : flow }];
    case 'vary':
      return [{ kind: 'end', flow: varyBy(effect.field, effect.place, flow) }];
    case 'status':
      return [{ kind: 'end', flow: { ...flow, status: numberFor(run, effect.status, roles) ?? 'unknown' } }];
    case 'answer':
      return applyAnswer(run, effect, roles, flow);
    case 'next':
      return applyNext(effect.argument, roles, flow);
    case 'cors':
      return goOnAfter(run, effect, roles, runCors(run.reader, sourceOf(effect.call), run.request, flow), depth);
    case 'middleware': {
      const handler = handlerOf({ value: effect.value, site: effect.value }, () => null);
      return goOnAfter(run, effect, roles, run.runHandler(handler, flow), depth);
    }
    case 'promise':
      if (depth >= DEEPEST) return [{ kind: 'end', flow: opened(flow, TOO_DEEP) }];
      return runBody(run, effect.executor, roles, flow, depth + 1);
    case 'rejected':
      return [
        {
          kind: 'error',
          flow,
          status: statusOfError(effect.error, flow),
          error: readError(effect.error),
          isThrown: true,
        },
      ];
    case 'function': {
      if (depth >= DEEPEST) return [{ kind: 'end', flow: opened(flow, TOO_DEEP) }];
      const bound = run.memo.bound.get(effect) ?? run.reader.bind(effect.fn, effect.args);
      run.memo.bound.set(effect, bound);
      return runBody(run, bound, roles, flow, depth + 1);
    }
    case 'later': {
      if (depth >= DEEPEST) return [{ kind: 'end', flow: opened(flow, TOO_DEEP) }];
      const results = effect.functions
        .flatMap((fn) => runBody(run, fn, roles, flow, depth + 1))
        .map((one) => (effect.isDetached ? lost(one) : one));
      const answered = results.filter((one) => one.kind !== 'end');
      const set = results.some((one) => one.kind === 'end' && one.flow.headers !== flow.headers);
      return [...answered, { kind: 'end', flow: set ? opened(flow, 'headers are set in a callback') : flow }];
    }
    case 'opaque':
      return [{ kind: 'end', flow: { ...opened(flow, effect.reason), handedOn: true } }];
  }
}

const TOO_DEEP = 'it calls functions too deeply to follow';

/** What comes of a middleware called by hand: where it goes on, the function that it is given does, or the caller. */
function goOnAfter(
  run: FunctionRun,
  effect: Extract<Effect, { kind: 'cors' | 'middleware' }>,
  roles: Roles,
  steps: readonly Step[],
  depth: number,
): readonly Inner[] {
  const { after } = effect;
  if (after === 'next') return steps;
  return steps.flatMap((step): readonly Inner[] => {
    if (step.kind === 'answer') return [{ ...step, isByOther: true }];
    if (step.kind === 'hang') return [step];
    const isError = step.kind === 'error';
    if (after === 'here')
      return [{ kind: 'end', flow: isError ? opened(step.flow, 'what becomes of its error is not seen') : step.flow }];
    // It is called with the error, or with nothing.
    const args = isError && step.error ? [step.error] : [];
    if (isError && args.length === 0) return [{ kind: 'end', flow: opened(step.flow, 'its error is not known') }];
    return runBody(run, run.reader.bind(after, args), roles, step.flow, depth + 1);
  });
}

/** A number for this request; null where it is not known. */
function numberFor(run: FunctionRun, value: JsValue, roles: Roles): number | null {
  if (value.kind === 'number') return value.value;
  const outcome = requestValue(run.reader, value, run.request, roles);
  return outcome !== null && outcome !== 'throws' && typeof outcome.is === 'number' ? outcome.is : null;
}

function applySettings(
  run: FunctionRun,
  settings: readonly Setting[],
  how: HowSet,
  roles: Roles,
  start: Flow,
): readonly Inner[] {
  let flows: readonly Flow[] = [start];
  for (const setting of settings) {
    // Node refuses names that are no tokens.
    if (!/^[!#$%&'*+\-.^_`|~\w]+$/.test(setting.name))
      return flows.map((flow): Inner => ({ kind: 'error', flow, status: 500, isThrown: true }));
    const next: Flow[] = [];
    const failed: Inner[] = [];
    for (const flow of flows) {
      for (const { when, value } of branchesOf(setting.value)) {
        const held = when.map((condition) => holdsFor(run.reader, [condition], run.request, roles));
        if (held.includes(false)) continue;
        if (held.includes('throws')) {
          failed.push({ kind: 'error', flow, status: statusOfError(null, flow), isThrown: true });
          continue;
        }
        const undecided = when.filter((_, at) => held[at] === undefined);
        const here = undecidedFlow(flow, undecided, roles);
        if (here === null) continue;
        const put = putSetting(run, { ...setting, value }, how, roles, here);
        if (put === null) failed.push({ kind: 'error', flow: here, status: 500, isThrown: true });
        else next.push(put);
      }
    }
    if (failed.length > 0 && next.length === 0) return failed;
    flows = next.slice(0, MOST_STEPS);
  }
  return flows.map((flow): Inner => ({ kind: 'end', flow }));
}

function linesOf({ headers }: Flow, name: string): readonly Header[] {
  return headers.filter((one) => one.name.toLowerCase() === name.toLowerCase());
}

function isAppended(how: HowSet): boolean {
  return how === 'append' || how === 'append-node';
}

/** The flow with the header set; null when Node throws. */
function putSetting(run: FunctionRun, setting: Setting, by: HowSet, roles: Roles, flow: Flow): Flow | null {
  const { name, value, place } = setting;
  // Express appends to nothing by setting, and takes an empty header for none.
  const isNothing = linesOf(flow, name).every(({ value }) => value.kind === 'literal' && value.text === '');
  const how = by === 'append' && isNothing ? 'express' : by;
  const layer = 'the response';
  if (value.kind === 'array' && value.rest === null) {
    // Each item is a line of its own, and the item is what brings it.
    const lines = value.items.map((item): Header => {
      const own = value.items.length > 1 ? item.place : place;
      return { name, value: toValue(item, roles), place: own, layer };
    });
    return isAppended(how) ? lines.reduce(appendHeader, flow) : setHeaderLines(flow, name, lines);
  }
  const read = valueFor(run, value, roles);
  if (read === null) return null;
  if (read.kind === 'absent') {
    if (how === 'node' || how === 'append-node') return null;
    return (how === 'append' ? appendHeader : setHeader)(flow, {
      name,
      value: { kind: 'literal', text: 'undefined', place: value.place },
      place,
      layer,
    });
  }
  if (read.kind === 'literal' && HAS_CONTROLS.test(read.text)) return null;
  const header: Header = { name, value: perhaps(read, flow), place, layer };
  return isAppended(how) ? appendHeader(flow, header) : setHeader(flow, header);
}

/** What is set on a way that is perhaps not taken may be absent. */
function perhaps(value: Value, { unsure }: Flow): Value {
  if (unsure === null) return value;
  return { kind: 'choice', options: [{ when: { kind: 'unknown', reason: unsure }, value }], place: value.place };
}

/** Characters that Node refuses in a header's value. */
const HAS_CONTROLS = /[^\t\x20-\x7e\x80-\xff]/;

/**
 * A header's value for this request: what depends on the request is worked out where that can be done; null where that
 * throws.
 */
function valueFor(run: FunctionRun, value: JsValue, roles: Roles): Value | null {
  const read = toValue(value, roles);
  const { place } = value;
  if (read.kind === 'request-origin' && run.request.origin === undefined) return { kind: 'absent', place };
  if (read.kind === 'request-header' && !run.request.headers.has(read.name)) return { kind: 'absent', place };
  if (read.kind !== 'unknown') return read;
  const outcome = requestValue(run.reader, value, run.request, roles);
  if (outcome === null) return read;
  if (outcome === 'throws') return null;
  if (outcome.is === undefined) return { kind: 'absent', place };
  if (typeof outcome.is !== 'string') return read;
  if (outcome.is === run.request.origin) return { kind: 'request-origin', place };
  return { kind: 'literal', text: outcome.is, place };
}

function varyBy(field: JsValue, place: Place, flow: Flow): Flow {
  const layer = 'the response';
  const fields = field.kind === 'array' ? field.items : [field];
  return fields.reduce<Flow>((after, one) => vary(after, { name: 'Vary', value: toValue(one), place, layer }), flow);
}

function applyAnswer(
  run: FunctionRun,
  effect: Extract<Effect, { kind: 'answer' }>,
  roles: Roles,
  flow: Flow,
): readonly Inner[] {
  const set = applySettings(run, effect.headers, 'node', roles, flow);
  return set.map((one): Inner => {
    if (one.kind !== 'end') return one;
    const { place } = effect;
    const { request } = run;
    if (effect.how === 'redirect') {
      const accept: Header = {
        name: 'Vary',
        value: { kind: 'literal', text: 'Accept', place },
        place,
        layer: 'Express',
        implied: true,
      };
      const status = effect.status === null ? 302 : (numberFor(run, effect.status, roles) ?? undefined);
      return {
        kind: 'answer',
        flow: vary(one.flow, accept),
        by: { kind: 'redirect', what: 'the redirect', place },
        status,
      };
    }
    const status = effect.status === null ? statusOf(one.flow) : (numberFor(run, effect.status, roles) ?? undefined);
    const kind = request.method === 'OPTIONS' ? 'preflight' : 'handler';
    return { kind: 'answer', flow: one.flow, by: { kind: kindOf(status, kind), what: 'the handler', place }, status };
  });
}

function statusOf(flow: Flow): number | undefined {
  return flow.status === 'unknown' ? undefined : (flow.status ?? 200);
}

function kindOf(status: number | undefined, otherwise: 'preflight' | 'handler') {
  if (status === 401 || status === 403) return 'authentication' as const;
  if (status === 429) return 'rate-limit' as const;
  if (status === 405) return 'method-gate' as const;
  return otherwise;
}

function applyNext(argument: JsValue | null, roles: Roles, flow: Flow): readonly Inner[] {
  if (argument === null) return [{ kind: 'next', flow }];
  if (argument.kind === 'string' && (argument.value === 'route' || argument.value === 'router'))
    return [{ kind: 'skip', flow }];
  const isGiven = roles.isError?.(argument) === true;
  const failed = isGiven ? true : truthiness(argument);
  const status = statusOfError(argument, flow);
  const error = isGiven ? (roles.error ?? null) : readError(argument);
  if (failed === undefined)
    return [
      { kind: 'error', flow, status, error },
      { kind: 'next', flow },
    ];
  return [failed ? { kind: 'error', flow, status, error } : { kind: 'next', flow }];
}

/**
 * The status that an error brings, or that the response already has, if it is one of an error (finalhandler,
 * `getErrorStatusCode` and `getResponseStatusCode`); undefined where the error says nothing.
 */
function statusOfError(error: JsValue | null, flow: Flow): number | undefined {
  if (error?.kind === 'object') {
    for (const key of ['status', 'statusCode']) {
      const value = property(error, key)?.value;
      if (value?.kind === 'number' && value.value >= 400 && value.value < 600) return value.value;
    }
  }
  return typeof flow.status === 'number' && flow.status >= 400 && flow.status < 600 ? flow.status : undefined;
}

/** Steps that do the same are one; the circumstances that they do not share say nothing then. */
export function distinct(steps: readonly Step[]): readonly Step[] {
  if (steps.length < 2) return steps;
  const kept = new Map<string, [Step, ...Step[]]>();
  for (const step of steps) {
    const same = kept.get(keyOf(step));
    if (same === undefined) kept.set(keyOf(step), [step]);
    else same.push(step);
  }
  return [...kept.values()].map(([step, ...others]) =>
    others.length === 0 ? step : { ...step, flow: mergeWays([step.flow, ...others.map(({ flow }) => flow)]) },
  );
}

function keyOf(step: Step): string {
  const status = 'status' in step ? step.status : '';
  const by = step.kind === 'answer' ? step.by.kind : '';
  const error = step.kind === 'error' && step.error ? idOf(step.error) : '';
  return `${step.kind}|${status}|${by}|${error}|${step.flow.open}|${keyOfHeaders(step.flow.headers)}`;
}

const headerKeys = new WeakMap<readonly Header[], string>();

function keyOfHeaders(headers: readonly Header[]): string {
  const known = headerKeys.get(headers);
  if (known !== undefined) return known;
  const keys = headers.map(
    ({ name, place, value }) =>
      `${name}@${place.start}:${value.kind}:${value.place.start}:${value.kind === 'literal' ? value.text : ''}`,
  );
  const made = keys.join('|');
  headerKeys.set(headers, made);
  return made;
}

/** Which of a handler's steps fit the way that the request is to end. */
export function fitting(steps: readonly Step[], ending: Ending): readonly Step[] {
  return steps.filter((step) => {
    if (step.kind === 'error') return ending !== 'success';
    if (step.kind !== 'answer' || step.status === undefined) return true;
    return ending === 'success' ? step.status < 400 : step.status === ending;
  });
}
