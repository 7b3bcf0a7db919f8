import { type JsValue, truthiness } from '../../../javascript';
import type { CorsDialect } from '../cors/corsDialect';

/** The names that @koa/cors and hono/cors give their options. */
export const ALLOW_NAMES: CorsDialect['options'] = {
  origin: 'origin',
  methods: 'allowMethods',
  allowedHeaders: 'allowHeaders',
  exposedHeaders: 'exposeHeaders',
  credentials: 'credentials',
  maxAge: 'maxAge',
};

/** A list is joined first, and an empty one gives way as nothing does. */
export function isEmpty(value: JsValue): boolean | undefined {
  if (value.kind === 'array') return value.rest === null ? value.items.length === 0 : undefined;
  const truth = truthiness(value);
  return truth === undefined ? undefined : !truth;
}
