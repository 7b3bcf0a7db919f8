import type { TSESTree } from '@typescript-eslint/types';
import type { Place } from '../../../cors/place';
import type { Edit } from '../../../cors/repair';
import { type SourceModule, staticName } from '../../../javascript';
import { expressionAt, insert, statementOf, textOf } from './nodes';
import { indentationAt, quoted, styleOf } from './style';

/** One header, and its value as source. */
export type HeaderText = readonly [name: string, value: string];

/**
 * `set-header` where headers are a standard `Headers` or the entries of an object: one more entry behind the one
 * nearby, or one more `response.headers.set(…)`.
 * @param headers the values as they are to be sent
 * @returns undefined where something else stands there
 */
export function setWebHeaderNear(
  module: SourceModule,
  near: Place,
  headers: readonly HeaderText[],
): readonly Edit[] | undefined {
  const { quote } = styleOf(module);
  const written = headers.map(([name, value]): HeaderText => [name, quoted(value, quote)]);
  const entry = entryAt(module, near);
  if (entry !== null) return behindEntry(module, entry, written);
  const call = headersCallAt(module, near);
  return call === null ? undefined : behindCall(module, call, written);
}

interface Entry {
  readonly property: TSESTree.Property;
  readonly object: TSESTree.ObjectExpression;
}

/** The entry of an object literal that sets a header. */
function entryAt(module: SourceModule, place: Place): Entry | null {
  for (let node: TSESTree.Node | undefined = expressionAt(module, place); node; node = node.parent) {
    if (node.type === 'BlockStatement' || node.type === 'Program' || node.type === 'CallExpression') return null;
    if (node.type !== 'Property' || node.parent.type !== 'ObjectExpression') continue;
    return isHeaderKey(node) ? { property: node, object: node.parent } : null;
  }
  return null;
}

function isHeaderKey({ key, computed }: TSESTree.Property): boolean {
  return !computed && key.type === 'Literal' && typeof key.value === 'string';
}

function behindEntry(module: SourceModule, { property, object }: Entry, headers: readonly HeaderText[]): Edit[] {
  const { text } = module;
  const { newline } = styleOf(module);
  const lineStart = text.lastIndexOf('\n', property.range[0] - 1) + 1;
  const isOwnLine = text.slice(lineStart, property.range[0]).trim() === '' && object.range[0] < lineStart;
  const between = isOwnLine ? `,${newline}${text.slice(lineStart, property.range[0])}` : ', ';
  return [insert(module, property.range[1], headers.map((each) => `${between}${entryText(module, each)}`).join(''))];
}

/** `name: value` in the file's quotes. */
export function entryText(module: SourceModule, [name, value]: HeaderText): string {
  return `${quoted(name, styleOf(module).quote)}: ${value}`;
}

/** `response.headers.set(name, value)` at a place, or `headers.append(…)`. */
export function headersCallAt(module: SourceModule, place: Place): TSESTree.CallExpression | null {
  for (let node: TSESTree.Node | undefined = expressionAt(module, place); node; node = node.parent) {
    if (node.type === 'BlockStatement' || node.type === 'Program') return null;
    if (node.type === 'CallExpression') return isHeadersCall(node) ? node : null;
  }
  return null;
}

/** Whether a call sets a header of something that is called `headers`. */
export function isHeadersCall({ callee, arguments: args }: TSESTree.CallExpression): boolean {
  if (callee.type !== 'MemberExpression' || args.length !== 2 || args[0]?.type !== 'Literal') return false;
  const method = staticName(callee);
  const { object } = callee;
  const holder = object.type === 'MemberExpression' ? staticName(object) : object.type === 'Identifier' && object.name;
  return (method === 'set' || method === 'append') && typeof holder === 'string' && /headers$/i.test(holder);
}

function behindCall(
  module: SourceModule,
  call: TSESTree.CallExpression,
  headers: readonly HeaderText[],
): readonly Edit[] | undefined {
  const statement = statementOf(call);
  if (statement?.type !== 'ExpressionStatement' || statement.expression !== call) return undefined;
  if (call.callee.type !== 'MemberExpression') return undefined;
  const { quote, semicolon, newline } = styleOf(module);
  const indent = indentationAt(module.text, statement.range[0]);
  const receiver = textOf(module, call.callee.object);
  const lines = headers.map(
    ([name, value]) => `${newline}${indent}${receiver}.set(${quoted(name, quote)}, ${value})${semicolon}`,
  );
  return [insert(module, statement.range[1], lines.join(''))];
}
