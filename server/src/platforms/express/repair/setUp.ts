import type { TSESTree } from '@typescript-eslint/types';
import { commaItems } from '../../../cors/headerList';
import { type Place, samePlace } from '../../../cors/place';
import type { Edit } from '../../../cors/repair';
import { type SourceModule, staticName } from '../../../javascript';
import type { ExpressAnalysis } from '../analysis';
import { allOptionsIn } from '../cors/corsCalls';
import { CORS_PACKAGE, type CorsDialect, type OptionName } from '../cors/corsDialect';
import type { CorsSource } from '../cors/corsOptions';
import { removeItem } from './items';
import { insert, nodeAt, replace } from './nodes';
import { indentationAt, listLiteral, quoted, type Style, styleOf } from './style';

/** What another framework sets CORS up with, when just that stands at the place. */
export function setUpAt(analysis: ExpressAnalysis, place: Place): CorsSource | undefined {
  return analysis.siblings.sources.find(
    (source) =>
      samePlace(source.place, place) && !(source.dialect === CORS_PACKAGE && isCorsCallPlace(analysis, place)),
  );
}

/** `cors(…)` of the cors package, which the other repairs know. */
function isCorsCallPlace(analysis: ExpressAnalysis, place: Place): boolean {
  const module = analysis.reader.module(place.file);
  return module !== null && nodeAt(module, place).type === 'CallExpression';
}

/** `allow-list`: an `origin` option for a set-up that has none, or in the place of the one that the place is in. */
export function allowListInSetUp(
  analysis: ExpressAnalysis,
  place: Place,
  origins: readonly string[],
): readonly Edit[] | undefined {
  const source = setUpAt(analysis, place);
  if (source) return withOption(analysis, source, 'origin', (style) => allowed(origins, source.dialect, style));
  for (const options of allOptionsIn(analysis)) {
    const origin = options.option('origin');
    if (!origin || options.dialect === CORS_PACKAGE || origin.node.type !== 'Property') continue;
    const { place: whole, node, module } = origin;
    if (whole.file !== place.file || whole.start > place.start || place.end > whole.end) continue;
    const text = allowed(origins, options.dialect, styleOf(module));
    if (node.method || node.shorthand) return [replace(module, node, `origin: ${text}`)];
    return [replace(module, node.value, text)];
  }
  return undefined;
}

/** A list where the middleware takes one; @koa/cors sends a list as it is, and is given a function that looks. */
function allowed(origins: readonly string[], dialect: CorsDialect, style: Style): string {
  const [only] = origins;
  if (!dialect.reflectsWithCredentials) return listLiteral(origins, style);
  if (origins.length === 1 && only !== undefined) return quoted(only, style.quote);
  const origin = `ctx.get(${quoted('Origin', style.quote)})`;
  return `(ctx) => (${listLiteral(origins, style)}.includes(${origin}) ? ${origin} : ${quoted('', style.quote)})`;
}

/** `replace-value` for a default: only methods can be told by their text. */
export function valueInSetUp(analysis: ExpressAnalysis, source: CorsSource, text: string): readonly Edit[] | undefined {
  const methods = commaItems(text);
  if (!methods.every((method) => /^[A-Z]+$/.test(method))) return undefined;
  return withOption(analysis, source, 'methods', (style) => listLiteral(methods, style));
}

/** `apply-to-errors`: without `keepHeadersOnError: false` the headers go with what a handler throws. */
export function keepOnErrors(analysis: ExpressAnalysis, places: readonly Place[]): readonly Edit[] | undefined {
  for (const { object } of allOptionsIn(analysis)) {
    const keeps = object?.properties.find(({ key }) => key === 'keepHeadersOnError');
    if (!object || !keeps || object.node.type !== 'ObjectExpression') continue;
    const isMeant = places.some(
      ({ file, start, end }) => file === object.place.file && start <= object.place.end && object.place.start <= end,
    );
    const { node } = object;
    const edits = isMeant ? removeItem(object.module, node.properties, keeps.node, node) : undefined;
    if (edits) return edits;
  }
  return undefined;
}

/** One more option for a set-up, ahead of those that it has or after them. */
export function withOption(
  analysis: ExpressAnalysis,
  { argument, place, dialect }: CorsSource,
  option: OptionName,
  value: (style: Style) => string,
  where: 'first' | 'last' = 'first',
): readonly Edit[] | undefined {
  const name = dialect.options[option] ?? option;
  if (argument !== undefined) {
    if (argument.kind !== 'object' || argument.node.type !== 'ObjectExpression') return undefined;
    return [inObject(argument.module, argument.node, `${name}: ${value(styleOf(argument.module))}`, where)];
  }
  const module = analysis.reader.module(place.file);
  if (module === null) return undefined;
  const text = `{ ${name}: ${value(styleOf(module))} }`;
  const node = nodeAt(module, place);
  const { parent } = node;
  if (isRegister(parent) && parent.arguments[0] === node)
    return parent.arguments.length === 1 ? [insert(module, node.range[1], `, ${text}`)] : undefined;
  if (parent?.type === 'Property') return [replace(module, parent.value, text)];
  const call = parent?.type === 'MemberExpression' ? parent.parent : node;
  if (call?.type !== 'CallExpression' || call.arguments.length > 0) return undefined;
  return [insert(module, call.range[1] - 1, text)];
}

function isRegister(node: TSESTree.Node | undefined): node is TSESTree.CallExpression {
  return (
    node?.type === 'CallExpression' && node.callee.type === 'MemberExpression' && staticName(node.callee) === 'register'
  );
}

function inObject(
  module: SourceModule,
  object: TSESTree.ObjectExpression,
  text: string,
  where: 'first' | 'last',
): Edit {
  const [first] = object.properties;
  const last = object.properties.at(-1);
  if (first === undefined || last === undefined) return replace(module, object, `{ ${text} }`);
  const isOnNewLine = module.text.slice(object.range[0], first.range[0]).includes('\n');
  const separator = isOnNewLine ? `,${styleOf(module).newline}${indentationAt(module.text, first.range[0])}` : ', ';
  return where === 'first'
    ? insert(module, first.range[0], `${text}${separator}`)
    : insert(module, last.range[1], `${separator}${text}`);
}
