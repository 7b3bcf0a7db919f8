import type { TSESTree } from '@typescript-eslint/types';
import type { Endpoint } from '../../../cors/endpoint';
import type { Place } from '../../../cors/place';
import type { Edit } from '../../../cors/repair';
import type { ExpressAnalysis } from '../analysis';
import type { App } from '../app/apps';
import { type ExpressVersion, matchPath, type PathPattern } from '../app/pathPattern';
import { registrationsOf } from '../app/registered';
import type { Layer } from '../app/registration';
import type { ExpressEndpoint } from '../endpoints/endpoints';
import type { Application } from '../endpoints/run';
import { insert, statementOf, textOf } from './nodes';
import { indentationAt, styleOf } from './style';

/** The endpoint as this platform made it; undefined for one that stands for itself. */
export function routeOf(analysis: ExpressAnalysis, endpoint: Endpoint): ExpressEndpoint | undefined {
  return analysis.routes.find((route) => route === endpoint);
}

/** What an app or a router on the way to an endpoint has registered, in order, and the path as it sees it. */
export interface Level {
  readonly layers: readonly Layer[];
  readonly path: string;
}

/** The app's level first, then that of each router that the endpoint is reached through. */
export function levelsOf({ application }: ExpressAnalysis, route: ExpressEndpoint): readonly Level[] {
  const levels: Level[] = [];
  let app: App | undefined = route.app;
  let { path } = route;
  for (const [i, through] of route.through.entries()) {
    if (app === undefined) break;
    levels.push({ layers: layersIn(application, app), path });
    const next = route.through[i + 1];
    const rest = matchPath(through.path, path, false, application.version)?.rest;
    if (next === undefined || rest === undefined) break;
    path = rest;
    app = through.handlers
      .flatMap(({ handler }) => (handler.kind === 'router' ? (application.apps.byKey(handler.key) ?? []) : []))
      .find((router) => registrationsOf(application, router).includes(next));
  }
  return levels;
}

function layersIn(application: Application, app: App): readonly Layer[] {
  return registrationsOf(application, app).flatMap((one) => ('opaque' in one ? [] : [one]));
}

/** Whether a layer is nothing but a `cors(…)`, for whatever another layer is for. */
export function isCorsFor({ method, path, handlers, guard }: Layer, other: Layer, version: ExpressVersion): boolean {
  if (handlers.length !== 1 || handlers[0]?.handler.kind !== 'cors' || guard?.length !== 0) return false;
  if (method === 'all') return isEveryPath(path, version);
  const sample = other.path.kind === 'text' ? other.path.text : '/';
  return method === 'use' && Boolean(matchPath(path, sample, false, version));
}

/** Whether a route's path is every path, as `*` and its like are. */
export function isEveryPath(path: PathPattern, version: ExpressVersion): boolean {
  return ['/a', '/b/c', '/d/e/f'].every((sample) => matchPath(path, sample, true, version));
}

/** The layer that a place is in: in the registration itself, or in a function that is given to it. */
export function layerAround(layers: readonly Layer[], place: Place): Layer | undefined {
  return layers.find(
    (layer) =>
      (layer.module.path === place.file && isAround(layer.call, place)) ||
      layer.handlers.some(
        ({ handler }) => handler.value.module.path === place.file && isAround(handler.value.node, place),
      ),
  );
}

export function isAround(node: TSESTree.Node, place: Place): boolean {
  return node.range[0] <= place.start && place.end <= node.range[1];
}

/** The app's or router's name in a registration: `app` in `app.put(…)`. Declines chains. */
export function receiverOf(layer: Layer): string | null {
  const { callee } = layer.call;
  if (callee.type !== 'MemberExpression') return null;
  const text = textOf(layer.module, callee.object);
  return /^[\w$]+(?:\.[\w$]+)*$/.test(text) ? text : null;
}

export function pathText(layer: Layer): string | null {
  return layer.pathPlace && layer.module.text.slice(layer.pathPlace.start, layer.pathPlace.end);
}

/** Lines ahead of the statement that registers a layer. */
export function aheadOf(layer: Layer, lines: readonly string[]): readonly Edit[] | undefined {
  const statement = statementOf(layer.call);
  if (statement === null) return undefined;
  const { newline } = styleOf(layer.module);
  const indent = indentationAt(layer.module.text, statement.range[0]);
  return [insert(layer.module, statement.range[0], lines.map((line) => `${line}${newline}${indent}`).join(''))];
}
