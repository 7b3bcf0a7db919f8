import type { TSESTree } from '@typescript-eslint/types';
import type { Endpoint } from '../../../cors/endpoint';
import type { Place } from '../../../cors/place';
import type { Edit, Repair } from '../../../cors/repair';
import { isFunction, type SourceModule } from '../../../javascript';
import type { ExpressAnalysis } from '../analysis';
import { matchPath } from '../app/pathPattern';
import { registrationsOf } from '../app/registered';
import type { Layer } from '../app/registration';
import type { ExpressEndpoint } from '../endpoints/endpoints';
import { headerCallAt, requestName, setHeaderNear } from './handMade';
import { insert, replace, statementOf, textOf, wholeLines } from './nodes';
import { indentationAt, quoted, styleOf } from './style';

type AnswerPreflight = Extract<Repair, { kind: 'answer-preflight' }>;

/** The endpoint as this platform made it; undefined for one that stands for itself. */
export function routeOf(analysis: ExpressAnalysis, endpoint: Endpoint): ExpressEndpoint | undefined {
  return analysis.routes.find((route) => route === endpoint);
}

/**
 * `answer-preflight`: `app.options(path, cors(…))` beside a route with its own `cors(…)`, an OPTIONS route with the
 * headers that a handler sets by hand, or the missing headers in the middleware that sets the others.
 */
export function answerPreflight(analysis: ExpressAnalysis, repair: AnswerPreflight): readonly Edit[] | undefined {
  const route = routeOf(analysis, repair.endpoint);
  const layer = route?.through.at(-1);
  if (route === undefined || layer === undefined) return undefined;
  const ownCors = layer.handlers.find(({ handler }) => handler.kind === 'cors');
  if (ownCors && layer.method !== 'use' && layer.method !== 'all') return optionsRoute(layer, ownCors.node);
  const setting = allowOriginOf(repair.endpoint);
  if (setting === undefined) return undefined;
  const module = analysis.reader.module(setting.file);
  if (module === null) return undefined;
  const inRoute = layer.handlers.some(
    ({ handler }) => isAround(handler.value.node, setting) && handler.value.module.path === setting.file,
  );
  if (inRoute && layer.method !== 'use') return optionsRouteByHand(module, layer, setting, repair);
  return inMiddleware(analysis, module, setting, repair);
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

function isAround(node: TSESTree.Node, place: Place): boolean {
  return node.range[0] <= place.start && place.end <= node.range[1];
}

/** The app's or router's name in a registration: `app` in `app.put(…)`. Declines chains. */
function receiverOf(layer: Layer): string | null {
  const { callee } = layer.call;
  if (callee.type !== 'MemberExpression') return null;
  const text = textOf(layer.module, callee.object);
  return /^[\w$]+(?:\.[\w$]+)*$/.test(text) ? text : null;
}

function pathText(layer: Layer): string | null {
  return layer.pathPlace && layer.module.text.slice(layer.pathPlace.start, layer.pathPlace.end);
}

/** A line ahead of the route's statement. */
function aheadOf(layer: Layer, lines: readonly string[]): readonly Edit[] | undefined {
  const statement = statementOf(layer.call);
  if (statement === null) return undefined;
  const { newline } = styleOf(layer.module);
  const indent = indentationAt(layer.module.text, statement.range[0]);
  return [insert(layer.module, statement.range[0], lines.map((line) => `${line}${newline}${indent}`).join(''))];
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
  const between = module.text.slice(callee.object.range[1], callee.property.range[0]);
  if (!/^\s*\.\s*$/.test(between)) return undefined;
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
  if (found.value.type !== 'Literal' && textOf(module, found.value) !== `${request}.headers.origin`) return undefined;
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
function inMiddleware(
  analysis: ExpressAnalysis,
  module: SourceModule,
  setting: Place,
  repair: AnswerPreflight,
): readonly Edit[] | undefined {
  const present = presentHeaders(repair.endpoint);
  const missing = missingHeaders(repair).filter(([name]) => !present.has(name.toLowerCase()));
  const set = missing.length === 0 ? [] : setHeaderNear(module, setting, missing);
  if (set === undefined) return undefined;
  const ended = isAnswered(repair.endpoint) ? [] : endPreflights(analysis, module, setting);
  return ended === undefined ? undefined : [...set, ...ended];
}

function preflightOf(endpoint: Endpoint) {
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
function endPreflights(analysis: ExpressAnalysis, module: SourceModule, setting: Place): readonly Edit[] | undefined {
  const found = headerCallAt(module, setting);
  const request = found && requestName(found.call);
  if (!found || request === null) return undefined;
  void analysis;
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

/**
 * `exempt-preflight`: the `cors(…)` that comes later moves ahead of the gate, or the gate lets OPTIONS pass.
 * @param place the gate: what is given to `use`, or where its function refuses
 */
export function exemptPreflight(
  analysis: ExpressAnalysis,
  endpoint: Endpoint,
  place: Place,
): readonly Edit[] | undefined {
  const route = routeOf(analysis, endpoint);
  if (route === undefined) return undefined;
  const layers = registrationsOf(analysis.application, route.app).flatMap((one) => ('opaque' in one ? [] : [one]));
  const gate = layers.find(
    (layer) =>
      layer.module.path === place.file &&
      (isAround(layer.call, place) ||
        layer.handlers.some(
          ({ handler }) => isAround(handler.value.node, place) && handler.value.module.path === place.file,
        )),
  );
  if (gate === undefined) return undefined;
  const later = layers.slice(layers.indexOf(gate) + 1).find((layer) => coversEverything(layer, gate));
  if (later) return moveAhead(later, gate);
  return letOptionsPass(analysis, gate, place);
}

/** A `cors(…)` for at least the paths of the gate, alone in its `use`. */
function coversEverything(layer: Layer, gate: Layer): boolean {
  if (layer.method !== 'use' || layer.handlers.length !== 1 || layer.guard?.length !== 0) return false;
  if (layer.handlers[0]?.handler.kind !== 'cors') return false;
  const gatePath = gate.path.kind === 'text' ? gate.path.text : null;
  return gatePath !== null && Boolean(matchPath(layer.path, gatePath, false, null));
}

/** Moves one layer's statement in front of another's, where both are statements of one block. */
export function moveAhead(layer: Layer, target: Layer): readonly Edit[] | undefined {
  const { module } = layer;
  if (target.module.path !== module.path) return undefined;
  const statement = statementOf(layer.call);
  const before = statementOf(target.call);
  if (!statement || !before || statement.parent !== before.parent || statement.range[0] < before.range[0])
    return undefined;
  const lines = wholeLines(module, statement);
  const targetLines = wholeLines(module, before);
  if (lines === null || targetLines === null || !isDeclaredBefore(module, layer, before.range[0])) return undefined;
  const text = lines.text.endsWith('\n') ? lines.text : `${lines.text}${styleOf(module).newline}`;
  return [insert(module, targetLines.start, text), { file: module.path, start: lines.start, end: lines.end, text: '' }];
}

/** Whether every name that a layer's arguments use is there at an offset: nothing it needs is declared later. */
function isDeclaredBefore(module: SourceModule, layer: Layer, offset: number): boolean {
  const [start, end] = layer.call.range;
  return module.index.of('Identifier').every((name) => {
    if (name.range[0] < start || name.range[1] > end) return true;
    const definition = module.scopes.variable(name)?.defs[0];
    if (definition === undefined) return true;
    const declaredAt = definition.name.range[0];
    return (
      declaredAt < offset ||
      (declaredAt >= start && declaredAt < end) ||
      String(definition.type) === 'FunctionName' ||
      String(definition.type) === 'ImportBinding'
    );
  });
}

/** `if (req.method === 'OPTIONS') return next();` at the top of the gate's function, or a function around it. */
function letOptionsPass(analysis: ExpressAnalysis, gate: Layer, place: Place): readonly Edit[] | undefined {
  const given = gate.handlers.find(
    ({ handler, place: site }) =>
      isAround(handler.value.node, place) || (site.start <= place.start && place.end <= site.end),
  );
  if (given === undefined) return undefined;
  const { handler, node } = given;
  if (handler.kind === 'function') {
    const module = analysis.reader.module(handler.fn.module.path);
    const { params, body } = handler.fn.function;
    const [request, , next] = params;
    if (
      module === null ||
      request?.type !== 'Identifier' ||
      next?.type !== 'Identifier' ||
      body?.type !== 'BlockStatement'
    )
      return undefined;
    const first = body.body[0];
    if (first === undefined) return undefined;
    // A way out at the top would leave out the headers that the function itself is there to send.
    if (setsAllowOrigin(module, body)) return acceptStatus(module, body, place);
    const style = styleOf(module);
    const line = `if (${request.name}.method === ${quoted('OPTIONS', style.quote)}) return ${next.name}()${style.semicolon}`;
    return [insert(module, first.range[0], `${line}${style.newline}${indentationAt(module.text, first.range[0])}`)];
  }
  if (handler.kind !== 'authentication' || gate.method !== 'use') return undefined;
  const { quote } = styleOf(gate.module);
  const target = textOf(gate.module, node);
  return [
    replace(
      gate.module,
      node,
      `(req, res, next) => (req.method === ${quoted('OPTIONS', quote)} ? next() : ${target}(req, res, next))`,
    ),
  ];
}

/** Whether Allow-Origin is named in a function's body. */
function setsAllowOrigin(module: SourceModule, body: TSESTree.BlockStatement): boolean {
  return /access-control-allow-origin/i.test(textOf(module, body));
}

/** 204 for the status in a branch for OPTIONS alone that ends there without a body: `res.status(405).end()`. */
function acceptStatus(module: SourceModule, body: TSESTree.BlockStatement, place: Place): readonly Edit[] | undefined {
  const statement = body.body.find((one) => one.range[0] <= place.start && place.end <= one.range[1]);
  if (statement?.type !== 'IfStatement' || !isAround(statement.consequent, place)) return undefined;
  if (!IS_OPTIONS.test(textOf(module, statement.test))) return undefined;
  const [status, ...others] = module.index
    .of('Literal')
    .filter((literal) => isAround(statement.consequent, rangeOf(module, literal)) && typeof literal.value === 'number');
  if (status === undefined || others.length > 0) return undefined;
  return ENDS_EMPTY.test(textOf(module, statement.consequent).replace(/\s+/g, ' '))
    ? [replace(module, status, '204')]
    : undefined;
}

/** A test of nothing but the method, either way round. */
const IS_OPTIONS = /^(?:[\w$]+\.method\s*={2,3}\s*(['"`])OPTIONS\1|(['"`])OPTIONS\2\s*={2,3}\s*[\w$]+\.method)$/;

/** One statement, in braces or not, that sends a status and no body; any white space as one space. */
const ENDS_EMPTY =
  /^\{? ?(?:return )?[\w$]+\.(?:sendStatus\(\d+\)|status\(\d+\) ?\.(?:end|send)\(\)) ?;?(?: ?return ?;?)? ?\}?$/;

function rangeOf(module: SourceModule, { range }: TSESTree.Node): Place {
  return { file: module.path, start: range[0], end: range[1] };
}
