import type { TSESTree } from '@typescript-eslint/types';
import type { Endpoint } from '../../../cors/endpoint';
import type { Place } from '../../../cors/place';
import {
  type FunctionValue,
  type JsValue,
  placeOf,
  type Reader,
  type SourceModule,
  staticName,
} from '../../../javascript';
import type { Listener } from '../../../lint/types';
import type { Siblings } from '../siblings';
import { endpointsOf as siblingEndpointsOf } from '../siblings/endpoints';
import { endpointsOf } from './endpoints';
import { portIn, propertyOf } from './listenerPort';
import type { Application } from './run';

/** What a file has of the other frameworks. */
type SiblingsIn = (module: SourceModule) => Pick<Siblings, 'apps'>;

/**
 * The apps that a file makes listen: `app.listen(3000)`, `http.createServer(app).listen(…)`, Hono's `serve(…)`, the app
 * made here or in another file. Where it may be one of two apps of another framework, it is none.
 */
export function listenersIn(
  application: Application,
  module: SourceModule,
  siblingsIn: SiblingsIn,
): readonly Listener[] {
  if (!/\b(?:listen|serve)\s*\(/.test(module.text)) return [];
  return module.index.of('CallExpression').flatMap((call): Listener[] => {
    const started = startedBy(application.reader, module, call);
    const app = started && appServed(application, started.served, siblingsIn);
    const port = app && portIn(started.port && (settingOf(application, module, started.port) ?? started.port));
    if (app === undefined || port === undefined) return [];
    const endpoints = (): readonly Endpoint[] => endpointsFor(application, app, module, siblingsIn);
    return [{ place: placeOf(module, call), port, endpoints }];
  });
}

interface Started {
  readonly served: JsValue;
  readonly port: JsValue | undefined;
}

function startedBy(reader: Reader, module: SourceModule, { callee, arguments: given }: Call): Started | undefined {
  const evaluated = (node: TSESTree.Expression): JsValue => reader.evaluate(node, { module, frame: null });
  const [first] = given;
  if (first === undefined || first.type === 'SpreadElement') return undefined;
  if (callee.type === 'MemberExpression') {
    if (staticName(callee) !== 'listen') return undefined;
    const value = evaluated(first);
    return { served: evaluated(callee.object), port: value.kind === 'object' ? propertyOf(value, 'port') : value };
  }
  if (callee.type !== 'Identifier' || callee.name !== 'serve') return undefined;
  const [serve, options] = [evaluated(callee), evaluated(first)];
  if (serve.kind !== 'import' || serve.specifier !== '@hono/node-server') return undefined;
  const served = propertyOf(options, 'fetch');
  return served && { served, port: propertyOf(options, 'port') };
}

type Call = Pick<TSESTree.CallExpression, 'callee' | 'arguments'>;

/** `made`: what makes an app of another framework, or the function of the workspace that does. */
type Served = { readonly kind: 'express'; readonly key: string } | { readonly kind: 'sibling'; readonly made: JsValue };

/** The app itself, or the one that a server of Node's own is given. */
function appServed(application: Application, value: JsValue, siblingsIn: SiblingsIn): Served | undefined {
  const key = application.apps.keyOf(value);
  if (key !== null) return { kind: 'express', key };
  // Hono's `app.fetch`
  if (value.kind === 'member')
    return value.property === 'fetch' ? appServed(application, value.object, siblingsIn) : undefined;
  if (value.kind !== 'call' && value.kind !== 'new') return undefined;
  const { callee } = value;
  if (callee.kind === 'import' && SERVERS.test(callee.specifier) && /^(?:createServer|Server)$/.test(callee.exported)) {
    const given = value.arguments.at(-1);
    return given && appServed(application, given, siblingsIn);
  }
  // Koa's `app.callback()`
  if (callee.kind === 'member' && callee.property === 'callback')
    return appServed(application, callee.object, siblingsIn);
  if (callee.kind === 'function') return madeBy(application, callee, siblingsIn);
  if (callee.kind === 'member' && isHono(rootOf(value))) return { kind: 'sibling', made: value };
  return isSibling(callee) ? { kind: 'sibling', made: value } : undefined;
}

/** The only app that is made in a function: `const app = await buildApp()`. */
function madeBy({ apps }: Application, made: FunctionValue, siblingsIn: SiblingsIn): Served | undefined {
  const [app, another] = apps.inModule(made.module).filter(({ kind, place }) => kind === 'app' && isIn(place, made));
  if (app !== undefined) return another === undefined ? { kind: 'express', key: app.key } : undefined;
  return siblingsIn(made.module).apps.some(({ place }) => isIn(place, made)) ? { kind: 'sibling', made } : undefined;
}

function isIn({ start, end }: Place, { place }: JsValue): boolean {
  return place.start <= start && end <= place.end;
}

const SERVERS = /^(?:node:)?https?$/;

/** `fastify()`, `new Koa()`, `NestFactory.create(…)`. */
function isSibling(callee: JsValue): boolean {
  if (callee.kind === 'import') return /^(?:fastify|koa)$/.test(callee.specifier) || HONO.test(callee.specifier);
  return callee.kind === 'member' && callee.object.kind === 'import' && callee.object.exported === 'NestFactory';
}

/** What the calls of a chain begin with: `new Hono()` of `new Hono().basePath('/api')`. */
function rootOf(value: JsValue): JsValue {
  if (value.kind === 'call' && value.callee.kind === 'member') return rootOf(value.callee.object);
  return value;
}

function isHono(value: JsValue): boolean {
  return value.kind === 'new' && value.callee.kind === 'import' && HONO.test(value.callee.specifier);
}

const HONO = /^(?:hono|@hono\/zod-openapi)$/;

function endpointsFor(
  application: Application,
  app: Served,
  here: SourceModule,
  siblingsIn: SiblingsIn,
): readonly Endpoint[] {
  if (app.kind === 'sibling') return siblingEndpoints(application, app.made, siblingsIn);
  const made = application.reader.module(fileOf(app.key)) ?? here;
  return endpointsOf(application, made).filter((endpoint) => endpoint.app.key === app.key);
}

/** The endpoints of the only app that is made there, sockets aside. */
function siblingEndpoints({ reader }: Application, made: JsValue, siblingsIn: SiblingsIn): readonly Endpoint[] {
  const apps = siblingsIn(made.module).apps.filter(({ partial, isSocket }) => partial === null && isSocket !== true);
  const own = apps.filter(({ place }) => isIn(place, made));
  const [app, another] = own.length > 0 ? own : apps;
  return app === undefined || another !== undefined ? [] : siblingEndpointsOf(reader, app);
}

function fileOf(key: string): string {
  return key.slice(0, key.lastIndexOf('#'));
}

/** What an app's setting is, where it is set once: `app.get('port')`. */
function settingOf(application: Application, here: SourceModule, value: JsValue): JsValue | undefined {
  if (value.kind !== 'call' || value.callee.kind !== 'member' || value.callee.property !== 'get') return undefined;
  const [name] = value.arguments;
  const key = application.apps.keyOf(value.callee.object);
  if (key === null || name?.kind !== 'string') return undefined;
  const { reader } = application;
  const made = reader.module(fileOf(key));
  const set = [...new Set([here, ...(made === null ? [] : [made])])].flatMap((module) =>
    module.index.of('CallExpression').flatMap(({ callee, arguments: [first, second] }): JsValue[] => {
      if (callee.type !== 'MemberExpression' || staticName(callee) !== 'set') return [];
      if (first?.type !== 'Literal' || first.value !== name.value) return [];
      if (second === undefined || second.type === 'SpreadElement') return [];
      const context = { module, frame: null };
      return application.apps.keyOf(reader.evaluate(callee.object, context)) === key
        ? [reader.evaluate(second, context)]
        : [];
    }),
  );
  return set.length === 1 ? set[0] : undefined;
}
