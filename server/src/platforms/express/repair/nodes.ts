import type { TSESTree } from '@typescript-eslint/types';
import type { Place } from '../../../cors/place';
import type { Edit } from '../../../cors/repair';
import { childrenOf, isFunction, type SourceModule } from '../../../javascript';

/** The outermost node that is exactly at a place, or the innermost around it. */
export function nodeAt(module: SourceModule, place: Place): TSESTree.Node {
  // The index sets the parents that edits look along.
  void module.index;
  let node: TSESTree.Node = module.program;
  for (;;) {
    if (node.range[0] === place.start && node.range[1] === place.end && node.type !== 'Program') return node;
    const inner: TSESTree.Node | undefined = childrenOf(node).find(
      ({ range }) => range[0] <= place.start && place.end <= range[1],
    );
    if (inner === undefined) return node;
    node = inner;
  }
}

/** The expression there: without a semicolon a statement is as long as what it consists of. */
export function expressionAt(module: SourceModule, place: Place): TSESTree.Node {
  const node = nodeAt(module, place);
  return node.type === 'ExpressionStatement' ? node.expression : node;
}

export function isExactly(node: TSESTree.Node, place: Place): boolean {
  return node.range[0] === place.start && node.range[1] === place.end;
}

/** The statement that a node is in. */
export function statementOf(node: TSESTree.Node): TSESTree.Node | null {
  for (let up: TSESTree.Node | undefined = node; up; up = up.parent) {
    if (up.type === 'ExpressionStatement' || up.type === 'VariableDeclaration' || up.type === 'ReturnStatement')
      return up;
    if (up.type === 'BlockStatement' || up.type === 'Program') return null;
  }
  return null;
}

/** The statement right in the body of the nearest function that a node is in; null in arrows without a block. */
export function bodyStatementOf(node: TSESTree.Node): TSESTree.Node | null {
  for (let up: TSESTree.Node | undefined = node; up?.parent; up = up.parent) {
    if (up.parent.type === 'BlockStatement' && isFunction(up.parent.parent)) return up;
    if (isFunction(up)) return null;
  }
  return null;
}

/** The text of a string, or of a template that has nothing to fill in; null for anything else. */
export function stringIn(node: TSESTree.Node): string | null {
  if (node.type === 'TemplateLiteral' && node.expressions.length === 0) return node.quasis[0]?.value.cooked ?? null;
  return node.type === 'Literal' && typeof node.value === 'string' ? node.value : null;
}

export function textOf(module: SourceModule, node: TSESTree.Node): string {
  return module.text.slice(...node.range);
}

export function replace(module: SourceModule, node: { readonly range: readonly [number, number] }, text: string): Edit {
  return { file: module.path, start: node.range[0], end: node.range[1], text };
}

export function insert(module: SourceModule, offset: number, text: string): Edit {
  return { file: module.path, start: offset, end: offset, text };
}

/** Takes a statement out, with its line when nothing else stands on it. */
export function removeStatement(module: SourceModule, statement: TSESTree.Node): Edit {
  const { text } = module;
  const [start, end] = statement.range;
  const lineStart = text.lastIndexOf('\n', start - 1) + 1;
  const lineEnd = text.indexOf('\n', end);
  const before = text.slice(lineStart, start);
  const after = text.slice(end, lineEnd < 0 ? text.length : lineEnd);
  if (before.trim() !== '' || after.trim() !== '') return { file: module.path, start, end, text: '' };
  return { file: module.path, start: lineStart, end: lineEnd < 0 ? text.length : lineEnd + 1, text: '' };
}

/**
 * A statement with the lines that it stands on, as a whole, and the comments at their end: for moving it. Null when it
 * shares its lines.
 */
export function wholeLines(
  module: SourceModule,
  statement: TSESTree.Node,
): { readonly start: number; readonly end: number; readonly text: string } | null {
  const { text } = module;
  const [start, end] = statement.range;
  const lineStart = text.lastIndexOf('\n', start - 1) + 1;
  const newline = text.indexOf('\n', end);
  const lineEnd = newline < 0 ? text.length : newline + 1;
  if (text.slice(lineStart, start).trim() !== '') return null;
  if (!COMMENTS.test(text.slice(end, lineEnd))) return null;
  return { start: lineStart, end: lineEnd, text: text.slice(lineStart, lineEnd) };
}

/** Nothing but comments, each of which ends there. */
const COMMENTS = /^[ \t]*(?:\/\*(?:[^*]|\*(?!\/))*\*\/[ \t]*)*(?:\/\/[^\n]*)?\r?\n?$/;
