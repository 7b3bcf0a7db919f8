import {
  type FunctionValue,
  type JsValue,
  type ObjectValue,
  placeOf,
  property,
  type Reader,
  type SourceModule,
} from '../../../javascript';
import type { CorsDialect } from '../corsDialect';
import type { Part, RoutePart, SiblingApp } from './app';
import { isExport, type MethodCall, type Receiver, receiversIn } from './receivers';
import { joinPaths, methodsOf, routeOf } from './routes';

const CORS = /^(?:@fastify\/cors|fastify-cors)$/;
const WHOLE = ['*', 'default'];
/** Plugins that pass requests on, or run others' middleware. */
const OPAQUE = /^(?:@fastify\/(?:http-proxy|reply-from|express|middie|autoload|next)|fastify-autoload|middie)$/;
/** Plugins inside plugins are followed to this depth. */
const DEEPEST = 5;

/**
 * Fastify: `register(cors, options)` covers every route of the instance and of the plugins below it, whatever the
 * order, since hooks are collected when the app is ready.
 */
export function fastifyApps(
  reader: Reader,
  module: SourceModule,
  dialect: (specifier: string) => CorsDialect,
): readonly SiblingApp[] {
  if (!/fastify/i.test(module.text)) return [];
  return receiversIn(reader, module).flatMap((receiver): SiblingApp[] => {
    const isMade =
      receiver.value.kind === 'call' && isExport(receiver.value.callee, /^fastify$/, [...WHOLE, 'fastify']);
    const registersCors = receiver.calls.some((one) => corsOf(reader, one) !== null);
    if (!isMade && !registersCors) return [];
    const parts = partsOf(reader, receiver, dialect, '', 0);
    return [
      {
        label: 'the Fastify app',
        place: receiver.place,
        partial: isMade ? null : 'the app comes from another place',
        path: '/',
        parts,
        isOrdered: false,
        errorStatus: 500,
        isClosed: false,
      },
    ];
  });
}

/** The cors plugin that a `register` names. */
function corsOf(reader: Reader, { name, call, module }: MethodCall): Extract<JsValue, { kind: 'import' }> | null {
  const [plugin] = call.arguments;
  if (name !== 'register' || plugin === undefined) return null;
  const value = reader.evaluate(plugin, { module, frame: null });
  return value.kind === 'import' && isExport(value, CORS, [...WHOLE, 'fastifyCors']) ? value : null;
}

function partsOf(
  reader: Reader,
  { calls }: Receiver,
  dialect: (specifier: string) => CorsDialect,
  prefix: string,
  depth: number,
): readonly Part[] {
  return calls.flatMap((one): readonly Part[] => {
    const { name, call, module } = one;
    const context = { module, frame: null };
    const [first, second] = call.arguments.map((argument) => reader.evaluate(argument, context));
    if (first === undefined) return [];
    if (name === 'route') return routeObject(first, prefix);
    if (name !== 'register') {
      const route = routeOf(reader, one, prefix);
      const isOwn = second?.kind === 'object' && decidesItself(second);
      return route === null || isOwn ? [] : [route];
    }
    const cors = corsOf(reader, one);
    if (cors !== null) {
      const [plugin] = call.arguments;
      const source = { argument: second, place: placeOf(module, plugin ?? call), dialect: dialect(cors.specifier) };
      return [{ kind: 'cors', source, guard: reader.guards(call, context), covers: () => true, dropsOnThrow: null }];
    }
    return pluginOf(reader, first, second, dialect, prefix, depth);
  });
}

/** A route with options about CORS of its own: `{ config: { cors: … } }`. */
function decidesItself(options: ObjectValue): boolean {
  const config = property(options, 'config')?.value;
  return config !== undefined && (config.kind !== 'object' || property(config, 'cors') !== undefined);
}

/** `fastify.route({ method, url, handler })`. */
function routeObject(value: JsValue, prefix: string): readonly RoutePart[] {
  if (value.kind !== 'object' || decidesItself(value)) return [];
  const url = property(value, 'url') ?? property(value, 'path');
  const method = property(value, 'method')?.value;
  const handler = property(value, 'handler')?.value;
  const methods = method && methodsOf(method);
  if (url?.value.kind !== 'string' || !methods) return [];
  const path = joinPaths(prefix, url.value.value);
  return [{ kind: 'route', methods, path, place: url.value.place, handlers: handler ? [handler] : [] }];
}

/** What a plugin registers, where its function can be read. */
function pluginOf(
  reader: Reader,
  plugin: JsValue,
  options: JsValue | undefined,
  dialect: (specifier: string) => CorsDialect,
  prefix: string,
  depth: number,
): readonly Part[] {
  const wrapped = plugin.kind === 'call' ? plugin.arguments[0] : undefined;
  const fn = plugin.kind === 'function' ? plugin : wrapped?.kind === 'function' ? wrapped : null;
  if (fn === null) {
    const isKnown = plugin.kind === 'import' && /^@fastify\//.test(plugin.specifier) && !OPAQUE.test(plugin.specifier);
    return isKnown ? [] : [{ kind: 'opaque', reason: 'a plugin of the app is not read' }];
  }
  const receiver = depth > DEEPEST ? undefined : instanceOf(reader, fn);
  if (receiver === undefined) return [];
  const given = options?.kind === 'object' ? property(options, 'prefix')?.value : undefined;
  const inner = partsOf(
    reader,
    receiver,
    dialect,
    given?.kind === 'string' ? joinPaths(prefix, given.value) : prefix,
    depth + 1,
  );
  // CORS that a plugin registers for itself does not cover the app, unless it is unwrapped.
  return plugin.kind === 'function' && inner.some((part) => part.kind === 'cors')
    ? [{ kind: 'opaque', reason: 'a plugin sets CORS up for itself' }]
    : inner;
}

/** The instance that a plugin's function is given. */
function instanceOf(reader: Reader, fn: FunctionValue): Receiver | undefined {
  return receiversIn(reader, fn.module).find(
    ({ value }) => value.kind === 'parameter' && value.function === fn.function && value.index === 0,
  );
}
