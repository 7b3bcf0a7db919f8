import type { YamlMap } from '../../yaml/tree';
import type { Reader } from '../template/reader';

/** Where a CORS block stands decides which keys it has. */
export type Dialect = 'rest' | 'http-api' | 'url' | 'bucket';

/** A CORS block of a resource that is written as a map. */
export interface CorsBlock {
  readonly dialect: Dialect;
  /** SAM translates it. */
  readonly isSam: boolean;
  /** "`Cors` of a SAM API". */
  readonly where: string;
  readonly map: YamlMap;
}

/** What may hold a block: the properties of a resource of a type, or what stands for them. */
export interface BlockHome {
  readonly type: string;
  readonly properties: YamlMap | undefined;
}

const KINDS: readonly { readonly type: string; readonly path: readonly string[]; readonly dialect: Dialect }[] = [
  { type: 'AWS::Serverless::Api', path: ['Cors'], dialect: 'rest' },
  { type: 'AWS::Serverless::HttpApi', path: ['CorsConfiguration'], dialect: 'http-api' },
  { type: 'AWS::ApiGatewayV2::Api', path: ['CorsConfiguration'], dialect: 'http-api' },
  { type: 'AWS::Serverless::Function', path: ['FunctionUrlConfig', 'Cors'], dialect: 'url' },
  { type: 'AWS::Lambda::Url', path: ['Cors'], dialect: 'url' },
];

const WHERE: Readonly<Record<Dialect, string>> = {
  rest: '`Cors` of a REST API',
  'http-api': '`CorsConfiguration` of an HTTP API',
  url: '`Cors` of a function URL',
  bucket: "a bucket's CORS rule",
};

/** Every CORS block of the resources, as far as what it comes to is certain; one that several share comes up once. */
export function blocksOf(reader: Reader, homes: readonly BlockHome[]): CorsBlock[] {
  const blocks = homes.flatMap(({ type, properties }) => {
    if (type === 'AWS::S3::Bucket') return bucketBlocks(reader, properties);
    const kind = KINDS.find((one) => one.type === type);
    const map = kind && reader.mapAt(properties, ...kind.path);
    if (kind === undefined || map === undefined || map.tag !== undefined) return [];
    const { dialect } = kind;
    return [{ dialect, isSam: type.startsWith('AWS::Serverless::'), where: WHERE[dialect], map }];
  });
  return [...new Map(blocks.map((block) => [block.map, block])).values()];
}

/** The rules of a bucket, each a block of its own. */
function bucketBlocks(reader: Reader, properties: YamlMap | undefined): CorsBlock[] {
  const list = reader.at(properties, 'CorsConfiguration', 'CorsRules');
  if (list?.kind !== 'list' || list.tag !== undefined) return [];
  return list.items.flatMap((item): CorsBlock[] => {
    const resolved = reader.read(item);
    if (resolved.kind !== 'node' || resolved.node.kind !== 'map') return [];
    return [{ dialect: 'bucket', isSam: false, where: WHERE.bucket, map: resolved.node }];
  });
}
