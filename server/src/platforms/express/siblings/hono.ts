import { type CallValue, type JsValue, placeOf, type Reader, type SourceModule } from '../../../javascript';
import { matchPath } from '../pathPattern';
import type { Part, RoutePart, SiblingApp } from './app';
import { HONO_CORS } from './honoCors';
import { isExport, type MethodCall, receiversIn } from './receivers';
import { joinPaths, methodsOf, routeOf } from './routes';

const HONO = /^(?:npm:|jsr:)?(?:@hono\/)?(?:hono(?:@[^/]+)?|zod-openapi)(?:\/(?:quick|tiny))?$/;
const CORS = /^(?:npm:|jsr:)?(?:@hono\/)?hono(?:@[^/]+)?\/cors$/;
/** Hono's own middleware that sets no CORS header and lets requests pass. */
const HARMLESS =
  /^(?:npm:|jsr:)?(?:@hono\/)?hono(?:@[^/]+)?\/(?:logger|pretty-json|secure-headers|compress|etag|timing|request-id|timeout|body-limit|context-storage|trailing-slash|language)$/;

/** Hono: middleware runs for the paths that it is given, in the order in which everything is registered. */
export function honoApps(reader: Reader, module: SourceModule): readonly SiblingApp[] {
  if (!/hono/.test(module.text) || !/cors/.test(module.text)) return [];
  const receivers = receiversIn(reader, module);
  const mounted = new Set(receivers.flatMap(({ calls }) => calls.flatMap((one) => mountedBy(reader, one))));
  return receivers.flatMap((receiver): SiblingApp[] => {
    const parts = receiver.calls.flatMap((one) => partsOf(reader, one));
    if (!parts.some((part) => part.kind === 'cors')) return [];
    const isMade = receiver.value.kind === 'new' && isExport(receiver.value.callee, HONO, ['Hono', 'OpenAPIHono']);
    const partial = !isMade
      ? 'the app comes from another place'
      : mounted.has(receiver.value.node)
        ? 'it is mounted under another app'
        : null;
    return [
      {
        label: 'the Hono app',
        place: receiver.place,
        partial,
        path: '/',
        parts,
        isOrdered: true,
        errorStatus: 500,
        isClosed: false,
      },
    ];
  });
}

/** The app that `app.route(path, other)` mounts. */
function mountedBy(reader: Reader, { name, call, module }: MethodCall): readonly JsValue['node'][] {
  const other = call.arguments[1];
  if (name !== 'route' || other === undefined) return [];
  return [reader.evaluate(other, { module, frame: null }).node];
}

function partsOf(reader: Reader, one: MethodCall): readonly Part[] {
  const { name, call, module } = one;
  const context = { module, frame: null };
  const values = call.arguments.map((argument) => reader.evaluate(argument, context));
  if (name === 'on') return onOf(one, values);
  if (name === 'route') return values.length > 1 ? [] : [{ kind: 'opaque', reason: 'what is mounted is not read' }];
  if (name !== 'use') {
    const route = routeOf(reader, one, '');
    if (route === null) return [];
    const cors = route.methods?.[0] === 'OPTIONS' ? [] : route.handlers.filter(isCors);
    // A route of its own with `cors()` covers no preflight, and is left to what else is known of it.
    return cors.length > 0 ? [] : [route];
  }
  const [first] = values;
  const path = first?.kind === 'string' ? first.value : '*';
  return values.flatMap((value, i): readonly Part[] => {
    if (i === 0 && first?.kind !== 'function' && first?.kind !== 'call' && first?.kind !== 'import') return [];
    if (isCors(value)) {
      return [
        {
          kind: 'cors',
          source: { argument: value.arguments[0], place: value.place, dialect: HONO_CORS },
          guard: reader.guards(call, context),
          covers: (asked) => (isStatic(first) ? covers(path, asked) : undefined),
          dropsOnThrow: null,
        },
      ];
    }
    return isHarmless(value) ? [] : [{ kind: 'opaque', reason: 'a middleware of the app is not read' }];
  });
}

/** Whether the first argument of `use` says which paths are meant, or there is none. */
function isStatic(first: JsValue | undefined): boolean {
  return first === undefined || ['string', 'function', 'call', 'import'].includes(first.kind);
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
function onOf({ call, module }: MethodCall, values: readonly JsValue[]): readonly RoutePart[] {
  const [method, path, ...handlers] = values;
  const node = call.arguments[1];
  const methods = method && methodsOf(method);
  if (!methods || path?.kind !== 'string' || node === undefined) return [];
  return [{ kind: 'route', methods, path: joinPaths('', path.value), place: placeOf(module, node), handlers }];
}

function isCors(value: JsValue): value is CallValue {
  return value.kind === 'call' && isExport(value.callee, CORS, ['cors']);
}

function isHarmless(value: JsValue): boolean {
  if (value.kind === 'function')
    return !/access-control|cors|\.(?:headers?|res)\b/i.test(value.module.text.slice(...value.function.range));
  const maker = value.kind === 'call' ? value.callee : value;
  return maker.kind === 'import' && HARMLESS.test(maker.specifier);
}
