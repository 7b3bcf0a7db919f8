import {
  deref,
  entriesOf,
  entryOf,
  type YamlEntry,
  type YamlMap,
  type YamlNode,
  type YamlValue,
} from '../../yaml/tree';

/** A resource of a template, or of `resources:` in a Serverless configuration. */
export interface Resource {
  /** The logical id. */
  readonly id: string;
  /** The id with all that belongs to it. */
  readonly entry: YamlEntry;
  /** `AWS::S3::Bucket`. */
  readonly type: string;
  readonly properties: YamlMap | undefined;
  /** The condition under which alone it exists. */
  readonly condition: string | undefined;
}

/**
 * The resources of a map of them, by id and type. What is no resource (a loop, an include) is left out.
 * @param certain what a node stands for whatever the circumstances
 */
export function readResources(
  node: YamlNode | undefined,
  certain: (node: YamlNode | undefined) => YamlValue | undefined = deref,
): Resource[] {
  const map = certain(node);
  if (map?.kind !== 'map') return [];
  return [...entriesOf(map)].flatMap(([id, entry]) => {
    const resource = certain(entry.value);
    const type = certain(entryOf(resource, 'Type')?.value);
    const properties = certain(entryOf(resource, 'Properties')?.value);
    if (type?.kind !== 'scalar' || typeof type.value !== 'string') return [];
    const condition = certain(entryOf(resource, 'Condition')?.value);
    return [
      {
        id,
        entry,
        type: type.value,
        properties: properties?.kind === 'map' ? properties : undefined,
        condition: condition?.kind === 'scalar' && typeof condition.value === 'string' ? condition.value : undefined,
      },
    ];
  });
}
