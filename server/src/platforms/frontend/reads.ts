import type { TSESTree } from '@typescript-eslint/types';
import type { HeaderRead } from '../../cors/caller';
import type { Place } from '../../cors/place';
import { closest, enclosingFunction, isFunction, placeOf, type SourceModule, staticName } from '../../javascript';

export type { HeaderRead };

/** What a page does with the response of a call. */
export interface Use {
  readonly kind: 'header' | 'body' | 'status';
  readonly place: Place;
}

/**
 * The response headers that are read of a call: `res.headers.get('X-Total')`, and for axios `res.headers['x-total']`,
 * where `res` is what the call was awaited into, or the parameter of its first `then`.
 */
export function readsOf(
  module: SourceModule,
  call: TSESTree.CallExpression,
  style: 'fetch' | 'axios',
): readonly HeaderRead[] {
  const held = holderOf(module, call);
  if (held === undefined) return [];
  const inside = ({ range }: TSESTree.Node): boolean => held.within[0] <= range[0] && range[1] <= held.within[1];
  const isHeaders = (node: TSESTree.Node): boolean =>
    node.type === 'MemberExpression' &&
    staticName(node) === 'headers' &&
    node.object.type === 'Identifier' &&
    node.object.name === held.name &&
    inside(node);
  if (style === 'fetch') {
    return module.index.of('CallExpression').flatMap(({ callee, arguments: [first] }): HeaderRead[] => {
      if (callee.type !== 'MemberExpression' || staticName(callee) !== 'get' || !isHeaders(callee.object)) return [];
      return first?.type === 'Literal' && typeof first.value === 'string'
        ? [{ name: first.value, place: placeOf(module, first) }]
        : [];
    });
  }
  return module.index.of('MemberExpression').flatMap((node): HeaderRead[] => {
    const name = isHeaders(node.object) ? staticName(node) : null;
    return name === null || name === 'get' ? [] : [{ name, place: placeOf(module, node.property) }];
  });
}

/** Where the body or the status of a call's response is used. */
export function usesOf(module: SourceModule, call: TSESTree.Node): readonly Use[] {
  const held = holderOf(module, call);
  if (held === undefined) return [];
  return module.index.of('MemberExpression').flatMap((node): Use[] => {
    const isHeld = node.object.type === 'Identifier' && node.object.name === held.name;
    if (!isHeld || node.range[0] < held.within[0] || node.range[1] > held.within[1]) return [];
    const name = staticName(node) ?? '';
    const kind = /^(?:json|text|blob|arrayBuffer|formData|bytes|body)$/.test(name)
      ? 'body'
      : /^(?:status|ok|statusText)$/.test(name)
        ? 'status'
        : undefined;
    return kind === undefined ? [] : [{ kind, place: placeOf(module, node) }];
  });
}

interface Held {
  readonly name: string;
  readonly within: readonly [number, number];
}

/** The name that a response goes by, and where; undefined where it is not held, or by a name that is given twice. */
function holderOf(module: SourceModule, call: TSESTree.Node): Held | undefined {
  void module.index;
  const { parent } = call;
  if (parent?.type === 'AwaitExpression' && parent.parent?.type === 'VariableDeclarator') {
    const { id } = parent.parent;
    const scope = enclosingFunction(call) ?? module.program;
    const block = closest(call, 'BlockStatement');
    if (id.type !== 'Identifier' || isGivenTwice(module, id, scope)) return undefined;
    return { name: id.name, within: (block ?? scope).range };
  }
  if (parent?.type !== 'MemberExpression' || staticName(parent) !== 'then' || parent.parent?.type !== 'CallExpression')
    return undefined;
  const [then] = parent.parent.arguments;
  if (!isFunction(then)) return undefined;
  const [first] = then.params;
  return first?.type === 'Identifier' ? { name: first.name, within: then.range } : undefined;
}

function isGivenTwice(module: SourceModule, id: TSESTree.Identifier, scope: TSESTree.Node): boolean {
  const same = module.index.of('VariableDeclarator').filter((other) => {
    const isInside = scope.range[0] <= other.range[0] && other.range[1] <= scope.range[1];
    return isInside && other.id.type === 'Identifier' && other.id.name === id.name;
  });
  return same.length > 1;
}
