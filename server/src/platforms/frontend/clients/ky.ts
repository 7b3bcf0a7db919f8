import { type JsValue, type ObjectValue, placeOf, staticName } from '../../../javascript';
import { readsOf } from '../reads';
import { bodyOf } from './body';
import { headersIn, together, typed } from './headers';
import { type CallReader, evaluateAt, given, isText, methodOf, optionsOf, type Site } from './site';

const VERB = /^(?:get|delete|head|post|put|patch)$/;

/** `ky(url, options)`, `ky.post(url, { json })`, and of instances of `ky.create` and `ky.extend`. https://github.com/sindresorhus/ky#api */
export const readKy: CallReader = (site, node, [url, init]) => {
  const { callee } = node;
  const name = callee.type === 'MemberExpression' ? staticName(callee) : undefined;
  const verb = name !== undefined && name !== null && VERB.test(name) ? name : undefined;
  if (name !== undefined && verb === undefined) return undefined;
  const client = evaluateAt(site, callee.type === 'MemberExpression' ? callee.object : callee);
  const defaults = defaultsOf(site, client);
  const own = optionsOf(init);
  if (defaults === undefined || own === undefined || url === undefined) return undefined;
  const layers = [own, ...defaults];
  const hasMore = layers.some((layer) => Boolean(layer?.rest));
  const method = verb ?? methodOf(given('method', ...layers), hasMore, 'GET');
  if (method === undefined) return undefined;
  const { module } = site.context;
  const place = placeOf(module, callee);
  const sent = together(...layers.map((layer) => headersIn(site, given('headers', layer))).reverse());
  // source/core/Ky.ts: `json` is stringified, and says so unless a type is given.
  const isJson = bodyOf(given('json', own)).kind !== 'none';
  return {
    place,
    node,
    url,
    base: given('prefixUrl', ...layers) ?? given('prefix', ...layers) ?? given('baseUrl', ...layers),
    method: method.toUpperCase(),
    headers: typed(sent, isJson ? 'application/json' : undefined, place),
    credentials: isText(given('credentials', ...layers), 'include'),
    noCors: undefined,
    reads: readsOf(module, node, 'fetch'),
  };
};

/** The options of an instance, the innermost first; none for ky itself, undefined for what is not ky. */
function defaultsOf(site: Site, value: JsValue): readonly ObjectValue[] | undefined {
  if (isKy(value)) return [];
  if (value.kind !== 'call') return undefined;
  const [options] = value.arguments;
  const own = options?.kind === 'object' ? [options] : [];
  const { callee } = value;
  if (callee.kind === 'import')
    return callee.specifier === 'ky' && /^(?:create|extend)$/.test(callee.exported) ? own : undefined;
  if (callee.kind !== 'member' || callee.property !== 'extend') return undefined;
  const outer = defaultsOf(site, callee.object);
  return outer && [...own, ...outer];
}

function isKy(value: JsValue): boolean {
  return value.kind === 'import' && value.specifier === 'ky' && ['default', '*', 'ky'].includes(value.exported);
}
