import type { TSESTree } from '@typescript-eslint/types';
import type { Place } from '../../../cors/place';
import type { Edit } from '../../../cors/repair';
import { enclosingFunction, type SourceModule, staticName, unwrap } from '../../../javascript';
import { bodyStatementOf, expressionAt, insert, replace, statementOf, stringIn, textOf } from './nodes';
import { indentationAt, isListed, quoted, styleOf } from './style';

/** A call that sets one header by hand: `res.setHeader(name, value)`. */
export interface HeaderCall {
  readonly call: TSESTree.CallExpression;
  /** The response, as it is written there. */
  readonly receiver: string;
  readonly method: string;
  readonly value: TSESTree.Node;
}

/** The call of `set`, `header`, `setHeader` or `append` at a place; null when something else stands there. */
export function headerCallAt(module: SourceModule, place: Place): HeaderCall | null {
  for (let node: TSESTree.Node | undefined = expressionAt(module, place); node; node = node.parent) {
    if (node.type === 'BlockStatement' || node.type === 'Program') return null;
    if (node.type !== 'CallExpression' || node.callee.type !== 'MemberExpression') continue;
    const method = staticName(node.callee);
    const [name, value] = node.arguments;
    if (method === null || !['set', 'header', 'setHeader', 'append'].includes(method)) continue;
    if (name === undefined || stringIn(name) === null || value === undefined) return null;
    const receiver = unwrap(node.callee.object);
    return receiver.type === 'Identifier' ? { call: node, receiver: receiver.name, method, value } : null;
  }
  return null;
}

/** `set-header`: one more line of the same kind after the one nearby. */
export function setHeaderNear(
  module: SourceModule,
  near: Place,
  headers: readonly (readonly [string, string])[],
): readonly Edit[] | undefined {
  const found = headerCallAt(module, near);
  const statement = found && statementOf(found.call);
  if (!found || statement?.type !== 'ExpressionStatement' || statement.expression !== found.call) return undefined;
  const style = styleOf(module);
  const indent = indentationAt(module.text, statement.range[0]);
  const instead = isKoa(module) ? 'set' : 'setHeader';
  const method = found.method === 'append' ? instead : found.method;
  const lines = headers.map(
    ([name, value]) =>
      `${style.newline}${indent}${found.receiver}.${method}(${quoted(name, style.quote)}, ${quoted(value, style.quote)})${style.semicolon}`,
  );
  return [insert(module, statement.range[1], lines.join(''))];
}

/** `vary-origin`: a line ahead of every test, so that refused origins get the header too. */
export function varyOrigin(module: SourceModule, near: Place, isExpress: boolean): readonly Edit[] | undefined {
  const found = headerCallAt(module, near);
  const statement = found && bodyStatementOf(found.call);
  if (!found || !statement) return undefined;
  const style = styleOf(module);
  const indent = indentationAt(module.text, statement.range[0]);
  return [
    insert(module, statement.range[0], `${varyLine(module, found.receiver, isExpress)}${style.newline}${indent}`),
  ];
}

function varyLine(module: SourceModule, receiver: string, isExpress: boolean): string {
  const { quote, semicolon } = styleOf(module);
  if (isExpress || isKoa(module)) return `${receiver}.vary(${quote}Origin${quote})${semicolon}`;
  return `${receiver}.setHeader(${quote}Vary${quote}, ${quote}Origin${quote})${semicolon}`;
}

/** Whether the response of a file is Koa's context, which has `set` and `vary` and not Node's methods. */
function isKoa({ text }: SourceModule): boolean {
  return /['"]koa['"]/.test(text);
}

/**
 * `allow-list` for a header that is set by hand: the origin is sent back when a list has it, and `Vary` says so.
 * Declines where the request has no plain name.
 */
export function allowListByHand(
  module: SourceModule,
  place: Place,
  origins: readonly string[],
  isExpress: boolean,
): readonly Edit[] | undefined {
  const found = headerCallAt(module, place);
  const statement = found && statementOf(found.call);
  if (!found || statement?.type !== 'ExpressionStatement' || statement.expression !== found.call) return undefined;
  const request = requestName(found.call);
  if (request === null) return undefined;
  const style = styleOf(module);
  const indent = indentationAt(module.text, statement.range[0]);
  const origin = `${request}.headers.origin`;
  const owner = enclosingFunction(found.call);
  const varies = owner !== null && /\bvary\b/i.test(textOf(module, owner));
  const name = found.call.arguments[0];
  if (name === undefined) return undefined;
  const lines = [
    `if (${isListed(module, origins, origin)}) {`,
    `${indent}${style.indent}${found.receiver}.${found.method}(${textOf(module, name)}, ${origin})${style.semicolon}`,
    `${indent}}`,
    ...(varies ? [] : [`${indent}${varyLine(module, found.receiver, isExpress)}`]),
  ];
  return [replace(module, statement, lines.join(style.newline))];
}

/** The name of the request in the handler around a call. */
export function requestName(call: TSESTree.Node): string | null {
  for (let fn = enclosingFunction(call); fn !== null; fn = enclosingFunction(fn)) {
    if (fn.params.length < 2) continue;
    const param = fn.params[fn.params.length === 4 ? 1 : 0];
    return param?.type === 'Identifier' ? param.name : null;
  }
  return null;
}
