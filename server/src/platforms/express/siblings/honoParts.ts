import { type CallValue, type JsValue, placeOf, type Reader } from '../../../javascript';
import { matchPath } from '../app/pathPattern';
import type { CorsPart, HandPart, OpaquePart, Part, RoutePart } from './app';
import { type HonoApp, type HonoCall, honoAppsIn, isMadeApp, rootOf } from './honoApp';
import { HONO_CORS } from './honoCors';
import type { HonoEnding } from './honoErrors';
import { honoHand } from './honoHand';
import { isExport, type MethodCall, receiverKey } from './receivers';
import { joinPaths, methodsOf, routeOf } from './routes';

const FACTORY = /^(?:npm:|jsr:)?(?:@hono\/)?hono(?:@[^/]+)?\/factory$/;
const CORS = /^(?:npm:|jsr:)?(?:@hono\/)?hono(?:@[^/]+)?\/cors$/;
/** Hono's own middleware that sets no CORS header and lets requests pass. */
const HARMLESS =
  /^(?:npm:|jsr:)?(?:@hono\/)?hono(?:@[^/]+)?\/(?:logger|pretty-json|secure-headers|compress|etag|timing|request-id|timeout|body-limit|context-storage|trailing-slash|language)$/;
/** Apps inside apps are followed to this depth. */
const DEEPEST = 5;

/** Where one app is put into another: `app.route(path, other)`. */
export interface Mount {
  /** The key of what is mounted. */
  readonly key: string;
  readonly by: HonoApp;
  /** Whether it can be told where. */
  readonly isRead: boolean;
}

export function mountsIn(reader: Reader, by: HonoApp): readonly Mount[] {
  return by.calls.flatMap(({ call, base }): Mount[] => {
    const [path, other] = mountOf(reader, call) ?? [];
    if (path === undefined || other === undefined) return [];
    const { value } = rootOf(other);
    const key = receiverKey(value, value.module, value.node);
    return [{ key, by, isRead: base !== null && path.kind === 'string' && isMadeApp(value) }];
  });
}

/** What a request may meet in the app, apps that it mounts with it. */
export function partsOfApp(reader: Reader, app: HonoApp, ending: HonoEnding): readonly Part[] {
  const parts = partsUnder({ reader, ending }, app, '', 0);
  if (parts.some(({ kind }) => kind === 'cors' || kind === 'opaque')) ending.state.touchesResponse = true;
  return parts;
}

interface Reading {
  readonly reader: Reader;
  readonly ending: HonoEnding;
}

function partsUnder(reading: Reading, app: HonoApp, prefix: string, depth: number): readonly Part[] {
  return app.calls.flatMap((one) => partsOf(reading, app, one, prefix, depth));
}

function partsOf(
  reading: Reading,
  app: HonoApp,
  { call: one, base }: HonoCall,
  prefix: string,
  depth: number,
): readonly Part[] {
  const { name, call, module } = one;
  const { reader } = reading;
  if (base === null) return [opaque('it is not known under which path a part of the app stands')];
  const under = joinPaths(prefix, base);
  const values = call.arguments.map((argument) => reader.evaluate(argument, { module, frame: null }));
  switch (name) {
    case 'use':
      return useOf(reading, one, values, under);
    case 'route':
      return mounted(reading, app, one, under, depth);
    case 'onError':
      reading.ending.addErrorHandler(values[0], depth === 0);
      return [];
    case 'on':
      return guarded(reading, one, onOf(one, values, under), under);
    default:
      return guarded(reading, one, routeOf(reader, one, under), under);
  }
}

/** `app.route(path, other)`: what the other app has by then, under the path (hono-base.js, `route`). */
function mounted(reading: Reading, app: HonoApp, one: MethodCall, under: string, depth: number): readonly Part[] {
  const { reader } = reading;
  const [path, other] = mountOf(reader, one) ?? [];
  if (path === undefined || other === undefined) return [opaque('what is mounted is not read')];
  if (path.kind !== 'string') return [opaque('it is not known where an app is mounted')];
  const prefix = joinPaths(under, path.value);
  const root = rootOf(other).value;
  const key = receiverKey(root, root.module, root.node);
  const found =
    isMadeApp(root) && depth < DEEPEST && key !== app.key
      ? honoAppsIn(reader, root.module).find((candidate) => candidate.key === key)
      : undefined;
  if (found === undefined) return [opaque('what is mounted is not read', prefix)];
  const early = found.module === one.module ? found.calls.filter(({ call }) => call.at < one.at) : found.calls;
  const parts = partsUnder(reading, { ...found, calls: early }, prefix, depth + 1);
  // What stands behind in the source may all the same run first.
  return early.length < found.calls.length
    ? [opaque('the app that is mounted goes on being set up behind', prefix), ...parts]
    : parts;
}

function mountOf(reader: Reader, { name, call, module }: MethodCall): readonly JsValue[] | null {
  if (name !== 'route' || call.arguments.length < 2) return null;
  return call.arguments.map((argument) => reader.evaluate(argument, { module, frame: null }));
}

/** `app.use(path, …)`: for every method, and for every path without one. */
function useOf(reading: Reading, one: MethodCall, values: readonly JsValue[], under: string): readonly Part[] {
  const [first] = values;
  const isMiddleware = first?.kind === 'function' || first?.kind === 'call' || first?.kind === 'import';
  const pattern = first?.kind === 'string' ? joinPaths(under, first.value) : joinPaths(under, '*');
  const isKnown = first?.kind === 'string' || isMiddleware;
  const covered = (path: string) => (isKnown ? covers(pattern, path) : undefined);
  return values.slice(isMiddleware ? 0 : 1).flatMap((outer): readonly Part[] => {
    const value = middlewareOf(outer);
    if (isCors(value)) return [corsOf(reading.reader, one, value, covered)];
    if (isHarmless(value)) return [];
    const hand = handOf(reading, one, value);
    if (hand !== null) return [{ ...hand, covers: covered }];
    const unread = opaque('a middleware of the app is not read');
    return [isKnown ? { ...unread, covers: (path: string) => covers(pattern, path) !== false } : unread];
  });
}

/** A route, and the `cors()` and functions in its list, which cover its own methods alone. */
function guarded(reading: Reading, one: MethodCall, route: RoutePart | null, under: string): readonly Part[] {
  if (route === null) return unreadRoute(one, under);
  const { methods, path } = route;
  const covered: CorsPart['covers'] = (asked, method) => {
    const match = covers(path, asked);
    if (match === false || methods === null) return match;
    // HEAD is served as GET is.
    return method === undefined ? undefined : methods.includes(method === 'HEAD' ? 'GET' : method) && match;
  };
  const values = route.handlers.map(middlewareOf);
  // Without any function of its own it takes no request.
  const isRoute = !values.every(isCors);
  const followed = values.map((value) => (isTelling(value, methods) ? handOf(reading, one, value) : null));
  const isFollowed = followed.some((hand) => hand !== null);
  const parts = values.flatMap((value, i): readonly Part[] => {
    const hand = followed[i];
    if (hand) return [{ ...hand, covers: covered, isHandler: true }];
    if (isCors(value)) return [corsOf(reading.reader, one, value, covered)];
    if (!isFollowed || isHarmless(value)) return [];
    const unread = opaque('a function of the route is not read');
    return [{ ...unread, covers: (asked: string, by: string) => covered(asked, by) !== false }];
  });
  const left = values.filter((value, i) => followed[i] === null && !isCors(value));
  return isRoute ? [...parts, { ...route, handlers: left }] : parts;
}

/** Whether a handler has more to tell than that it answers: headers, or what OPTIONS gets. */
function isTelling(value: JsValue, methods: RoutePart['methods']): boolean {
  return value.kind === 'function' && (methods?.includes('OPTIONS') !== false || !isHarmless(value));
}

/** A function that sets headers by hand or answers, where it is always registered and can be followed. */
function handOf({ reader, ending }: Reading, { call, module }: MethodCall, value: JsValue): HandPart | null {
  if (value.kind !== 'function') return null;
  const isAlways = reader.guards(call, { module, frame: null })?.length === 0;
  return isAlways ? honoHand(reader, value, ending.state) : null;
}

/** `createMiddleware(fn)` of hono/factory gives the function back. */
function middlewareOf(value: JsValue): JsValue {
  if (value.kind !== 'call' || !isExport(value.callee, FACTORY, ['createMiddleware'])) return value;
  return value.arguments[0] ?? value;
}

function corsOf(reader: Reader, one: MethodCall, value: CallValue, covered: CorsPart['covers']): CorsPart {
  return {
    kind: 'cors',
    source: { argument: value.arguments[0], place: value.place, dialect: HONO_CORS },
    guard: reader.guards(one.call, { module: one.module, frame: null }),
    covers: covered,
    dropsOnThrow: null,
  };
}

/** What may answer an OPTIONS although its path or its methods are not known. */
function unreadRoute({ name, call }: MethodCall, under: string): readonly OpaquePart[] {
  if (!['options', 'all', 'on', 'openapi', 'mount'].includes(name) || call.arguments.length < 2) return [];
  return [
    {
      ...opaque('a route of the app is not read'),
      covers: (path, method) => method === 'OPTIONS' && covers(joinPaths(under, '*'), path) !== false,
    },
  ];
}

function opaque(reason: string, prefix?: string): OpaquePart {
  const part: OpaquePart = { kind: 'opaque', reason };
  return prefix === undefined ? part : { ...part, covers: (path) => covers(joinPaths(prefix, '*'), path) !== false };
}

/** `/api/*` covers `/api` and everything below it (hono/router). */
function covers(pattern: string, path: string): boolean | undefined {
  if (pattern === '*' || pattern === '/*') return true;
  const isPrefix = pattern.endsWith('/*');
  const text = joinPaths('', isPrefix ? pattern.slice(0, -2) : pattern);
  const match = matchPath({ kind: 'text', text }, path, !isPrefix, null);
  return match === undefined ? undefined : match !== null;
}

/** `app.on(['PUT', 'DELETE'], '/path', handler)`. */
function onOf({ call, module }: MethodCall, values: readonly JsValue[], under: string): RoutePart | null {
  const [method, path, ...handlers] = values;
  const node = call.arguments[1];
  const methods = method && methodsOf(method);
  if (!methods || path?.kind !== 'string' || node === undefined) return null;
  return { kind: 'route', methods, path: joinPaths(under, path.value), place: placeOf(module, node), handlers };
}

function isCors(value: JsValue): value is CallValue {
  return value.kind === 'call' && isExport(value.callee, CORS, ['cors']);
}

function isHarmless(value: JsValue): boolean {
  if (value.kind === 'function')
    return !/access-control|cors|\boptions\b|\.(?:headers?|res)\b|\bresponse\b/i.test(
      value.module.text.slice(...value.function.range),
    );
  const maker = value.kind === 'call' ? value.callee : value;
  return maker.kind === 'import' && HARMLESS.test(maker.specifier);
}
