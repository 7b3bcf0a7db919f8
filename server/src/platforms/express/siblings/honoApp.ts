import type { Place } from '../../../cors/place';
import type { JsValue, Reader, SourceModule } from '../../../javascript';
import { isExport, type MethodCall, receiverKey, receiversIn, unchained } from './receivers';
import { joinPaths } from './routes';

const HONO = /^(?:npm:|jsr:)?(?:@hono\/)?(?:hono(?:@[^/]+)?|zod-openapi)(?:\/(?:quick|tiny))?$/;

/** An app of Hono with all that is registered on it, also by what `basePath` gives. */
export interface HonoApp {
  readonly key: string;
  readonly value: JsValue;
  readonly place: Place;
  readonly module: SourceModule;
  /** In the order of the source. */
  readonly calls: readonly HonoCall[];
}

export interface HonoCall {
  readonly call: MethodCall;
  /** What `basePath` puts before its path: '' for nothing; null when it is not known. */
  readonly base: string | null;
}

/** The apps that something is registered on in a file, made there or not. */
export function honoAppsIn(reader: Reader, module: SourceModule): readonly HonoApp[] {
  const byKey = new Map<string, { value: JsValue; place: Place; calls: HonoCall[] }>();
  for (const { key: own, value, place, calls } of receiversIn(reader, module)) {
    const root = rootOf(value);
    const key = root.value === value ? own : receiverKey(root.value, module, root.value.node);
    const made = calls.map((call): HonoCall => ({ call, base: root.base }));
    const known = byKey.get(key);
    if (known) known.calls.push(...made);
    else byKey.set(key, { value: root.value, place, calls: made });
  }
  return [...byKey].map(([key, { value, place, calls }]) => ({
    key,
    value,
    place,
    module,
    calls: [...calls].sort((a, b) => a.call.at - b.call.at),
  }));
}

/** The app that a value is, or was made from by `basePath`, which gives the same app under a prefix. */
export function rootOf(outer: JsValue): { readonly value: JsValue; readonly base: string | null } {
  let value = unchained(outer);
  let base: string | null = '';
  while (value.kind === 'call' && value.callee.kind === 'member' && value.callee.property === 'basePath') {
    const [path] = value.arguments;
    base = base === null || path?.kind !== 'string' ? null : joinPaths(path.value, base);
    value = unchained(value.callee.object);
  }
  return { value, base };
}

/** `new Hono()`. */
export function isMadeApp(value: JsValue): boolean {
  return value.kind === 'new' && isExport(value.callee, HONO, ['Hono', 'OpenAPIHono']);
}
