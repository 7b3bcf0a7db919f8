import type { Exchange } from '../../../../cors/browser';
import { simpleCall } from '../../../../cors/browser';
import type { Place } from '../../../../cors/place';
import type { Edit } from '../../../../cors/repair';
import { platformRule } from '../../../../lint/defineRule';
import type { PlatformSubject, Related, Severity } from '../../../../lint/types';
import type { ExpressAnalysis } from '../../analysis';
import type { App } from '../../app/apps';
import type { Handler } from '../../app/handlerKind';
import { matchPath, type PathPattern } from '../../app/pathPattern';
import { registrationsOf } from '../../app/registered';
import type { Layer } from '../../app/registration';
import type { CorsSource } from '../../cors/corsOptions';
import type { ExpressEndpoint } from '../../endpoints/endpoints';
import { moveAhead } from '../../repair/moveAhead';
import type { SiblingApp } from '../../siblings/app';

type Kind = 'start' | 'route' | 'authentication' | 'static' | 'rate-limit' | 'body-parser' | 'redirect';

interface Data {
  readonly kind: Kind;
  /** What comes too late: `cors`. */
  readonly name: string;
  readonly what: string;
  readonly edits: readonly Edit[] | undefined;
}

export const rule = platformRule<ExpressAnalysis, Data>({
  meta: {
    id: 'express-middleware-order',
    title: '`cors()` comes after what it should cover',
    severity: 'error',
    category: 'broken',
    tags: ['middleware', 'order'],
    reference: 'https://expressjs.com/en/guide/using-middleware.html',
    replaces: ['missing-origin'],
  },
  check(subject, report) {
    const { application, module, routes } = subject.analysis;
    for (const app of application.apps.inModule(module)) {
      if (app.isOrderUnknown) continue;
      const layers = registrationsOf(application, app).flatMap((one) => ('opaque' in one ? [] : [one]));
      const cors = layers.find(isCors);
      const site = cors?.handlers.find(({ handler }) => handler.kind === 'cors');
      if (!cors || !site || cors.module.path !== module.path || cors.guard?.length !== 0) continue;
      const missed = missedBy(subject, app, layers, cors, routes);
      const [first] = missed;
      if (first === undefined) continue;
      const gravest = [...missed].sort((a, b) => RANK[a.severity] - RANK[b.severity])[0] ?? first;
      const related = missed
        .filter((one) => one !== gravest)
        .map(({ place, what }): Related => ({ place, message: `${what} comes first as well` }));
      const finding = {
        place: site.place,
        data: { kind: gravest.kind, name: 'cors', what: gravest.what, edits: moveAhead(cors, first.layer) },
        severity: gravest.severity,
        related: [{ place: gravest.place, message: `${gravest.what} comes first` }, ...related],
      };
      report({ ...finding, ...(gravest.exchange ? { exchange: gravest.exchange } : {}) });
      // One finding in the end, which takes the place of others about each of these responses.
      for (const { exchange } of missed)
        if (exchange && exchange !== gravest.exchange) report({ ...finding, exchange });
    }
    for (const { source, what, place, isSplit } of lateSetUps(subject.analysis.siblings.apps)) {
      report({
        place: source.place,
        data: { kind: 'route', name: 'cors', what, edits: undefined },
        severity: isSplit ? 'info' : 'error',
        related: [{ place, message: `${what} comes first` }],
      });
    }
    for (const { source, name, start } of subject.analysis.siblings.apps.flatMap(({ late = [] }) => late)) {
      const what = `\`${start.name}()\``;
      report({
        place: source.place,
        data: { kind: 'start', name, what, edits: undefined },
        related: [{ place: start.place, message: `${what} comes first` }],
      });
    }
  },
  message: ({ kind, name, what }) => `\`${name}()\` comes after ${what}: ${EFFECTS[kind]}. Move it up.`,
  fixes: ({ edits }) => (edits ? [{ title: 'Move `cors()` up', preferred: true, edits }] : []),
});

const EFFECTS: Readonly<Record<Kind, string>> = {
  start: 'the routes are set up by then and answer without CORS headers, and browsers keep that from the page',
  route: 'the response goes out without CORS headers, and browsers keep it from the page',
  authentication: 'preflights carry no credentials and are refused there, so browsers never send the request',
  redirect: 'preflights are redirected there, which browsers do not follow',
  static: 'the files go out without CORS headers',
  'rate-limit': 'its 429 goes out without CORS headers, and the page sees a network error',
  'body-parser': 'its 400 for a broken body goes out without CORS headers, and the page sees a network error',
};

interface LateSetUp {
  readonly source: CorsSource;
  /** The first route that goes without. */
  readonly what: string;
  readonly place: Place;
  /** Something else comes after: the early routes may be meant to do without. */
  readonly isSplit: boolean;
}

/** Koa and Hono run what is registered in its order too: a route ahead of `cors()` answers without it. */
function lateSetUps(apps: readonly SiblingApp[]): readonly LateSetUp[] {
  return apps.flatMap(({ isOrdered, partial, parts }): LateSetUp[] => {
    const index = parts.findIndex((part) => part.kind === 'cors');
    const cors = parts[index];
    if (!isOrdered || partial !== null || cors?.kind !== 'cors' || cors.guard?.length !== 0) return [];
    const early = parts
      .slice(0, index)
      .filter((part) => part.kind === 'route')
      .filter(({ methods, path }) => methods?.[0] !== 'OPTIONS' && cors.covers(path) === true);
    const [first] = early;
    if (first === undefined || early.every(({ path }) => INTERNAL.test(path))) return [];
    const what = `${first.methods?.join(', ') ?? 'ALL'} ${first.path}`;
    const isSplit = parts.slice(index + 1).some((part) => part.kind !== 'cors');
    return [{ source: cors.source, what, place: first.place, isSplit }];
  });
}

const RANK: Readonly<Record<Severity, number>> = { error: 0, warning: 1, info: 2, hint: 3 };

interface Missed {
  readonly kind: Kind;
  readonly what: string;
  readonly layer: Layer;
  readonly place: Place;
  readonly severity: Severity;
  readonly exchange?: Exchange;
}

function isCors(layer: Layer): boolean {
  return layer.method === 'use' && layer.handlers.some(({ handler }) => handler.kind === 'cors');
}

/** Routes that are often left without CORS on purpose. */
const INTERNAL = /health|ping|ready|live|status|metrics|webhook|favicon|robots/i;

/** What stands ahead of the first `cors(…)` and under its path, in order. */
function missedBy(
  subject: PlatformSubject<ExpressAnalysis>,
  app: App,
  layers: readonly Layer[],
  cors: Layer,
  routes: readonly ExpressEndpoint[],
): readonly Missed[] {
  const index = layers.indexOf(cors);
  // With routes on both sides the early ones may be meant to do without.
  const isSplit = layers
    .slice(index + 1)
    .filter((layer) => layer.method !== 'options')
    .some(
      (layer) =>
        layer.method !== 'use' ||
        layer.handlers.some(
          ({ handler }) => handler.kind === 'router' || (handler.kind === 'unknown' && layer.pathPlace !== null),
        ),
    );
  return layers.slice(0, index).flatMap((layer): Missed[] => {
    if (layer.module.path !== cors.module.path || !isUnder(layer.path, cors.path)) return [];
    const place = layer.pathPlace ?? layer.namePlace;
    const endpoints = routes.filter((route) => route.app.key === app.key && route.through[0] === layer);
    const bare = endpoints
      .map((endpoint) => ({ endpoint, exchange: bareExchange(subject, endpoint) }))
      .find(({ exchange }) => exchange !== undefined);
    const isMounted = layer.handlers.some(({ handler }) => handler.kind === 'router');
    if (bare?.exchange && (layer.method !== 'use' || isMounted)) {
      if (layer.method === 'options' || endpoints.every(({ path }) => INTERNAL.test(path))) return [];
      const severity = isSplit ? 'info' : 'error';
      return [{ kind: 'route', what: bare.endpoint.label, layer, place, severity, exchange: bare.exchange }];
    }
    return layer.method === 'use'
      ? layer.handlers.flatMap(({ handler, place: site }) =>
          gateOf(subject, handler, layer, site, routes).map((missed) =>
            missed.kind === 'static' && bare?.exchange ? { ...missed, exchange: bare.exchange } : missed,
          ),
        )
      : [];
  });
}

function isUnder(path: PathPattern, cover: PathPattern): boolean {
  const sample = path.kind === 'text' ? path.text : '/';
  return Boolean(matchPath(cover, sample.startsWith('/') ? sample : '/', false, null));
}

/** An ordinary response that certainly has no Allow-Origin. */
function bareExchange(
  { browserFor }: PlatformSubject<ExpressAnalysis>,
  endpoint: ExpressEndpoint,
): Exchange | undefined {
  const method = endpoint.methods?.[0] ?? 'GET';
  const exchanges = browserFor(endpoint).fetch(simpleCall(endpoint, 'https://app.example.com', { method }));
  const isBare = exchanges.every(
    ({ actual }) => actual.verdict.step === 'cors-check/no-allow-origin' && actual.response.open === undefined,
  );
  return isBare ? exchanges[0] : undefined;
}

/** A middleware that may answer by itself. */
function gateOf(
  subject: PlatformSubject<ExpressAnalysis>,
  handler: Handler,
  layer: Layer,
  place: Place,
  routes: readonly ExpressEndpoint[],
): readonly Missed[] {
  const what = `\`${layer.module.text.slice(place.start, place.end).replace(/\(.*/s, '()')}\``;
  if (handler.kind === 'harmless') {
    // An app's own pages load its files without asking: what other origins read of them is not known.
    if (handler.role === 'static') return [{ kind: 'static', what, layer, place, severity: 'info' }];
    if (handler.role === 'rate-limit') return [{ kind: 'rate-limit', what, layer, place, severity: 'warning' }];
    return handler.role === 'body-parser' ? [{ kind: 'body-parser', what, layer, place, severity: 'info' }] : [];
  }
  if (handler.kind === 'authentication') {
    if (handler.letsPreflight !== 'never') return [];
    return [{ kind: 'authentication', what: handler.name, layer, place, severity: 'error' }];
  }
  return handler.kind === 'function' ? refusal(subject, layer, place, handler, routes) : [];
}

/** A function of the file that certainly answers the preflight of some route before `cors()` can. */
function refusal(
  { browserFor }: PlatformSubject<ExpressAnalysis>,
  layer: Layer,
  place: Place,
  handler: Extract<Handler, { kind: 'function' }>,
  routes: readonly ExpressEndpoint[],
): readonly Missed[] {
  const { fn } = handler;
  for (const endpoint of routes) {
    const responses = browserFor(endpoint).send({
      method: 'OPTIONS',
      scheme: 'https',
      path: endpoint.path,
      origin: 'https://app.example.com',
      headers: new Map([['access-control-request-method', endpoint.methods?.[0] ?? 'GET']]),
      ending: 'success',
    });
    const [only] = responses;
    if (!only || responses.length > 1 || only.headers.length > 0) continue;
    const { answeredBy } = only.source;
    const isHere =
      answeredBy.place.file === fn.place.file &&
      answeredBy.place.start >= fn.place.start &&
      answeredBy.place.end <= fn.place.end;
    if (!isHere) continue;
    const kind = answeredBy.kind === 'redirect' ? 'redirect' : 'authentication';
    if (kind === 'authentication' && answeredBy.kind !== 'authentication') continue;
    const text = layer.module.text.slice(place.start, place.end);
    const what = /^[\w$.]+$/.test(text)
      ? `\`${text}\``
      : kind === 'redirect'
        ? 'a redirect'
        : 'a check that refuses requests';
    return [{ kind, what, layer, place: layer.namePlace, severity: 'error' }];
  }
  return [];
}
