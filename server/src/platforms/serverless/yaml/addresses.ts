import { entriesOf, type YamlNode, type YamlScalar, type YamlValue } from '../../../yaml/tree';
import { choice, MAX_OPTIONS, mapNodes, type Resolution, type TemplatePart, type Unknown, unknown } from './resolution';

/** What a node is, variables followed. */
type Resolve = (node: YamlNode | undefined) => Resolution;

/**
 * What stands at an address (`custom.cors.origin`) of a tree, in every circumstance that the address depends on.
 * @param where what the tree is called, for "… has no origin"
 */
export function follow(
  resolve: Resolve,
  root: YamlNode | undefined,
  address: Resolution,
  where: string,
  at: YamlScalar,
): Resolution {
  switch (address.kind) {
    case 'node': {
      const path = address.node.kind === 'scalar' ? String(address.node.value) : '';
      return walk(
        resolve,
        resolve(root),
        path.split('.').map((text) => ({ text })),
        where,
        at,
      );
    }
    case 'template':
      return walk(resolve, resolve(root), segments(address.parts), where, at);
    case 'choice':
      return choice(
        address.options.map((option) => ({ ...option, value: follow(resolve, root, option.value, where, at) })),
        follow(resolve, root, address.last, where, at),
      );
    case 'unknown':
      return walk(resolve, resolve(root), [{ hole: address }], where, at);
  }
}

function walk(
  resolve: Resolve,
  from: Resolution,
  path: readonly TemplatePart[],
  where: string,
  at: YamlScalar,
): Resolution {
  const [segment, ...rest] = path;
  if (segment === undefined) return from;
  return mapNodes(from, (node) => {
    if ('hole' in segment) return anyOf(resolve, node, segment.hole, rest, where, at);
    const next = child(node, segment.text);
    if (next === undefined) {
      return { ...unknown(`${where} has no ${segment.text}`, 'the configuration', at), missing: true };
    }
    return walk(resolve, resolve(next), rest, where, at);
  });
}

/** `custom.origins.${opt:stage}`: one of the map's entries, each "when the stage is …". */
function anyOf(
  resolve: Resolve,
  node: YamlValue,
  hole: Unknown,
  rest: readonly TemplatePart[],
  where: string,
  at: YamlScalar,
): Resolution {
  const nothing = unknown(hole.reason, hole.decidedBy, at);
  if (node.kind !== 'map') return nothing;
  const entries = [...entriesOf(node)];
  if (entries.length === 0 || entries.length > MAX_OPTIONS) return nothing;
  return choice(
    entries.map(([key, entry]) => ({
      holds: `${hole.decidedBy} is ${key}`,
      otherwise: `${hole.decidedBy} is not ${key}`,
      value: walk(resolve, resolve(entry.value), rest, where, at),
    })),
    nothing,
  );
}

function child(node: YamlValue, key: string): YamlNode | undefined {
  if (node.kind === 'map') return entriesOf(node).get(key)?.value;
  if (node.kind === 'list' && /^\d+$/.test(key)) return node.items[Number(key)];
  return undefined;
}

/** Cuts a template address at its dots; a segment that is not one whole hole cannot be followed. */
function segments(parts: readonly TemplatePart[]): TemplatePart[] {
  const result: TemplatePart[] = [];
  let open: TemplatePart | undefined;
  for (const part of parts) {
    if ('hole' in part) {
      open = open === undefined || ('text' in open && open.text === '') ? part : { hole: part.hole };
      continue;
    }
    const [first = '', ...others] = part.text.split('.');
    if (open === undefined) open = { text: first };
    else if ('text' in open) open = { text: open.text + first };
    for (const other of others) {
      if (open !== undefined) result.push(open);
      open = { text: other };
    }
  }
  if (open !== undefined) result.push(open);
  return result;
}
