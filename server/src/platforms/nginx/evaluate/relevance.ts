import type { Request } from '../../../cors/http';
import { type Configuration, variableName } from '../config/configuration';
import { UNREADABLE } from '../config/load';
import type { Node } from '../config/node';
import { piecesOf } from './expression';

/**
 * What of a request can change the answer, as far as the configuration mentions it. Requests that agree in it get the
 * same responses, so that these are worked out once.
 */
export interface Relevance {
  key(request: Request): string;
}

/** By the maps, which the files of one main configuration have in common with everything else that is looked at. */
const known = new WeakMap<Configuration['maps'], Relevance>();

export function relevanceOf(configuration: Configuration): Relevance {
  const made = known.get(configuration.maps) ?? measure(configuration);
  known.set(configuration.maps, made);
  return made;
}

/** Directives whose values are worked out for the response's headers alone: there the model carries the origin along. */
const HEADER_ONLY = new Set(['add_header', 'more_set_headers', 'more_clear_headers']);
/** Directives whose values go elsewhere and change no answer. */
const IRRELEVANT = /^(?:proxy_set_header|proxy_cache_key|fastcgi_param|log_format|access_log|uwsgi_param|scgi_param)$/;

function measure(configuration: Configuration): Relevance {
  const headers = new Set(['authorization']);
  const onOrigin = originVariables(configuration);
  let originDecides = [...configuration.maps.values()].some(
    ({ node, nodes }) => mentions(node, onOrigin, 0) && !isPlainMap(node, nodes),
  );
  let anyHeader = false;
  for (const node of allNodes(configuration)) {
    if (IRRELEVANT.test(node.name)) continue;
    if (node.name === UNREADABLE) anyHeader = true;
    for (const word of [node.directive.name, ...node.args]) {
      if (!word.value.includes('$')) continue;
      const pieces = piecesOf(word);
      for (const piece of pieces) {
        if (piece.kind !== 'variable') continue;
        if (piece.name.startsWith('http_')) headers.add(piece.name.slice('http_'.length).replaceAll('_', '-'));
        if (piece.name.startsWith('cookie_')) headers.add('cookie');
        const symbolic = HEADER_ONLY.has(node.name)
          ? pieces.length === 1 || node.name !== 'add_header'
          : isMapPart(node);
        if (onOrigin.has(piece.name) && !symbolic) originDecides = true;
      }
    }
  }
  const names = [...headers].sort();
  return {
    key({ method, scheme, host, path, origin, headers: sent, ending }) {
      const origins = originDecides ? (origin ?? '\0') : origin === undefined;
      const values = anyHeader ? [...sent].flat() : names.map((name) => sent.get(name) ?? '\0');
      return [method, scheme, host, path, origins, ending, ...values].join('\n');
    },
  };
}

/** The origin, and the maps that are worked out from it. */
function originVariables({ maps }: Configuration): Set<string> {
  const names = new Set(['http_origin']);
  for (let size = 0; size !== names.size; ) {
    size = names.size;
    for (const [name, { node, nodes }] of maps) {
      const values = nodes.flatMap(({ args }) => args);
      if (
        [node.args[0], ...values].some(
          (word) => word && piecesOf(word).some((piece) => piece.kind === 'variable' && names.has(piece.name)),
        )
      ) {
        names.add(name);
      }
    }
  }
  return names;
}

function mentions({ args }: Node, names: ReadonlySet<string>, index: number): boolean {
  const word = args[index];
  return word !== undefined && piecesOf(word).some((piece) => piece.kind === 'variable' && names.has(piece.name));
}

/** Its source is one variable, and no value takes a group of a pattern: the model shows how it depends on the origin. */
function isPlainMap({ args }: Node, entries: readonly Node[]): boolean {
  const source = args[0];
  const values = entries.flatMap((entry) => entry.args);
  return (
    variableName(source?.value) !== undefined &&
    !entries.some(({ name }) => name.includes('(?<') || name.includes('(?P<')) &&
    !values.some((word) => piecesOf(word).length > 1 || /\$[1-9]/.test(word.value))
  );
}

/** A map's own words have been looked at with the map. */
function isMapPart({ name, directive }: Node): boolean {
  return name === 'map' || directive.parent?.name.value === 'map';
}

function* allNodes({ http, servers, fragment }: Configuration): Generator<Node> {
  const stack: Node[] = [
    ...nodesOf(http),
    ...servers.flatMap(nodesOf),
    ...(fragment === undefined ? [] : nodesOf(fragment)),
  ];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    yield node;
    stack.push(...(node.children ?? []));
  }
}

/** A level's block; where the block itself is not known, what stands in it. */
function nodesOf({ node, own, program, locations }: Configuration['http']): Node[] {
  if (node !== undefined) return [node];
  const inner = locations.flatMap((level) => (level.node === undefined ? [] : [level.node]));
  return [...[...own.values()].flat(), ...program.map((step) => step.node), ...inner];
}
