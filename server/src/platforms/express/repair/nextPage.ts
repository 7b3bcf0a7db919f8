import type { TSESTree } from '@typescript-eslint/types';
import { ALLOW_CREDENTIALS, ALLOW_ORIGIN } from '../../../cors/names';
import type { Edit, Repair } from '../../../cors/repair';
import { type FunctionNode, isFunction, type SourceModule } from '../../../javascript';
import type { ExpressAnalysis } from '../analysis';
import { nextFiles } from '../siblings/next/files';
import { headerCallAt } from './handMade';
import { withBodyType } from './nextBody';
import { namesIn } from './nextHeaders';
import { find, needed, sentBy } from './nextRoute';
import { insert, textOf } from './nodes';
import { indentationAt, quoted, styleOf } from './style';
import type { HeaderText } from './webHeaders';

type Wanted = Extract<Repair, { kind: 'answer-preflight' | 'exempt-preflight' }>;

/**
 * `answer-preflight`, and `exempt-preflight` from the handler's own test of the method, in an API route below `pages/api`: ahead of everything that the handler does, OPTIONS gets the
 * headers that let the origin in, and those that a preflight needs.
 * @returns undefined for what is no such file, and where the origin is none that the whole file knows
 */
export function answerInPage(analysis: ExpressAnalysis, wanted: Wanted): readonly Edit[] | undefined {
  const { module, siblings } = analysis;
  const { endpoint } = wanted;
  if (!siblings.endpoints.includes(endpoint) || !nextFiles(module.path).some(({ role }) => role === 'api'))
    return undefined;
  const repair =
    wanted.kind === 'answer-preflight'
      ? wanted
      : ({ kind: 'answer-preflight', endpoint, methods: endpoint.methods ?? [], headers: [] } as const);
  const sent = sentBy(endpoint, repair.methods[0] ?? 'GET');
  const place = find(sent, ALLOW_ORIGIN)?.place;
  if (place === undefined || place.file !== module.path) return undefined;
  const call = headerCallAt(module, place);
  const handler = call && handlerAround(call.call);
  if (!call || !handler) return undefined;
  const { first, fn } = handler;
  if (namesIn(module, fn, call.value).size > 0) return undefined;
  const credentials = find(sent, ALLOW_CREDENTIALS)?.value;
  const { quote } = styleOf(module);
  const headers: HeaderText[] = [
    ['Access-Control-Allow-Origin', textOf(module, call.value)],
    ...(credentials?.kind === 'literal'
      ? [['Access-Control-Allow-Credentials', quoted(credentials.text, quote)] as const]
      : []),
    ...needed(withBodyType(repair, fn)).map(([name, value]) => [name, quoted(value, quote)] as const),
  ];
  return [insert(module, first.range[0], branch(module, handler, headers))];
}

interface Handler {
  readonly fn: FunctionNode;
  readonly first: TSESTree.Statement;
  readonly request: string;
  readonly response: string;
}

/** The function `(req, res)` around a node. */
function handlerAround(node: TSESTree.Node): Handler | null {
  for (let up: TSESTree.Node | undefined = node; up; up = up.parent) {
    if (!isFunction(up)) continue;
    const [request, response] = up.params;
    if (request?.type !== 'Identifier' || response?.type !== 'Identifier' || up.params.length > 2) return null;
    const [first] = up.body?.type === 'BlockStatement' ? up.body.body : [];
    return first === undefined ? null : { fn: up, first, request: request.name, response: response.name };
  }
  return null;
}

function branch(module: SourceModule, { first, request, response }: Handler, headers: readonly HeaderText[]): string {
  const { indent, newline, quote, semicolon } = styleOf(module);
  const outer = indentationAt(module.text, first.range[0]);
  const body = [
    ...headers.map(([name, value]) => `${response}.setHeader(${quoted(name, quote)}, ${value})${semicolon}`),
    `${response}.status(204).end()${semicolon}`,
    `return${semicolon}`,
  ];
  return [
    `if (${request}.method === ${quoted('OPTIONS', quote)}) {`,
    ...body.map((line) => `${outer}${indent}${line}`),
    `${outer}}`,
    outer,
  ].join(newline);
}
