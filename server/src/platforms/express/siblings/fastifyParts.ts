import {
  enclosingFunction,
  type FunctionValue,
  type JsValue,
  placeOf,
  property,
  type Reader,
} from '../../../javascript';
import type { CorsDialect } from '../cors/corsDialect';
import type { CorsPart, Part, Scope } from './app';
import { fastifyHook, PHASES, type Phase } from './fastifyHook';
import { decidesItself, hooksOf, routeObject } from './fastifyRoutes';
import type { Staged } from './fastifyStages';
import { isExport, type MethodCall, type Receiver, receiversIn } from './receivers';
import { joinPaths, routeOf } from './routes';

const CORS = /^(?:@fastify\/cors|fastify-cors)$/;
const WHOLE = ['*', 'default'];
/** Plugins that pass requests on, or run others' middleware. */
const OPAQUE = /^(?:@fastify\/(?:http-proxy|reply-from|express|middie|autoload|next)|fastify-autoload|middie)$/;
/** Plugins inside plugins are followed to this depth. */
const DEEPEST = 5;

/** What an app's parts are read with. */
export interface Reading {
  readonly reader: Reader;
  readonly dialect: (specifier: string) => CorsDialect;
  /** The functions of plugins that were followed. */
  readonly read: Set<FunctionValue['function']>;
  readonly contexts: { count: number };
}

/** The context of an app itself. */
export const ROOT: Scope = { ids: [], prefix: '' };

/** The cors plugin that a `register` names. */
export function corsOf(
  reader: Reader,
  { name, call, module }: MethodCall,
): Extract<JsValue, { kind: 'import' }> | null {
  const [plugin] = call.arguments;
  if (name !== 'register' || plugin === undefined) return null;
  const value = reader.evaluate(plugin, { module, frame: null });
  return value.kind === 'import' && isExport(value, CORS, [...WHOLE, 'fastifyCors']) ? value : null;
}

/** What a context has: hooks and plugins come to be in the order of the source (`addHook` of fastify/fastify.js). */
export function partsOf(reading: Reading, receiver: Receiver, scope: Scope, depth: number): readonly Staged[] {
  return receiver.calls.flatMap((one) =>
    one.name === 'register' ? registered(reading, one, scope, depth) : directly(reading, receiver, one, scope),
  );
}

/** What needs no plugin: routes, hooks, what answers errors. */
function directly({ reader }: Reading, receiver: Receiver, one: MethodCall, scope: Scope): readonly Staged[] {
  const { name, call, module } = one;
  const context = { module, frame: null };
  const [first, second] = call.arguments.map((argument) => reader.evaluate(argument, context));
  if (first === undefined) return [];
  if (name === 'route') return plain(routeObject(first, scope));
  if (name === 'addHook') return hookOf(reader, receiver, one, [first, second], scope);
  if (name === 'setErrorHandler') return speaksOfHeaders(first) ? [{ ...UNREAD_ERRORS, isOfErrors: true }] : [];
  const route = routeOf(reader, one, scope.prefix);
  if (route === null) return [];
  if (second?.kind !== 'object') return plain([{ ...route, scope }]);
  if (decidesItself(second)) return [];
  return plain([{ ...route, handlers: [...route.handlers, ...hooksOf(second)], scope }]);
}

function plain(parts: readonly Part[]): readonly Staged[] {
  return parts.map((part) => ({ part, phase: null }));
}

const UNREAD_ERRORS: Staged = {
  part: { kind: 'opaque', reason: 'the handler of errors is not read', covers: () => false },
  phase: null,
};

/** What `register` sets up. */
function registered(reading: Reading, one: MethodCall, scope: Scope, depth: number): readonly Staged[] {
  const { reader, dialect } = reading;
  const { call, module } = one;
  const context = { module, frame: null };
  const [first, second] = call.arguments.map((argument) => reader.evaluate(argument, context));
  if (first === undefined) return [];
  const cors = corsOf(reader, one);
  if (cors === null) return pluginOf(reading, first, second, scope, depth);
  const [plugin] = call.arguments;
  const source = { argument: second, place: placeOf(module, plugin ?? call), dialect: dialect(cors.specifier) };
  const guard = reader.guards(call, context);
  const part: CorsPart = { kind: 'cors', source, guard, covers: () => true, dropsOnThrow: null, scope };
  return [{ part, phase: phaseOf(second) }];
}

/** The hook that @fastify/cors runs in. */
function phaseOf(options: JsValue | undefined): Phase {
  const hook = options?.kind === 'object' ? property(options, 'hook')?.value : undefined;
  return PHASES.find((phase) => hook?.kind === 'string' && phase === hook.value) ?? 'onRequest';
}

/**
 * `app.addHook(name, fn)`. What cannot be followed may set headers; some run before CORS wherever they stand, and some
 * for what it has answered.
 */
function hookOf(
  reader: Reader,
  { value }: Receiver,
  { call, module }: MethodCall,
  [name, fn]: readonly (JsValue | undefined)[],
  scope: Scope,
): readonly Staged[] {
  if (fn?.kind === 'function' && !speaksOfHeaders(fn)) return [];
  const phase = PHASES.find((one) => name?.kind === 'string' && one === name.value);
  const home = value.kind === 'parameter' ? value.function : enclosingFunction(value.node);
  const isAlways = reader.guards(call, { module, frame: null })?.length === 0 && enclosingFunction(call) === home;
  const hand = fn?.kind === 'function' && phase !== undefined && isAlways ? fastifyHook(reader, fn, phase) : null;
  if (hand !== null && phase !== undefined) return [{ part: { ...hand, scope }, phase }];
  const part = { kind: 'opaque', reason: 'a hook of the app may set headers', scope } as const;
  const isOfCors = fn?.kind === 'function' && CORS_WORDS.test(fn.module.text.slice(...fn.function.range));
  return plain([isOfCors ? { ...part, overrides: true } : part]);
}

function speaksOfHeaders(value: JsValue): boolean {
  return value.kind !== 'function' || HEADERS.test(value.module.text.slice(...value.function.range));
}

const HEADERS = /access-control|cors|\bvary\b|header|\braw\b|\bsend\b|hijack/i;
const CORS_WORDS = /access-control|cors|\bvary\b/i;

/** What a plugin registers, where its function can be read. */
function pluginOf(
  reading: Reading,
  plugin: JsValue,
  options: JsValue | undefined,
  scope: Scope,
  depth: number,
): readonly Staged[] {
  const shared = sharedFunction(plugin);
  const fn = plugin.kind === 'function' ? plugin : shared;
  if (fn === null) {
    const isKnown = plugin.kind === 'import' && /^@fastify\//.test(plugin.specifier) && !OPAQUE.test(plugin.specifier);
    return isKnown ? [] : plain([{ kind: 'opaque', reason: 'a plugin of the app is not read', scope }]);
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
  const isKnown = !isUnknown || !parts.some(({ part }) => part.kind === 'cors');
  return isKnown
    ? parts
    : plain([{ kind: 'opaque', reason: 'it is not known under which prefix a plugin sets CORS up' }]);
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
