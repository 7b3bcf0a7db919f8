import type { Place } from '../../cors/place';
import { entryPlace, placeOf } from '../../yaml/places';
import { deref, entryOf, type YamlMap, type YamlNode } from '../../yaml/tree';
import { referenceOf } from '../template/functions';
import type { Reader } from '../template/reader';
import type { Resource } from '../template/resources';
import { MANAGED_CACHE_POLICIES, MANAGED_ORIGIN_REQUEST_POLICIES, type ManagedPolicy } from './cloudFrontPolicies';

/** What a cache behaviour does with the request's `Origin`. */
export interface Forwarding {
  /** Whether what stands behind CloudFront gets to see it. */
  readonly isForwarded: boolean;
  /** The cache, where something is kept. */
  readonly cache: KeptBy | undefined;
}

export interface KeptBy {
  /** "CachingOptimized", or the policy's logical id. */
  readonly name: string;
  readonly hasOrigin: boolean;
  /** Where the behaviour names the policy. */
  readonly place: Place;
  /** The last header of the key, where others are listed: one more can be put behind it. */
  readonly lastHeader: { readonly place: Place; readonly text: string } | undefined;
}

/**
 * Undefined where a policy stands elsewhere or cannot be read. Headers of the cache key are sent on without more words.
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/controlling-the-cache-key.html
 */
export function forwardingOf(
  reader: Reader,
  resources: readonly Resource[],
  behaviour: YamlMap,
): Forwarding | undefined {
  const named = entryOf(behaviour, 'CachePolicyId');
  // What `ForwardedValues`, from before there were policies, sends on is part of the key.
  if (named === undefined) return undefined;
  const cache = cachePolicy(reader, resources, behaviour);
  const isSent = sentOn(reader, resources, behaviour);
  if (cache === undefined || isSent === undefined) return undefined;
  const { caches, ...kept } = cache;
  return {
    isForwarded: cache.hasOrigin || isSent,
    cache: caches === false ? undefined : { ...kept, place: entryPlace(named) },
  };
}

type CachePolicy = ManagedPolicy & Pick<KeptBy, 'lastHeader'>;

function cachePolicy(reader: Reader, resources: readonly Resource[], behaviour: YamlMap): CachePolicy | undefined {
  const managed = MANAGED_CACHE_POLICIES[reader.textAt(behaviour, 'CachePolicyId') ?? ''];
  if (managed !== undefined) return { ...managed, lastHeader: undefined };
  const policy = ownPolicy(resources, behaviour, 'CachePolicyId', 'AWS::CloudFront::CachePolicy');
  const config = reader.mapAt(policy?.properties, 'CachePolicyConfig');
  const listed = listedHeaders(
    reader,
    reader.mapAt(config, 'ParametersInCacheKeyAndForwardedToOrigin', 'HeadersConfig'),
  );
  const longest = Number(reader.textAt(config, 'MaxTTL') ?? Number.NaN);
  if (policy === undefined || listed === undefined) return undefined;
  return {
    name: policy.id,
    hasOrigin: listed.hasOrigin,
    lastHeader: listed.last,
    ...(longest === 0 ? { caches: false as const } : {}),
  };
}

/** Whether an origin request policy sends it on. */
function sentOn(reader: Reader, resources: readonly Resource[], behaviour: YamlMap): boolean | undefined {
  const key = 'OriginRequestPolicyId';
  if (reader.setting(behaviour, key) === undefined) return false;
  const managed = MANAGED_ORIGIN_REQUEST_POLICIES[reader.textAt(behaviour, key) ?? ''];
  if (managed !== undefined) return managed.hasOrigin;
  const policy = ownPolicy(resources, behaviour, key, 'AWS::CloudFront::OriginRequestPolicy');
  return listedHeaders(reader, reader.mapAt(policy?.properties, 'OriginRequestPolicyConfig', 'HeadersConfig'))
    ?.hasOrigin;
}

function ownPolicy(
  resources: readonly Resource[],
  behaviour: YamlMap,
  key: string,
  type: string,
): Resource | undefined {
  const id = referenceOf(entryOf(behaviour, key)?.value);
  return resources.find((one) => one.id === id && one.type === type);
}

interface Listed {
  readonly hasOrigin: boolean;
  readonly last: KeptBy['lastHeader'];
}

function listedHeaders(reader: Reader, config: YamlMap | undefined): Listed | undefined {
  const behaviour = reader.textAt(config, 'HeaderBehavior');
  if (behaviour === undefined) return undefined;
  if (behaviour === 'none') return { hasOrigin: false, last: undefined };
  if (behaviour.startsWith('allViewer')) return { hasOrigin: true, last: undefined };
  const listed = namesAt(reader, config, 'Headers');
  if (listed === undefined) return undefined;
  return behaviour === 'allExcept' ? { hasOrigin: !listed.hasOrigin, last: undefined } : listed;
}

function namesAt(reader: Reader, node: YamlNode | undefined, key: string): Listed | undefined {
  const list = reader.at(node, key);
  if (list?.kind !== 'list') return undefined;
  const names = list.items.map((item) => {
    const value = deref(item);
    return value?.kind === 'scalar' && value.tag === undefined ? { node: value, text: String(value.value) } : undefined;
  });
  if (!names.every((name) => name !== undefined)) return undefined;
  const last = names.at(-1);
  return {
    hasOrigin: names.some(({ text }) => text === '*' || text.toLowerCase() === 'origin'),
    last: last && { place: placeOf(last.node), text: last.text },
  };
}
