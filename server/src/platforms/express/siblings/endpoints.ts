import type { Endpoint } from '../../../cors/endpoint';
import type { Answerer, Request, Response } from '../../../cors/http';
import type { Place } from '../../../cors/place';
import type { OriginPolicy } from '../../../cors/policy';
import { type RequestMemo, requestMemo } from '../../../cors/requestMemo';
import { type Condition, condition, type JsValue, type Reader } from '../../../javascript';
import { policiesOf, runCors } from '../corsPackage';
import { type Flow, opened, START, type Step } from '../flow';
import { assumed } from '../headerValue';
import { matchPath, samplePath } from '../pathPattern';
import type { CorsPart, OpaquePart, Part, RoutePart, SiblingApp } from './app';
import { outermost, partsForOptions, reaches } from './scopes';

/** The endpoints of an app: its routes, or the app as a whole where none is read. */
export function endpointsOf(reader: Reader, app: SiblingApp): readonly Endpoint[] {
  if (!app.parts.some((part) => part.kind === 'cors')) return [];
  const routes = app.parts.filter((part) => part.kind === 'route').filter((route) => !isOptionsOnly(route));
  const ways: Ways = new Map();
  if (routes.length === 0) return [endpointOf(reader, app, null, ways)];
  return routes.map((route) => endpointOf(reader, app, route, ways));
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
      const match = matchPath({ kind: 'text', text: route.path }, asked, true, null);
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

/** One way to an answer, with what keeps its headers from what the handler throws. */
interface Way {
  readonly flow: Flow;
  readonly drops: Place | null;
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

/** Where the first route stands that may answer an OPTIONS by itself; -1 when none does. */
function optionsRoute({ parts }: SiblingApp, request: Request): number {
  const path = pathOf(request);
  return parts.findIndex(
    (part) =>
      part.kind === 'route' &&
      part.methods?.includes('OPTIONS') !== false &&
      matchPath({ kind: 'text', text: part.path }, path, true, null) !== null,
  );
}

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
      active = active.map((way) => ({ ...way, flow: opened(way.flow, part.reason) }));
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
      return response(flow, step.status, step.by);
    case 'error':
      return response(flow, run.app.errorStatus, {
        kind: 'error',
        what: `an error of ${run.app.label}`,
        place: run.place,
      });
    default:
      return { ...nothing(run), headers: flow.headers, ...circumstances(flow), open: 'it never answers' };
  }
}

/** What answers behind CORS. */
function finish({ app, route, place }: Run, { flow, drops }: Way, request: Request): Response {
  const by: Answerer = { kind: 'handler', what: 'the handler', place };
  const isError = request.ending !== 'success' && request.ending >= 400;
  const unread = app.isClosed ? null : unreadHandler(route);
  const after = unread === null ? flow : opened(flow, unread);
  const isUnmet = app.optionsPass === 'to-not-found' && flow.open === null && optionsRoute(app, request) < 0;
  if (request.method === 'OPTIONS' && isUnmet)
    return response(flow, 404, { kind: 'not-found', what: `the 404 of ${app.label}`, place });
  if (request.method === 'OPTIONS')
    return response(opened(after, 'what answers OPTIONS here is not read'), undefined, by);
  // What is thrown is answered by the app, with the headers of the error alone.
  if (isError && drops !== null && request.ending >= 500)
    return response({ ...after, headers: [] }, request.ending, {
      kind: 'error',
      what: `an error of ${app.label}`,
      place: drops,
    });
  return response(after, request.ending === 'success' ? 200 : request.ending, by);
}

/** Words of code that may touch headers of the response. */
const HEADER_WORDS = /access-control|cors|\bvary\b|headers?\b|\.set\(|Response\b/i;

/** Why a route's own answer may have more headers; null when its functions speak of none. */
function unreadHandler(route: RoutePart | null): string | null {
  if (route === null) return 'the handlers of the app are not read';
  return route.handlers.every(isPlain) && route.handlers.length > 0 ? null : 'the handler may set headers of its own';
}

function isPlain(value: JsValue): boolean {
  return value.kind === 'function' && !HEADER_WORDS.test(value.module.text.slice(...value.function.range));
}

function response(flow: Flow, status: number | undefined, answeredBy: Answerer): Response {
  const open = flow.open === null ? {} : { open: flow.open };
  return { status, answeredBy, headers: flow.headers, ...open, ...circumstances(flow) };
}

function circumstances(flow: Flow): Pick<Response, 'when' | 'assumes'> {
  return {
    ...(flow.when.length === 0 ? {} : { when: flow.when.join(' and ') }),
    ...(flow.assumes.size === 0 ? {} : { assumes: flow.assumes }),
  };
}

function nothing({ place }: Run): Response {
  return { status: undefined, answeredBy: { kind: 'error', what: 'nothing', place }, headers: [] };
}
