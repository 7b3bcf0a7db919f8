import type { TSESTree } from '@typescript-eslint/types';
import {
  childrenOf,
  type FunctionNode,
  type FunctionValue,
  isFunction,
  type PathOptions,
  type Step,
} from '../../../javascript';
import { isCaught } from '../request/caught';
import type { Roles } from '../request/names';

/**
 * What of a handler's body matters to its answer. Statements without the response, `next`, a `return` or a `throw` do
 * nothing to it, unless they throw: those that work on the request's headers are followed so far that this is seen.
 */
export function whatMatters(fn: FunctionValue, roles: Roles): PathOptions {
  const { text } = fn.module;
  const own = fn.function.params.map((param) => (param.type === 'Identifier' ? param.name : ''));
  const matters = new Set([...roles.names, ...own, 'return', 'throw']);
  const taken = namesOfHeaders(fn.function, text);
  return {
    skip(statement) {
      if (statement.type === 'VariableDeclaration' && statement.kind !== 'const') return false;
      const source = text.slice(...statement.range);
      const words = wordsOf(source);
      if (words.some((word) => matters.has(word))) return false;
      // What may throw in a `try` leads to its `catch`.
      if (isCaught(statement) && (words.includes('await') || source.includes('('))) return false;
      // An assignment may change a variable that a later test reads.
      if (statement.type === 'ExpressionStatement' && statement.expression.type === 'AssignmentExpression')
        return false;
      if (/[^=!<>]=[^=>]/.test(source)) return false;
      return words.some((word) => taken.has(word)) ? 'body' : true;
    },
    harmless: (step) => isHarmless(step, roles),
  };
}

/** Names that stand for headers of the request, or for what is made of them: `const { origin } = req.headers`. */
function namesOfHeaders(fn: FunctionNode, text: string): ReadonlySet<string> {
  const names = new Set<string>();
  const stack: TSESTree.Node[] = fn.body ? [fn.body] : [];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (isFunction(node)) continue;
    if (node.type === 'VariableDeclarator' && node.init) {
      const words = wordsOf(text.slice(...node.init.range));
      if (words.some((word) => OF_HEADERS.has(word) || names.has(word)))
        for (const name of wordsOf(text.slice(...node.id.range))) names.add(name);
    }
    stack.push(...childrenOf(node).reverse());
  }
  return names;
}

const OF_HEADERS = new Set(['headers', 'get', 'header']);

function wordsOf(source: string): readonly string[] {
  return source.split(/[^\w$]+/).filter((word) => word !== '');
}

/** Steps that only prepare the response do not throw. */
function isHarmless({ node }: Step, roles: Roles): boolean {
  if (node.type === 'AssignmentExpression') return true;
  if (node.type !== 'CallExpression') return false;
  // What `next` leads to has exceptions of its own.
  if (node.callee.type === 'Identifier') return roles.names.has(node.callee.name);
  if (node.callee.type !== 'MemberExpression') return false;
  const { object } = node.callee;
  return object.type === 'Identifier' && (object.name === 'console' || roles.names.has(object.name));
}
