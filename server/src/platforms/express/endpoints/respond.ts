import type { Request, Response } from '../../../cors/http';
import type { App } from '../app/apps';
import { distinct } from '../flow/distinct';
import { opened, START, type Step } from '../flow/flow';
import type { Active } from './active';
import { type Application, type Run, type Target, withVersion } from './run';
import { runStack } from './stack';
import { errorStatus, okOr } from './statuses';

/**
 * The responses that an app gives to a request, as Express runs its stack: layers in the order of registration,
 * routers inside routers, errors past everything but error handlers, its own answer to OPTIONS for a path that has
 * routes, and 404 (router/index.js; finalhandler).
 */
export function respond(application: Application, app: App, target: Target, request: Request): readonly Response[] {
  const path = request.path.split('?')[0] ?? '/';
  const run: Run = withVersion(application, request, target, path);
  const start: Active = {
    flow: app.isOrderUnknown ? opened(START, 'the order in which the app is set up is not known') : START,
    error: null,
  };
  const { answered, active } = runStack(run, app, path, [start], 0);
  const ends = distinct([...answered, ...active.map((one) => finish(run, app, one))]);
  const responses = ends.map((step) => toResponse(step, app));
  return responses.length > 0 ? responses : [nothing(app)];
}

/** What Express does when the stack is through. */
function finish(run: Run, app: App, { flow, error }: Active): Step {
  const { request } = run;
  if (error !== null) {
    return {
      kind: 'answer',
      flow,
      by: { kind: 'error', what: "Express's error handler", place: app.place },
      status: statusOfLast(error.status, request),
    };
  }
  const status = flow.handedOn ? (request.method === 'OPTIONS' ? undefined : okOr(request)) : 404;
  return {
    kind: 'answer',
    flow,
    by: {
      kind: flow.handedOn ? 'handler' : 'not-found',
      what: flow.handedOn ? 'something that is not read' : "Express's 404",
      place: app.place,
    },
    status,
  };
}

/** What Express's own handler answers an error with. */
function statusOfLast(status: number | 'unknown' | undefined, request: Request): number | undefined {
  if (status !== 'unknown') return status ?? errorStatus(request);
  return request.ending === 'success' ? undefined : request.ending;
}

function toResponse(step: Step, app: App): Response {
  const { flow } = step;
  const when = flow.when.length === 0 ? {} : { when: flow.when.join(' and ') };
  const assumes = {
    ...(flow.assumes.size === 0 ? {} : { assumes: flow.assumes }),
    ...(flow.oneOf.length === 0 ? {} : { assumesOneOf: flow.oneOf }),
  };
  const open = flow.open === null ? {} : { open: flow.open };
  if (step.kind !== 'answer') {
    // What is not read ahead of it may have answered.
    if (flow.open !== null) return { ...nothing(app), ...when, ...assumes };
    const why = step.kind === 'hang' ? step.why : 'it goes on';
    return { ...nothing(app), open: why, ...when, ...assumes };
  }
  const overwritten = flow.overwritten.length === 0 ? {} : { overwritten: flow.overwritten };
  const { status, by: answeredBy } = step;
  return { status, answeredBy, headers: flow.headers, ...overwritten, ...open, ...when, ...assumes };
}

function nothing(app: App): Response {
  return {
    status: undefined,
    answeredBy: { kind: 'error', what: 'nothing', place: app.place },
    headers: [],
    open: 'no way to an answer was found',
  };
}
