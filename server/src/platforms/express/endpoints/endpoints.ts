import type { Endpoint } from '../../../cors/endpoint';
import type { Place } from '../../../cors/place';
import type { OriginPolicy } from '../../../cors/policy';
import { type FunctionValue, placeOf, type SourceModule } from '../../../javascript';
import type { App } from '../app/apps';
import { handsToGateway } from '../app/gateway';
import type { Handler } from '../app/handlerKind';
import { matchPath, type PathPattern, samplePath } from '../app/pathPattern';
import { registrationsOf } from '../app/registered';
import type { Layer, Registration } from '../app/registration';
import { sourceOf } from '../cors/corsOptions';
import { policiesOf } from '../cors/corsPolicies';
import { handPolicies } from '../cors/manualPolicy';
import { respond } from './respond';
import type { Application, Target } from './run';

/** More endpoints than this from other files are left to those files' own analyses. */
const MOST_FOREIGN = 80;

/** A place that answers, and how a request gets there. */
interface Way {
  readonly root: App;
  /** The registrations from the root to the answer, the answer's own last. */
  readonly through: readonly Layer[];
}

/** An endpoint with what the platform itself knows of it. */
export interface ExpressEndpoint extends Endpoint {
  readonly app: App;
  readonly through: readonly Layer[];
}

/**
 * The endpoints of a file: every route of the apps that it makes, through routers of other files too; every mount that
 * is not read; static folders; routers and apps that the file only adds to, seen in part; and an app without any of
 * those as a whole.
 */
export function endpointsOf(application: Application, module: SourceModule): readonly ExpressEndpoint[] {
  const apps = application.apps.inModule(module);
  const roots = rootsOf(apps);
  const policies = createPolicies(application);
  const endpoints: ExpressEndpoint[] = [];
  let foreign = 0;
  for (const root of roots) {
    const ways = waysOf(application, root, root, [], 0);
    for (const way of ways) {
      const last = way.through.at(-1);
      if (last !== undefined && last.module.path !== module.path && ++foreign > MOST_FOREIGN) continue;
      endpoints.push(endpointOf(application, way, policies));
    }
    if (ways.length === 0) endpoints.push(endpointOf(application, { root, through: [] }, policies));
  }
  return endpoints;
}

/** Apps, and whatever else of the file that none of its apps mounts. */
function rootsOf(apps: readonly App[]): readonly App[] {
  const mounted = new Set<string>();
  for (const app of apps) {
    for (const registration of app.registrations) {
      if (registration.kind === 'splice') {
        if (registration.key !== null) mounted.add(registration.key);
        continue;
      }
      for (const { handler } of registration.handlers) if (handler.kind === 'router') mounted.add(handler.key);
    }
  }
  const roots = apps.filter((app) => !mounted.has(app.key));
  // Apps that mount each other have no root: then each is one.
  return roots.length === 0 ? apps : roots;
}

function waysOf(
  application: Application,
  root: App,
  app: App,
  through: readonly Layer[],
  depth: number,
): readonly Way[] {
  if (depth > 6) return [];
  return registrationsOf(application, app).flatMap((registration): readonly Way[] => {
    if ('opaque' in registration) return [];
    const here = [...through, registration];
    const way = (): Way => ({ root, through: here });
    if (registration.method !== 'use') return registration.method === 'options' ? [] : [way()];
    return registration.handlers.flatMap(({ handler }, i) => {
      if (handler.kind === 'router') {
        const router = application.apps.byKey(handler.key);
        return router === null ? [] : waysOf(application, root, router, here, depth + 1);
      }
      return isMount(registration, handler, i) ? [way()] : [];
    });
  });
}

/** Whether what `use` is given answers requests: static files, a proxy, something unread under a path of its own. */
function isMount(layer: Layer, handler: Handler, index: number): boolean {
  if (handler.kind === 'proxy' || (handler.kind === 'harmless' && handler.role === 'static')) return true;
  const isLast = index === layer.handlers.length - 1;
  return isLast && handler.kind === 'unknown' && layer.pathPlace !== null;
}

function endpointOf(application: Application, way: Way, policies: Policies): ExpressEndpoint {
  const { through, root } = way;
  const last = through.at(-1);
  const path = through.length === 0 ? '/' : sampleOf(application, through);
  const registrations: ReadonlySet<Registration> = new Set(through);
  const target: Target = { through: registrations, path };
  const method = last && last.method !== 'use' && last.method !== 'all' ? last.method.toUpperCase() : undefined;
  const partial = partialReason(application, root, last === undefined);
  let found: readonly OriginPolicy[] | null = null;
  return {
    platform: 'express',
    label: labelOf(last, through),
    place: last ? (last.pathPlace ?? last.namePlace) : root.place,
    path,
    methods: method !== undefined ? [method] : isStatic(last) ? ['GET'] : undefined,
    requestHeaders: requestHeaders(application, root, { method, path, last }),
    ...(partial === null ? {} : { partial }),
    ...(isStatic(last) ? { servesFiles: true } : {}),
    app: root,
    through,
    get policies() {
      found ??= policies.of(root, path, registrations);
      return found;
    },
    isOwn: (place) => isOwn(last, place),
    matches: (asked, by) => meets(application, through, asked, by, method),
    respond: (request) => respond(application, root, target, request),
  };
}

/** Whether a place is in the registration itself, or in a function that it is given. */
function isOwn(layer: Layer | undefined, place: Place): boolean {
  if (layer === undefined) return true;
  const pieces = [placeOf(layer.module, layer.call), ...layer.handlers.map(({ handler }) => handler.value.place)];
  return pieces.some(({ file, start, end }) => file === place.file && start <= place.start && place.end <= end);
}

function isStatic(layer: Layer | undefined): boolean {
  return (
    layer?.method === 'use' &&
    layer.handlers.some(({ handler }) => handler.kind === 'harmless' && handler.role === 'static')
  );
}

/** What hands an app to other files. */
const EXPORTS = /\bexports?\b/;

/** Whether a gateway's requests are handed to a file's app: there, or where it is exported to and nothing listens. */
function isBehindGateway(application: Application, text: string): boolean {
  return handsToGateway(text) || (EXPORTS.test(text) && !/\blisten\b/.test(text) && application.isForGateway);
}

/** @param isBare whether the endpoint is the app itself, of which this file has no route */
function partialReason(application: Application, root: App, isBare: boolean): string | null {
  const { reader } = application;
  switch (root.kind) {
    case 'app':
      if (isBare && EXPORTS.test(reader.module(root.place.file)?.text ?? ''))
        return 'other files may register routes and middleware with the app';
      if (root.key.includes('#t') && root.isOrderUnknown) return 'the app is put together in several functions';
      return isBehindGateway(application, reader.module(root.place.file)?.text ?? '')
        ? 'the gateway ahead of the app may answer preflights and add headers of its own'
        : null;
    case 'router':
      return 'the app that mounts this router is not in this file';
    case 'parameter':
      return 'the app comes from another file';
    case 'foreign':
      return 'the app is made in another file';
  }
}

function labelOf(last: Layer | undefined, through: readonly Layer[]): string {
  if (last === undefined) return 'the app';
  const path =
    through
      .map((layer) => textOf(layer.path))
      .filter((text) => text !== '/')
      .join('') || '/';
  if (last.method === 'use') return `mount ${path}`;
  return `${last.method === 'all' ? 'ALL' : last.method.toUpperCase()} ${path}`;
}

function textOf(path: PathPattern): string {
  switch (path.kind) {
    case 'text':
      return path.text.replace(/\/$/, '') || '/';
    case 'regexp':
      return `/${path.source}/`;
    case 'any-of':
      return path.of[0] ? textOf(path.of[0]) : '/';
    case 'unknown':
      return '…';
  }
}

function sampleOf({ version }: Application, through: readonly Layer[]): string {
  const parts = through.map((layer) => samplePath(layer.path, version) ?? '/');
  return `/${parts.join('/')}`.replace(/\/{2,}/g, '/').replace(/(.)\/$/, '$1');
}

/** Whether a request gets to the endpoint by its path and method; a preflight for it does too. */
function meets(
  { version }: Application,
  through: readonly Layer[],
  path: string,
  by: string,
  method: string | undefined,
): boolean | undefined {
  let rest = path;
  let unsure = false;
  for (const [i, layer] of through.entries()) {
    const match = matchPath(layer.path, rest, i === through.length - 1 && layer.method !== 'use', version);
    if (match === null) return false;
    if (match === undefined) unsure = true;
    else rest = match.rest;
  }
  if (method !== undefined && by !== method && by !== 'OPTIONS' && !(method === 'GET' && by === 'HEAD')) return false;
  return unsure ? undefined : true;
}

/** What a client must send: credentials for what stands in front, a JSON body's type. */
function requestHeaders(
  application: Application,
  root: App,
  {
    method,
    path,
    last,
  }: { readonly method: string | undefined; readonly path: string; readonly last: Layer | undefined },
): readonly string[] {
  const headers: string[] = [];
  const before = registrationsOf(application, root).flatMap((one) => ('opaque' in one ? [] : [one]));
  const covering = before.filter(
    (layer) => layer.method === 'use' && matchPath(layer.path, path, false, application.version),
  );
  const handlers = covering.flatMap((layer) => layer.handlers.map((one) => one.handler));
  if (handlers.some((handler) => handler.kind === 'authentication')) headers.push('Authorization');
  // A parser on the route itself is the plainest sign.
  const own = last?.handlers.map((one) => one.handler) ?? [];
  const readsJson = [...handlers, ...own].some(
    (handler) => handler.kind === 'harmless' && handler.role === 'body-parser' && isJson(handler),
  );
  if (readsJson && (method === 'POST' || method === 'PUT' || method === 'PATCH')) headers.push('Content-Type');
  return headers;
}

function isJson({ value }: Extract<Handler, { kind: 'harmless' }>): boolean {
  return /\bjson\b/.test(value.module.text.slice(...value.node.range));
}

interface Policies {
  of(root: App, path: string, through: ReadonlySet<Registration>): readonly OriginPolicy[];
}

/** Policies are worked out once for each `cors(…)` and each function, and picked by path. */
function createPolicies(application: Application): Policies {
  const { reader } = application;
  const byPlace = new Map<string, readonly OriginPolicy[]>();
  const ofHandler = (handler: Handler): readonly OriginPolicy[] => {
    if (handler.kind === 'choice') return handler.branches.flatMap((branch) => ofHandler(branch.handler));
    if (handler.kind !== 'cors' && handler.kind !== 'function') return [];
    const { place } = handler.value;
    const key = `${place.file}:${place.start}`;
    const known = byPlace.get(key);
    if (known) return known;
    const found = handler.kind === 'cors' ? policiesOf(reader, sourceOf(handler.call)) : ofFunction(handler.fn);
    byPlace.set(key, found);
    return found;
  };
  const ofFunction = (fn: FunctionValue) => (mentionsAllowOrigin(fn) ? handPolicies(reader, fn) : []);
  const along = (app: App, path: string, through: ReadonlySet<Registration>, depth: number): readonly OriginPolicy[] =>
    registrationsOf(application, app).flatMap((layer): readonly OriginPolicy[] => {
      if ('opaque' in layer) return [];
      // Another method's route on the same path is another endpoint, but its preflight is this one's too.
      if (layer.method !== 'use' && layer.method !== 'options' && layer.method !== 'all' && !through.has(layer))
        return [];
      const match =
        matchPath(layer.path, path, layer.method !== 'use', application.version) ??
        (through.has(layer) ? { rest: '/' } : null);
      if (!match) return [];
      return layer.handlers.flatMap(({ handler }) => {
        if (handler.kind !== 'router') return ofHandler(handler);
        const router = application.apps.byKey(handler.key);
        return router === null || depth > 6 ? [] : along(router, match.rest, through, depth + 1);
      });
    });
  return { of: (root, path, through) => along(root, path, through, 0) };
}

/** A function that names no CORS header, and calls nothing that may, makes no origin check. */
function mentionsAllowOrigin(fn: FunctionValue): boolean {
  const text = fn.module.text.slice(...fn.function.range);
  return /allow-origin|cors/i.test(text) || /allow-origin/i.test(fn.module.text);
}
