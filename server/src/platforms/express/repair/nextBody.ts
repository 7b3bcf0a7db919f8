import type { TSESTree } from '@typescript-eslint/types';
import type { Repair } from '../../../cors/repair';
import { childrenOf, type FunctionNode, staticName } from '../../../javascript';

type AnswerPreflight = Extract<Repair, { kind: 'answer-preflight' }>;

/**
 * The headers that a mended preflight lists: those that are asked for, and `Content-Type` where the function reads a
 * JSON body. Nothing says for certain that pages name the type of what they send, but those that do are preflighted
 * with it, and a list without it would stop them.
 */
export function withBodyType(repair: AnswerPreflight, fn: FunctionNode): AnswerPreflight {
  const { headers } = repair;
  if (headers.some((name) => name.toLowerCase() === 'content-type') || !readsJson(fn)) return repair;
  return { ...repair, headers: [...headers, 'Content-Type'] };
}

/** Whether a function calls `request.json()`, or reads `req.body` other than as text for `JSON.parse`. */
function readsJson(fn: FunctionNode): boolean {
  const [request] = fn.params;
  if (request?.type !== 'Identifier') return false;
  const isRead = (node: TSESTree.Node): boolean => {
    if (node.type === 'MemberExpression' && node.object.type === 'Identifier' && node.object.name === request.name) {
      const { parent } = node;
      const isArgument = parent.type === 'CallExpression' && parent.callee !== node;
      const isCalled = parent.type === 'CallExpression' && parent.callee === node;
      const name = staticName(node);
      return (name === 'json' && isCalled) || (name === 'body' && !isArgument);
    }
    return childrenOf(node).some(isRead);
  };
  return fn.body !== null && fn.body !== undefined && isRead(fn.body);
}
