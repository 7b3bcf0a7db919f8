import { deref, type YamlEntry, type YamlMap, type YamlNode } from '../tree';

const parents = new WeakMap<YamlNode, Map<YamlEntry, YamlMap>>();

/** The map of this document that an entry is written in, wherever aliases lead to it. */
export function mapOf(root: YamlNode | undefined, entry: YamlEntry): YamlMap | undefined {
  if (root === undefined) return undefined;
  const known = parents.get(root) ?? index(root);
  parents.set(root, known);
  return known.get(entry);
}

function index(root: YamlNode): Map<YamlEntry, YamlMap> {
  const found = new Map<YamlEntry, YamlMap>();
  const stack: YamlNode[] = [root];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (node.kind === 'list') stack.push(...node.items);
    if (node.kind !== 'map') continue;
    for (const entry of node.entries) {
      found.set(entry, node);
      stack.push(entry.value);
    }
  }
  return found;
}

/** The map that a value is, aliases followed. */
export function asMap(node: YamlNode | undefined): YamlMap | undefined {
  const value = deref(node);
  return value?.kind === 'map' ? value : undefined;
}
