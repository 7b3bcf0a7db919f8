import type { TSESTree } from '@typescript-eslint/types';
import type { Place } from '../../../cors/place';
import {
  type Condition,
  closest,
  enclosingFunction,
  type FunctionNode,
  type JsValue,
  placeOf,
  type Reader,
  type SourceModule,
  staticName,
  unwrap,
  written,
} from '../../../javascript';
import { type Given, type Handler, handlerOf } from './handlerKind';
import { type PathPattern, pathPattern, ROOT } from './pathPattern';

/** One `app.use(…)`, `app.get(…)`, … or a place where an app is handed to a function that sets it up further. */
export type Registration = Layer | Splice;

export interface Layer {
  readonly kind: 'layer';
  /** `use`, `all`, or a method in lower case. */
  readonly method: string;
  readonly path: PathPattern;
  /** Null when no path is given. */
  readonly pathPlace: Place | null;
  readonly handlers: readonly { readonly handler: Handler; readonly place: Place; readonly node: TSESTree.Node }[];
  readonly call: TSESTree.CallExpression;
  /** The method's name: `use` in `app.use(…)`. */
  readonly namePlace: Place;
  readonly module: SourceModule;
  /** The conditions around it; null when they cannot be told. */
  readonly guard: readonly Condition[] | null;
  readonly order: Order;
}

export interface Splice {
  readonly kind: 'splice';
  /** The app as the function's parameter; null when the function is not read. */
  readonly key: string | null;
  readonly reason: string;
  readonly module: SourceModule;
  readonly order: Order;
}

/** Positions to compare one after the other: a function's registrations stand where it is called. */
type Order = readonly number[];

export interface App {
  readonly key: string;
  /** `app`: made by `express()`; `router`; `parameter`: given from elsewhere, so what comes before is not known. */
  readonly kind: 'app' | 'router' | 'parameter' | 'foreign';
  readonly place: Place;
  readonly registrations: readonly Registration[];
  /** Set when registrations stand in functions whose order is not known. */
  readonly isOrderUnknown: boolean;
}

const METHODS = new Set(['use', 'all', 'get', 'post', 'put', 'patch', 'delete', 'del', 'options', 'head']);

/** The apps and routers of every file that one reader reads. */
export interface Apps {
  /** The apps and routers that a file makes, is given, or adds to. */
  inModule(module: SourceModule): readonly App[];
  /** An app by its key, wherever it is made; null when nothing is registered with it. */
  byKey(key: string): App | null;
  keyOf(value: JsValue): string | null;
}

export function findApps(reader: Reader): Apps {
  const known = new Map<string, readonly App[]>();
  const inModule = (module: SourceModule): readonly App[] => {
    const apps = known.get(module.path);
    if (apps) return apps;
    known.set(module.path, []);
    const found = appsIn(reader, module);
    known.set(module.path, found);
    return found;
  };
  return {
    inModule,
    keyOf: keyOfValue,
    byKey(key) {
      const path = key.slice(0, key.lastIndexOf('#'));
      const module = reader.module(path);
      return module === null ? null : (inModule(module).find((app) => app.key === key) ?? null);
    },
  };
}

/** Express's own names for what makes an app or a router. */
function makerOf(callee: JsValue): 'app' | 'router' | null {
  if (callee.kind !== 'import' || callee.specifier !== 'express') return null;
  if (callee.exported === '*' || callee.exported === 'default' || callee.exported === 'express') return 'app';
  return callee.exported === 'Router' ? 'router' : null;
}

/** Names that a parameter or a property has when it is an app. */
const APP_NAME = /^_?(?:app|server|router|api|express|application|expressApp|\w*(?:App|Router|Server))$/;

/** A key for values that are apps or routers, the same for the same one; null for all others. */
function keyOfValue(value: JsValue): string | null {
  switch (value.kind) {
    case 'call':
    case 'new':
      return makerOf(value.callee) === null ? null : `${value.module.path}#${value.node.range[0]}`;
    case 'parameter':
      return isAppParameter(value) ? `${value.module.path}#p${value.function.range[0]}.${value.index}` : null;
    case 'member': {
      if (value.object.kind !== 'parameter' || !APP_NAME.test(value.property)) return null;
      const { object } = value;
      return `${object.module.path}#p${object.function.range[0]}.${object.index}.${value.property}`;
    }
    case 'import':
      return /^\.{1,2}\//.test(value.specifier) && APP_NAME.test(value.exported)
        ? `${value.module.path}#i${value.specifier}.${value.exported}`
        : null;
    default:
      return null;
  }
}

function isAppParameter(value: Extract<JsValue, { kind: 'parameter' }>): boolean {
  const param = value.function.params[value.index];
  const name = param?.type === 'Identifier' ? param : null;
  if (name === null) return false;
  const type = name.typeAnnotation?.typeAnnotation;
  if (type && /\b(?:Express|Application|I?Router)\b/.test(value.module.text.slice(...type.range))) return true;
  return APP_NAME.test(name.name);
}

/** `this.app` that is set elsewhere still stands for one thing in its class. */
function keyOfNode(reader: Reader, outer: TSESTree.Node, module: SourceModule): string | null {
  const node = unwrap(outer);
  const key = keyOfValue(reader.evaluate(node, { module, frame: null }));
  if (key !== null) return key;
  if (node.type !== 'MemberExpression' || node.object.type !== 'ThisExpression') return null;
  const name = staticName(node);
  const owner = closest(node, 'ClassBody');
  return name !== null && owner && APP_NAME.test(name) ? `${module.path}#t${owner.range[0]}.${name}` : null;
}

function appsIn(reader: Reader, module: SourceModule): readonly App[] {
  const found = new Map<string, { place: Place; registrations: Registration[] }>();
  const orders = createOrders(module);
  const add = (key: string, place: Place, registration: Registration): void => {
    const app = found.get(key);
    if (app) app.registrations.push(registration);
    else found.set(key, { place, registrations: [registration] });
  };
  for (const call of module.index.of('CallExpression')) {
    const { callee } = call;
    const name = callee.type === 'MemberExpression' ? staticName(callee) : null;
    if (callee.type === 'MemberExpression' && name !== null && METHODS.has(name)) {
      const target = targetOf(callee.object);
      const key = keyOfNode(reader, target.object, module);
      const layer = key === null ? null : layerOf(reader, module, call, callee, name, target.route, orders);
      if (key !== null && layer !== null) add(key, placeOf(module, target.object), layer);
      continue;
    }
    for (const splice of splicesOf(reader, module, call, orders)) add(splice.onto, splice.place, splice.registration);
  }
  addUnused(reader, module, found);
  return [...found].map(([key, { place, registrations }]) => {
    const sorted = [...registrations].sort((a, b) => compareOrders(a.order, b.order));
    const homes = new Set(registrations.map(({ order }) => orders.homeOf(order)));
    return { key, kind: kindOf(key, module), place, registrations: sorted, isOrderUnknown: homes.size > 1 };
  });
}

/** Apps that nothing is registered with still answer: with 404. */
function addUnused(
  reader: Reader,
  module: SourceModule,
  found: Map<string, { place: Place; registrations: Registration[] }>,
): void {
  for (const call of module.index.of('CallExpression')) {
    if (call.arguments.length > 0 || call.callee.type !== 'Identifier') continue;
    const value = reader.evaluate(call, { module, frame: null });
    if (value.kind !== 'call' || makerOf(value.callee) !== 'app') continue;
    const key = keyOfValue(value);
    if (key !== null && !found.has(key)) found.set(key, { place: placeOf(module, call), registrations: [] });
  }
}

function kindOf(key: string, module: SourceModule): App['kind'] {
  const path = key.slice(0, key.lastIndexOf('#'));
  if (path !== module.path) return 'foreign';
  const position = key.slice(key.lastIndexOf('#') + 1);
  if (/^\d+$/.test(position)) {
    const made = module.text.slice(Number(position), Number(position) + 60);
    return /^(?:new\s+)?(?:[\w$.]+\.)?[\w$]*[rR]outer\b/.test(made) || /^(?:new\s+)?\w+\.Router\b/.test(made)
      ? 'router'
      : 'app';
  }
  return position.startsWith('t') ? 'app' : position.startsWith('p') ? 'parameter' : 'foreign';
}

/** Follows `app.route(path).get(…).put(…)` and `app.use(…).use(…)` back to the app. */
function targetOf(object: TSESTree.Node): {
  readonly object: TSESTree.Node;
  readonly route: TSESTree.CallExpression | null;
} {
  let node = unwrap(object);
  while (node.type === 'CallExpression' && node.callee.type === 'MemberExpression') {
    const name = staticName(node.callee);
    if (name === 'route') return { object: node.callee.object, route: node };
    if (name === null || !METHODS.has(name)) break;
    node = unwrap(node.callee.object);
  }
  return { object: node, route: null };
}

function layerOf(
  reader: Reader,
  module: SourceModule,
  call: TSESTree.CallExpression,
  callee: TSESTree.MemberExpression,
  name: string,
  route: TSESTree.CallExpression | null,
  orders: Orders,
): Layer | null {
  const args = [...call.arguments];
  let path: PathPattern = ROOT;
  let pathNode: TSESTree.Node | null = null;
  if (route !== null) {
    pathNode = route.arguments[0] ?? null;
    path = pathNode ? pathPattern(reader.evaluate(pathNode, { module, frame: null })) : ROOT;
  } else {
    const first = args[0];
    if (first === undefined) return null;
    const value = reader.evaluate(first, { module, frame: null });
    if (isPath(value, name !== 'use', args.length)) {
      // `app.get('setting')` reads a setting.
      if (args.length === 1) return null;
      path = pathPattern(value);
      pathNode = first;
      args.shift();
    } else if (name !== 'use') return null;
  }
  const handlers = args
    .flatMap((argument) => givenBy(reader, module, argument))
    .map((given) => ({
      handler: handlerOf(given, keyOfValue),
      place: given.site.place,
      node: given.site.node,
    }));
  return {
    kind: 'layer',
    method: name === 'del' ? 'delete' : name,
    path,
    pathPlace: pathNode && placeOf(module, pathNode),
    handlers,
    call,
    namePlace: placeOf(module, callee.property),
    module,
    guard: reader.guards(call, { module, frame: null }),
    order: orders.of(callee.property),
  };
}

/** Whether a first argument is a path. A route's is, whatever it is; what `use` is given must look like one. */
function isPath(value: JsValue, isRoute: boolean, count: number): boolean {
  switch (value.kind) {
    case 'string':
    case 'regexp':
    case 'template':
    case 'environment':
      return true;
    case 'array':
      return (
        value.items.length > 0 &&
        value.items.every((item) => item.kind === 'string' || item.kind === 'regexp' || item.kind === 'template')
      );
    case 'choice':
      return value.branches.every((branch) => isPath(branch.value, isRoute, count));
    case 'function':
    case 'call':
    case 'new':
      return false;
    case 'member':
    case 'element':
    case 'import':
    case 'unknown':
    case 'parameter':
      return (
        isRoute ||
        (count > 1 && /path|prefix|base|url|route|endpoint|version/i.test(value.module.text.slice(...value.node.range)))
      );
    default:
      return isRoute;
  }
}

/** The handlers that one argument stands for: lists are spread. */
function givenBy(reader: Reader, module: SourceModule, argument: TSESTree.Node): readonly Given[] {
  if (argument.type === 'ArrayExpression') {
    return argument.elements.flatMap((element) => (element ? givenBy(reader, module, element) : []));
  }
  const inner = argument.type === 'SpreadElement' ? argument.argument : argument;
  const site = written(module, inner);
  const value = reader.evaluate(inner, { module, frame: null });
  if (value.kind !== 'array') return [{ value, site }];
  const items = value.items.map((item): Given => ({ value: item, site }));
  return value.rest === null ? items : [...items, { value: value.rest, site }];
}

/** Functions that are given the app and do nothing to its requests. */
const LISTENERS =
  /^(?:node:)?(?:https?|http2|spdy|supertest|chai-http|serverless-http|@vendia\/serverless-express|aws-serverless-express|socket\.io|ws|greenlock-express|stoppable|http-terminator|@godaddy\/terminus)$/;

interface FoundSplice {
  readonly onto: string;
  readonly place: Place;
  readonly registration: Splice;
}

/** `routes(app)`, `require('./routes')(app)`: the function registers with the app here. */
function splicesOf(reader: Reader, module: SourceModule, call: TSESTree.CallExpression, orders: Orders): FoundSplice[] {
  const result: FoundSplice[] = [];
  for (const [index, argument] of call.arguments.entries()) {
    if (argument.type !== 'Identifier' && argument.type !== 'MemberExpression' && argument.type !== 'ObjectExpression')
      continue;
    const given =
      argument.type === 'ObjectExpression'
        ? appProperty(reader, module, argument)
        : { node: argument as TSESTree.Node, name: null };
    if (given === null || !APP_NAME.test(lastName(given.node))) continue;
    const onto = keyOfNode(reader, given.node, module);
    if (onto === null) continue;
    const callee = reader.evaluate(call.callee, { module, frame: null });
    const maker = callee.kind === 'member' ? callee.object : callee;
    if (maker.kind === 'import' && (LISTENERS.test(maker.specifier) || maker.specifier === 'globalThis')) continue;
    if (maker.kind === 'call' || maker.kind === 'new' || keyOfValue(maker) !== null) continue;
    const suffix = given.name === null ? '' : `.${given.name}`;
    const registration: Splice = {
      kind: 'splice',
      key: callee.kind === 'function' ? `${callee.module.path}#p${callee.function.range[0]}.${index}${suffix}` : null,
      reason: `what ${describe(module, call.callee)} does to the app is not read`,
      module,
      order: orders.of(call),
    };
    result.push({ onto, place: placeOf(module, given.node), registration });
  }
  return result;
}

function appProperty(
  reader: Reader,
  module: SourceModule,
  object: TSESTree.ObjectExpression,
): { node: TSESTree.Node; name: string } | null {
  for (const member of object.properties) {
    if (member.type !== 'Property') continue;
    const name = staticName(member);
    if (
      name === null ||
      !APP_NAME.test(name) ||
      (member.value.type !== 'Identifier' && member.value.type !== 'MemberExpression')
    )
      continue;
    if (keyOfNode(reader, member.value, module) !== null) return { node: member.value, name };
  }
  return null;
}

function lastName(node: TSESTree.Node): string {
  if (node.type === 'Identifier') return node.name;
  return node.type === 'MemberExpression' ? (staticName(node) ?? '') : '';
}

function describe(module: SourceModule, node: TSESTree.Node): string {
  const text = module.text.slice(...node.range).replace(/\s+/g, ' ');
  return `\`${text.length > 40 ? `${text.slice(0, 39)}…` : text}\``;
}

interface Orders {
  of(node: TSESTree.Node): Order;
  /** A mark of the function that the order could not be followed out of; 0 for the file's top level. */
  homeOf(order: Order): number;
}

/** Finds where functions of the file are called, so that what they register stands in the order in which it runs. */
function createOrders(module: SourceModule): Orders {
  const sites = new Map<string, TSESTree.CallExpression[]>();
  for (const call of module.index.of('CallExpression')) {
    const callee = unwrap(call.callee);
    const name =
      callee.type === 'Identifier'
        ? callee.name
        : callee.type === 'MemberExpression' && callee.object.type === 'ThisExpression'
          ? `this.${staticName(callee) ?? ''}`
          : null;
    if (name === null) continue;
    const known = sites.get(name);
    if (known) known.push(call);
    else sites.set(name, [call]);
  }
  const homes = new Map<Order, number>();
  const of = (node: TSESTree.Node): Order => {
    const order: number[] = [node.range[0]];
    let home = enclosingFunction(node);
    for (let depth = 0; home !== null && depth < 10; depth++) {
      const name = calledAs(home);
      const callers = name === null ? [] : (sites.get(name) ?? []);
      const [caller] = callers;
      if (caller !== undefined && callers.length === 1) {
        order.unshift(caller.range[0]);
        home = enclosingFunction(caller);
      } else if (name === null) home = enclosingFunction(home);
      else break;
    }
    homes.set(order, home === null ? 0 : home.range[0] + 1);
    return order;
  };
  return { of, homeOf: (order) => homes.get(order) ?? 0 };
}

/** The name that a function is called by; null for one that stands where it runs, such as an argument. */
function calledAs(fn: FunctionNode): string | null {
  if (fn.type === 'FunctionDeclaration') return fn.id?.name ?? 'default';
  const { parent } = fn;
  if (parent?.type === 'VariableDeclarator' && parent.id.type === 'Identifier') return parent.id.name;
  if (parent?.type === 'MethodDefinition' || parent?.type === 'PropertyDefinition') {
    return parent.type === 'MethodDefinition' && parent.kind === 'constructor'
      ? 'constructor'
      : `this.${staticName(parent) ?? ''}`;
  }
  return parent?.type === 'AssignmentExpression' || parent?.type === 'Property' ? 'elsewhere' : null;
}

function compareOrders(a: Order, b: Order): number {
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
