import { type JsValue, type ObjectValue, placeOf, property, staticName } from '../../../javascript';
import type { SentHeader } from '../frontCall';
import { readsOf } from '../reads';
import { type ChangedHeader, changesOf, inheritedBy } from './axiosChanges';
import { defaultsOf } from './axiosValue';
import { type Body, bodyOf } from './body';
import { headersIn, together, typed, withoutType } from './headers';
import { type CallReader, evaluateAt, given, isTrue, methodOf, optionsOf, type Site } from './site';

/** `axios(config)`, `axios(url, config)`, `axios.get(url, config)`, `api.post(url, data, config)`. https://axios-http.com/docs/req_config */
export const readAxios: CallReader = (site, node, args) => {
  const { callee } = node;
  if (callee.type !== 'MemberExpression') return made(site, node, evaluateAt(site, callee), args, undefined);
  const name = staticName(callee);
  if (name === null || !(VERB.test(name) || name === 'request' || FORM.test(name))) return undefined;
  return made(site, node, evaluateAt(site, callee.object), args, name);
};

const VERB = /^(?:get|delete|head|options|post|put|patch)$/;
const WITH_BODY = /^(?:post|put|patch)$/;
const FORM = /^(?:post|put|patch)Form$/;

function made(
  site: Site,
  node: Parameters<CallReader>[1],
  client: JsValue,
  args: readonly JsValue[],
  name: string | undefined,
): ReturnType<CallReader> {
  const defaults = defaultsOf(client);
  if (defaults === undefined) return undefined;
  const [first, second, third] = args;
  const isForm = name !== undefined && FORM.test(name);
  const verb = isForm ? name.slice(0, -'Form'.length) : name === 'request' ? undefined : name;
  const isOne = verb === undefined && first?.kind === 'object';
  const hasBody = verb !== undefined && WITH_BODY.test(verb);
  const own = optionsOf(isOne ? first : hasBody ? third : second);
  const url = isOne ? property(first, 'url')?.value : first;
  if (own === undefined || url === undefined) return undefined;
  // A spread may bring another method; headers and credentials that it may add change nothing for the better.
  const method = verb ?? methodOf(given('method', own, defaults), Boolean(own?.rest ?? defaults?.rest), 'GET');
  if (method === undefined) return undefined;
  const { module } = site.context;
  const place = placeOf(module, node.callee);
  const changes = changesOf(site, client);
  const inherited = inheritedBy(site, client);
  const data = hasBody ? second : given('data', own);
  const sent = together(
    forMethod(inherited.headers, method),
    defaultHeaders(site, defaults, method),
    forMethod(changes.headers, method),
    headersIn(site, given('headers', own)),
  );
  const cookies = [own, defaults].map((each) => given('withCredentials', each));
  return {
    place,
    node,
    url,
    base: given('baseURL', own) ?? changes.baseURL ?? given('baseURL', defaults) ?? inherited.baseURL,
    method: method.toUpperCase(),
    // lib/core/Axios.js has `postForm` say what it sends over every other type, for which browsers then put their own.
    headers: isForm ? withoutType(sent) : withBody(sent, bodyOf(data), place),
    // What is assigned stands in the place of what the instance was made with.
    credentials:
      changes.interceptedCredentials ??
      isOn(cookies[0]) ??
      changes.withCredentials ??
      isOn(cookies[1]) ??
      inherited.withCredentials ??
      false,
    noCors: undefined,
    reads: readsOf(module, node, 'axios'),
  };
}

/**
 * A Content-Type is taken off where nothing is sent, whoever set it, and an object is sent as JSON where none is set
 * (lib/adapters/xhr.js, lib/defaults/index.js `transformRequest`).
 */
function withBody(headers: readonly SentHeader[], body: Body, place: SentHeader['place']): readonly SentHeader[] {
  if (body.kind === 'none') return withoutType(headers);
  return typed(headers, body.kind === 'json' ? 'application/json' : undefined, place);
}

/** Those for all methods, then those for this one (lib/core/Axios.js: `headers.common`, `headers[method]`). */
function defaultHeaders(site: Site, defaults: ObjectValue | null, method: string): readonly SentHeader[] {
  const all = given('headers', defaults);
  if (all?.kind !== 'object') return [];
  const nested = ['common', method.toLowerCase()].map((key) => headersIn(site, property(all, key)?.value));
  return together(...nested, headersIn(site, all)).filter(({ name }) => !NESTED.has(name.toLowerCase()));
}

function forMethod(headers: readonly ChangedHeader[], method: string): readonly SentHeader[] {
  return headers.filter((header) => header.method === undefined || header.method === method.toLowerCase());
}

function isOn(value: JsValue | undefined): boolean | undefined {
  return value === undefined ? undefined : isTrue(value);
}

const NESTED = new Set(['common', 'get', 'delete', 'head', 'options', 'post', 'put', 'patch']);
