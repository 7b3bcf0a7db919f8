import type { TSESTree } from '@typescript-eslint/types';
import { childrenOf, type FunctionNode, isFunction, type SourceModule } from '../../../javascript';
import { isHeadersCall } from './webHeaders';

/** An entry of the headers that a function gives a response, as it stands in the source. */
export interface SourceEntry {
  /** Null for an object that is spread. */
  readonly name: string | null;
  readonly node: TSESTree.Node;
}

/** What a preflight's answer has use for. */
const FOR_PREFLIGHT = new Set([
  'access-control-allow-origin',
  'access-control-allow-credentials',
  'access-control-allow-methods',
  'access-control-allow-headers',
  'access-control-max-age',
  'vary',
]);

/**
 * The CORS headers that a function gives its response: those of the first `headers: …` with any, or what it sets
 * straight in its body by `response.headers.set(…)`. Empty where there are none.
 */
export function entriesIn(fn: FunctionNode): readonly SourceEntry[] {
  const set: SourceEntry[] = [];
  const visit = (node: TSESTree.Node): readonly SourceEntry[] | null => {
    if (node !== fn && isFunction(node)) return null;
    if (node.type === 'Property' && !node.computed && keyOf(node) === 'headers') {
      const entries = entriesOf(node.value);
      if (entries.length > 0) return entries;
    }
    if (node.type === 'CallExpression' && isHeadersCall(node) && isStraight(node, fn)) {
      const [name, value] = node.arguments;
      if (name?.type === 'Literal' && value && isForPreflight(String(name.value)))
        set.push({ name: String(name.value), node: value });
    }
    for (const child of childrenOf(node)) {
      const found = visit(child);
      if (found !== null) return found;
    }
    return null;
  };
  return visit(fn) ?? set;
}

function isForPreflight(name: string): boolean {
  return FOR_PREFLIGHT.has(name.toLowerCase());
}

/** Whether a call is a statement of the function's own body, under no condition. */
function isStraight({ parent }: TSESTree.CallExpression, fn: FunctionNode): boolean {
  return parent.type === 'ExpressionStatement' && parent.parent === fn.body;
}

function entriesOf(value: TSESTree.Node): readonly SourceEntry[] {
  if (value.type === 'Identifier' || value.type === 'CallExpression' || value.type === 'MemberExpression')
    return [{ name: null, node: value }];
  if (value.type !== 'ObjectExpression') return [];
  return value.properties.flatMap((one): readonly SourceEntry[] => {
    if (one.type === 'SpreadElement') return [{ name: null, node: one.argument }];
    const name = one.computed ? null : keyOf(one);
    return name !== null && isForPreflight(name) ? [{ name, node: one.value }] : [];
  });
}

function keyOf({ key }: TSESTree.Property): string | null {
  if (key.type === 'Identifier') return key.name;
  return key.type === 'Literal' ? String(key.value) : null;
}

/** What of a function an expression has to do with, beside what the whole file knows: its request, or other names. */
export function namesIn(module: SourceModule, fn: FunctionNode, node: TSESTree.Node): ReadonlySet<'request' | 'other'> {
  const found = new Set<'request' | 'other'>();
  const visit = (at: TSESTree.Node): void => {
    if (at.type !== 'Identifier') {
      for (const child of childrenOf(at)) visit(child);
      return;
    }
    const definition = module.scopes.variable(at)?.defs[0]?.name;
    if (definition === undefined || definition.range[0] < fn.range[0] || fn.range[1] <= definition.range[0]) return;
    found.add(definition === fn.params[0] ? 'request' : 'other');
  };
  visit(node);
  return found;
}
