import { type JsValue, type ObjectValue, placeOf, property, staticName } from '../../../javascript';
import { headersIn, typed } from './headers';
import { type CallReader, evaluateAt, given, isGlobal, isTrue, methodOf, optionsOf } from './site';

/** `$.ajax(settings)`, `$.ajax(url, settings)`, `$.get`, `$.post`, `$.getJSON`. https://api.jquery.com/jQuery.ajax/ */
export const readJquery: CallReader = (site, node, [first, second]) => {
  const { callee } = node;
  if (callee.type !== 'MemberExpression' || first === undefined) return undefined;
  const name = staticName(callee);
  if (name === null || !/^(?:ajax|get|post|getJSON)$/.test(name) || !isJquery(evaluateAt(site, callee.object)))
    return undefined;
  const settings = first.kind === 'object' ? first : name === 'ajax' ? optionsOf(second) : null;
  const url = first.kind === 'object' ? property(first, 'url')?.value : first;
  if (settings === undefined || url === undefined) return undefined;
  const verb = name === 'post' ? 'POST' : name === 'ajax' ? undefined : 'GET';
  const method = verb ?? methodOf(given('method', settings) ?? given('type', settings), Boolean(settings?.rest), 'GET');
  if (method === undefined) return undefined;
  const place = placeOf(site.context.module, callee);
  const fields = given('xhrFields', settings);
  return {
    place,
    node,
    url,
    base: undefined,
    method: method.toUpperCase(),
    headers: typed(headersIn(site, given('headers', settings)), typeOf(settings), place),
    credentials: fields?.kind === 'object' && isTrue(given('withCredentials', fields)),
    noCors: undefined,
    reads: [],
  };
};

/** src/ajax.js sends `contentType` where it is given, whatever is sent; its own default needs no preflight. */
function typeOf(settings: ObjectValue | null): string | undefined {
  const value = given('contentType', settings);
  return value?.kind === 'string' ? value.value : undefined;
}

function isJquery(value: JsValue): boolean {
  if (value.kind === 'import' && value.specifier === 'jquery') return /^(?:default|\*|\$|jQuery)$/.test(value.exported);
  return isGlobal(value, '$') || isGlobal(value, 'jQuery');
}
