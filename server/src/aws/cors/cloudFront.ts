import type { Header } from '../../cors/http';
import type { OriginPolicy } from '../../cors/policy';
import { entryPlace, placeOf } from '../../yaml/places';
import { entryOf, textOf, type YamlMap, type YamlNode } from '../../yaml/tree';
import { mentionedIn } from '../template/functions';
import type { Reader } from '../template/reader';
import type { Resource } from '../template/resources';
import { joined } from '../template/values';
import { whenAdmitted } from './httpCors';
import { bucketPolicy } from './s3';
import { asList, credentialsSetting, singleSetting } from './settings';

/**
 * The CORS part of a response headers policy.
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/understanding-response-headers-policies.html
 */
export interface PolicyCors {
  readonly headers: readonly Header[];
  readonly policies: readonly OriginPolicy[];
  /** Whether the policy's headers take the place of those that the origin sends; undefined when unknown. */
  readonly overrides: boolean | undefined;
}

/** Undefined where the policy says nothing of CORS, or what it says cannot be read. */
export function policyCors(reader: Reader, { properties }: Resource): PolicyCors | undefined {
  const cors = reader.mapAt(properties, 'ResponseHeadersPolicyConfig', 'CorsConfig');
  if (cors === undefined) return undefined;
  const list = (key: string) => {
    const setting = reader.setting(reader.mapAt(cors, key), 'Items');
    return setting && asList(reader, setting);
  };
  const origins = list('AccessControlAllowOrigins');
  if (origins === undefined) return undefined;
  const layer = 'the response headers policy';
  const star = origins.items.find((item) => item.kind === 'literal' && item.text === '*');
  const policy = star === undefined ? bucketPolicy(origins) : undefined;
  const header = (name: string, value: Header['value'], place: Header['place']): Header => ({
    name,
    value: policy === undefined ? value : whenAdmitted(policy, value),
    place,
    layer,
  });
  const lists = (name: string, key: string): Header[] => {
    const setting = list(key);
    return setting === undefined || setting.items.length === 0
      ? []
      : [header(name, joined(setting.items, setting.at), setting.place)];
  };
  const credentials = credentialsSetting(reader.setting(cors, 'AccessControlAllowCredentials'));
  const maxAge = singleSetting(reader, cors, 'AccessControlMaxAgeSec');
  const override = reader.textAt(cors, 'OriginOverride')?.toLowerCase();
  return {
    policies: policy === undefined ? [] : [policy],
    overrides: override === 'true' ? true : override === 'false' ? false : undefined,
    headers: [
      header('Access-Control-Allow-Origin', star ?? { kind: 'request-origin', place: origins.at }, origins.place),
      ...(credentials === undefined
        ? []
        : [header('Access-Control-Allow-Credentials', credentials.value, credentials.place)]),
      ...lists('Access-Control-Allow-Methods', 'AccessControlAllowMethods'),
      ...lists('Access-Control-Allow-Headers', 'AccessControlAllowHeaders'),
      ...lists('Access-Control-Expose-Headers', 'AccessControlExposeHeaders'),
      ...(maxAge === undefined ? [] : [header('Access-Control-Max-Age', maxAge.value, maxAge.place)]),
      ...(policy === undefined
        ? []
        : [
            {
              name: 'Vary',
              value: { kind: 'literal', text: 'Origin', place: origins.at } as const,
              place: origins.place,
              layer,
              implied: true,
            },
          ]),
    ],
  };
}

/** A cache behaviour of a distribution. */
export interface Behaviour {
  /** `/api/*`; undefined for the default one. */
  readonly pattern: string | undefined;
  readonly node: YamlMap;
  readonly place: Header['place'];
}

/** The behaviours of a distribution, the default one first. */
export function behavioursOf(reader: Reader, { properties, entry }: Resource): Behaviour[] {
  const config = reader.mapAt(properties, 'DistributionConfig');
  const fallback = reader.setting(config, 'DefaultCacheBehavior');
  const list = reader.at(config, 'CacheBehaviors');
  const found: Behaviour[] = [];
  if (fallback?.value.kind === 'node' && fallback.value.node.kind === 'map') {
    found.push({ pattern: undefined, node: fallback.value.node, place: placeOf(fallback.entry.key) });
  }
  for (const item of list?.kind === 'list' ? list.items : []) {
    const resolved = reader.read(item);
    if (resolved.kind !== 'node' || resolved.node.kind !== 'map') continue;
    const pattern = reader.setting(resolved.node, 'PathPattern');
    found.push({
      pattern: reader.textAt(resolved.node, 'PathPattern'),
      node: resolved.node,
      place: pattern === undefined ? placeOf(entry.key) : entryPlace(pattern.entry),
    });
  }
  return found;
}

/** The logical id that the address of a behaviour's origin is made of; undefined for an address that is written out. */
export function targetOf(reader: Reader, { properties }: Resource, { node }: Behaviour): string | undefined {
  const wanted = nameOf(reader, node, 'TargetOriginId');
  const origins = reader.at(properties, 'DistributionConfig', 'Origins');
  if (wanted === undefined || origins?.kind !== 'list') return undefined;
  for (const item of origins.items) {
    const resolved = reader.read(item);
    if (resolved.kind !== 'node' || nameOf(reader, resolved.node, 'Id') !== wanted) continue;
    return mentionedIn(entryOf(resolved.node, 'DomainName')?.value);
  }
  return undefined;
}

/** A name as it stands, or as the function that makes it is written. */
function nameOf(reader: Reader, node: YamlNode, key: string): string | undefined {
  const entry = entryOf(node, key);
  return reader.textAt(node, key) ?? (entry && textOf(entry.value).replace(/\s+/g, ' '));
}
