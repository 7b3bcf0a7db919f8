import type { TSESTree } from '@typescript-eslint/types';
import { type JsValue, type ObjectValue, placeOf, property, staticName } from '../../../javascript';
import type { SentHeader } from '../frontCall';
import { bodyOf } from './body';
import { headersIn, together, typed, withoutType } from './headers';
import { preparedHeaders } from './rtkHeaders';
import { type CallReader, evaluateAt, given, isText, methodOf, type Site } from './site';

/**
 * `build.query({ query: () => '/users' })`, `build.mutation({ query: (body) => ({ url, method, body }) })` in `createApi`
 * over `fetchBaseQuery`. https://redux-toolkit.js.org/rtk-query/api/fetchBaseQuery; what is sent is what
 * dist/query/rtk-query.modern.mjs of @reduxjs/toolkit 2 sends.
 */
export const readRtkQuery: CallReader = (site, node, [endpoint, ...others]) => {
  const { callee } = node;
  if (callee.type !== 'MemberExpression' || endpoint?.kind !== 'object' || others.length > 0) return undefined;
  if (!/^(?:query|mutation|infiniteQuery)$/.test(staticName(callee) ?? '')) return undefined;
  const query = property(endpoint, 'query')?.value;
  if (query?.kind !== 'function') return undefined;
  const base = baseAround(site, node);
  if (base === undefined || given('fetchFn', base) !== undefined) return undefined;
  const { returns, complete } = site.reader.returnsOf(query);
  const [asked, ...more] = returns.map(({ value }) => value);
  if (asked === undefined || more.length > 0 || !complete) return undefined;
  const own = asked.kind === 'object' ? asked : null;
  const url = own === null ? asked : property(own, 'url')?.value;
  const method = methodOf(given('method', own, base), Boolean(own?.rest ?? base.rest), 'GET');
  if (url === undefined || method === undefined) return undefined;
  const place = placeOf(site.context.module, callee);
  const baseUrl = given('baseUrl', base);
  return {
    place,
    node,
    ...(baseUrl !== undefined && addsNoPath(url) ? { url: baseUrl, base: undefined } : { url, base: baseUrl }),
    method,
    headers: sentWith(site, own, base, place),
    // One that is given as undefined takes that of the base away, as any property of the later of two objects.
    credentials: isText(property(own ?? base, 'credentials')?.value ?? given('credentials', base), 'include'),
    noCors: undefined,
    reads: [],
  };
};

/** Nothing, or a query alone, is put to the base without a slash (`joinUrls`). */
function addsNoPath(url: JsValue): boolean {
  const start = url.kind === 'template' ? url.parts[0] : url;
  return start?.kind === 'string' && (start.value.startsWith('?') || (url.kind === 'string' && url.value === ''));
}

/** An endpoint's headers stand in for those of the base; then `prepareHeaders` has its turn; a form says its own type. */
function sentWith(
  site: Site,
  own: ObjectValue | null,
  base: ObjectValue,
  place: SentHeader['place'],
): readonly SentHeader[] {
  const headers = together(
    headersIn(site, given('headers', own, base)),
    preparedHeaders(site.reader, given('prepareHeaders', base)),
  );
  const body = bodyOf(given('body', own, base));
  const json = given('jsonContentType', base);
  switch (body.kind) {
    case 'form':
      return withoutType(headers);
    case 'json':
      return typed(headers, json === undefined ? 'application/json' : textOf(json), place);
    case 'blob':
      return typed(headers, body.type, place);
    case 'unknown':
      // It may be a form.
      return headers.map((header) => (withoutType([header]).length === 0 ? { ...header, perhaps: true } : header));
    default:
      return headers;
  }
}

function textOf(value: JsValue): string | undefined {
  return value.kind === 'string' ? value.value : undefined;
}

/** The options of the `fetchBaseQuery` that the `createApi` or `api.injectEndpoints` around an endpoint asks with. */
function baseAround(site: Site, node: TSESTree.Node): ObjectValue | undefined {
  for (let up = node.parent; up; up = up.parent) {
    if (up.type !== 'CallExpression') continue;
    const options = apiOptions(evaluateAt(site, up));
    if (options !== undefined) return baseOptions(site, property(options, 'baseQuery')?.value);
  }
  return undefined;
}

/** Longer chains of `api.enhanceEndpoints(…).injectEndpoints(…)` are not followed. */
const LONGEST_CHAIN = 8;

/** What `createApi` was given, for an API or what is made of one. */
function apiOptions(value: JsValue): ObjectValue | undefined {
  let at = value;
  for (let i = 0; i < LONGEST_CHAIN && at.kind === 'call'; i++) {
    if (isOfToolkit(at.callee, 'createApi')) return at.arguments[0]?.kind === 'object' ? at.arguments[0] : undefined;
    if (at.callee.kind !== 'member' || !/^(?:inject|enhance)Endpoints$/.test(at.callee.property)) return undefined;
    at = at.callee.object;
  }
  return undefined;
}

/** Those of `fetchBaseQuery(…)`, as it is, in `retry(…)`, or asked by a function that passes on what it is given. */
function baseOptions(site: Site, value: JsValue | undefined): ObjectValue | undefined {
  if (value?.kind === 'call') {
    const [first] = value.arguments;
    if (isOfToolkit(value.callee, 'retry')) return baseOptions(site, first);
    return isOfToolkit(value.callee, 'fetchBaseQuery') && first?.kind === 'object' ? first : undefined;
  }
  if (value?.kind !== 'function') return undefined;
  const { function: fn, context } = value;
  const [param] = fn.params;
  if (param?.type !== 'Identifier') return undefined;
  const asked = context.module.index.of('CallExpression').flatMap((call) => {
    const [first] = call.arguments;
    if (call.range[0] < fn.range[0] || call.range[1] > fn.range[1]) return [];
    if (first?.type !== 'Identifier' || first.name !== param.name) return [];
    const callee = site.reader.evaluate(call.callee, context);
    return callee.kind === 'call' ? (baseOptions(site, callee) ?? []) : [];
  });
  return new Set(asked).size === 1 ? asked[0] : undefined;
}

function isOfToolkit(value: JsValue, name: string): boolean {
  return (
    value.kind === 'import' &&
    value.exported === name &&
    /^@(?:reduxjs\/toolkit\/(?:dist\/)?query(?:\/react)?|rtk-incubator\/rtk-query(?:\/react)?)$/.test(value.specifier)
  );
}
