import { distance } from 'fastest-levenshtein';
import type { Edit } from '../../cors/repair';
import type { Proposal } from '../../lint/types';
import { deleteEntry, renameKey } from '../../yaml/edits/entry';
import { entryOf, type YamlEntry, type YamlMap } from '../../yaml/tree';
import type { BlockHome, CorsBlock, Dialect } from './blocks';

/** A key of a CORS block that AWS does not know, or a block under a name that it does not know. */
export interface KeyFault {
  readonly entry: YamlEntry;
  readonly key: string;
  readonly where: string;
  /** What AWS reads instead; undefined where nothing comes near. */
  readonly meant: string | undefined;
  readonly rename: Edit | undefined;
  readonly remove: readonly Edit[] | undefined;
}

/**
 * The keys of each kind of block, each with what else it is called.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-apigatewayv2-api-cors.html and
 * its siblings for Lambda and S3; `CorsProperties` of SAM's `api_generator.py`.
 */
const HTTP = {
  AllowOrigins: ['origin', 'origins', 'alloworigin', 'allowedorigin', 'allowedorigins'],
  AllowHeaders: ['headers', 'allowheader', 'allowedheader', 'allowedheaders'],
  AllowMethods: ['methods', 'allowmethod', 'allowedmethod', 'allowedmethods'],
  ExposeHeaders: ['exposeheader', 'exposedheader', 'exposedheaders', 'exposedresponseheaders'],
  AllowCredentials: ['credentials', 'allowcredential', 'allowedcredentials', 'supportscredentials'],
  MaxAge: ['maxageseconds', 'maxageinseconds', 'accesscontrolmaxage'],
};

const KEYS: Readonly<Record<Dialect, Readonly<Record<string, readonly string[]>>>> = {
  rest: {
    AllowOrigin: ['origin', 'origins', 'alloworigins', 'allowedorigin', 'allowedorigins'],
    AllowHeaders: HTTP.AllowHeaders,
    AllowMethods: HTTP.AllowMethods,
    AllowCredentials: HTTP.AllowCredentials,
    MaxAge: HTTP.MaxAge,
  },
  'http-api': HTTP,
  url: HTTP,
  bucket: {
    AllowedOrigins: ['origin', 'origins', 'alloworigin', 'alloworigins', 'allowedorigin'],
    AllowedHeaders: ['headers', 'allowheader', 'allowheaders', 'allowedheader'],
    AllowedMethods: ['methods', 'allowmethod', 'allowmethods', 'allowedmethod'],
    ExposedHeaders: ['exposeheader', 'exposeheaders', 'exposedheader'],
    MaxAge: HTTP.MaxAge,
    Id: [],
  },
};

/** The property of each type of resource that holds its CORS, by what else it is called. */
const PROPERTIES: readonly { readonly types: readonly string[]; readonly name: string }[] = [
  { types: ['AWS::Serverless::Api'], name: 'Cors' },
  { types: ['AWS::Serverless::HttpApi', 'AWS::ApiGatewayV2::Api', 'AWS::S3::Bucket'], name: 'CorsConfiguration' },
];

/** What is wrong with the keys of these blocks, and with the names of the blocks of these resources. */
export function keyFaults(blocks: readonly CorsBlock[], homes: readonly BlockHome[]): KeyFault[] {
  const inBlocks = blocks.flatMap(({ dialect, where, map }) =>
    map.entries.flatMap((entry): KeyFault[] => {
      const key = String(entry.key.value);
      if (entry.merge || key in KEYS[dialect]) return [];
      return [describe(map, entry, where, meantBy(KEYS[dialect], key))];
    }),
  );
  const names = misnamed(homes).map(({ map, entry, type, name }) => ({
    ...describe(map, entry, `\`${type}\``, name),
    remove: undefined,
  }));
  return [...inBlocks, ...names];
}

export function keyMessage({ key, where, meant }: Pick<KeyFault, 'key' | 'where' | 'meant'>): string {
  return `\`${key}\` is no key of ${where}, and the deployment fails. ${meant === undefined ? 'Take it out.' : `Write \`${meant}\`.`}`;
}

export function keyProposals({ meant, rename, remove }: Pick<KeyFault, 'meant' | 'rename' | 'remove'>): Proposal[] {
  const proposals: Proposal[] = [];
  if (meant !== undefined && rename !== undefined) {
    proposals.push({ title: `Write \`${meant}\``, preferred: true, edits: [rename] });
  }
  if (remove !== undefined) proposals.push({ title: 'Delete the key', preferred: false, edits: remove });
  return proposals;
}

function describe(map: YamlMap, entry: YamlEntry, where: string, meant: string | undefined): KeyFault {
  const taken = meant !== undefined && entryOf(map, meant) !== undefined;
  return {
    entry,
    key: String(entry.key.value),
    where,
    meant,
    rename: meant === undefined || taken ? undefined : renameKey(entry, meant),
    remove: deleteEntry(map, entry),
  };
}

function meantBy(keys: Readonly<Record<string, readonly string[]>>, key: string): string | undefined {
  const plain = key.replace(/[^a-z]/gi, '').toLowerCase();
  const found = Object.entries(keys).find(([name, others]) => name.toLowerCase() === plain || others.includes(plain));
  const near = Object.keys(keys).find((name) => name.length > 4 && distance(name.toLowerCase(), plain) <= 2);
  return found?.[0] ?? near;
}

/** `CORSConfiguration` of a bucket, `Cors` of an HTTP API: the right block under another name. */
function misnamed(
  homes: readonly BlockHome[],
): { readonly map: YamlMap; readonly entry: YamlEntry; readonly type: string; readonly name: string }[] {
  return homes.flatMap(({ type, properties: map }) => {
    const name = PROPERTIES.find(({ types }) => types.includes(type))?.name;
    if (map === undefined || name === undefined || entryOf(map, name) !== undefined) return [];
    return map.entries.flatMap((entry) =>
      /^cors(?:config(?:uration)?)?$/i.test(String(entry.key.value)) ? [{ map, entry, type, name }] : [],
    );
  });
}
