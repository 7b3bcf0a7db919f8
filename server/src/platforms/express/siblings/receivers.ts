import type { TSESTree } from '@typescript-eslint/types';
import type { Place } from '../../../cors/place';
import { type JsValue, placeOf, type Reader, type SourceModule, staticName, unwrap } from '../../../javascript';

/** A method call on what may be an app: `app.register(…)`. */
export interface MethodCall {
  readonly name: string;
  readonly call: TSESTree.CallExpression;
  readonly arguments: readonly TSESTree.CallExpressionArgument[];
  /** Where the name stands: the order of a chain's calls is that of their names. */
  readonly at: number;
  readonly module: SourceModule;
}

/** Something that method calls are made on. */
export interface Receiver {
  readonly key: string;
  /** What it is, chained calls taken off. */
  readonly value: JsValue;
  readonly place: Place;
  /** In the order of the source. */
  readonly calls: readonly MethodCall[];
}

const VERBS = ['get', 'post', 'put', 'patch', 'delete', 'del', 'head', 'options', 'all'];
/** What apps and routers of the frameworks are set up with. */
const METHODS = new Set([
  ...VERBS,
  'use',
  'register',
  'route',
  'on',
  'openapi',
  'enableCors',
  'enableVersioning',
  'setGlobalPrefix',
  'useGlobalFilters',
  'useGlobalGuards',
  'useGlobalInterceptors',
  'addHook',
  'setErrorHandler',
  'mount',
  'notFound',
  'onError',
]);
/** Those that give the app back, so that calls are chained. */
const CHAINED = new Set([
  ...VERBS,
  'use',
  'register',
  'route',
  'on',
  'openapi',
  'prefix',
  'addHook',
  'setErrorHandler',
  'withTypeProvider',
  'notFound',
  'onError',
]);

const found = new WeakMap<Reader, Map<SourceModule, readonly Receiver[]>>();

/** Everything in a file that such calls are made on. */
export function receiversIn(reader: Reader, module: SourceModule): readonly Receiver[] {
  const known = found.get(reader) ?? new Map<SourceModule, readonly Receiver[]>();
  found.set(reader, known);
  const before = known.get(module);
  if (before) return before;
  const byKey = new Map<string, { value: JsValue; place: Place; calls: MethodCall[] }>();
  for (const call of module.index.of('CallExpression')) {
    const { callee } = call;
    if (callee.type !== 'MemberExpression') continue;
    const name = staticName(callee);
    if (name === null || !METHODS.has(name)) continue;
    const node = withoutChain(callee.object);
    const value = unchained(reader.evaluate(node, { module, frame: null }));
    const key = receiverKey(value, module, node);
    const made: MethodCall = { name, call, arguments: call.arguments, at: callee.property.range[0], module };
    const receiver = byKey.get(key);
    if (receiver) receiver.calls.push(made);
    else byKey.set(key, { value, place: placeOf(module, node), calls: [made] });
  }
  const receivers = [...byKey].map(
    ([key, { value, place, calls }]): Receiver => ({
      key,
      value,
      place,
      calls: [...calls].sort((a, b) => a.at - b.at),
    }),
  );
  known.set(module, receivers);
  return receivers;
}

/** The same key for the same app, whatever it is called. */
export function receiverKey(value: JsValue, module: SourceModule, node: TSESTree.Node): string {
  switch (value.kind) {
    case 'call':
    case 'new':
      return `${value.module.path}#${value.node.range.join('-')}`;
    case 'parameter':
      return `${value.module.path}#p${value.function.range[0]}.${value.index}`;
    default:
      return `${module.path}#x${module.text.slice(...node.range)}`;
  }
}

function withoutChain(outer: TSESTree.Node): TSESTree.Node {
  let node = unwrap(outer);
  while (node.type === 'CallExpression' && node.callee.type === 'MemberExpression') {
    const name = staticName(node.callee);
    if (name === null || !CHAINED.has(name)) break;
    node = unwrap(node.callee.object);
  }
  return node;
}

/** `const app = new Hono().use(…).get(…)` is the app as well. */
export function unchained(outer: JsValue): JsValue {
  let value = outer;
  while (value.kind === 'call' && value.callee.kind === 'member' && CHAINED.has(value.callee.property))
    value = value.callee.object;
  return value;
}

/** Whether a value is what a package exports as a whole, by default, or under one of the names. */
export function isExport(value: JsValue, specifier: RegExp, names: readonly string[]): boolean {
  return value.kind === 'import' && specifier.test(value.specifier) && names.includes(value.exported);
}
