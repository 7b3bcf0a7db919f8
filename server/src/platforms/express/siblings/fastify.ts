import {
  type FunctionValue,
  type JsValue,
  type ObjectValue,
  placeOf,
  property,
  type Reader,
  type SourceModule,
} from '../../../javascript';
import type { CorsDialect } from '../cors/corsDialect';
import type { Part, RoutePart, Scope, SiblingApp } from './app';
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
 * order, since hooks are handed inwards and collected when the app is ready.
 */
export function fastifyApps(
  reader: Reader,
  module: SourceModule,
  dialect: (specifier: string) => CorsDialect,
): readonly SiblingApp[] {
  if (!/fastify/i.test(module.text)) return [];
  const made = receiversIn(reader, module).filter(isApp);
  const read = new Set<FunctionValue['function']>();
  const reading = (): Reading => ({ reader, dialect, read, contexts: { count: 0 } });
  const whole = made.map((receiver) => appOf(receiver, partsOf(reading(), receiver, ROOT, 0), null));
  // What a plugin of these registers is told with them.
  const others = receiversIn(reader, module).filter(
    (one) =>
      !isApp(one) &&
      !(one.value.kind === 'parameter' && read.has(one.value.function)) &&
      one.calls.some((call) => corsOf(reader, call) !== null),
  );
  return [
    ...whole,
    ...others.map((receiver) =>
      appOf(receiver, partsOf(reading(), receiver, ROOT, 0), 'the app comes from another place'),
    ),
  ];
}

function isApp({ value }: Receiver): boolean {
  return value.kind === 'call' && isExport(value.callee, /^fastify$/, [...WHOLE, 'fastify']);
}

function appOf({ place }: Receiver, parts: readonly Part[], partial: string | null): SiblingApp {
  return {
    label: 'the Fastify app',
    place,
    partial,
    path: '/',
    parts,
    isOrdered: false,
    isScoped: true,
    errorStatus: 500,
    isClosed: false,
  };
}

interface Reading {
  readonly reader: Reader;
  readonly dialect: (specifier: string) => CorsDialect;
  /** The functions of plugins that were followed. */
  readonly read: Set<FunctionValue['function']>;
  readonly contexts: { count: number };
}

const ROOT: Scope = { ids: [], prefix: '' };

/** The cors plugin that a `register` names. */
function corsOf(reader: Reader, { name, call, module }: MethodCall): Extract<JsValue, { kind: 'import' }> | null {
  const [plugin] = call.arguments;
  if (name !== 'register' || plugin === undefined) return null;
  const value = reader.evaluate(plugin, { module, frame: null });
  return value.kind === 'import' && isExport(value, CORS, [...WHOLE, 'fastifyCors']) ? value : null;
}

function partsOf(reading: Reading, { calls }: Receiver, scope: Scope, depth: number): readonly Part[] {
  const { reader, dialect } = reading;
  return calls.flatMap((one): readonly Part[] => {
    const { name, call, module } = one;
    const context = { module, frame: null };
    const [first, second] = call.arguments.map((argument) => reader.evaluate(argument, context));
    if (first === undefined) return [];
    if (name === 'route') return routeObject(first, scope);
    if (name === 'addHook') return hookOf(second, scope);
    if (name !== 'register') {
      const route = routeOf(reader, one, scope.prefix);
      const isOwn = second?.kind === 'object' && decidesItself(second);
      return route === null || isOwn ? [] : [{ ...route, scope }];
    }
    const cors = corsOf(reader, one);
    if (cors === null) return pluginOf(reading, first, second, scope, depth);
    const [plugin] = call.arguments;
    const source = { argument: second, place: placeOf(module, plugin ?? call), dialect: dialect(cors.specifier) };
    const guard = reader.guards(call, context);
    return [{ kind: 'cors', source, guard, covers: () => true, dropsOnThrow: null, scope }];
  });
}

/**
 * `app.addHook(name, fn)`: what a hook does to headers is not worked out. Some run before CORS wherever they stand, and
 * some for what it has answered.
 */
function hookOf(fn: JsValue | undefined, scope: Scope): readonly Part[] {
  const text = fn?.kind === 'function' ? fn.module.text.slice(...fn.function.range) : null;
  if (text !== null && !HEADERS.test(text)) return [];
  const part = { kind: 'opaque', reason: 'a hook of the app may set headers', scope } as const;
  return [text !== null && CORS_WORDS.test(text) ? { ...part, overrides: true } : part];
}

const HEADERS = /access-control|cors|\bvary\b|header|\braw\b|\bsend\b|hijack/i;
const CORS_WORDS = /access-control|cors|\bvary\b/i;

/** A route with options about CORS of its own: `{ config: { cors: … } }`. */
function decidesItself(options: ObjectValue): boolean {
  const config = property(options, 'config')?.value;
  return config !== undefined && (config.kind !== 'object' || property(config, 'cors') !== undefined);
}

/** `fastify.route({ method, url, handler })`. */
function routeObject(value: JsValue, scope: Scope): readonly RoutePart[] {
  if (value.kind !== 'object' || decidesItself(value)) return [];
  const url = property(value, 'url') ?? property(value, 'path');
  const method = property(value, 'method')?.value;
  const handler = property(value, 'handler')?.value;
  const methods = method && methodsOf(method);
  if (url?.value.kind !== 'string' || !methods) return [];
  const path = joinPaths(scope.prefix, url.value.value);
  return [{ kind: 'route', methods, path, place: url.value.place, handlers: handler ? [handler] : [], scope }];
}

/** What a plugin registers, where its function can be read. */
function pluginOf(
  reading: Reading,
  plugin: JsValue,
  options: JsValue | undefined,
  scope: Scope,
  depth: number,
): readonly Part[] {
  const shared = sharedFunction(plugin);
  const fn = plugin.kind === 'function' ? plugin : shared;
  if (fn === null) {
    const isKnown = plugin.kind === 'import' && /^@fastify\//.test(plugin.specifier) && !OPAQUE.test(plugin.specifier);
    return isKnown ? [] : [{ kind: 'opaque', reason: 'a plugin of the app is not read', scope }];
  }
  const receiver = depth > DEEPEST ? undefined : instanceOf(reading.reader, fn);
  if (receiver === undefined) return [];
  reading.read.add(fn.function);
  // A prefix is for contexts: without one of its own the plugin's routes stand where the app's do.
  if (shared !== null) return partsOf(reading, receiver, scope, depth + 1);
  const given = options?.kind === 'object' ? property(options, 'prefix')?.value : undefined;
  const inner: Scope = {
    ids: [...scope.ids, reading.contexts.count++],
    prefix: given?.kind === 'string' ? joinPaths(scope.prefix, given.value) : scope.prefix,
  };
  const parts = partsOf(reading, receiver, inner, depth + 1);
  const isUnknown =
    (options !== undefined && options.kind !== 'object') ||
    (options?.kind === 'object' && options.rest !== null) ||
    (given !== undefined && given.kind !== 'string');
  const isKnown = !isUnknown || !parts.some((part) => part.kind === 'cors');
  return isKnown ? parts : [{ kind: 'opaque', reason: 'it is not known under which prefix a plugin sets CORS up' }];
}

/** The function that fastify-plugin takes out of its context: `fp(fn)`; null for anything else. */
function sharedFunction(plugin: JsValue): FunctionValue | null {
  if (plugin.kind !== 'call' || !isExport(plugin.callee, /^fastify-plugin$/, [...WHOLE, 'fastifyPlugin'])) return null;
  const [fn, options] = plugin.arguments;
  const isPlain = options?.kind !== 'object' || (options.rest === null && !property(options, 'encapsulate'));
  return fn?.kind === 'function' && isPlain ? fn : null;
}

/** The instance that a plugin's function is given. */
function instanceOf(reader: Reader, fn: FunctionValue): Receiver | undefined {
  return receiversIn(reader, fn.module).find(
    ({ value }) => value.kind === 'parameter' && value.function === fn.function && value.index === 0,
  );
}
