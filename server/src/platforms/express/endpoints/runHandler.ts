import type { Request } from '../../../cors/http';
import type { Place } from '../../../cors/place';
import type { FunctionValue, JsValue } from '../../../javascript';
import type { Handler } from '../app/handlerKind';
import { idOf } from '../app/ids';
import type { Layer } from '../app/registration';
import { sourceOf } from '../cors/corsOptions';
import { runCors } from '../cors/corsPackage';
import { fittingRequest } from '../flow/fitting';
import { type Flow, given, hasOnlyHeaders, opened, START, type Step } from '../flow/flow';
import type { FunctionRun } from '../flow/functionRun';
import { runFunction } from '../flow/runFunction';
import { isErrorHandler } from '../request/names';
import type { Active } from './active';
import { authenticate, withStaticHeaders } from './knownHandler';
import { remembered, rememberedFunction } from './remembered';
import { isOnTheWay, type Run, seenBy, taken, withVersion } from './run';
import { errorStatus, okOr } from './statuses';

/** One handler for one flow. Error handlers run for errors only, everything else for anything but errors. */
export function runOne(
  run: Run,
  handler: Handler,
  layer: Layer,
  place: Place,
  isEnd: boolean,
  one: Active,
): readonly Step[] {
  const takesErrors = handler.kind === 'function' && isErrorHandler(handler.fn);
  if (one.error === null)
    return takesErrors ? [{ kind: 'next', flow: one.flow }] : runHandler(run, handler, layer, place, isEnd, one.flow);
  // Where an error's status cannot be told it is asked for again where the error is answered.
  const carried = one.error.status === 'unknown' ? undefined : one.error.status;
  const passed: Step = { kind: 'error', flow: one.flow, status: carried, error: one.error.value };
  if (handler.kind === 'unknown' && layer.method === 'use')
    return [{ ...passed, flow: opened(one.flow, handler.reason) }];
  if (!takesErrors) return [passed];
  const { value: error } = one.error;
  const { fn } = handler;
  const steps = rememberedFunction(
    run,
    fn,
    layer,
    place,
    one.flow,
    (asked) => runFunction(functionRun(asked, layer, place, error), fn, one.flow),
    error,
  );
  return steps.map((step) =>
    // What is passed on is the error that came.
    step.kind === 'error' && step.status === undefined
      ? { ...step, status: carried }
      : step.kind === 'answer' && step.status === undefined
        ? { ...step, status: isUntold(step.flow, run.request) ? undefined : (carried ?? errorStatus(run.request)) }
        : step,
  );
}

/** Whether a status was set that cannot be told, and the request does not say how it ends. */
function isUntold({ status }: Flow, { ending }: Request): boolean {
  return status === 'unknown' && ending === 'success';
}

function runHandler(
  run: Run,
  handler: Handler,
  layer: Layer,
  place: Place,
  isEnd: boolean,
  flow: Flow,
): readonly Step[] {
  const { request } = run;
  switch (handler.kind) {
    case 'cors':
      return remembered(run, flow, `cors ${idOf(handler.call)} ${taken(run)}`, (asked) =>
        runCors(run.reader, sourceOf(handler.call), seenBy(withVersion(run, asked, run.target, run.seen)), flow),
      );
    case 'cors-factory':
      return [{ kind: 'hang', flow, why: 'the cors package is never called' }];
    case 'function':
      return isEnd ? runEnd(run, handler.fn, layer, place, flow) : runMiddleware(run, handler.fn, layer, place, flow);
    case 'harmless':
      if (handler.role === 'static' && isOnTheWay(run, layer) && request.method !== 'OPTIONS') {
        return [
          {
            kind: 'answer',
            flow: withStaticHeaders(flow, handler),
            by: { kind: 'file', what: 'the static files', place },
            status: okOr(request),
          },
        ];
      }
      return [{ kind: 'next', flow }];
    case 'authentication':
      return authenticate(handler, request, place, flow);
    case 'proxy':
      return [
        {
          kind: 'answer',
          flow: opened(flow, 'the server behind the proxy may add headers'),
          by: { kind: 'upstream', what: 'the server behind the proxy', place },
          status: okOr(request),
        },
      ];
    case 'choice':
      return handler.branches.flatMap((branch) => {
        const here = given(flow, branch.when);
        return here === null ? [] : runHandler(run, branch.handler, layer, place, isEnd, here);
      });
    case 'router':
      return [{ kind: 'next', flow: opened(flow, 'a router is called by hand') }];
    case 'unknown': {
      const after = opened(flow, handler.reason);
      if (isEnd)
        return [
          {
            kind: 'answer',
            flow: after,
            by: { kind: 'handler', what: 'the handler', place },
            status: request.method === 'OPTIONS' ? undefined : okOr(request),
          },
        ];
      return [{ kind: 'next', flow: { ...after, handedOn: true } }];
    }
  }
}

function functionRun(run: Run, layer: Layer, place: Place, error: JsValue | null = null): FunctionRun {
  return {
    reader: run.reader,
    request: seenBy(run),
    memo: run.memo,
    error,
    get seesRejections() {
      return run.version !== 4;
    },
    runHandler: (handler, flow) => runHandler(run, handler, layer, place, false, flow),
  };
}

function runMiddleware(run: Run, fn: FunctionValue, layer: Layer, place: Place, flow: Flow): readonly Step[] {
  return rememberedFunction(run, fn, layer, place, flow, (asked) => {
    const steps = runFunction(functionRun(asked, layer, place), fn, flow);
    // A gate whose test cannot be worked out lets a request pass that is to end well.
    const fits = fittingRequest(steps, asked.request, flow);
    return fits.some((step) => step.kind === 'next') ? fits : steps;
  });
}

/**
 * The function that answers a route. Most neither set nor read headers of the response: what they do is then the same
 * whatever has been set before.
 */
function runEnd(run: Run, fn: FunctionValue, layer: Layer, place: Place, flow: Flow): readonly Step[] {
  const from = (start: Flow) =>
    rememberedFunction(run, fn, layer, place, start, (asked) => endOf(asked, fn, layer, place, start));
  if (!hasOnlyHeaders(flow)) return from(flow);
  const steps = from(START);
  if (steps.some((step) => step.flow.headers !== START.headers)) return from(flow);
  return steps.map((step): Step => ({ ...step, flow: { ...step.flow, headers: flow.headers } }));
}

function endOf(run: Run, fn: FunctionValue, layer: Layer, place: Place, flow: Flow): readonly Step[] {
  const { request } = run;
  const { ending, method } = request;
  const steps = runFunction(functionRun(run, layer, place), fn, flow).map((step): Step => {
    if (step.kind !== 'next' || !step.flow.handedOn || flow.handedOn) return step;
    return {
      kind: 'answer',
      flow: step.flow,
      by: { kind: 'handler', what: 'the handler', place },
      status: method === 'OPTIONS' ? undefined : okOr(run.request),
    };
  });
  const fits = fittingRequest(steps, request, flow);
  // What never does anything but go on is not where the request ends.
  const passesOn = steps.every((step) => step.kind === 'next');
  if (fits.length > 0 && (ending === 'success' || passesOn || fits.some((step) => step.kind !== 'next'))) return fits;
  if (ending === 'success') return steps;
  const setsHeaders = steps.some(
    (step) => step.flow.headers.length !== flow.headers.length || step.flow.open !== flow.open,
  );
  return [
    {
      kind: 'error',
      flow: setsHeaders ? opened(flow, 'the handler may set headers before it fails') : flow,
      status: ending,
    },
  ];
}
