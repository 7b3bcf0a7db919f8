import { type FunctionValue, functionName, type Path } from '../../../javascript';
import { handlerOf } from '../app/handlerKind';
import { sourceOf } from '../cors/corsOptions';
import { runCors } from '../cors/corsPackage';
import { isCaught } from '../request/caught';
import { readError } from '../request/errorValue';
import { isCatchMissed, throws } from '../request/exceptions';
import { type Roles, rolesOf } from '../request/names';
import { applyAnswer } from './applyAnswer';
import { applyNext, statusOfError } from './applyNext';
import { applySettings, numberFor, varyBy } from './applySettings';
import { underConditions } from './assumptions';
import { distinct } from './distinct';
import type { Effect } from './effects';
import { type Flow, opened, removeHeader, type Step } from './flow';
import { effectAt, goesOn, pathsOf } from './functionPaths';
import { type FunctionRun, type Inner, MOST_STEPS } from './functionRun';

/** Functions that call functions are followed to this depth. */
const DEEPEST = 5;

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

/** A way that ends, instead of going on, by an exception. */
function failing(one: Inner): Inner {
  return one.kind === 'end'
    ? { kind: 'error', flow: one.flow, status: statusOfError(null, one.flow), isThrown: true }
    : one;
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
