import type { TSESTree } from '@typescript-eslint/types';
import type { Place } from '../../cors/place';
import {
  isFunction,
  type JsValue,
  type ObjectValue,
  placeOf,
  property,
  type Reader,
  type SourceModule,
  staticName,
} from '../../javascript';
import { type HeaderRead, readsOf } from './reads';

/** A call that a page makes, as far as it is written. */
export interface FrontCall {
  /** The function that is called with what is said of it: `fetch`, `axios.get`. */
  readonly place: Place;
  readonly node: TSESTree.CallExpression;
  readonly url: JsValue;
  readonly base: JsValue | undefined;
  readonly method: string;
  /** Those that are sure to be sent; a value that is not known is undefined. */
  readonly headers: readonly SentHeader[];
  readonly credentials: boolean;
  /** The value of `mode`, where it is one that matters. */
  readonly noCors: Place | undefined;
  /** Response headers that the page reads. */
  readonly reads: readonly HeaderRead[];
}

export interface SentHeader {
  readonly name: string;
  readonly namePlace: Place;
  readonly value: string | undefined;
  readonly valuePlace: Place;
  /** The whole property. */
  readonly place: Place;
}

/** Every call of `fetch` and axios in a file that can be read. */
export function callsIn(reader: Reader, module: SourceModule): readonly FrontCall[] {
  return module.index.of('CallExpression').flatMap((node): FrontCall[] => {
    const made = readCall(reader, module, node);
    return made === undefined ? [] : [made];
  });
}

const VERBS = /^(?:get|delete|head|post|put|patch)$/;
const WITH_BODY = /^(?:post|put|patch)$/;

function readCall(reader: Reader, module: SourceModule, node: TSESTree.CallExpression): FrontCall | undefined {
  const { callee } = node;
  const evaluate = (at: TSESTree.Node): JsValue => reader.evaluate(at, { module, frame: null });
  const args = node.arguments.flatMap((argument) => (argument.type === 'SpreadElement' ? [] : [evaluate(argument)]));
  if (args.length < node.arguments.length) return undefined;
  const place = placeOf(module, callee);
  const reads = (style: 'fetch' | 'axios') => readsOf(module, node, style);
  if (callee.type === 'Identifier' || (callee.type === 'MemberExpression' && isWindowFetch(module, callee))) {
    const value = evaluate(callee);
    if (!isGlobalFetch(module, callee, value)) return client(value, node, place, args, undefined, reads);
    const [url, init] = args;
    return url && build(place, node, url, undefined, options(init), undefined, reads('fetch'));
  }
  if (callee.type !== 'MemberExpression') return undefined;
  const name = staticName(callee);
  if (name === null || !VERBS.test(name)) return undefined;
  return client(evaluate(callee.object), node, place, args, name, reads);
}

function isWindowFetch(module: SourceModule, callee: TSESTree.MemberExpression): boolean {
  return /^(?:window|globalThis|self)\.fetch$/.test(module.text.slice(...callee.range));
}

function isGlobalFetch(module: SourceModule, callee: TSESTree.Node, value: JsValue): boolean {
  if (!/(?:^|\.)fetch$/.test(module.text.slice(...callee.range))) return false;
  const owner = value.kind === 'member' ? value.object : value;
  return owner.kind === 'import' && owner.specifier === 'globalThis';
}

/** A call of axios or of an instance of it. */
function client(
  value: JsValue,
  node: TSESTree.CallExpression,
  place: Place,
  args: readonly JsValue[],
  verb: string | undefined,
  reads: (style: 'axios') => readonly HeaderRead[],
): FrontCall | undefined {
  const defaults = axiosDefaults(value);
  if (defaults === undefined) return undefined;
  if (verb === undefined) {
    const [first, second] = args;
    const config = options(first) ?? options(second);
    const url = first?.kind === 'object' ? property(first, 'url')?.value : first;
    return url && build(place, node, url, defaults ?? undefined, config, undefined, reads('axios'));
  }
  const [url, second, third] = args;
  const hasBody = WITH_BODY.test(verb);
  const made =
    url &&
    build(
      place,
      node,
      url,
      defaults ?? undefined,
      options(hasBody ? third : second),
      verb.toUpperCase(),
      reads('axios'),
    );
  // axios sends an object as JSON and says so (lib/defaults/index.js, `transformRequest`).
  const isJson = hasBody && second?.kind === 'object';
  if (made === undefined || !isJson || made.headers.some(({ name }) => name.toLowerCase() === 'content-type'))
    return made;
  const json = { name: 'Content-Type', value: 'application/json', place, namePlace: place, valuePlace: place };
  return { ...made, headers: [...made.headers, json] };
}

/** The defaults of `axios.create({ … })`; null for axios itself, undefined for what is not axios. */
function axiosDefaults(value: JsValue): ObjectValue | null | undefined {
  if (isAxios(value)) return null;
  if (value.kind !== 'call' || value.callee.kind !== 'import') return undefined;
  const { specifier, exported } = value.callee;
  return specifier === 'axios' && exported === 'create' ? (options(value.arguments[0]) ?? null) : undefined;
}

function isAxios(value: JsValue): boolean {
  return value.kind === 'import' && value.specifier === 'axios' && ['default', '*', 'axios'].includes(value.exported);
}

function options(value: JsValue | undefined): ObjectValue | undefined {
  return value?.kind === 'object' ? value : undefined;
}

function build(
  place: Place,
  node: TSESTree.CallExpression,
  url: JsValue,
  defaults: ObjectValue | undefined,
  own: ObjectValue | undefined,
  verb: string | undefined,
  reads: readonly HeaderRead[],
): FrontCall | undefined {
  const given = (key: string): JsValue | undefined =>
    (own && property(own, key)?.value) ?? (defaults && property(defaults, key)?.value);
  // A spread may bring another method; headers and credentials that it may add change nothing for the better.
  const method = given('method');
  if (verb === undefined && ((method === undefined && own?.rest) || (method !== undefined && method.kind !== 'string')))
    return undefined;
  const headers = [...headersIn(defaults), ...headersIn(own)];
  const mode = given('mode');
  const credentials = given('credentials');
  const withCredentials = given('withCredentials');
  return {
    place,
    node,
    url,
    base: given('baseURL'),
    method: verb ?? (method?.kind === 'string' ? method.value : 'GET'),
    headers,
    credentials:
      (credentials?.kind === 'string' && credentials.value === 'include') ||
      (withCredentials?.kind === 'boolean' && withCredentials.value),
    noCors: mode?.kind === 'string' && mode.value === 'no-cors' ? mode.place : undefined,
    reads,
  };
}

/** `...(token ? { Authorization: token } : {})`, `...(token && { … })` */
function isOnCondition(node: TSESTree.Node): boolean {
  for (let up = node.parent; up && up.type !== 'CallExpression' && !isFunction(up); up = up.parent) {
    if (up.type === 'ConditionalExpression' || up.type === 'LogicalExpression') return true;
  }
  return false;
}

function headersIn(from: ObjectValue | undefined): SentHeader[] {
  const headers = from && property(from, 'headers')?.value;
  if (headers?.kind !== 'object') return [];
  return headers.properties.flatMap(({ key, keyPlace, place, value, node }): SentHeader[] => {
    if (value.kind === 'undefined' || value.kind === 'null' || value.kind === 'choice' || isOnCondition(node))
      return [];
    const text = value.kind === 'string' ? value.value : undefined;
    return [{ name: key, namePlace: keyPlace, value: text, valuePlace: value.place, place }];
  });
}
