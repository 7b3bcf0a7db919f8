import type { Place } from '../../../cors/place';
import { type JsValue, type ObjectValue, placeOf, property, staticName } from '../../../javascript';
import type { SentHeader } from '../frontCall';
import { bodyOf } from './body';
import { headersIn, together, typed } from './headers';
import { isJquery, type JquerySetup, jquerySetup, METHODS, sendsCookies } from './jquerySetup';
import { type CallReader, evaluateAt, given, methodOf, optionsOf } from './site';

/** `$.ajax(settings)`, `$.ajax(url, settings)`, `$.get`, `$.post`, `$.getJSON`, under what `$.ajaxSetup` sets. https://api.jquery.com/jQuery.ajax/ */
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
  const setup = jquerySetup(site);
  const all = [settings, ...setup.settings];
  // `method` and `type` of the call come before those that are set for all, and of these `method` (src/ajax.js).
  const named = [[settings], setup.settings].flatMap((from) => METHODS.flatMap((key) => given(key, ...from) ?? []))[0];
  const method = verb ?? methodOf(named, Boolean(settings?.rest) || setup.isOpen, 'GET');
  if (method === undefined) return undefined;
  const place = placeOf(site.context.module, callee);
  const headers = together(setup.headers, headersIn(site, given('headers', settings)));
  const hasContent = !/^(?:GET|HEAD)$/i.test(method);
  const data = name === 'ajax' || first.kind === 'object' ? given('data', ...all) : second;
  return {
    place,
    node,
    url,
    base: undefined,
    method: method.toUpperCase(),
    headers: withType(headers, settings, setup, hasContent ? data : undefined, place),
    credentials: sendsCookies(...all),
    noCors: undefined,
    reads: [],
  };
};

/**
 * src/ajax.js sends the `contentType` that the call itself gives, whatever is sent, and one that is set for all with
 * data only; its own default needs no preflight.
 */
function withType(
  headers: readonly SentHeader[],
  settings: ObjectValue | null,
  setup: JquerySetup,
  data: JsValue | undefined,
  place: Place,
): readonly SentHeader[] {
  const own = given('contentType', settings);
  if (own !== undefined) return typed(headers, textOf(own), place);
  const shared = textOf(given('contentType', ...setup.settings));
  const body = data?.kind === 'function' || data?.kind === 'null' ? 'none' : bodyOf(data).kind;
  if (body === 'none' || body === 'form') return headers;
  return typed(headers, shared, place, body === 'unknown');
}

function textOf(value: JsValue | undefined): string | undefined {
  return value?.kind === 'string' ? value.value : undefined;
}
