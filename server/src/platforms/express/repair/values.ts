import type { TSESTree } from '@typescript-eslint/types';
import { commaItems } from '../../../cors/headerList';
import type { Place } from '../../../cors/place';
import type { Edit } from '../../../cors/repair';
import { type SourceModule, staticName, unwrap } from '../../../javascript';
import { removeItem } from './items';
import { isExactly, nodeAt, removeStatement, replace, statementOf, stringIn, textOf } from './nodes';
import { escaped, listLiteral, quoted, regexpLiteral, styleOf } from './style';

/** `replace-value`: the text in the file's quotes; a bare `true` or number where the cors package wants one. */
export function replaceValue(module: SourceModule, place: Place, text: string): readonly Edit[] | undefined {
  const node = nodeAt(module, place);
  const isString = stringIn(node) !== null;
  if (!isExactly(node, place)) {
    // A piece of a string that the code splits.
    if (!isString) return undefined;
    return [{ ...place, text: escaped(text, module.text[node.range[0]] ?? "'") }];
  }
  const option = optionOf(node);
  if (option === 'credentials' && (text === 'true' || text === 'false')) return [replace(module, node, text)];
  if (option === 'maxAge' && /^\d+$/.test(text)) return [replace(module, node, text)];
  const quote = isString ? (module.text[node.range[0]] ?? "'") : styleOf(module).quote;
  if (node.type === 'ArrayExpression' && node.elements.length > 0) {
    return [replace(module, node, listLiteral(commaItems(text), styleOf(module)))];
  }
  return isValue(node) ? [replace(module, node, quoted(text, quote))] : undefined;
}

/** The option of `cors({ … })` that a node is the value of. */
function optionOf(node: TSESTree.Node): string | null {
  const { parent } = node;
  return parent?.type === 'Property' && parent.value === node ? staticName(parent) : null;
}

function isValue(node: TSESTree.Node): boolean {
  return [
    'Literal',
    'TemplateLiteral',
    'UnaryExpression',
    'BinaryExpression',
    'Identifier',
    'MemberExpression',
    'CallExpression',
  ].includes(node.type);
}

/** `replace-with-list`: items in a list, a list for an option, a comparison with a list for a check. */
export function replaceWithList(
  module: SourceModule,
  place: Place,
  texts: readonly string[],
): readonly Edit[] | undefined {
  const node = nodeAt(module, place);
  if (!isExactly(node, place) || texts.length === 0) return undefined;
  const style = styleOf(module);
  if (node.parent?.type === 'ArrayExpression') {
    return [replace(module, node, texts.map((text) => quoted(text, style.quote)).join(', '))];
  }
  const checked = checkedOrigin(module, node);
  if (checked !== null) {
    const [only] = texts;
    const test =
      texts.length === 1 && only !== undefined
        ? `${checked} === ${quoted(only, style.quote)}`
        : `${listLiteral(texts, style)}.includes(${checked})`;
    return [replace(module, node, test)];
  }
  return optionOf(node) === 'origin' ? [replace(module, node, listLiteral(texts, style))] : undefined;
}

/** `replace-pattern`: a regular expression for a pattern, for a string in a list, or for a check. */
export function replacePattern(
  module: SourceModule,
  place: Place,
  source: string,
  flags: string,
): readonly Edit[] | undefined {
  const node = nodeAt(module, place);
  if (!isExactly(node, place)) return undefined;
  const literal = regexpLiteral(source, flags);
  if (node.type === 'Literal' && 'regex' in node) return [replace(module, node, literal)];
  if (isRegExpCall(node)) return [replace(module, node, literal)];
  if (stringIn(node) !== null) {
    const inOrigin = node.parent?.type === 'ArrayExpression' || optionOf(node) === 'origin';
    return inOrigin ? [replace(module, node, literal)] : undefined;
  }
  const checked = checkedOrigin(module, node);
  return checked === null ? undefined : [replace(module, node, `${literal}.test(${checked})`)];
}

function isRegExpCall(node: TSESTree.Node): boolean {
  return (
    (node.type === 'NewExpression' || node.type === 'CallExpression') &&
    node.callee.type === 'Identifier' &&
    node.callee.name === 'RegExp'
  );
}

/** The source of the origin in `origin.startsWith(…)`, `list.some(…)` and the like; null when it is not plain. */
function checkedOrigin(module: SourceModule, outer: TSESTree.Node): string | null {
  const node = unwrap(outer);
  if (node.type === 'BinaryExpression') {
    return node.left.type === 'PrivateIdentifier' ? null : checkedOrigin(module, node.left);
  }
  if (node.type !== 'CallExpression' || node.callee.type !== 'MemberExpression') return null;
  const method = staticName(node.callee);
  const { object } = node.callee;
  const [argument] = node.arguments;
  if (method === 'startsWith' || method === 'endsWith' || method === 'match' || method === 'search')
    return plain(module, object);
  if (method === 'includes' || method === 'indexOf') {
    // The origin is whichever side is not written out.
    if (argument === undefined) return null;
    return plain(module, stringIn(argument) === null ? argument : object);
  }
  return null;
}

function plain(module: SourceModule, node: TSESTree.Node): string | null {
  const text = textOf(module, node);
  return /^[\w$.?]+(?:\((?:'[\w-]+'|"[\w-]+")\))?$/.test(text) ? text : null;
}

/** `rename`: a header, an option or a key gets another name, in quotes where it needs them. */
export function rename(module: SourceModule, place: Place, name: string): readonly Edit[] | undefined {
  const node = nodeAt(module, place);
  if (stringIn(node) !== null && !isExactly(node, place))
    return [{ ...place, text: escaped(name, module.text[node.range[0]] ?? "'") }];
  const isName = /^[A-Za-z_$][\w$]*$/.test(name);
  if (stringIn(node) !== null) return [replace(module, node, quoted(name, module.text[node.range[0]] ?? "'"))];
  if (node.type !== 'Identifier') return undefined;
  const text = isName ? name : quoted(name, styleOf(module).quote);
  const { parent } = node;
  if (parent?.type === 'Property' && parent.shorthand)
    return [replace(module, parent, `${text}: ${textOf(module, node)}`)];
  return [replace(module, node, text)];
}

/** `remove`: an item, a property, an alternative, or the statement that sets a header. */
export function remove(module: SourceModule, place: Place): readonly Edit[] | undefined {
  let node = nodeAt(module, place);
  if (!isExactly(node, place)) return undefined;
  if (node.parent?.type === 'Property' && node.parent.key !== node && node.parent.parent?.type === 'ObjectExpression') {
    // The value of an option that makes no sense without it.
    node = node.parent;
  }
  const { parent } = node;
  if (parent?.type === 'ArrayExpression') return removeItem(module, parent.elements, node, parent);
  if (parent?.type === 'ObjectExpression') return removeItem(module, parent.properties, node, parent);
  if (parent?.type === 'LogicalExpression' && parent.operator === '||') {
    const other = parent.left === node ? parent.right : parent.left;
    return [replace(module, parent, textOf(module, other))];
  }
  if (parent?.type === 'ExpressionStatement' && parent.parent?.type !== 'ArrowFunctionExpression') {
    return statementList(parent) ? [removeStatement(module, parent)] : [replace(module, parent, '{}')];
  }
  const statement = node.type === 'ExpressionStatement' ? statementOf(node) : null;
  return statement ? [removeStatement(module, statement)] : undefined;
}

/** Whether a statement is one of several in a block, and not the only one of an `if`. */
function statementList(statement: TSESTree.Node): boolean {
  const { parent } = statement;
  return parent?.type === 'BlockStatement' || parent?.type === 'Program' || parent?.type === 'SwitchCase';
}
