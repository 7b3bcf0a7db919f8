import type { TSESTree } from '@typescript-eslint/types';
import { isFunction } from '../../../javascript';

/** Whether a node stands in a `try` of its function that has a `catch`. */
export function isCaught(node: TSESTree.Node): boolean {
  for (let inner: TSESTree.Node = node, up = inner.parent; up && !isFunction(up); inner = up, up = up.parent) {
    if (up.type === 'TryStatement' && up.handler !== null && up.block === inner) return true;
  }
  return false;
}
