import type { Endpoint } from '../../../cors/endpoint';
import type { Request, Response } from '../../../cors/http';
import { RESPONSE_HEADERS } from '../../../cors/names';
import type { Place } from '../../../cors/place';
import type { OriginPolicy } from '../../../cors/policy';
import { type RequestMemo, requestMemo } from '../../../cors/requestMemo';
import { type Condition, condition, type Reader } from '../../../javascript';
import { policiesOf, runCors } from '../corsPackage';
import { type Flow, opened, START, type Step } from '../flow';
import { assumed } from '../headerValue';
import { matchPath, samplePath } from '../pathPattern';
import type { CorsPart, OpaquePart, Part, RoutePart, SiblingApp } from './app';
import { circumstances, finish, optionsRoute, responseOf, type Way } from './handled';
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
  if (part.kind !== 'route') return part.kind === 'cors';
  return part.answer?.headers.some(({ name }) => RESPONSE_HEADERS.includes(name.toLowerCase())) ?? false;
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
        part.kind === 'cors' && reaches(part, route?.scope) && mayCover(part, path, route)
          ? policiesOf(reader, part.source)
          : [],
      );
      return policies;
    },
    respond: (request) => respond({ reader, app, route, ahead, place, ways }, request),
  };
}

/** Whether a set-up has to do with the route's requests, or with their preflights. */
function mayCover(part: CorsPart, path: string, route: RoutePart | null): boolean {
  const methods = route?.methods ? [...route.methods, 'OPTIONS'] : [undefined];
  return methods.some((method) => part.covers(path, method) !== false);
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

interface Passed {
  readonly answered: readonly Exclude<Step, { kind: 'next' }>[];
  readonly active: readonly Way[];
}

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
    covers: part.kind === 'opaque' ? (part.covers?.(path, method) ?? true) : part.covers(path, method),
  }));
  const key = applying.map(({ part, covers }) => `${run.app.parts.indexOf(part)} ${part.kind} ${covers}`).join();
  const memo = run.ways.get(key) ?? requestMemo<Passed>();
  run.ways.set(key, memo);
  return memo.get(request, (asked) => passParts(run.reader, applying, asked));
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
    i > ahead.length && part.kind === 'cors' && part.covers(pathOf(request)) === true ? BEHIND : part,
  );
}

function scopedParts({ parts }: SiblingApp, route: RoutePart | null, request: Request): readonly Part[] {
  const within = parts.filter((part) => reaches(part, route?.scope));
  const overriding = within.find((part) => part.kind === 'opaque' && part.overrides);
  if (overriding !== undefined) return [overriding];
  if (route === null) return outermost(parts);
  if (request.method !== 'OPTIONS') return within;
  const met = partsForOptions(parts, pathOf(request)) ?? [UNTAKEN];
  // Without a prefix a context's CORS answers preflights for routes outside of it, which may be meant to do without.
  return met.map((part) => (part.kind === 'cors' && !reaches(part, route.scope) ? ELSEWHERE : part));
}

const UNTAKEN: OpaquePart = { kind: 'opaque', reason: 'no route that is read takes an OPTIONS for this path' };
const ELSEWHERE: OpaquePart = { kind: 'opaque', reason: 'what answers its preflights belongs to another plugin' };
const BEHIND: OpaquePart = { kind: 'opaque', reason: 'what answers its preflights stands behind the route' };

interface Applying {
  readonly part: CorsPart | OpaquePart;
  readonly covers: boolean | undefined;
}

function passParts(reader: Reader, parts: readonly Applying[], request: Request): Passed {
  const answered: Exclude<Step, { kind: 'next' }>[] = [];
  let active: readonly Way[] = [{ flow: START, drops: null }];
  for (const { part, covers } of parts) {
    if (covers === false) continue;
    if (part.kind === 'opaque') {
      active = active.map((way) => ({
        ...way,
        flow: opened(part.overrides ? { ...way.flow, headers: [] } : way.flow, part.reason),
      }));
      continue;
    }
    active = active.flatMap((way): Way[] => {
      if (covers === undefined || part.guard === null)
        return [{ ...way, flow: opened(way.flow, 'it is not known whether CORS is set up here') }];
      const inside = under(way.flow, part.guard);
      const outside = outsideOf(way, part);
      const next: Way[] = outside === null ? [] : [outside];
      for (const step of inside === null ? [] : runCors(reader, part.source, request, inside)) {
        if (step.kind === 'next') next.push({ flow: step.flow, drops: way.drops ?? part.dropsOnThrow });
        else answered.push(step);
      }
      return next;
    });
  }
  return { answered, active };
}

/** The flow under conditions of the set-up, which hold for all requests; null when they contradict what is assumed. */
function under(flow: Flow, conditions: readonly Condition[]): Flow | null {
  const assumes = new Map(flow.assumes);
  const when = [...flow.when];
  for (const tested of conditions) {
    const { holds, is } = assumed(tested);
    const known = assumes.get(holds);
    if (known !== undefined && known !== is) return null;
    if (known === undefined) when.push(tested.words);
    assumes.set(holds, is);
  }
  return { ...flow, assumes, when };
}

/** The way on which the part is not set up; null when it always is. */
function outsideOf(way: Way, { guard }: CorsPart): Way | null {
  const [first] = guard ?? [];
  if (first === undefined) return null;
  const flow = under(way.flow, [condition(first.of, !first.holds)]);
  return flow === null ? null : { ...way, flow };
}

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
