import type { TSESTree } from '@typescript-eslint/types';
import type { Endpoint } from '../../../cors/endpoint';
import type { Header } from '../../../cors/http';
import { ALLOW_CREDENTIALS, ALLOW_METHODS, ALLOW_ORIGIN } from '../../../cors/names';
import { type Edit, PLACEHOLDER_ORIGIN, type Repair } from '../../../cors/repair';
import { type FunctionNode, isFunction, type SourceModule } from '../../../javascript';
import type { ExpressAnalysis } from '../analysis';
import { nextFiles } from '../siblings/next/files';
import { withBodyType } from './nextBody';
import { entriesIn, namesIn } from './nextHeaders';
import { insert, textOf } from './nodes';
import { quoted, styleOf } from './style';
import { entryText, setWebHeaderNear } from './webHeaders';

type AnswerPreflight = Extract<Repair, { kind: 'answer-preflight' }>;

/** An origin that nobody lets in by name. */
const STRANGER = 'https://stranger.invalid';

/**
 * `answer-preflight` in a route handler of Next.js: an `OPTIONS` beside the method's own function, with the headers
 * that this one sends and what a preflight needs besides; or, where there is an `OPTIONS`, the headers that it lacks.
 * @returns undefined for what is no route handler, and where the headers mean nothing outside of their function
 */
export function answerInRoute(analysis: ExpressAnalysis, repair: AnswerPreflight): readonly Edit[] | undefined {
  const { module, siblings } = analysis;
  const { endpoint } = repair;
  if (!siblings.endpoints.includes(endpoint) || !nextFiles(module.path).some(({ role }) => role === 'route'))
    return undefined;
  const exported = exportedFunctions(module);
  const method = repair.methods[0] ?? endpoint.methods?.[0] ?? 'GET';
  const sent = sentBy(endpoint, method);
  if (exported.has('OPTIONS')) return completed(module, repair, sent);
  const model = exported.get(method) ?? [...exported.values()][0];
  const headers = model && headersLike(module, model, withBodyType(repair, model.fn), sent);
  if (model === undefined || headers === undefined) return undefined;
  const { newline } = styleOf(module);
  const end = Math.max(...[...exported.values()].map(({ statement }) => statement.range[1]));
  return [insert(module, end, newline + newline + optionsText(module, model, headers))];
}

/** What the endpoint's successful responses have. */
export function sentBy(
  endpoint: Endpoint,
  method: string,
  origin = PLACEHOLDER_ORIGIN,
  headers: ReadonlyMap<string, string> = new Map(),
): readonly Header[] {
  const request = { method, scheme: 'https', path: endpoint.path, origin, headers, ending: 'success' } as const;
  return endpoint.respond(request).flatMap((response) => response.headers);
}

/** The first header of a name, which is in lower case. */
export function find(headers: readonly Header[], name: string): Header | undefined {
  return headers.find((header) => header.name.toLowerCase() === name);
}

/** What the answer that is there lacks of what the request's own response has, and of what a preflight needs. */
function completed(
  module: SourceModule,
  repair: AnswerPreflight,
  sent: readonly Header[],
): readonly Edit[] | undefined {
  const asked = new Map([['access-control-request-method', repair.methods[0] ?? 'PUT']]);
  const answer = sentBy(repair.endpoint, 'OPTIONS', PLACEHOLDER_ORIGIN, asked);
  const near = (find(answer, ALLOW_ORIGIN) ?? find(answer, ALLOW_METHODS))?.place;
  if (near === undefined || near.file !== module.path) return undefined;
  const own = [ALLOW_ORIGIN, ALLOW_CREDENTIALS].flatMap((name): [string, string][] => {
    const header = find(sent, name);
    return header?.value.kind === 'literal' ? [[header.name, header.value.text]] : [];
  });
  const missing = [...own, ...needed(repair)].filter(([name]) => find(answer, name.toLowerCase()) === undefined);
  return missing.length === 0 ? undefined : setWebHeaderNear(module, near, missing);
}

/** The lists that a preflight's answer needs. */
export function needed({ methods, headers }: AnswerPreflight): readonly [string, string][] {
  const lines: [string, string][] = [];
  if (methods.length > 0) lines.push(['Access-Control-Allow-Methods', methods.join(', ')]);
  if (headers.length > 0) lines.push(['Access-Control-Allow-Headers', headers.join(', ')]);
  return lines;
}

/** A function that a file exports for a method. */
interface Exported {
  readonly fn: FunctionNode;
  readonly statement: TSESTree.ExportNamedDeclaration;
}

function exportedFunctions(module: SourceModule): ReadonlyMap<string, Exported> {
  // The index sets the parents that are looked along.
  const statements = module.index.of('ExportNamedDeclaration');
  const found = new Map<string, Exported>();
  for (const statement of statements) {
    const { declaration } = statement;
    if (declaration?.type === 'FunctionDeclaration' && declaration.id)
      found.set(declaration.id.name, { fn: declaration, statement });
    if (declaration?.type !== 'VariableDeclaration') continue;
    for (const { id, init } of declaration.declarations)
      if (id.type === 'Identifier' && isFunction(init)) found.set(id.name, { fn: init, statement });
  }
  return found;
}

/** The headers of an answer, as source. */
interface HeadersText {
  /** An expression for all of them; null where there are entries. */
  readonly whole: string | null;
  readonly entries: readonly string[];
  readonly usesRequest: boolean;
}

/** The headers that a function gives its response, as far as a preflight wants them, with what it needs besides. */
function headersLike(
  module: SourceModule,
  { fn }: Exported,
  repair: AnswerPreflight,
  sent: readonly Header[],
): HeadersText | undefined {
  const missing = needed(repair).filter(([name, value]) => !lists(find(sent, name.toLowerCase()), value));
  const replaced = new Set(missing.map(([name]) => name.toLowerCase()));
  const kept = entriesIn(fn).filter(({ name }) => name === null || !replaced.has(name.toLowerCase()));
  if (kept.length === 0) return undefined;
  const names = new Set(kept.flatMap(({ node }) => [...namesIn(module, fn, node)]));
  if (names.has('other')) return undefined;
  // What sends the request's origin back may stand behind a test that would not come along.
  const isOpen = () =>
    sentBy(repair.endpoint, repair.methods[0] ?? 'GET', STRANGER).some(({ value }) => value.kind === 'request-origin');
  const reflects = kept.some(({ name, node }) => name !== null && namesIn(module, fn, node).has('request'));
  if (reflects && !isOpen()) return undefined;
  const { quote } = styleOf(module);
  const [only] = kept;
  const isWhole = kept.length === 1 && missing.length === 0 && only?.name === null;
  return {
    whole: isWhole ? textOf(module, only.node) : null,
    entries: [
      ...kept.map(({ name, node }) => {
        const text = textOf(module, node);
        return name === null ? `...${text}` : entryText(module, [name, text]);
      }),
      ...missing.map(([name, value]) => entryText(module, [name, quoted(value, quote)])),
    ],
    usesRequest: names.has('request'),
  };
}

/** Whether a header lists all of these for certain. */
function lists(header: Header | undefined, value: string): boolean {
  if (header?.value.kind !== 'literal') return false;
  const has = new Set(header.value.text.split(',').map((item) => item.trim().toLowerCase()));
  return value.split(', ').every((item) => has.has(item.toLowerCase()));
}

/** The function for OPTIONS, declared as the other one is. */
function optionsText(module: SourceModule, { fn, statement }: Exported, headers: HeadersText): string {
  const { indent, newline, semicolon } = styleOf(module);
  const [request] = fn.params;
  const params = headers.usesRequest && request ? textOf(module, request) : '';
  const given =
    headers.whole === null
      ? ['headers: {', ...headers.entries.map((entry) => `${indent}${entry},`), '},']
      : [`headers: ${headers.whole},`];
  const isVariable = statement.declaration?.type === 'VariableDeclaration';
  const async = fn.async ? 'async ' : '';
  return [
    isVariable ? `export const OPTIONS = ${async}(${params}) => {` : `export ${async}function OPTIONS(${params}) {`,
    `${indent}return new ${responseClass(module)}(null, {`,
    ...['status: 204,', ...given].map((line) => `${indent}${indent}${line}`),
    `${indent}})${semicolon}`,
    isVariable ? `}${semicolon}` : '}',
  ].join(newline);
}

/** `NextResponse` where the file makes its responses with nothing else. */
function responseClass(module: SourceModule): string {
  const makers = [...module.index.of('NewExpression'), ...module.index.of('CallExpression')].flatMap(({ callee }) => {
    const maker = callee.type === 'MemberExpression' ? callee.object : callee;
    return maker.type === 'Identifier' ? [maker.name] : [];
  });
  return makers.includes('NextResponse') && !makers.includes('Response') ? 'NextResponse' : 'Response';
}
