import type { Answerer, Request, Response } from '../../../cors/http';
import type { Place } from '../../../cors/place';
import type { JsValue } from '../../../javascript';
import { matchPath } from '../app/pathPattern';
import { type Flow, opened, removeHeader, setHeader } from '../flow/flow';
import type { HandPart, RouteAnswer, RoutePart, SiblingApp } from './app';
import { behind } from './pass';
import { HAND_LAYER } from './web/put';

/** What a request has come to behind everything that sets CORS up. */
export interface Handled {
  readonly app: SiblingApp;
  readonly route: RoutePart | null;
  readonly place: Place;
}

/** One way to an answer, with what keeps its headers from what the handler throws. */
export interface Way {
  readonly flow: Flow;
  readonly drops: Place | null;
  /** The middleware on the way that set headers by hand. */
  readonly hands: readonly HandPart[];
  /** What they do to the headers once everything behind them is done, in the order in which they were met. */
  readonly after: readonly ((flow: Flow) => Flow)[];
}

/** What answers behind CORS. */
export function finish({ app, route, place }: Handled, way: Way, request: Request): Response {
  const { drops, flow } = way;
  const by: Answerer = { kind: 'handler', what: 'the handler', place };
  if (request.method === 'OPTIONS') return toOptions({ app, route, place }, behind(flow, way), request);
  const taking = route?.answer === undefined ? route : takenBy(app, route, request);
  const after = app.isClosed ? flow : handledBy(taking, flow, request);
  // What is thrown is answered by the app, with the headers of the error alone.
  if (failsWith(request, 500) && drops !== null)
    return responseOf({ ...after, headers: [] }, statusAsked(request), {
      kind: 'error',
      what: `an error of ${app.label}`,
      place: drops,
    });
  if (app.closing !== undefined && request.ending !== 'success') {
    const failed = behind(app.closing.failing(after, request), way);
    return responseOf(failed, statusAsked(request), { kind: 'error', what: `an error of ${app.label}`, place });
  }
  if (way.hands.some(({ sets }) => sets !== 'nothing') && request.ending !== 'success')
    return failing({ app, route, place }, way, request, after);
  const back = behind(app.closing?.succeeding(after, route) ?? after, way);
  const success = back.status === null ? successOf(taking) : undefined;
  return responseOf(back, statusAsked(request) ?? success, by);
}

/**
 * A failure behind middleware of Koa that sets headers by hand: what is thrown loses them (`onerror` of
 * koa/lib/context.js removes all headers but those of the error), and what is answered with the status of an error
 * keeps them.
 */
function failing({ app, place }: Handled, { hands, flow }: Way, request: Request, after: Flow): Response {
  const by: Answerer = { kind: 'error', what: `an error of ${app.label}`, place };
  const status = statusAsked(request);
  if (!failsWith(request, 500))
    return responseOf(opened(after, 'it depends on whether the error is thrown'), status, by);
  const kept = after.headers.filter(({ layer }) => layer !== HAND_LAYER);
  // The middleware of CORS gives its headers to the error; what it left to those set by hand is not among them.
  const thrown = { ...after, headers: kept };
  const isSure = flow.headers.every(({ layer }) => layer === HAND_LAYER) && !hands.some(({ catches }) => catches);
  return responseOf(isSure ? thrown : opened(thrown, 'something may keep headers for errors'), status, by);
}

/** The route that takes a request: another one ahead may take it first, which matters where one has headers. */
function takenBy({ parts }: SiblingApp, route: RoutePart, request: Request): RoutePart {
  const ahead = parts.slice(0, parts.indexOf(route)).filter((part) => part.kind === 'route');
  if (![route, ...ahead].some(({ answer }) => answer !== undefined && answer.headers.length > 0)) return route;
  const { method } = request;
  return ahead.find((one) => one.methods?.includes(method) !== false && takes(one, request)) ?? route;
}

function takes({ path, isPathUnknown }: RoutePart, request: Request): boolean {
  if (isPathUnknown) return false;
  return matchPath({ kind: 'text', text: path }, request.path.split('?')[0] ?? '/', true, null) !== null;
}

function toOptions({ app, route, place }: Handled, flow: Flow, request: Request): Response {
  const at = app.optionsPass === 'to-not-found' && flow.open === null ? optionsRoute(app, request) : null;
  if (at !== null && at < 0)
    return responseOf(flow, 404, { kind: 'not-found', what: `the 404 of ${app.label}`, place });
  const taking = at === null ? undefined : app.parts[at];
  if (taking?.kind === 'route' && taking.answer !== undefined && request.ending === 'success')
    return responseOf(answered(taking.answer, flow), taking.answer.status, {
      kind: 'handler',
      what: 'the handler of OPTIONS',
      place: taking.place,
    });
  const unread = opened(app.isClosed ? flow : handledBy(route, flow, request), 'what answers OPTIONS here is not read');
  return responseOf(unread, undefined, { kind: 'handler', what: 'the handler', place });
}

function failsWith({ ending }: Request, least: number): boolean {
  return ending !== 'success' && ending >= least;
}

function statusAsked({ ending }: Request): number | undefined {
  return ending === 'success' ? undefined : ending;
}

function successOf(route: RoutePart | null): number | undefined {
  return route?.answer ? route.answer.status : 200;
}

/** The flow with what the route's own handler does to headers. */
function handledBy(route: RoutePart | null, flow: Flow, request: Request): Flow {
  if (route?.answer === undefined) {
    const unread = unreadHandler(route);
    return unread === null ? flow : opened(flow, unread);
  }
  const { answer } = route;
  if (!failsWith(request, 400) || !answer.mayBeRefused || answer.headers.length === 0) return answered(answer, flow);
  // Who is refused ahead of the handler has none of its headers, and who fails in it has them.
  const without = answer.headers.reduce((on, { name }) => removeHeader(on, name), flow);
  return opened(without, 'it depends on where the request fails');
}

function answered({ headers, open, overrides }: RouteAnswer, flow: Flow): Flow {
  if (open !== null && overrides) return opened({ ...flow, headers: [] }, open);
  const set = headers.reduce((on, header) => setHeader(on, header), flow);
  return open === null ? set : opened(set, open);
}

/** Where the first route stands that may answer an OPTIONS by itself; -1 when none does. */
export function optionsRoute({ parts }: SiblingApp, request: Request): number {
  return parts.findIndex(
    (part) => part.kind === 'route' && part.methods?.includes('OPTIONS') !== false && takes(part, request),
  );
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

/** The response that a flow comes to. */
export function responseOf(flow: Flow, status: number | undefined, answeredBy: Answerer): Response {
  const open = flow.open === null ? {} : { open: flow.open };
  return { status, answeredBy, headers: flow.headers, ...open, ...circumstances(flow) };
}

/** Under which circumstances a flow is taken. */
export function circumstances(flow: Flow): Pick<Response, 'when' | 'assumes'> {
  return {
    ...(flow.when.length === 0 ? {} : { when: flow.when.join(' and ') }),
    ...(flow.assumes.size === 0 ? {} : { assumes: flow.assumes }),
  };
}
