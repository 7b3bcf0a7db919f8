import type { Request } from '../../../../cors/http';
import { type FunctionValue, property, type Reader, type SourceModule } from '../../../../javascript';
import { runWeb, type WebEnd } from '../web/run';
import { isThere, wantedIn } from './condition';
import { sourceOf } from './source';

/** `middleware.ts`, or `proxy.ts` of Next.js 16. */
export interface Middleware {
  /** Null when it is not read. */
  readonly fn: FunctionValue | null;
  /** Whether it runs for a request; undefined when that cannot be told. */
  runs(request: Request): boolean | undefined;
  /** Whether it may run for a path, whatever else the request has. */
  reaches(path: string): boolean;
  readonly module: SourceModule;
  /** A path for which it runs. */
  readonly sample: string;
}

export function readMiddleware(reader: Reader, module: SourceModule, basePath: string): Middleware {
  const values = ['middleware', 'proxy', 'default'].map((name) => reader.findExport(module, name));
  const fn = values.find((value): value is FunctionValue => value.kind === 'function') ?? null;
  const config = reader.findExport(module, 'config');
  const value = config.kind === 'object' ? property(config, 'matcher')?.value : undefined;
  const isMissing =
    config.kind === 'unknown' || (config.kind === 'object' && value === undefined && config.rest === null);
  const items = value?.kind === 'array' && value.rest === null ? value.items : value ? [value] : [];
  const tests = items.map((item) => {
    const source = item.kind === 'object' ? property(item, 'source')?.value : item;
    const has = item.kind === 'object' ? wantedIn(property(item, 'has')?.value) : [];
    const missing = item.kind === 'object' ? wantedIn(property(item, 'missing')?.value) : [];
    const pattern = source?.kind === 'string' ? sourceOf(`${basePath}${source.value}`) : null;
    const reaches = (path: string): boolean | undefined => pattern?.matches(path.split('?')[0] ?? '/');
    const runs = (request: Request): boolean | undefined => {
      const met = reaches(request.path);
      if (met === false) return false;
      if (met === undefined || has === null || missing === null) return undefined;
      const held = [...has.map((one) => isThere(one, request)), ...missing.map((one) => not(isThere(one, request)))];
      if (held.includes(false)) return false;
      return held.includes(undefined) ? undefined : true;
    };
    return { runs, reaches, sample: pattern?.sample ?? null };
  });
  return {
    fn,
    module,
    sample: tests.find(({ sample }) => sample !== null)?.sample ?? '/',
    reaches: (path) => isMissing || tests.length === 0 || tests.some((test) => test.reaches(path) !== false),
    runs(request) {
      if (isMissing) return true;
      if (tests.length === 0) return undefined;
      const results = tests.map((test) => test.runs(request));
      if (results.includes(true)) return true;
      return results.includes(undefined) ? undefined : false;
    },
  };
}

function not(value: boolean | undefined): boolean | undefined {
  return value === undefined ? undefined : !value;
}

/** How the middleware ends for a request; undefined when it is not known what it does. */
export function runMiddleware(
  reader: Reader,
  { fn, runs }: Middleware,
  request: Request,
): readonly WebEnd[] | undefined {
  const meant = runs(request);
  if (meant === false) return [];
  if (meant === undefined || fn === null) return undefined;
  return runWeb(reader, fn, request);
}
