import type { Reader, SourceModule } from '../../../javascript';
import { branchesOf, type JsValue, property, staticName } from '../../../javascript';
import type { Address } from '../../../lint/types';
import { targetOf, type VariableValue } from '../address';
import type { ProxyKind } from './recognise';

/**
 * The servers that a configuration hands requests on to, each once, in the order of the source. Only those whose
 * address is written, or stands in a file of variables; what a function decides for each request is not followed.
 */
export function proxyTargets(
  reader: Reader,
  module: SourceModule,
  kind: ProxyKind,
  variable: VariableValue,
): readonly Address[] {
  const found = new Map<string, Address>();
  for (const written of WRITTEN[kind](reader, module)) {
    const target = targetOf(overHttp(written), undefined, variable);
    if (target !== undefined) found.set(`${target.host}:${target.port}`, { host: target.host, port: target.port });
  }
  return [...found.values()];
}

/** What a kind of configuration has where addresses stand. */
const WRITTEN: Readonly<Record<ProxyKind, (reader: Reader, module: SourceModule) => readonly JsValue[]>> = {
  table: (reader, module) => tablesIn(reader, module).flatMap((table) => ofTable(reader, table)),
  middleware: inMiddleware,
  rewrites: inRewrites,
  package: ofPackage,
};

/** A WebSocket is asked for by a request to the same server. */
function overHttp(value: JsValue): JsValue {
  if (value.kind !== 'string') return value;
  return { ...value, value: value.value.replace(/^ws(?=s?:\/\/)/i, 'http') };
}

/** What `proxy` is in the options of a server, wherever they are put together; Angular's file is a table as a whole. */
function tablesIn(reader: Reader, module: SourceModule): readonly JsValue[] {
  if (/proxy\.conf/.test(module.path)) return [reader.findExport(module, 'default')];
  return module.index
    .of('Property')
    .filter((node) => node.parent.type === 'ObjectExpression' && staticName(node) === 'proxy')
    .map((node) => reader.evaluate(node.value, { module, frame: null }));
}

/**
 * `{ '/api': 'http://…', '^/v\\d': { target } }`, or `[{ context: ['/api'], target }]`: vite.dev/config/server-options,
 * webpack.js.org/configuration/dev-server, angular.dev/tools/cli/serve.
 */
function ofTable(reader: Reader, table: JsValue): readonly JsValue[] {
  return branchesOf(table).flatMap(({ value }): readonly JsValue[] => {
    if (value.kind === 'array') return value.items.flatMap((item) => inEach(item, 'target'));
    if (value.kind !== 'object') return [];
    return [...value.properties.map((each) => each.value), ...underComputedKeys(reader, value)].flatMap((route) =>
      branchesOf(route).flatMap((branch) =>
        branch.value.kind === 'object' ? inEach(branch.value, 'target') : [branch.value],
      ),
    );
  });
}

/** `[env.VITE_BASE]: { target }`: which requests go there decides nothing here. */
function underComputedKeys(reader: Reader, { node, module }: JsValue): readonly JsValue[] {
  if (node.type !== 'ObjectExpression') return [];
  return node.properties.flatMap((each) =>
    each.type === 'Property' && staticName(each) === null ? [reader.evaluate(each.value, { module, frame: null })] : [],
  );
}

const MIDDLEWARE = /^(?:createProxyMiddleware|legacyCreateProxyMiddleware|default|\*)$/;

/** `createProxyMiddleware({ target })`, `createProxyMiddleware('/api', { target })`, `proxy('http://…/api')`. */
function inMiddleware(reader: Reader, module: SourceModule): readonly JsValue[] {
  const context = { module, frame: null };
  return module.index.of('CallExpression').flatMap((call) => {
    const callee = reader.evaluate(call.callee, context);
    if (callee.kind !== 'import' || callee.specifier !== 'http-proxy-middleware' || !MIDDLEWARE.test(callee.exported))
      return [];
    const args = call.arguments.flatMap((each) =>
      each.type === 'SpreadElement' ? [] : [reader.evaluate(each, context)],
    );
    const targets = args.flatMap((each) => inEach(each, 'target'));
    return targets.length > 0 ? targets : args.slice(0, 1);
  });
}

/**
 * `async rewrites() { return [{ source, destination }] }`, or those lists by when they are tried:
 * nextjs.org/docs/app/api-reference/config/next-config-js/rewrites.
 */
function inRewrites(reader: Reader, module: SourceModule): readonly JsValue[] {
  const functions = module.index
    .of('Property')
    .filter((node) => staticName(node) === 'rewrites')
    .map((node) => reader.evaluate(node.value, { module, frame: null }));
  return functions.flatMap((fn) => {
    if (fn.kind !== 'function') return [];
    const lists = reader
      .returnsOf(fn)
      .returns.flatMap((returned) => (returned.error ? [] : branchesOf(returned.value)));
    return lists.flatMap(({ value }) =>
      value.kind === 'object' ? value.properties.flatMap((each) => destinationsIn(each.value)) : destinationsIn(value),
    );
  });
}

function destinationsIn(list: JsValue): readonly JsValue[] {
  return branchesOf(list).flatMap(({ value }) =>
    value.kind === 'array' ? value.items.flatMap((item) => inEach(item, 'destination')) : [],
  );
}

/** Of Create React App only: create-react-app.dev/docs/proxying-api-requests-in-development. */
function ofPackage(reader: Reader, module: SourceModule): readonly JsValue[] {
  const content = reader.findExport(module, 'default');
  if (content.kind !== 'object') return [];
  const isMadeWithScripts = ['dependencies', 'devDependencies'].some((key) => {
    const packages = property(content, key)?.value;
    return packages?.kind === 'object' && property(packages, 'react-scripts') !== undefined;
  });
  return isMadeWithScripts ? inEach(content, 'proxy') : [];
}

/** What a property is of the object, or of each that it may be. */
function inEach(value: JsValue, key: string): readonly JsValue[] {
  return branchesOf(value).flatMap((branch) => {
    const found = branch.value.kind === 'object' ? property(branch.value, key) : undefined;
    return found === undefined ? [] : [found.value];
  });
}
