import type { TSESTree } from '@typescript-eslint/types';
import {
  type CallValue,
  enclosingFunction,
  type FunctionValue,
  type JsValue,
  placeOf,
  type Reader,
  type SourceModule,
  staticName,
} from '../../../javascript';
import type { SentHeader } from '../frontCall';
import { modulesBefore, modulesBeside } from './axiosModules';
import { isAxios } from './axiosValue';
import { evaluateAt, isTrue, type Site } from './site';

/** What is changed of axios or an instance of it, for every call. */
export interface AxiosChanges {
  readonly headers: readonly ChangedHeader[];
  /** Undefined where nothing sets it. */
  readonly withCredentials: boolean | undefined;
  /** What an interceptor sets for it, over what the call itself says. */
  readonly interceptedCredentials: boolean | undefined;
  /** Of kind `unknown` where it may be changed in a way that cannot be told. */
  readonly baseURL: JsValue | undefined;
}

/** A header that is set for every call, or for those of one method. */
export interface ChangedHeader extends SentHeader {
  /** In lower case; undefined: every one. */
  readonly method?: string;
}

const NONE: AxiosChanges = {
  headers: [],
  withCredentials: undefined,
  interceptedCredentials: undefined,
  baseURL: undefined,
};
const SIGN = /\.\s*(?:defaults|interceptors)\b/;
const known = new WeakMap<object, Map<string, AxiosChanges>>();

/**
 * What `axios.defaults.… = …` and request interceptors change: in the file that calls, in those that an app starts
 * with and in what these set up; those of an instance where it is made too. A header that is set on a condition, or by
 * a function, is one that is perhaps sent.
 */
export function changesOf(site: Site, client: JsValue): AxiosChanges {
  const own = client.kind === 'call' ? client : undefined;
  const { reader, context } = site;
  const home = own?.module ?? context.module;
  return once(reader, `${context.module.path}\0${home.path}\0${own?.place.start ?? ''}`, () => {
    const modules = new Set([home, ...modulesBeside(reader, context.module)]);
    return allOf([...modules].map((module) => changesIn(reader, module, (value) => isClient(value, own))));
  });
}

/**
 * What an instance is made with of what is changed of axios itself before: in its file above, and in files that this
 * one imports (lib/axios.js, `create`).
 */
export function inheritedBy({ reader }: Site, client: JsValue): AxiosChanges {
  if (client.kind !== 'call') return NONE;
  const { module, place } = client;
  return once(reader, `${module.path}\0above\0${place.start}`, () =>
    allOf([
      ...modulesBefore(reader, module).map((before) => changesIn(reader, before, isAxios, false)),
      changesIn(reader, module, (value, node) => isAxios(value) && node.range[1] <= place.start, false),
    ]),
  );
}

function allOf(changes: readonly AxiosChanges[]): AxiosChanges {
  return {
    headers: changes.flatMap(({ headers }) => headers),
    withCredentials: anyOf(changes.map(({ withCredentials }) => withCredentials)),
    interceptedCredentials: anyOf(changes.map(({ interceptedCredentials }) => interceptedCredentials)),
    baseURL: onlyOf(changes.flatMap(({ baseURL }) => baseURL ?? [])),
  };
}

function anyOf(all: readonly (boolean | undefined)[]): boolean | undefined {
  return [true, false].find((is) => all.includes(is));
}

function once(reader: Reader, key: string, compute: () => AxiosChanges): AxiosChanges {
  const byKey = known.get(reader) ?? new Map<string, AxiosChanges>();
  known.set(reader, byKey);
  const before = byKey.get(key);
  if (before !== undefined) return before;
  // Two files that change the defaults of each other's calls would otherwise go round.
  byKey.set(key, NONE);
  const all = compute();
  byKey.set(key, all);
  return all;
}

/** @param isMeant whether what is changed at a node is the client that is asked for */
function changesIn(
  reader: Reader,
  module: SourceModule,
  isMeant: (value: JsValue, node: TSESTree.Node) => boolean,
  intercepted = true,
): AxiosChanges {
  if (!SIGN.test(module.text)) return NONE;
  const site: Site = { reader, context: { module, frame: null } };
  const headers: ChangedHeader[] = [];
  let withCredentials: boolean | undefined;
  let interceptedCredentials: boolean | undefined;
  const bases: JsValue[] = [];
  for (const node of module.index.of('AssignmentExpression')) {
    const change = changeAt(node.left);
    if (change?.path[0] !== 'defaults' || !isMeant(evaluateAt(site, change.root), node)) continue;
    const [, key = '', inner, last] = change.path;
    const isSure = enclosingFunction(node) === null && reader.guards(node, site.context)?.length === 0;
    const value = reader.evaluate(node.right, site.context);
    if (key === 'baseURL') bases.push(isSure ? value : { ...unknownAt(value), reason: 'it is set on a condition' });
    if (isSure && key === 'withCredentials') withCredentials = isTrue(value);
    const isNested = inner !== undefined && NESTED.test(inner);
    const name = isNested ? last : inner;
    if (key !== 'headers' || name === undefined) continue;
    const method = isNested && inner !== 'common' ? { method: inner } : {};
    headers.push(...headersOf(site, node, name, value, isSure).map((header) => ({ ...header, ...method })));
  }
  for (const node of intercepted ? module.index.of('CallExpression') : []) {
    const change = changeAt(node.callee);
    if (change?.path.join('.') !== 'interceptors.request.use' || !isMeant(evaluateAt(site, change.root), node))
      continue;
    const [first] = node.arguments;
    const fn = first && first.type !== 'SpreadElement' ? reader.evaluate(first, site.context) : undefined;
    if (fn?.kind !== 'function' || enclosingFunction(node) !== null) continue;
    const seen = inInterceptor(site, fn);
    headers.push(...seen.headers);
    interceptedCredentials = seen.interceptedCredentials ?? interceptedCredentials;
    if (seen.baseURL !== undefined) bases.push(seen.baseURL);
  }
  return { headers, withCredentials, interceptedCredentials, baseURL: onlyOf(bases) };
}

/** The one value; unknown where there are several. */
function onlyOf([first, ...others]: readonly JsValue[]): JsValue | undefined {
  return first !== undefined && others.length > 0 ? { ...unknownAt(first), reason: 'it is set several times' } : first;
}

const NESTED = /^(?:common|get|delete|head|options|post|put|patch)$/;

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
  let interceptedCredentials: boolean | undefined;
  let baseURL: JsValue | undefined;
  for (const node of module.index.of('AssignmentExpression')) {
    const change = inside(node) ? changeAt(node.left) : undefined;
    if (change === undefined || !isConfig(change.root)) continue;
    const [key, name] = change.path;
    const value = reader.evaluate(node.right, context);
    if (key === 'baseURL' || key === 'url') baseURL = { ...unknownAt(value), reason: 'an interceptor sets it' };
    if (key === 'withCredentials' && isSure(node)) interceptedCredentials = isTrue(value);
    if (key === 'headers' && name !== undefined) headers.push(...headersOf(site, node, name, value, isSure(node)));
  }
  for (const node of module.index.of('CallExpression')) {
    const change = inside(node) ? changeAt(node.callee) : undefined;
    if (change?.path.join('.') !== 'headers.set' || !isConfig(change.root)) continue;
    const [name, value] = node.arguments;
    if (name?.type !== 'Literal' || typeof name.value !== 'string' || value === undefined) continue;
    headers.push(...headersOf(site, node, name.value, reader.evaluate(value, context), isSure(node)));
  }
  return { ...NONE, headers, interceptedCredentials, baseURL };
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

function isClient(value: JsValue, own: CallValue | undefined): boolean {
  return own === undefined ? isAxios(value) : value.kind === 'call' && value.call === own.call;
}
