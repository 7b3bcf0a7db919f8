import type { TSESTree } from '@typescript-eslint/types';
import type { Endpoint } from '../../../cors/endpoint';
import { ALLOW_CREDENTIALS, ALLOW_ORIGIN } from '../../../cors/names';
import type { Place } from '../../../cors/place';
import type { Edit } from '../../../cors/repair';
import { type SourceModule, unwrap } from '../../../javascript';
import type { ExpressAnalysis } from '../analysis';
import { matchPath } from '../app/pathPattern';
import type { Layer } from '../app/registration';
import type { ExpressEndpoint } from '../endpoints/endpoints';
import { headerCallAt } from './handMade';
import { aheadOf, isEveryPath, levelsOf, pathText, receiverOf, routeOf } from './layers';
import { isDeclaredBefore } from './moveAhead';
import { insert, statementOf, stringIn, textOf, wholeLines } from './nodes';
import { indentationAt, styleOf } from './style';

/**
 * `send-always`: the `cors(…)` that stands for OPTIONS alone is made to stand for the request itself, or what is set in
 * a branch for OPTIONS is set ahead of it.
 * @param place where the header of the preflight's answer is set
 */
export function sendAlways(analysis: ExpressAnalysis, endpoint: Endpoint, place: Place): readonly Edit[] | undefined {
  const route = routeOf(analysis, endpoint);
  const widened = route && widenCors(analysis, route);
  if (widened) return widened;
  const module = analysis.reader.module(place.file);
  return module === null ? undefined : aheadOfBranch(module, place);
}

/** From `app.options(path, cors(…))` to a `cors(…)` for every method. */
function widenCors(analysis: ExpressAnalysis, route: ExpressEndpoint): readonly Edit[] | undefined {
  const { version } = analysis.application;
  const levels = levelsOf(analysis, route);
  const meets = ({ method, path: own }: Layer, path: string) => matchPath(own, path, method !== 'use', version);
  for (const { layers, path } of levels) {
    const here = layers.find((layer) => route.through.includes(layer));
    const layer = layers.find((one) => one.method === 'options' && corsIn(one) && meets(one, path));
    const cors = layer && corsIn(layer);
    if (here === undefined || layer === undefined || cors === undefined) continue;
    const limits = layers.filter((one) => one.method !== 'options' && corsIn(one));
    // Who has a `cors(…)` of its own is not to be opened by another.
    if (
      limits.some(
        (one) => one === here || ((one.method === 'use' || one.method === 'all') && meets(one, path) !== null),
      ) ||
      layer.guard?.length !== 0
    )
      return undefined;
    const isWide = isEveryPath(layer.path, version);
    if ((!isWide && pathText(here) === pathText(layer)) || limits.length > 0) return withHandler(here, cors);
    if (layers.indexOf(layer) > layers.indexOf(here)) return undefined;
    return isWide ? asMiddleware(layer, cors) : asRouteForAll(layer, cors);
  }
  return undefined;
}

function corsIn({ handlers }: Layer): TSESTree.Node | undefined {
  return handlers.find(({ handler }) => handler.kind === 'cors')?.node;
}

/** `cors(…)` ahead of a route's own handlers. */
function withHandler({ module, call, handlers }: Layer, cors: TSESTree.Node): readonly Edit[] | undefined {
  const first = handlers[0]?.node;
  if (first === undefined || !call.arguments.some((argument) => argument === first)) return undefined;
  if (!isDeclaredBefore(module, cors, call.range[0])) return undefined;
  return [insert(module, first.range[0], `${textOf(module, cors)}, `)];
}

/** `app.use(cors(…))` for `app.options('*', cors(…))`, or ahead of it when more than that is done there. */
function asMiddleware(layer: Layer, cors: TSESTree.Node): readonly Edit[] | undefined {
  const { module, namePlace, call, handlers } = layer;
  const receiver = receiverOf(layer);
  if (receiver === null) return undefined;
  if (handlers.length > 1) {
    return aheadOf(layer, [`${receiver}.use(${textOf(module, cors)})${styleOf(module).semicolon}`]);
  }
  const [path, handler] = call.arguments;
  if (path === undefined || handler !== cors) return undefined;
  return [
    { ...namePlace, text: 'use' },
    { file: module.path, start: path.range[0], end: handler.range[0], text: '' },
  ];
}

/** `app.all(path, cors(…))` for `app.options(path, cors(…))`, or ahead of it when more than that is done there. */
function asRouteForAll(layer: Layer, cors: TSESTree.Node): readonly Edit[] | undefined {
  const { module, namePlace, handlers } = layer;
  if (handlers.length === 1) return [{ ...namePlace, text: 'all' }];
  const receiver = receiverOf(layer);
  const path = pathText(layer);
  if (receiver === null || path === null) return undefined;
  return aheadOf(layer, [`${receiver}.all(${path}, ${textOf(module, cors)})${styleOf(module).semicolon}`]);
}

/** The lines that let the browser read a response move ahead of the `if` that tells OPTIONS from other methods. */
function aheadOfBranch(module: SourceModule, place: Place): readonly Edit[] | undefined {
  const found = headerCallAt(module, place);
  const setting = found && statementOf(found.call);
  const block = setting?.parent;
  if (block?.type !== 'BlockStatement') return undefined;
  const branch = branchOf(module, block, setting);
  if (branch === undefined) return undefined;
  const moved = block.body.filter((one) => isPermission(module, one));
  if (!moved.every((one) => isDeclaredBefore(module, one, branch.range[0]))) return undefined;
  const { newline } = styleOf(module);
  const indent = indentationAt(module.text, branch.range[0]);
  const text = moved.map((one) => `${textOf(module, one)}${newline}${indent}`).join('');
  const removed = moved.map((one) => withoutStatement(module, one));
  return [insert(module, branch.range[0], text), ...removed];
}

/** The `if` for OPTIONS that a block is of, or the one before a statement that sends the others away. */
function branchOf(
  module: SourceModule,
  block: TSESTree.BlockStatement,
  setting: TSESTree.Node | null,
): TSESTree.IfStatement | undefined {
  const { parent } = block;
  if (parent?.type === 'IfStatement' && parent.parent?.type === 'BlockStatement' && isOnMethod(module, parent))
    return parent;
  return block.body.find(
    (one): one is TSESTree.IfStatement =>
      one.type === 'IfStatement' && one.range[0] < (setting?.range[0] ?? 0) && isOnMethod(module, one),
  );
}

function isOnMethod(module: SourceModule, { test }: TSESTree.IfStatement): boolean {
  const text = textOf(module, test);
  return /\bmethod\b/.test(text) && /options/i.test(text);
}

/** `res.set('Access-Control-Allow-Origin', …)` or the same of Allow-Credentials, by itself. */
function isPermission(module: SourceModule, statement: TSESTree.Statement): boolean {
  if (statement.type !== 'ExpressionStatement') return false;
  const call = unwrap(statement.expression);
  if (call.type !== 'CallExpression') return false;
  const found = headerCallAt(module, { file: module.path, start: call.range[0], end: call.range[1] });
  const name = found?.call === call ? call.arguments[0] : undefined;
  return name !== undefined && [ALLOW_ORIGIN, ALLOW_CREDENTIALS].includes(stringIn(name)?.toLowerCase() ?? '');
}

/** A statement's lines, or the statement and the blanks behind it where it shares them. */
function withoutStatement(module: SourceModule, statement: TSESTree.Node): Edit {
  const lines = wholeLines(module, statement);
  const [start, end] = statement.range;
  if (lines !== null && textOf(module, statement) === lines.text.trim())
    return { file: module.path, start: lines.start, end: lines.end, text: '' };
  const blanks = /^[ \t]*/.exec(module.text.slice(end))?.[0].length ?? 0;
  return { file: module.path, start, end: end + blanks, text: '' };
}
