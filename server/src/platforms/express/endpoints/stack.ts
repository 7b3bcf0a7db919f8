import type { App } from '../app/apps';
import { registrationsAt } from '../app/registered';
import type { Layer } from '../app/registration';
import { type Flow, opened, type Step } from '../flow/flow';
import { statusOfOwn } from '../request/errorValue';
import { type Active, joined, limited, under } from './active';
import { isOnTheWay, type Run, seenThrough, withVersion } from './run';
import { runOne } from './runHandler';

interface StackResult {
  readonly answered: readonly Step[];
  readonly active: readonly Active[];
}

/**
 * The layers of one app or router in the order of registration, for the flows that reach it. `path` is what the mounts
 * around have left of the request's; what comes out are the answers, and the flows that go on behind it.
 */
export function runStack(run: Run, app: App, path: string, start: readonly Active[], depth: number): StackResult {
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
    const seen = whole ? run.seen : run.seen === '' ? '' : seenThrough(matched);
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

function answersMethod(method: string, requested: string): boolean {
  const lower = requested.toLowerCase();
  return method === 'all' || method === lower || (method === 'get' && lower === 'head');
}

/** Runs a layer where its conditions hold, and passes it by where they do not. */
function runGuarded(run: Run, layer: Layer, rest: string, active: readonly Active[], depth: number): StackResult {
  const { ways } = layer;
  if (ways === null) {
    const why = 'it is not known whether a part of the app is set up';
    return { answered: [], active: active.map((one) => ({ ...one, flow: opened(one.flow, why) })) };
  }
  if (ways.passed.length === 0) return runLayer(run, layer, rest, active, depth);
  const inside = active.flatMap((one) => ways.taken.flatMap((way) => under(one, way)));
  const outside = active.flatMap((one) => ways.passed.flatMap((way) => under(one, way)));
  const result = runLayer(run, layer, rest, inside, depth);
  return { answered: result.answered, active: [...result.active, ...outside] };
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
        else if (step.kind === 'error') next.push({ flow: step.flow, error: carried(run, step) });
        else answered.push(step);
      }
    }
    active = limited(next);
  }
  return { answered, active: [...active, ...left] };
}

/** The error that a step hands on; its own status comes before the response's (finalhandler). */
function carried({ reader }: Run, { error = null, status }: Extract<Step, { kind: 'error' }>): Active['error'] {
  const own = error === null ? undefined : statusOfOwn(reader, error);
  return { status: own ?? status, value: error };
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

function expressOptions(flow: Flow, app: App): Step {
  return {
    kind: 'answer',
    flow,
    by: { kind: 'not-found', what: "Express's own OPTIONS answer", place: app.place },
    status: 200,
  };
}
