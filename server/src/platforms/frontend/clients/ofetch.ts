import { type JsValue, type ObjectValue, placeOf, staticName } from '../../../javascript';
import { readsOf } from '../reads';
import { bodyOf } from './body';
import { headersIn, together, typed } from './headers';
import { type CallReader, evaluateAt, given, isText, methodOf, optionsOf } from './site';

/** `ofetch(url, options)`, `$fetch(…)`, `.raw(…)`, and of what `ofetch.create(defaults)` makes. https://github.com/unjs/ofetch */
export const readOfetch: CallReader = (site, node, [url, init]) => {
  const { callee } = node;
  const isMember = callee.type === 'MemberExpression';
  if (isMember && staticName(callee) !== 'raw') return undefined;
  const defaults = defaultsOf(evaluateAt(site, isMember ? callee.object : callee));
  const own = optionsOf(init);
  if (defaults === undefined || own === undefined || url === undefined) return undefined;
  const method = methodOf(given('method', own, defaults), Boolean(own?.rest ?? defaults?.rest), 'GET');
  if (method === undefined) return undefined;
  const { module } = site.context;
  const place = placeOf(module, callee);
  const sent = together(headersIn(site, given('headers', defaults)), headersIn(site, given('headers', own)));
  // src/fetch.ts and src/utils.ts, `isJSONSerializable`: of methods with a payload an object, a list and a text are sent
  // as JSON, and say so.
  const hasPayload = /^(?:PATCH|POST|PUT|DELETE)$/i.test(method);
  const isJson = hasPayload && /^(?:json|text)$/.test(bodyOf(given('body', own)).kind);
  return {
    place,
    node,
    url,
    base: given('baseURL', own, defaults),
    method: method.toUpperCase(),
    headers: typed(sent, isJson ? 'application/json' : undefined, place),
    credentials: isText(given('credentials', own, defaults), 'include'),
    noCors: undefined,
    reads: isMember ? readsOf(module, node, 'fetch') : [],
  };
};

function defaultsOf(value: JsValue): ObjectValue | null | undefined {
  if (isOfetch(value)) return null;
  if (value.kind !== 'call' || value.callee.kind !== 'member' || value.callee.property !== 'create') return undefined;
  if (!isOfetch(value.callee.object)) return undefined;
  return optionsOf(value.arguments[0]) ?? null;
}

function isOfetch(value: JsValue): boolean {
  return value.kind === 'import' && value.specifier === 'ofetch' && /^(?:ofetch|\$fetch)$/.test(value.exported);
}
