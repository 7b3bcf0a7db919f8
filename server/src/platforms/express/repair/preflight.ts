import type { TSESTree } from '@typescript-eslint/types';
import type { Endpoint } from '../../../cors/endpoint';
import type { Response } from '../../../cors/http';
import type { Place } from '../../../cors/place';
import type { Edit, Repair } from '../../../cors/repair';
import { isFunction, type SourceModule } from '../../../javascript';
import type { ExpressAnalysis } from '../analysis';
import type { Layer } from '../app/registration';
import type { ExpressEndpoint } from '../endpoints/endpoints';
import { headerCallAt, requestName, setHeaderNear } from './handMade';
import { aheadOf, isAround, isCorsFor, layerAround, levelsOf, pathText, receiverOf, routeOf } from './layers';
import { isDeclaredBefore, moveAhead } from './moveAhead';
import { insert, stringIn, textOf } from './nodes';
import { indentationAt, quoted, styleOf } from './style';

type AnswerPreflight = Extract<Repair, { kind: 'answer-preflight' }>;

/**
 * `answer-preflight`: what sets the headers moves ahead of what ends OPTIONS; or `app.options(path, cors(…))` beside a
 * route with its own `cors(…)`, an OPTIONS route with the headers that a handler sets by hand, or the missing headers in
 * the middleware that sets the others.
 */
export function answerPreflight(analysis: ExpressAnalysis, repair: AnswerPreflight): readonly Edit[] | undefined {
  const route = routeOf(analysis, repair.endpoint);
  const layer = route?.through.at(-1);
  if (route === undefined || layer === undefined) return undefined;
  const setting = allowOriginOf(repair.endpoint);
  const moved = setting && aheadOfAnswer(analysis, route, layer, setting);
  if (moved) return moved;
  const ownCors = layer.handlers.find(({ handler }) => handler.kind === 'cors');
  if (ownCors && layer.method !== 'use' && layer.method !== 'all') return optionsRoute(layer, ownCors.node);
  if (setting === undefined) return undefined;
  const module = analysis.reader.module(setting.file);
  if (module === null) return undefined;
  const inRoute = layer.handlers.some(
    ({ handler }) => isAround(handler.value.node, setting) && handler.value.module.path === setting.file,
  );
  if (inRoute && layer.method !== 'use') return optionsRouteByHand(module, layer, setting, repair);
  return inMiddleware(module, setting, repair);
}

/**
 * Where OPTIONS ends ahead of what gives the request its headers: that moves up as a whole, or the route's own `cors(…)`
 * answers OPTIONS there as well.
 * @param setting where the request's own response gets Allow-Origin
 */
function aheadOfAnswer(
  analysis: ExpressAnalysis,
  route: ExpressEndpoint,
  layer: Layer,
  setting: Place,
): readonly Edit[] | undefined {
  const answeredBy = preflightOf(route)[0]?.answeredBy;
  if (answeredBy === undefined) return undefined;
  for (const { layers } of levelsOf(analysis, route)) {
    const answering = layerAround(layers, answeredBy.place);
    if (answering === undefined) continue;
    const isByHand = answering.handlers.every(({ handler }) => handler.kind === 'function');
    if (!isByHand || route.through.includes(answering)) return undefined;
    const behind = layers.slice(layers.indexOf(answering) + 1);
    const cors = behind.find((one) => isCorsFor(one, answering, analysis.application.version));
    const byHand = layerAround(behind, setting);
    const later = cors ?? (byHand?.method === 'use' && byHand.handlers.length === 1 ? byHand : undefined);
    if (later !== undefined) return moveAhead(later, answering);
    return behind.includes(layer) ? optionsAhead(layer, answering) : undefined;
  }
  return undefined;
}

/** `app.options(path, cors(…))` with the route's own `cors(…)` ahead of another layer. */
function optionsAhead(layer: Layer, answering: Layer): readonly Edit[] | undefined {
  const cors = layer.handlers.find(({ handler }) => handler.kind === 'cors')?.node;
  const receiver = receiverOf(answering);
  const path = pathText(layer);
  const { module } = answering;
  if (cors === undefined || receiver === null || path === null || layer.module !== module) return undefined;
  if (!isDeclaredBefore(module, cors, answering.call.range[0])) return undefined;
  return aheadOf(answering, [`${receiver}.options(${path}, ${textOf(module, cors)})${styleOf(module).semicolon}`]);
}

/** Where the endpoint's ordinary response sets Allow-Origin. */
function allowOriginOf(endpoint: Endpoint): Place | undefined {
  const responses = endpoint.respond({
    method: endpoint.methods?.[0] ?? 'GET',
    scheme: 'https',
    path: endpoint.path,
    origin: 'https://app.example.com',
    headers: new Map(),
    ending: 'success',
  });
  const headers = responses.flatMap((response) => response.headers);
  return headers.find(({ name }) => name.toLowerCase() === 'access-control-allow-origin')?.place;
}

/** `app.options(path, cors(…))` ahead of the route, or `.options(cors(…))` ahead of it in its `route(path)` chain. */
function optionsRoute(layer: Layer, cors: TSESTree.Node): readonly Edit[] | undefined {
  const inChain = optionsInChain(layer, cors);
  if (inChain !== undefined) return inChain;
  const receiver = receiverOf(layer);
  const path = pathText(layer);
  if (receiver === null || path === null) return undefined;
  const { semicolon } = styleOf(layer.module);
  return aheadOf(layer, [`${receiver}.options(${path}, ${textOf(layer.module, cors)})${semicolon}`]);
}

function optionsInChain(
  { module, call, handlers, pathPlace }: Layer,
  cors: TSESTree.Node,
): readonly Edit[] | undefined {
  const { callee } = call;
  const isOwn = handlers.every(({ node }) => call.range[0] <= node.range[0] && node.range[1] <= call.range[1]);
  // A route's path stands in `route(path)`, not among its own arguments.
  const isChain = pathPlace !== null && !call.arguments.some(({ range }) => range[0] === pathPlace.start);
  if (callee.type !== 'MemberExpression' || !isOwn || !isChain) return undefined;
  // The dot, and what stands ahead of it on its line.
  const between = module.text
    .slice(callee.object.range[1], callee.property.range[0])
    .replace(/\/\*(?:[^*]|\*(?!\/))*\*\//g, '')
    .trimEnd();
  if (between.trimStart() !== '.') return undefined;
  return [insert(module, callee.object.range[1], `${between}options(${textOf(module, cors)})`)];
}

/** The lines that a preflight's answer needs besides Allow-Origin and Allow-Credentials. */
function missingHeaders(repair: AnswerPreflight): [string, string][] {
  const lines: [string, string][] = [];
  if (repair.methods.length > 0) lines.push(['Access-Control-Allow-Methods', repair.methods.join(', ')]);
  if (repair.headers.length > 0) lines.push(['Access-Control-Allow-Headers', repair.headers.join(', ')]);
  return lines;
}

function optionsRouteByHand(
  module: SourceModule,
  layer: Layer,
  setting: Place,
  repair: AnswerPreflight,
): readonly Edit[] | undefined {
  const receiver = receiverOf(layer);
  const path = pathText(layer);
  const found = headerCallAt(module, setting);
  if (receiver === null || path === null || found === null) return undefined;
  const request = requestName(found.call) ?? 'req';
  const response = found.receiver;
  // The value goes along only if it means the same outside the handler.
  if (stringIn(found.value) === null && textOf(module, found.value) !== `${request}.headers.origin`) return undefined;
  const style = styleOf(module);
  const set = (name: string, value: string) =>
    `${style.indent}${response}.${found.method}(${quoted(name, style.quote)}, ${value})${style.semicolon}`;
  return aheadOf(layer, [
    `${receiver}.options(${path}, (${request}, ${response}) => {`,
    set('Access-Control-Allow-Origin', textOf(module, found.value)),
    ...missingHeaders(repair).map(([name, value]) => set(name, quoted(value, style.quote))),
    `${style.indent}${response}.sendStatus(204)${style.semicolon}`,
    `})${style.semicolon}`,
  ]);
}

/** A middleware that sets Allow-Origin for everything sets the rest too, and ends preflights that no route takes. */
function inMiddleware(module: SourceModule, setting: Place, repair: AnswerPreflight): readonly Edit[] | undefined {
  const present = presentHeaders(repair.endpoint);
  const missing = missingHeaders(repair).filter(([name]) => !present.has(name.toLowerCase()));
  const set = missing.length === 0 ? [] : setHeaderNear(module, setting, missing);
  if (set === undefined) return undefined;
  const ended = isAnswered(repair.endpoint) ? [] : endPreflights(module, setting);
  return ended === undefined ? undefined : [...set, ...ended];
}

function preflightOf(endpoint: Endpoint): readonly Response[] {
  return endpoint.respond({
    method: 'OPTIONS',
    scheme: 'https',
    path: endpoint.path,
    origin: 'https://app.example.com',
    headers: new Map([['access-control-request-method', endpoint.methods?.[0] ?? 'PUT']]),
    ending: 'success',
  });
}

function presentHeaders(endpoint: Endpoint): ReadonlySet<string> {
  return new Set(preflightOf(endpoint).flatMap((response) => response.headers.map(({ name }) => name.toLowerCase())));
}

function isAnswered(endpoint: Endpoint): boolean {
  return preflightOf(endpoint).every(({ status }) => status !== undefined && status >= 200 && status < 300);
}

/** `if (req.method === 'OPTIONS') return res.sendStatus(204);` before the middleware's last `next()`. */
function endPreflights(module: SourceModule, setting: Place): readonly Edit[] | undefined {
  const found = headerCallAt(module, setting);
  const request = found && requestName(found.call);
  if (!found || request === null) return undefined;
  for (let up: TSESTree.Node | undefined = found.call; up; up = up.parent) {
    if (!isFunction(up) || up.body?.type !== 'BlockStatement') continue;
    const last = up.body.body.at(-1);
    if (last === undefined || !/^\s*(?:return\s+)?next\(\)/.test(textOf(module, last))) return undefined;
    const style = styleOf(module);
    const indent = indentationAt(module.text, last.range[0]);
    const line = `if (${request}.method === ${quoted('OPTIONS', style.quote)}) return ${found.receiver}.sendStatus(204)${style.semicolon}`;
    return [insert(module, last.range[0], `${line}${style.newline}${indent}`)];
  }
  return undefined;
}
