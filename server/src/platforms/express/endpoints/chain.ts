import type { Answerer, Request, Response } from '../../../cors/http';
import type { Place } from '../../../cors/place';
import { type RequestMemo, requestMemo } from '../../../cors/requestMemo';
import type { Condition, FunctionValue, JsValue, Reader } from '../../../javascript';
import { condition } from '../../../javascript';
import type { App, Apps, Layer, Registration } from '../app/apps';
import type { Handler } from '../app/handlerKind';
import { idOf } from '../app/ids';
import type { ExpressVersion, PathMatch } from '../app/pathPattern';
import { registrationsAt } from '../app/registered';
import { sourceOf } from '../cors/corsOptions';
import { runCors } from '../cors/corsPackage';
import { distinct } from '../flow/distinct';
import { fitting } from '../flow/fitting';
import { type Flow, given, hasOnlyHeaders, opened, START, type Step } from '../flow/flow';
import type { FunctionMemo, FunctionRun } from '../flow/functionRun';
import { runFunction } from '../flow/runFunction';
import { isErrorHandler } from '../request/names';

/** What one analysis knows, whatever the request. */
export interface Application {
  readonly reader: Reader;
  readonly apps: Apps;
  readonly version: ExpressVersion;
  readonly memo: FunctionMemo;
}

/** The route that an endpoint stands for, with the mounts that lead to it. */
export interface Target {
  /** Registrations that the endpoint's own path is known to meet, whatever their patterns. */
  readonly through: ReadonlySet<Registration>;
  readonly path: string;
}

/** More ways than this are not told apart any more. */
const MOST_FLOWS = 24;

/** A flow that goes on, with the error that it carries, if any. */
interface Active {
  readonly flow: Flow;
  readonly error: { readonly status: number | undefined; readonly value: JsValue | null } | null;
}

interface Run extends Application {
  /** What is left of the path for the layer at hand, which is what `req.path` says there; empty where it is not known. */
  readonly seen: string;
  readonly request: Request;
  readonly target: Target;
}

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

/** The version is read from other files, and only where a path asks for it. */
function withVersion(application: Application, request: Request, target: Target, seen: string): Run {
  const { reader, apps, memo } = application;
  return {
    reader,
    apps,
    memo,
    request,
    target,
    seen,
    get version() {
      return application.version;
    },
  };
}

interface StackResult {
  readonly answered: readonly Step[];
  readonly active: readonly Active[];
}

function runStack(run: Run, app: App, path: string, start: readonly Active[], depth: number): StackResult {
  const answered: Step[] = [];
  let active = start;
  let hasRoutes = false;
  const { registrations, matches } = registrationsAt(run, app, path);
  for (const [i, registration] of registrations.entries()) {
    if (active.length === 0) break;
    if ('opaque' in registration) {
      active = active.map((one) => ({ ...one, flow: { ...opened(one.flow, registration.opaque), handedOn: true } }));
      continue;
    }
    const whole = registration.method !== 'use';
    const matched = matches[i];
    const match = matched ?? (path !== '' && isOnTheWay(run, registration) ? { rest: '/' } : matched);
    if (match === null) continue;
    if (match === undefined) {
      if (!whole)
        active = active.map((one) => ({ ...one, flow: opened(one.flow, 'the path of a middleware is not known') }));
      continue;
    }
    if (whole && !answersMethod(registration.method, run.request.method)) {
      hasRoutes = true;
      continue;
    }
    const seen = whole ? run.seen : run.seen === '' ? '' : seenThrough(registration, matched);
    const here = withVersion(run, run.request, run.target, seen);
    const result = runGuarded(here, registration, match.rest, active, depth);
    answered.push(...result.answered);
    active = limited(result.active);
  }
  // A router answers OPTIONS for its own routes when nothing else has.
  if (run.request.method === 'OPTIONS' && hasRoutes) {
    const options = active.filter((one) => one.error === null && !one.flow.handedOn);
    answered.push(...options.map((one) => expressOptions(one.flow, app)));
    active = active.filter((one) => !options.includes(one));
  }
  return { answered, active };
}

/** What a middleware or a router sees of the path, once its own has been taken off. */
function seenThrough({ path }: Layer, matched: PathMatch): string {
  // What a pattern takes off is what it has matched, and that is not worked out.
  return matched && path.kind === 'text' ? matched.rest : '';
}

function isOwnPath(run: Run): boolean {
  return (run.request.path.split('?')[0] ?? '') === run.target.path;
}

/** Whether the request is for the endpoint's own path, and the layer is one that this path is known to meet. */
function isOnTheWay(run: Run, layer: Layer): boolean {
  return run.target.through.has(layer) && isOwnPath(run);
}

function answersMethod(method: string, requested: string): boolean {
  const lower = requested.toLowerCase();
  return method === 'all' || method === lower || (method === 'get' && lower === 'head');
}

/** Runs a layer where its conditions hold, and passes it by where they do not. */
function runGuarded(run: Run, layer: Layer, rest: string, active: readonly Active[], depth: number): StackResult {
  const { guard } = layer;
  if (guard !== null && guard.length === 0) return runLayer(run, layer, rest, active, depth);
  if (guard === null) {
    const why = 'it is not known whether a part of the app is set up';
    return { answered: [], active: active.map((one) => ({ ...one, flow: opened(one.flow, why) })) };
  }
  const inside = active.flatMap((one) => under(one, guard));
  const outside = active.flatMap((one) => under(one, negated(guard)));
  const result = runLayer(run, layer, rest, inside, depth);
  return { answered: result.answered, active: [...result.active, ...outside] };
}

/** The same with the flow that stands for all that hold the same. */
function joined(run: Run, one: Active): Active {
  const flow = run.memo.flows.only(one.flow);
  return flow === one.flow ? one : { ...one, flow };
}

function under(one: Active, conditions: readonly Condition[]): Active[] {
  const flow = given(one.flow, conditions);
  return flow === null ? [] : [{ ...one, flow }];
}

/** One condition turned round; of several only that not all hold is known, which is said of the first. */
function negated(conditions: readonly Condition[]): readonly Condition[] {
  const [first] = conditions;
  return first === undefined ? [] : [condition(first.of, !first.holds)];
}

function runLayer(run: Run, layer: Layer, rest: string, start: readonly Active[], depth: number): StackResult {
  const answered: Step[] = [];
  const left: Active[] = [];
  let active = start;
  for (const [i, { handler, place }] of layer.handlers.entries()) {
    const isLast = i === layer.handlers.length - 1;
    const isEnd = layer.method !== 'use' && isLast;
    const next: Active[] = [];
    for (const one of active) {
      if (handler.kind === 'router') {
        const result = runRouter(run, handler.key, rest, one, depth);
        answered.push(...result.answered);
        next.push(...result.active);
        continue;
      }
      for (const step of runOne(run, handler, layer, place, isEnd, joined(run, one))) {
        if (step.kind === 'next') next.push({ flow: step.flow, error: null });
        else if (step.kind === 'skip') left.push({ flow: step.flow, error: null });
        else if (step.kind === 'error')
          next.push({ flow: step.flow, error: { status: step.status, value: step.error ?? null } });
        else answered.push(step);
      }
    }
    active = limited(next);
  }
  return { answered, active: [...active, ...left] };
}

function runRouter(run: Run, key: string, path: string, one: Active, depth: number): StackResult {
  const router = run.apps.byKey(key);
  if (one.error !== null) return { answered: [], active: [one] };
  if (router === null) return { answered: [], active: [one] };
  if (depth > 8) return { answered: [], active: [{ ...one, flow: opened(one.flow, 'routers stand in each other') }] };
  const flow = router.isOrderUnknown
    ? opened(one.flow, 'the order in which a router is set up is not known')
    : one.flow;
  return runStack(run, router, path, [{ ...one, flow }], depth + 1);
}

/** One handler for one flow. Error handlers run for errors only, everything else for anything but errors. */
function runOne(run: Run, handler: Handler, layer: Layer, place: Place, isEnd: boolean, one: Active): readonly Step[] {
  const takesErrors = handler.kind === 'function' && isErrorHandler(handler.fn);
  if (one.error === null)
    return takesErrors ? [{ kind: 'next', flow: one.flow }] : runHandler(run, handler, layer, place, isEnd, one.flow);
  const passed: Step = { kind: 'error', flow: one.flow, status: one.error.status, error: one.error.value };
  if (handler.kind === 'unknown' && layer.method === 'use')
    return [{ ...passed, flow: opened(one.flow, handler.reason) }];
  if (!takesErrors) return [passed];
  const { status, value: error } = one.error;
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
      ? { ...step, status }
      : step.kind === 'answer' && step.status === undefined
        ? { ...step, status: status ?? errorStatus(run.request) }
        : step,
  );
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

/** The request as a function sees it. It is read through: what is read is noted. */
function seenBy({ request, seen }: Run): Request {
  return {
    get method() {
      return request.method;
    },
    get scheme() {
      return request.scheme;
    },
    get origin() {
      return request.origin;
    },
    get ending() {
      return request.ending;
    },
    ...(request.host === undefined ? {} : { host: request.host }),
    get path() {
      // What is left of the path is the same only for the same path.
      return request.path === '' ? '' : seen;
    },
    get headers() {
      return request.headers;
    },
  };
}

/** How much of the path the layers around have taken off. */
function taken({ request, seen }: Run): number {
  if (seen === '') return -1;
  const path = request.path.split('?')[0] ?? '/';
  return seen === '/' && path !== '/' ? path.length : path.length - seen.length;
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

/** What a layer makes of a flow, worked out once for all routes behind it and all requests that it treats alike. */
function remembered(run: Run, flow: Flow, layer: string, work: (request: Request) => readonly Step[]): readonly Step[] {
  const layers = run.memo.steps.get(flow) ?? new Map<string, RequestMemo<readonly Step[]>>();
  run.memo.steps.set(flow, layers);
  const memo = layers.get(layer) ?? requestMemo<readonly Step[]>();
  layers.set(layer, memo);
  return memo.get(run.request, work);
}

/** As `remembered`, for a function, which may look at where it stands. */
function rememberedFunction(
  run: Run,
  fn: FunctionValue,
  layer: Layer,
  place: Place,
  flow: Flow,
  work: (run: Run) => readonly Step[],
  error: JsValue | null = null,
): readonly Step[] {
  const handed = error === null ? '' : idOf(error);
  const standing = `${idOf(fn)} ${idOf(layer)} ${place.start} ${taken(run)} ${isOnTheWay(run, layer)} ${handed}`;
  return remembered(run, flow, standing, (asked) => work(withVersion(run, asked, run.target, run.seen)));
}

/** `express.static(folder, { setHeaders })` sets whatever its function sets. */
function withStaticHeaders(flow: Flow, handler: Extract<Handler, { kind: 'harmless' }>): Flow {
  const options = handler.value.kind === 'call' ? handler.value.arguments[1] : undefined;
  if (options === undefined) return flow;
  const isPlain =
    options.kind === 'object' && options.rest === null && !options.properties.some((one) => one.key === 'setHeaders');
  return isPlain ? flow : opened(flow, '`setHeaders` sets headers of its own');
}

function okOr(request: Request): number {
  return request.ending === 'success' ? 200 : request.ending;
}

function errorStatus(request: Request): number {
  return request.ending === 'success' || request.ending < 400 ? 500 : request.ending;
}

function runMiddleware(run: Run, fn: FunctionValue, layer: Layer, place: Place, flow: Flow): readonly Step[] {
  return rememberedFunction(run, fn, layer, place, flow, (asked) => {
    const steps = runFunction(functionRun(asked, layer, place), fn, flow);
    // A gate whose test cannot be worked out lets a request pass that is to end well.
    const fits = fitting(steps, asked.request.ending);
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
  const { ending, method } = run.request;
  const steps = runFunction(functionRun(run, layer, place), fn, flow).map((step): Step => {
    if (step.kind !== 'next' || !step.flow.handedOn || flow.handedOn) return step;
    return {
      kind: 'answer',
      flow: step.flow,
      by: { kind: 'handler', what: 'the handler', place },
      status: method === 'OPTIONS' ? undefined : okOr(run.request),
    };
  });
  const fits = fitting(steps, ending);
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

function authenticate(
  handler: Extract<Handler, { kind: 'authentication' }>,
  request: Request,
  place: Place,
  flow: Flow,
): readonly Step[] {
  const by: Answerer = { kind: 'authentication', what: handler.name, place };
  if (request.method === 'OPTIONS') {
    const asked = (request.headers.get('access-control-request-headers') ?? '')
      .split(',')
      .map((name) => name.trim().toLowerCase());
    if (handler.letsPreflight === 'with-authorization' && asked.includes('authorization'))
      return [{ kind: 'next', flow }];
    return [{ kind: 'answer', flow, by, status: 401 }];
  }
  if (request.ending === 401 || request.ending === 403) return [{ kind: 'answer', flow, by, status: request.ending }];
  return [{ kind: 'next', flow }];
}

function limited(active: readonly Active[]): readonly Active[] {
  if (active.length <= MOST_FLOWS) return active;
  return active.slice(0, MOST_FLOWS).map((one) => ({ ...one, flow: opened(one.flow, 'it can go in too many ways') }));
}

function expressOptions(flow: Flow, app: App): Step {
  return {
    kind: 'answer',
    flow,
    by: { kind: 'not-found', what: "Express's own OPTIONS answer", place: app.place },
    status: 200,
  };
}

/** What Express does when the stack is through. */
function finish(run: Run, app: App, { flow, error }: Active): Step {
  const { request } = run;
  if (error !== null) {
    return {
      kind: 'answer',
      flow,
      by: { kind: 'error', what: "Express's error handler", place: app.place },
      status: error.status ?? errorStatus(request),
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

function toResponse(step: Step, app: App): Response {
  const { flow } = step;
  const when = flow.when.length === 0 ? {} : { when: flow.when.join(' and ') };
  const assumes = flow.assumes.size === 0 ? {} : { assumes: flow.assumes };
  const open = flow.open === null ? {} : { open: flow.open };
  if (step.kind !== 'answer') {
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
