import type { TSESTree } from '@typescript-eslint/types';
import type { Place } from '../../../cors/place';
import type { Edit } from '../../../cors/repair';
import { isFunction, type Reader, type SourceModule, staticName, unwrap } from '../../../javascript';
import { isCorsCall } from '../app/handlerKind';
import { insert, isExactly, nodeAt, replace } from './nodes';
import { indentationAt, isListed, listLiteral, styleOf } from './style';

/**
 * `allow-list` for the cors package: a list for the `origin` option that stands at the place or is missing there, or a
 * look into a list for what an origin function hands to its callback.
 */
export function allowListInCors(
  reader: Reader,
  module: SourceModule,
  place: Place,
  origins: readonly string[],
): readonly Edit[] | undefined {
  const node = nodeAt(module, place);
  if (!isExactly(node, place)) return undefined;
  const list = listLiteral(origins, styleOf(module));
  const value = reader.evaluate(node, { module, frame: null });
  if (node.type === 'CallExpression' && isCorsCall(value)) return withOrigin(module, node, list, reader);
  const handed = handedToCallback(module, node, origins);
  if (handed) return handed;
  const property = propertyAround(node);
  if (property === null || staticName(property) !== 'origin') return undefined;
  if (property.method || property.shorthand) return [replace(module, property, `origin: ${list}`)];
  return [replace(module, property.value, list)];
}

/** The property that a node is, or is the value of, straight or in a fallback: `origin: env || '*'`. */
function propertyAround(node: TSESTree.Node): TSESTree.Property | null {
  for (let up: TSESTree.Node | undefined = node; up; up = up.parent) {
    if (up.type === 'Property') return up;
    if (
      ![
        'LogicalExpression',
        'ConditionalExpression',
        'ArrayExpression',
        'Literal',
        'NewExpression',
        'CallExpression',
        'ObjectExpression',
        'ArrowFunctionExpression',
        'FunctionExpression',
      ].includes(up.type)
    )
      return null;
    if (up !== node && (up.type === 'CallExpression' || up.type === 'ObjectExpression' || isFunction(up))) return null;
  }
  return null;
}

/** `cors()` gets an object, `cors({ … })` one more property in front, `cors(options)` where the options stand. */
function withOrigin(
  module: SourceModule,
  call: TSESTree.CallExpression,
  list: string,
  reader: Reader,
): readonly Edit[] | undefined {
  const [argument] = call.arguments;
  if (argument === undefined) return [insert(module, call.range[1] - 1, `{ origin: ${list} }`)];
  const value = reader.evaluate(argument, { module, frame: null });
  if (value.kind !== 'object' || value.node.type !== 'ObjectExpression') return undefined;
  const { module: owner, node: object } = value;
  const first = object.properties[0];
  if (first === undefined) return [replace(owner, object, `{ origin: ${list} }`)];
  const isOnNewLine = owner.text.slice(object.range[0], first.range[0]).includes('\n');
  const style = styleOf(owner);
  const separator = isOnNewLine ? `,${style.newline}${indentationAt(owner.text, first.range[0])}` : ', ';
  return [insert(owner, first.range[0], `origin: ${list}${separator}`)];
}

/** `callback(null, true)` becomes `callback(null, [list].includes(origin))`. */
function handedToCallback(
  module: SourceModule,
  outer: TSESTree.Node,
  origins: readonly string[],
): readonly Edit[] | undefined {
  const node = unwrap(outer);
  const call = node.parent;
  if (call?.type !== 'CallExpression' || call.arguments[1] !== node || call.callee.type !== 'Identifier')
    return undefined;
  for (let up: TSESTree.Node | undefined = call.parent; up; up = up.parent) {
    if (!isFunction(up)) continue;
    const [origin, callback] = up.params;
    if (callback?.type !== 'Identifier' || callback.name !== call.callee.name) return undefined;
    if (origin?.type !== 'Identifier') return undefined;
    return [replace(module, node, isListed(module, origins, origin.name))];
  }
  return undefined;
}
