import { placeOf } from '../../../javascript';
import { readsOf } from '../reads';
import { bodyOf } from './body';
import { headersIn, typed } from './headers';
import { type CallReader, evaluateAt, given, isGlobal, isText, methodOf, optionsOf } from './site';

/** `fetch(url, init)`, `window.fetch`, `fetch(new Request(url, init))`. https://fetch.spec.whatwg.org/#dom-global-fetch */
export const readFetch: CallReader = (site, node, [input, init]) => {
  if (input === undefined || !isGlobal(evaluateAt(site, node.callee), 'fetch')) return undefined;
  const request = input.kind === 'new' && input.name === 'Request' ? input : undefined;
  const [url = input, inner] = request?.arguments ?? [];
  const own = optionsOf(init);
  const outer = optionsOf(inner);
  if (own === undefined || outer === undefined) return undefined;
  const hasMore = Boolean(own?.rest ?? outer?.rest);
  const method = methodOf(given('method', own, outer), hasMore, 'GET');
  if (method === undefined) return undefined;
  const { module } = site.context;
  const place = placeOf(module, node.callee);
  const mode = given('mode', own, outer);
  const body = bodyOf(given('body', own, outer));
  // A string says text/plain, also one that JSON.stringify made, a form its own type: none of these needs a preflight.
  // https://fetch.spec.whatwg.org/#concept-bodyinit-extract
  const type = body.kind === 'blob' ? body.type : undefined;
  return {
    place,
    node,
    url,
    base: undefined,
    method,
    headers: typed(headersIn(site, given('headers', own, outer)), type, place),
    credentials: isText(given('credentials', own, outer), 'include'),
    noCors: mode?.kind === 'string' && mode.value === 'no-cors' ? mode.place : undefined,
    reads: readsOf(module, node, 'fetch'),
  };
};
