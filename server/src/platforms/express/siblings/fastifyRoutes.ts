import { type JsValue, type ObjectValue, property } from '../../../javascript';
import type { RoutePart, Scope } from './app';
import { joinPaths, methodsOf } from './routes';

/** The functions among a route's options: hooks of its own. */
export function hooksOf(options: ObjectValue): readonly JsValue[] {
  return options.properties.flatMap(({ value }) =>
    value.kind === 'array' ? value.items.filter(isFunctionValue) : isFunctionValue(value) ? [value] : [],
  );
}

function isFunctionValue({ kind }: JsValue): boolean {
  return kind === 'function';
}

/** A route with options about CORS of its own: `{ config: { cors: … } }`. */
export function decidesItself(options: ObjectValue): boolean {
  const config = property(options, 'config')?.value;
  return config !== undefined && (config.kind !== 'object' || property(config, 'cors') !== undefined);
}

/** `fastify.route({ method, url, handler })`. */
export function routeObject(value: JsValue, scope: Scope): readonly RoutePart[] {
  if (value.kind !== 'object' || decidesItself(value)) return [];
  const url = property(value, 'url') ?? property(value, 'path');
  const method = property(value, 'method')?.value;
  const handler = property(value, 'handler')?.value;
  const methods = method && methodsOf(method);
  if (url?.value.kind !== 'string' || !methods) return [];
  const path = joinPaths(scope.prefix, url.value.value);
  const handlers = handler ? [...hooksOf(value).filter((one) => one !== handler), handler] : [];
  return [{ kind: 'route', methods, path, place: url.value.place, handlers, scope }];
}
