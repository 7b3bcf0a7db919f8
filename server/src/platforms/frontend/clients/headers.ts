import type { TSESTree } from '@typescript-eslint/types';
import type { Place } from '../../../cors/place';
import { type ArrayValue, isFunction, type JsValue, type Property, staticName } from '../../../javascript';
import type { SentHeader } from '../frontCall';
import { argumentsOf, type Site } from './site';

/**
 * The headers that are sent, for sure or perhaps, of what `headers` is given: an object, a list of pairs, `new Headers(…)` with
 * what is appended to it right there.
 */
export function headersIn(site: Site, value: JsValue | undefined): readonly SentHeader[] {
  switch (value?.kind) {
    case 'object':
      return value.properties.flatMap((each) => ofProperty(each));
    case 'array':
      return pairs(value);
    case 'new':
      return value.name === 'Headers'
        ? together(headersIn(site, value.arguments[0]), addedTo(site, value.node, /^(?:append|set)$/))
        : [];
    default:
      return [];
  }
}

/** All of the lists; of headers of one name the later, but one that is sure before one that is not. */
export function together(...lists: readonly (readonly SentHeader[])[]): readonly SentHeader[] {
  const byName = new Map<string, SentHeader>();
  for (const header of lists.flat()) {
    const name = header.name.toLowerCase();
    const before = byName.get(name);
    if (before === undefined || before.perhaps || !header.perhaps) byName.set(name, header);
  }
  return [...byName.values()];
}

export function withoutType(headers: readonly SentHeader[]): readonly SentHeader[] {
  return headers.filter((header) => !isType(header));
}

/**
 * The headers with a Content-Type, unless they have one.
 * @param perhaps whether it may be left out
 */
export function typed(
  headers: readonly SentHeader[],
  value: string | undefined,
  place: Place,
  perhaps = false,
): readonly SentHeader[] {
  if (value === undefined || headers.some(isType)) return headers;
  const header = { name: 'Content-Type', value, place, namePlace: place, valuePlace: place };
  return [...headers, perhaps ? { ...header, perhaps } : header];
}

function isType({ name }: SentHeader): boolean {
  return name.toLowerCase() === 'content-type';
}

function ofProperty({ key, keyPlace, place, value, node }: Property): SentHeader[] {
  if (isNothing(value)) return [];
  const header = { name: key, namePlace: keyPlace, value: textOf(value), valuePlace: value.place, place };
  return [isUnsure(value) || isOnCondition(node) ? { ...header, perhaps: true } : header];
}

function pairs({ items }: ArrayValue): SentHeader[] {
  return items.flatMap((item): SentHeader[] => {
    const [name, value, ...others] = item.kind === 'array' ? item.items : [];
    if (name?.kind !== 'string' || value === undefined || others.length > 0) return [];
    return [
      { name: name.value, namePlace: name.place, value: textOf(value), valuePlace: value.place, place: item.place },
    ];
  });
}

/** `headers.append('X-Id', id)` right below `const headers = new Headers()`. */
export function addedTo(site: Site, made: TSESTree.Node, methods: RegExp): readonly SentHeader[] {
  const { module } = site.context;
  const { parent } = made;
  if (parent?.type !== 'VariableDeclarator' || parent.id.type !== 'Identifier') return [];
  const references = module.scopes.variable(parent.id)?.references ?? [];
  return references.flatMap(({ identifier }): SentHeader[] => {
    const member = identifier.parent;
    const call = member?.parent;
    if (member?.type !== 'MemberExpression' || call?.type !== 'CallExpression' || call.callee !== member) return [];
    if (!methods.test(staticName(member) ?? '')) return [];
    const [name, value] = argumentsOf(site, call) ?? [];
    if (name?.kind !== 'string' || value === undefined) return [];
    const place = { file: module.path, start: call.range[0], end: call.range[1] };
    const header = { name: name.value, namePlace: name.place, value: textOf(value), valuePlace: value.place, place };
    return [isBeside(call, parent) ? header : { ...header, perhaps: true }];
  });
}

/** Whether a statement is sure to run when a declaration does: it stands in the same block, below it. */
export function isBeside(call: TSESTree.Node, declarator: TSESTree.VariableDeclarator): boolean {
  const statement = call.parent?.type === 'ExpressionStatement' ? call.parent : undefined;
  return statement !== undefined && statement.parent === declarator.parent?.parent;
}

function isNothing(value: JsValue): boolean {
  return value.kind === 'undefined' || value.kind === 'null';
}

/** Whether one of the ways that it comes out is nothing that is sent. */
function isUnsure(value: JsValue): boolean {
  return (
    value.kind === 'choice' && value.branches.some((each) => isNothing(each.value) || each.value.kind === 'boolean')
  );
}

function textOf(value: JsValue): string | undefined {
  return value.kind === 'string' ? value.value : undefined;
}

/** `...(token ? { Authorization: token } : {})`, `...(token && { … })` */
function isOnCondition(node: TSESTree.Node): boolean {
  for (let up = node.parent; up && up.type !== 'CallExpression' && !isFunction(up); up = up.parent) {
    if (up.type === 'ConditionalExpression' || up.type === 'LogicalExpression') return true;
  }
  return false;
}
