import type { Resource } from '../../../aws/template/resources';
import { entriesOf, entryOf, type YamlEntry, type YamlMap } from '../../../yaml/tree';
import type { Service } from './service';

/**
 * The buckets that the framework makes for `s3` events and that `provider.s3` sets up, in the form of resources
 * (`compile/events/s3/index.js`). One that no event names, or that exists already, is not made.
 */
export function providerBuckets({ provider, functions, resolver }: Service): Resource[] {
  const map = resolver.certain(entryOf(provider, 's3')?.value);
  if (map?.kind !== 'map') return [];
  const made = new Set(
    functions.flatMap(({ events }) => events.flatMap((event) => bucketOf(event.kind, event.value) ?? [])),
  );
  return [...entriesOf(map)].flatMap(([id, entry]): Resource[] => {
    const settings = resolver.certain(entry.value);
    if (!made.has(id) || settings?.kind !== 'map') return [];
    return [{ id, entry, type: 'AWS::S3::Bucket', properties: asProperties(settings), condition: undefined }];
  });

  function bucketOf(kind: string, value: Service['functions'][number]['events'][number]['value']): string | undefined {
    if (kind !== 's3' || value.kind !== 'node') return undefined;
    const { node } = value;
    if (node.kind === 'scalar') return String(node.value);
    const existing = resolver.get(node, 'existing');
    const bucket = resolver.get(node, 'bucket');
    const isMade = existing === undefined || (existing.kind === 'scalar' && existing.value !== true);
    return isMade && bucket?.kind === 'scalar' ? String(bucket.value) : undefined;
  }
}

/** The framework writes `corsConfiguration` with a capital. */
function asProperties(settings: YamlMap): YamlMap {
  const entries = [...entriesOf(settings).values()].map(
    (entry): YamlEntry =>
      entry.key.value === 'corsConfiguration' ? { ...entry, key: { ...entry.key, value: 'CorsConfiguration' } } : entry,
  );
  return { ...settings, entries };
}
