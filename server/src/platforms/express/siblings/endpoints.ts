import type { Endpoint } from '../../../cors/endpoint';
import type { Request, Response } from '../../../cors/http';
import type { Place } from '../../../cors/place';
import type { OriginPolicy } from '../../../cors/policy';
import { type RequestMemo, requestMemo } from '../../../cors/requestMemo';
import type { Reader } from '../../../javascript';
import { matchPath, samplePath } from '../app/pathPattern';
import { policiesOf } from '../cors/corsPolicies';
import type { Step } from '../flow/flow';
import type { CorsPart, OpaquePart, Part, RoutePart, SiblingApp } from './app';
import { setsOf } from './byHand';
import { circumstances, finish, optionsRoute, responseOf } from './handled';
import { type Applying, type Passed, passParts } from './pass';
import { outermost, partsForOptions, reaches } from './scopes';

/** The endpoints of an app: its routes, or the app as a whole where none is read. */
export function endpointsOf(reader: Reader, app: SiblingApp): readonly Endpoint[] {
  if (!app.parts.some(concernsCors)) return [];
  const routes = app.parts.filter((part) => part.kind === 'route').filter((route) => !isOptionsOnly(route));
  const ways: Ways = new Map();
  if (routes.length === 0) return [endpointOf(reader, app, null, ways)];
  return routes.map((route) => endpointOf(reader, app, route, ways));
}

/** Whether a part sets CORS up, or says so in a header of its own. */
function concernsCors(part: Part): boolean {
  if (part.kind === 'hand') return part.sets === 'cors';
  if (part.kind !== 'route') return part.kind === 'cors';
  return setsOf(part.answer?.headers.map(({ name }) => name) ?? []) === 'cors';
}

function isOptionsOnly({ methods }: RoutePart): boolean {
  return methods?.every((method) => method === 'OPTIONS') ?? false;
}

function endpointOf(reader: Reader, app: SiblingApp, route: RoutePart | null, ways: Ways): Endpoint {
  const path = route === null ? app.path : (samplePath({ kind: 'text', text: route.path }, null) ?? '/');
  const ahead = partsFor(app, route);
  let policies: readonly OriginPolicy[] | null = null;
  const place = route?.place ?? app.place;
  return {
    platform: 'express',
    label: route === null ? app.label : `${route.methods?.join(', ') ?? 'ALL'} ${route.path}`,
    place,
    path,
    methods: route === null ? app.methods : (route.methods ?? undefined),
    requestHeaders: [],
    ...(app.partial === null ? {} : { partial: app.partial }),
    matches(asked, by) {
      if (route === null) return undefined;
      const match = route.isPathUnknown ? undefined : matchPath({ kind: 'text', text: route.path }, asked, true, null);
      if (match === null) return false;
      if (route.methods !== null && by !== 'OPTIONS' && !route.methods.includes(by)) return false;
      return match === undefined ? undefined : true;
    },
    get policies() {
      policies ??= ahead.flatMap((part) =>
        part.kind === 'hand'
          ? part.covers === undefined || mayCover(part.covers, path, route)
            ? part.policies()
            : []
          : part.kind === 'cors' && reaches(part, route?.scope) && mayCover(part.covers, path, route)
            ? policiesOf(reader, part.source)
            : [],
      );
      return policies;
    },
    respond: (request) => respond({ reader, app, route, ahead, place, ways }, request),
  };
}

/** Whether a set-up has to do with the route's requests, or with their preflights. */
function mayCover(covers: CorsPart['covers'], path: string, route: RoutePart | null): boolean {
  const methods = route?.methods ? [...route.methods, 'OPTIONS'] : [undefined];
  return methods.some((method) => covers(path, method) !== false);
}

function partsFor(app: SiblingApp, route: RoutePart | null): readonly Part[] {
  return route === null || !app.isOrdered ? app.parts : app.parts.slice(0, app.parts.indexOf(route));
}

interface Run {
  readonly reader: Reader;
  readonly app: SiblingApp;
  readonly route: RoutePart | null;
  /** What a request meets before the route answers. */
  readonly ahead: readonly Part[];
  readonly place: Place;
  readonly ways: Ways;
}

/** What the parts ahead of routes come to, by the parts that apply: most routes of an app share them. */
type Ways = Map<string, RequestMemo<Passed>>;

function respond(run: Run, request: Request): readonly Response[] {
  const { answered, active } = passedBy(run, request);
  const responses = [...answered.map((step) => ofStep(run, step)), ...active.map((way) => finish(run, way, request))];
  return responses.length > 0 ? responses : [{ ...nothing(run), open: 'no way to an answer was found' }];
}

function passedBy(run: Run, request: Request): Passed {
  const path = pathOf(request);
  const parts = aheadOf(run, request).filter((part) => part.kind !== 'route');
  const { method } = request;
  const applying = parts.map((part) => ({
    part,
    covers: coversOf(part, path, method),
  }));
  const key = applying.map(({ part, covers }) => `${run.app.parts.indexOf(part)} ${part.kind} ${covers}`).join();
  const memo = run.ways.get(key) ?? requestMemo<Passed>();
  run.ways.set(key, memo);
  return memo.get(request, (asked) => passParts(run.reader, applying, asked));
}

function coversOf(part: Applying['part'], path: string, method: string): boolean | undefined {
  if (part.kind === 'hand') return part.covers === undefined || part.covers(path, method);
  return part.kind === 'opaque' ? (part.covers?.(path, method) ?? true) : part.covers(path, method);
}

function pathOf({ path }: Request): string {
  return path.split('?')[0] ?? '/';
}

/** What a request meets: an OPTIONS may pass by the routes of other methods. */
function aheadOf({ app, route, ahead }: Run, request: Request): readonly Part[] {
  if (app.isScoped) return scopedParts(app, route, request);
  if (request.method !== 'OPTIONS' || app.optionsPass === undefined) return ahead;
  const end = optionsRoute(app, request);
  const met = end < 0 ? app.parts : app.parts.slice(0, end);
  // A route ahead of what covers its path for every method may be meant to do without, preflights or not.
  return met.map((part, i) =>
    i > ahead.length && (part.kind === 'cors' || part.kind === 'hand') && part.covers?.(pathOf(request)) === true
      ? BEHIND
      : part,
  );
}

function scopedParts({ parts }: SiblingApp, route: RoutePart | null, request: Request): readonly Part[] {
  const within = parts.filter((part) => reaches(part, route?.scope));
  const overriding = within.find((part) => part.kind === 'opaque' && part.overrides);
  if (overriding !== undefined) return [overriding];
  if (route === null) return outermost(parts);
  if (request.method !== 'OPTIONS') return within;
  // What nothing takes ends at the app's own 404, which its own hooks run for.
  const met = partsForOptions(parts, pathOf(request)) ?? [...parts.filter((part) => isHook(part)), UNTAKEN];
  // Without a prefix a context's CORS answers preflights for routes outside of it, which may be meant to do without.
  return met.map((part) => (part.kind === 'cors' && !reaches(part, route.scope) ? ELSEWHERE : part));
}

/** Whether it is a hook of the app itself. */
function isHook(part: Part): boolean {
  return part.kind === 'hand' && reaches(part, undefined);
}

const UNTAKEN: OpaquePart = { kind: 'opaque', reason: 'no route that is read takes an OPTIONS for this path' };
const ELSEWHERE: OpaquePart = { kind: 'opaque', reason: 'what answers its preflights belongs to another plugin' };
const BEHIND: OpaquePart = { kind: 'opaque', reason: 'what answers its preflights stands behind the route' };

function ofStep(run: Run, step: Exclude<Step, { kind: 'next' }>): Response {
  const { flow } = step;
  switch (step.kind) {
    case 'answer':
      return responseOf(flow, step.status, step.by);
    case 'error':
      return responseOf(flow, run.app.errorStatus, {
        kind: 'error',
        what: `an error of ${run.app.label}`,
        place: run.place,
      });
    default:
      return { ...nothing(run), headers: flow.headers, ...circumstances(flow), open: 'it never answers' };
  }
}

function nothing({ place }: Run): Response {
  return { status: undefined, answeredBy: { kind: 'error', what: 'nothing', place }, headers: [] };
}
