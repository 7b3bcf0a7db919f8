import { type JsValue, placeOf, type Reader } from '../../../javascript';
import type { RoutePart } from './app';
import type { MethodCall } from './receivers';

const METHOD_OF: Readonly<Record<string, string | null>> = {
  get: 'GET',
  post: 'POST',
  put: 'PUT',
  patch: 'PATCH',
  delete: 'DELETE',
  del: 'DELETE',
  head: 'HEAD',
  options: 'OPTIONS',
  all: null,
};

/** `app.put('/users/:id', …, handler)`; null for calls that are none, or whose path is not known. */
export function routeOf(reader: Reader, { name, call, module }: MethodCall, prefix: string): RoutePart | null {
  const method = METHOD_OF[name];
  if (method === undefined) return null;
  const context = { module, frame: null };
  const [first, ...others] = call.arguments;
  const path = first && reader.evaluate(first, context);
  // `app.get('setting')` reads a setting.
  if (!first || path?.kind !== 'string' || others.length === 0) return null;
  const values = others.map((argument) => reader.evaluate(argument, context));
  return {
    kind: 'route',
    methods: method === null ? null : [method],
    path: joinPaths(prefix, path.value),
    place: placeOf(module, first),
    handlers: values.filter((value) => value.kind !== 'object'),
  };
}

/** The methods that a value names: `'GET'`, `['GET', 'POST']`; null when they are not known. */
export function methodsOf(value: JsValue): readonly string[] | null {
  const items = value.kind === 'array' && value.rest === null ? value.items : [value];
  const names = items.map((item) => (item.kind === 'string' ? item.value.toUpperCase() : null));
  return names.every((name) => name !== null) ? names : null;
}

export function joinPaths(prefix: string, path: string): string {
  const joined = `/${prefix}/${path}`.replace(/\/{2,}/g, '/');
  return joined === '/' ? joined : joined.replace(/\/$/, '');
}
