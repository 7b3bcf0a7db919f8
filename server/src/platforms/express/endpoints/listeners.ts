import type { TSESTree } from '@typescript-eslint/types';
import type { Endpoint } from '../../../cors/endpoint';
import { branchesOf, type JsValue, placeOf, type Reader, type SourceModule, staticName } from '../../../javascript';
import type { Listener, ListenerPort } from '../../../lint/types';
import type { Siblings } from '../siblings';
import { endpointsOf } from './endpoints';
import type { Application } from './run';

/** What the endpoints of other frameworks' apps are taken from. */
type SiblingsOf = () => Pick<Siblings, 'apps' | 'endpoints'>;

/**
 * The apps that a file makes listen: `app.listen(3000)`, `http.createServer(app).listen(…)`, the app made here or in
 * another file. Where a file has two apps of other frameworks, which of them it is is not told.
 */
export function listenersIn(application: Application, module: SourceModule, siblings: SiblingsOf): readonly Listener[] {
  if (!/\blisten\s*\(/.test(module.text)) return [];
  return module.index.of('CallExpression').flatMap((call): Listener[] => {
    const { callee } = call;
    if (callee.type !== 'MemberExpression' || staticName(callee) !== 'listen') return [];
    const { reader } = application;
    const port = portOf(reader, module, call.arguments[0]);
    const served = reader.evaluate(callee.object, { module, frame: null });
    const app = appServed(application, served);
    if (port === undefined || app === undefined) return [];
    const endpoints = (): readonly Endpoint[] => endpointsFor(application, app, module, siblings);
    return [{ place: placeOf(module, call), port, endpoints }];
  });
}

type Served = { readonly kind: 'express'; readonly key: string } | { readonly kind: 'sibling' };

/** The app itself, or the one that a server of Node's own is given. */
function appServed(application: Application, value: JsValue): Served | undefined {
  const key = application.apps.keyOf(value);
  if (key !== null) return { kind: 'express', key };
  if (value.kind !== 'call' && value.kind !== 'new') return undefined;
  const { callee } = value;
  if (callee.kind === 'import' && SERVERS.test(callee.specifier) && /^(?:createServer|Server)$/.test(callee.exported)) {
    const given = value.arguments.at(-1);
    return given && appServed(application, given);
  }
  return isSibling(callee) ? { kind: 'sibling' } : undefined;
}

const SERVERS = /^(?:node:)?https?$/;

/** `fastify()`, `new Koa()`, `NestFactory.create(…)`. */
function isSibling(callee: JsValue): boolean {
  if (callee.kind === 'import') return /^(?:fastify|koa)$/.test(callee.specifier);
  return callee.kind === 'member' && callee.object.kind === 'import' && callee.object.exported === 'NestFactory';
}

function endpointsFor(
  application: Application,
  app: Served,
  here: SourceModule,
  siblings: SiblingsOf,
): readonly Endpoint[] {
  if (app.kind === 'sibling') {
    const { apps, endpoints } = siblings();
    return apps.length === 1 ? endpoints.filter(({ partial }) => partial === undefined) : [];
  }
  const made = application.reader.module(app.key.slice(0, app.key.lastIndexOf('#'))) ?? here;
  return endpointsOf(application, made).filter((endpoint) => endpoint.app.key === app.key);
}

/** `3000`, `'3000'`, `process.env.PORT || 3000`, `{ port: … }`; undefined for what cannot be told. */
function portOf(
  reader: Reader,
  module: SourceModule,
  node: TSESTree.CallExpressionArgument | undefined,
): ListenerPort | undefined {
  if (node === undefined || node.type === 'SpreadElement') return undefined;
  const value = reader.evaluate(node, { module, frame: null });
  return portIn(value.kind === 'object' ? value.properties.find(({ key }) => key === 'port')?.value : value);
}

function portIn(value: JsValue | undefined): ListenerPort | undefined {
  if (value === undefined) return undefined;
  const fixed = numberIn(value);
  if (fixed !== undefined) return { kind: 'fixed', port: fixed };
  if (value.kind === 'environment') return { kind: 'environment', name: value.name, fallback: undefined };
  // `Number(process.env.PORT)`, `parseInt(process.env.PORT || '3000', 10)`
  if (value.kind === 'call' && value.callee.kind === 'import' && CONVERTERS.test(value.callee.exported)) {
    return portIn(value.arguments[0]);
  }
  if (value.kind !== 'choice') return undefined;
  const ways = branchesOf(value).map((branch) => portIn(branch.value));
  const variable = ways.find((way) => way?.kind === 'environment');
  const others = ways.filter((way) => way !== variable);
  const [other] = others;
  if (variable?.kind !== 'environment') return undefined;
  // `process.env.PORT || (isProduction ? 80 : 5000)`: which of them stands in is not known.
  return { ...variable, fallback: others.length === 1 && other?.kind === 'fixed' ? other.port : undefined };
}

const CONVERTERS = /^(?:Number|parseInt|normalizePort)$/;

function numberIn(value: JsValue): number | undefined {
  const text = value.kind === 'number' ? String(value.value) : value.kind === 'string' ? value.value : '';
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  return port > 0 && port < 65_536 ? port : undefined;
}
