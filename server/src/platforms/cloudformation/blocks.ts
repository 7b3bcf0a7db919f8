import type { Reader } from '../../aws/template/reader';
import { undecided } from '../../aws/template/worlds';
import { deref, entryOf, type YamlEntry, type YamlMap, type YamlNode } from '../../yaml/tree';
import type { Template } from './template';

/** Where a CORS block stands decides which keys it has. */
export type Dialect = 'rest' | 'http-api' | 'url' | 'bucket';

/** A CORS block that is written as a map. */
export interface CorsBlock {
  readonly dialect: Dialect;
  /** SAM translates it. */
  readonly isSam: boolean;
  /** "`Cors` of a SAM API". */
  readonly where: string;
  /** The key that it stands under. */
  readonly entry: YamlEntry;
  readonly map: YamlMap;
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

/** Every CORS block of a template and of its `Globals`, as far as it is written as a map in its place. */
export function corsBlocks(template: Template): CorsBlock[] {
  const reader = template.reader(undecided);
  const homes = template.resources.map(({ type, properties }) => ({ type, map: properties }));
  for (const kind of ['Api', 'HttpApi', 'Function']) {
    homes.push({ type: `AWS::Serverless::${kind}`, map: template.globals(kind) });
  }
  return homes.flatMap(({ type, map }) => {
    if (type === 'AWS::S3::Bucket') return bucketBlocks(reader, map);
    const kind = KINDS.find((one) => one.type === type);
    return kind === undefined ? [] : block(kind.dialect, type.startsWith('AWS::Serverless::'), entryAt(map, kind.path));
  });
}

/** The rules of a bucket, each a block of its own. */
function bucketBlocks(reader: Reader, properties: YamlMap | undefined): CorsBlock[] {
  const entry = entryAt(properties, ['CorsConfiguration', 'CorsRules']);
  const list = entry === undefined ? undefined : deref(entry.value);
  if (entry === undefined || list?.kind !== 'list' || list.tag !== undefined) return [];
  return list.items.flatMap((item): CorsBlock[] => {
    const resolved = reader.read(item);
    if (resolved.kind !== 'node' || resolved.node.kind !== 'map') return [];
    return [{ dialect: 'bucket', isSam: false, where: WHERE.bucket, entry, map: resolved.node }];
  });
}

function block(dialect: Dialect, isSam: boolean, entry: YamlEntry | undefined): CorsBlock[] {
  const map = entry === undefined ? undefined : deref(entry.value);
  if (entry === undefined || map?.kind !== 'map' || map.tag !== undefined || isFunction(map)) return [];
  return [{ dialect, isSam, where: WHERE[dialect], entry, map }];
}

function isFunction(map: YamlMap): boolean {
  return map.entries.some(({ key }) => key.value === 'Ref' || String(key.value).startsWith('Fn::'));
}

function entryAt(node: YamlNode | undefined, [key, ...rest]: readonly string[]): YamlEntry | undefined {
  const entry = key === undefined ? undefined : entryOf(node, key);
  return rest.length === 0 ? entry : entryAt(entry?.value, rest);
}
