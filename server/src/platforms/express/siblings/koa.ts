import type { Place } from '../../../cors/place';
import { type FunctionValue, type JsValue, property, type Reader, type SourceModule } from '../../../javascript';
import type { LowestVersion } from '../../../javascript/packageMajor';
import type { CorsPart, HandPart, Part, SiblingApp } from './app';
import { koaHand } from './koaHand';
import { koaDialect } from './koaVersion';
import { isExport, type MethodCall, receiverKey, receiversIn, unchained } from './receivers';
import { routeOf } from './routes';

const CORS = /^@koa\/cors$/;
const WHOLE = ['*', 'default'];
const ROUTER = /^(?:@koa\/router|koa-router)$/;
/** Middleware that neither answers ordinary requests nor sets CORS headers. */
const HARMLESS =
  /^(?:koa-(?:body|bodyparser|logger|morgan|helmet|compress|etag|conditional-get|json|response-time|session|passport|ratelimit|pino-logger|static|favicon|views|onerror|better-body|multer|validate|x-request-id)|@koa\/(?:bodyparser|multer|ejs))$/;

/** Koa: middleware runs in the order of `use`, so that what stands ahead of `cors()` goes without. */
export function koaApps(
  reader: Reader,
  module: SourceModule,
  version: () => LowestVersion | null,
): readonly SiblingApp[] {
  if (!/@koa\/cors|access-control/i.test(module.text)) return [];
  return receiversIn(reader, module).flatMap((receiver): SiblingApp[] => {
    const isMade = receiver.value.kind === 'new' && isExport(receiver.value.callee, /^koa$/, [...WHOLE, 'Koa']);
    const parts = receiver.calls.flatMap((one) => partsOf(reader, one, version));
    const isOfCors = (part: Part) => part.kind === 'cors' || (isMade && part.kind === 'hand' && part.sets === 'cors');
    if (!parts.some(isOfCors)) return [];
    return [
      {
        label: 'the Koa app',
        place: receiver.place,
        partial: isMade ? null : 'the app comes from another place',
        path: '/',
        parts,
        isOrdered: true,
        errorStatus: 500,
        isClosed: false,
      },
    ];
  });
}

function partsOf(reader: Reader, one: MethodCall, version: () => LowestVersion | null): readonly Part[] {
  const { name, call, module } = one;
  const context = { module, frame: null };
  if (name !== 'use') return [];
  const isAlways = reader.guards(call, context)?.length === 0;
  return call.arguments.flatMap((argument): readonly Part[] => {
    const value = reader.evaluate(argument, context);
    if (value.kind === 'call' && isExport(value.callee, CORS, WHOLE)) return [corsOf(reader, value, one, version())];
    const routes = routesOf(reader, value);
    if (routes !== null) return isAlways || routes.length === 0 ? routes : [PERHAPS];
    if (isHarmless(value)) return value.kind === 'function' && isCatching(value) ? [catcher(value.place)] : [];
    // What is registered under a condition is not followed: it is there, or it is not.
    const hand = value.kind === 'function' && isAlways ? koaHand(reader, value) : null;
    return hand !== null ? [hand] : [{ kind: 'opaque', reason: 'a middleware of the app is not read' }];
  });
}

const PERHAPS: Part = { kind: 'opaque', reason: 'it is not known whether a router of the app is there' };

function corsOf(
  reader: Reader,
  value: Extract<JsValue, { kind: 'call' }>,
  { call, module }: MethodCall,
  version: LowestVersion | null,
): CorsPart {
  const [argument] = value.arguments;
  const keeps = argument?.kind === 'object' ? property(argument, 'keepHeadersOnError') : undefined;
  const { dialect, isCertain } = koaDialect(argument, version);
  return {
    kind: 'cors',
    source: { argument, place: value.place, dialect },
    guard: reader.guards(call, { module, frame: null }),
    covers: () => (isCertain ? true : undefined),
    dropsOnThrow: keeps?.value.kind === 'boolean' && !keeps.value.value ? keeps.place : null,
  };
}

/** The routes of `router.routes()`, where the router is made in a file that can be read; null for anything else. */
function routesOf(reader: Reader, value: JsValue): readonly Part[] | null {
  if (value.kind !== 'call' || value.callee.kind !== 'member') return null;
  const { object, property: method } = value.callee;
  if (method === 'allowedMethods') return [];
  if (method !== 'routes' && method !== 'middleware') return null;
  const router = unchained(object);
  if ((router.kind !== 'new' && router.kind !== 'call') || !isExport(router.callee, ROUTER, [...WHOLE, 'Router']))
    return [{ kind: 'opaque', reason: 'a router of the app is not read' }];
  const [options] = router.arguments;
  const prefix = options?.kind === 'object' ? property(options, 'prefix')?.value : undefined;
  const key = receiverKey(router, router.module, router.node);
  const receiver = receiversIn(reader, router.module).find((one) => one.key === key);
  const start = prefix?.kind === 'string' ? prefix.value : '';
  return (receiver?.calls ?? []).flatMap((call) => routeOf(reader, call, start) ?? []);
}

/** Whether a middleware may answer what fails behind it. */
function isCatching({ module, function: fn }: FunctionValue): boolean {
  return /\bcatch\b|\bfinally\b/.test(module.text.slice(...fn.range));
}

/** A middleware of which it matters alone that errors may end there. */
function catcher(place: Place): HandPart {
  return {
    kind: 'hand',
    place,
    sets: 'nothing',
    catches: true,
    mayFail: false,
    policies: () => [],
    run: (_, flow) => [{ kind: 'next', flow, after: (behind) => behind }],
  };
}

/** A function of the workspace that speaks of no headers, or a package's that is known. */
function isHarmless(value: JsValue): boolean {
  if (value.kind === 'function')
    return !/access-control|cors|\.(?:set|vary|append|headers?)\b/i.test(
      value.module.text.slice(...value.function.range),
    );
  const maker = value.kind === 'call' ? value.callee : value;
  const root = maker.kind === 'member' ? maker.object : maker;
  return root.kind === 'import' && HARMLESS.test(root.specifier);
}
