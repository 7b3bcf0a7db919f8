import type { TSESTree } from '@typescript-eslint/types';
import {
  type CallValue,
  enclosingFunction,
  type FunctionValue,
  type JsValue,
  placeOf,
  staticName,
} from '../../../javascript';
import type { SentHeader } from '../frontCall';
import { modulesBeside } from './axiosModules';
import { isAxios } from './axiosValue';
import { together } from './headers';
import { isTrue, type Site } from './site';

/** What is changed of axios or an instance of it, for every call. */
export interface AxiosChanges {
  readonly headers: readonly SentHeader[];
  readonly withCredentials: boolean;
  /** Of kind `unknown` where it may be changed in a way that cannot be told. */
  readonly baseURL: JsValue | undefined;
}

const NONE: AxiosChanges = { headers: [], withCredentials: false, baseURL: undefined };
const SIGN = /\.\s*(?:defaults|interceptors)\b/;
const known = new WeakMap<object, Map<string, AxiosChanges>>();

/**
 * What `axios.defaults.… = …` and request interceptors change: those of an instance where it is made, those of axios
 * itself in the file, in the files around it and in those that an app starts with. A header that is set on a condition, or by a function, is one that is perhaps sent.
 */
export function changesOf(site: Site, client: JsValue): AxiosChanges {
  const own = client.kind === 'call' ? client : undefined;
  const { reader, context } = site;
  const home = own?.module ?? context.module;
  const key = `${home.path}\0${own?.place.start ?? ''}`;
  const byKey = known.get(reader) ?? new Map<string, AxiosChanges>();
  known.set(reader, byKey);
  const before = byKey.get(key);
  if (before !== undefined) return before;
  // Two files that change the defaults of each other's calls would otherwise go round.
  byKey.set(key, NONE);
  const modules = own === undefined ? modulesBeside(reader, home) : [home];
  const changes = modules
    .filter(({ text }) => SIGN.test(text))
    .map((module) => changesIn({ ...site, context: { module, frame: null } }, own));
  const all: AxiosChanges = {
    headers: together(...changes.map(({ headers }) => headers)),
    withCredentials: changes.some(({ withCredentials }) => withCredentials),
    baseURL: changes.map(({ baseURL }) => baseURL).find((base) => base !== undefined),
  };
  byKey.set(key, all);
  return all;
}

function changesIn(site: Site, own: CallValue | undefined): AxiosChanges {
  const { module } = site.context;
  const headers: SentHeader[] = [];
  let withCredentials = false;
  const bases: JsValue[] = [];
  for (const node of module.index.of('AssignmentExpression')) {
    const change = changeAt(node.left);
    if (change?.path[0] !== 'defaults' || !isClient(site, change.root, own)) continue;
    const [, key = '', inner, last] = change.path;
    const isSure = enclosingFunction(node) === null && site.reader.guards(node, site.context)?.length === 0;
    const value = site.reader.evaluate(node.right, site.context);
    if (key === 'baseURL') bases.push(isSure ? value : { ...unknownAt(value), reason: 'it is set on a condition' });
    if (isSure && key === 'withCredentials') withCredentials = isTrue(value);
    const name = inner === 'common' ? last : inner;
    if (key === 'headers' && name !== undefined && !METHODS.test(name))
      headers.push(...headersOf(site, node, name, value, isSure));
  }
  for (const node of module.index.of('CallExpression')) {
    const change = changeAt(node.callee);
    if (change?.path.join('.') !== 'interceptors.request.use' || !isClient(site, change.root, own)) continue;
    const [first] = node.arguments;
    const fn = first && first.type !== 'SpreadElement' ? site.reader.evaluate(first, site.context) : undefined;
    if (fn?.kind !== 'function' || enclosingFunction(node) !== null) continue;
    const seen = inInterceptor(site, fn);
    headers.push(...seen.headers);
    withCredentials ||= seen.withCredentials;
    if (seen.baseURL !== undefined) bases.push(seen.baseURL);
  }
  const [baseURL, ...others] = bases;
  return {
    headers,
    withCredentials,
    baseURL: baseURL && others.length > 0 ? { ...unknownAt(baseURL), reason: 'it is set several times' } : baseURL,
  };
}

const METHODS = /^(?:common|get|delete|head|options|post|put|patch)$/;

function unknownAt({ module, node, place }: JsValue) {
  return { kind: 'unknown', module, node, place } as const;
}

/** `config.headers.Authorization = …`, `config.headers['X-Id'] = …`, `config.headers.set('X-Id', …)`. */
function inInterceptor({ reader }: Site, { function: fn, context }: FunctionValue): AxiosChanges {
  const site: Site = { reader, context };
  const { module } = context;
  const [param] = fn.params;
  if (param?.type !== 'Identifier') return NONE;
  const inside = ({ range }: TSESTree.Node): boolean => fn.range[0] <= range[0] && range[1] <= fn.range[1];
  const isConfig = (root: TSESTree.Node): boolean => root.type === 'Identifier' && root.name === param.name;
  const returns = module.index.of('ReturnStatement').filter((node) => inside(node) && enclosingFunction(node) === fn);
  const isSure = (node: TSESTree.Node): boolean =>
    enclosingFunction(node) === fn &&
    reader.guards(node, context)?.length === 0 &&
    returns.every((early) => early.range[0] > node.range[0]);
  const headers: SentHeader[] = [];
  let withCredentials = false;
  let baseURL: JsValue | undefined;
  for (const node of module.index.of('AssignmentExpression')) {
    const change = inside(node) ? changeAt(node.left) : undefined;
    if (change === undefined || !isConfig(change.root)) continue;
    const [key, name] = change.path;
    const value = reader.evaluate(node.right, context);
    if (key === 'baseURL' || key === 'url') baseURL = { ...unknownAt(value), reason: 'an interceptor sets it' };
    if (key === 'withCredentials' && isSure(node)) withCredentials = isTrue(value);
    if (key === 'headers' && name !== undefined) headers.push(...headersOf(site, node, name, value, isSure(node)));
  }
  for (const node of module.index.of('CallExpression')) {
    const change = inside(node) ? changeAt(node.callee) : undefined;
    if (change?.path.join('.') !== 'headers.set' || !isConfig(change.root)) continue;
    const [name, value] = node.arguments;
    if (name?.type !== 'Literal' || typeof name.value !== 'string' || value === undefined) continue;
    headers.push(...headersOf(site, node, name.value, reader.evaluate(value, context), isSure(node)));
  }
  return { headers, withCredentials, baseURL };
}

function headersOf(
  { context }: Site,
  node: TSESTree.Node,
  name: string,
  value: JsValue,
  isSure: boolean,
): readonly SentHeader[] {
  if (value.kind === 'null' || value.kind === 'undefined') return [];
  const place = placeOf(context.module, node);
  const text = value.kind === 'string' ? value.value : undefined;
  const header = { name, namePlace: place, value: text, valuePlace: value.place, place };
  return [isSure && value.kind !== 'choice' ? header : { ...header, perhaps: true }];
}

/** The members that lead to what is assigned or called, and what they start at. */
function changeAt(node: TSESTree.Node): { root: TSESTree.Node; path: readonly string[] } | undefined {
  const path: string[] = [];
  let at = node;
  while (at.type === 'MemberExpression') {
    const name = staticName(at);
    if (name === null) return undefined;
    path.unshift(name);
    at = at.object;
  }
  // `axios.default.defaults`, `this.api.defaults`: the client is what stands before.
  const start = path.findIndex((name) => name === 'defaults' || name === 'interceptors');
  if (start <= 0) return { root: at, path };
  let root = node;
  for (let i = path.length; i > start && root.type === 'MemberExpression'; i--) root = root.object;
  return { root, path: path.slice(start) };
}

function isClient(site: Site, root: TSESTree.Node, own: CallValue | undefined): boolean {
  const value = site.reader.evaluate(root, site.context);
  return own === undefined ? isAxios(value) : value.kind === 'call' && value.call === own.call;
}
