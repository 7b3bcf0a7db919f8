import type { TSESTree } from '@typescript-eslint/types';
import type { Endpoint } from '../../../cors/endpoint';
import type { Place } from '../../../cors/place';
import type { Edit } from '../../../cors/repair';
import type { SourceModule } from '../../../javascript';
import type { ExpressAnalysis } from '../analysis';
import type { Layer } from '../app/registration';
import { isAround, isCorsFor, layerAround, levelsOf, routeOf } from './layers';
import { moveAhead } from './moveAhead';
import { insert, replace, textOf } from './nodes';
import { indentationAt, quoted, styleOf } from './style';

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
  const { version } = analysis.application;
  for (const { layers } of levelsOf(analysis, route)) {
    const gate = layerAround(layers, place);
    if (gate === undefined) continue;
    const ahead = layers.slice(0, layers.indexOf(gate));
    const later = layers.slice(ahead.length + 1).find((layer) => isCorsFor(layer, gate, version));
    const first = ahead.find(mayRefuse);
    const moved = later && ((first && moveAhead(later, first)) ?? moveAhead(later, gate));
    return moved ?? letOptionsPass(analysis, gate, place);
  }
  return undefined;
}

/** What would refuse without CORS headers if the `cors(…)` came right behind it. */
function mayRefuse({ method, handlers }: Layer): boolean {
  return (
    method === 'use' &&
    handlers.some(
      ({ handler }) =>
        handler.kind === 'authentication' || (handler.kind === 'harmless' && handler.role === 'rate-limit'),
    )
  );
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
  const answer = textOf(module, statement.consequent).replace(/\s+/g, ' ');
  return ENDS_EMPTY.test(answer) ? [replace(module, status, '204')] : undefined;
}

/** A test of nothing but the method, either way round. */
const IS_OPTIONS = /^(?:[\w$]+\.method\s*={2,3}\s*(['"`])OPTIONS\1|(['"`])OPTIONS\2\s*={2,3}\s*[\w$]+\.method)$/;

/** One statement, in braces or not, that sends a status and no body; any white space is one space. */
const ENDS_EMPTY =
  /^\{? ?(?:return )?[\w$]+\.(?:sendStatus\(\d+\)|status\(\d+\) ?\.(?:end|send)\(\)) ?;?(?: ?return ?;?)? ?\}?$/;

function rangeOf(module: SourceModule, { range }: TSESTree.Node): Place {
  return { file: module.path, start: range[0], end: range[1] };
}
