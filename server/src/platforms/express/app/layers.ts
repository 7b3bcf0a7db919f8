import type { TSESTree } from '@typescript-eslint/types';
import {
  type JsValue,
  onlyWay,
  placeOf,
  type Reader,
  type SourceModule,
  staticName,
  unwrap,
  written,
} from '../../../javascript';
import { keyOfValue } from './appKeys';
import { type Given, handlerOf } from './handlerKind';
import type { Orders } from './orders';
import { type PathPattern, pathPattern, ROOT } from './pathPattern';
import type { Layer } from './registration';

/** The methods of an app that register something. */
export const METHODS = new Set(['use', 'all', 'get', 'post', 'put', 'patch', 'delete', 'del', 'options', 'head']);

/** Follows `app.route(path).get(…).put(…)` and `app.use(…).use(…)` back to the app. */
export function targetOf(object: TSESTree.Node): {
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

/** What a call of such a method registers; null where it registers nothing, such as `app.get('setting')`. */
export function layerOf(
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
  const ways = reader.guardWays(call, { module, frame: null });
  return {
    kind: 'layer',
    method: name === 'del' ? 'delete' : name,
    path,
    pathPlace: pathNode && placeOf(module, pathNode),
    handlers,
    call,
    namePlace: placeOf(module, callee.property),
    module,
    guard: onlyWay(ways),
    ways,
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
