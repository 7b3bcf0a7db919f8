import type { Edit } from '../../cors/repair';
import { deleteItem } from '../../yaml/edits/list';
import type { YamlMap, YamlScalar } from '../../yaml/tree';
import type { Reader } from '../template/reader';
import { takeOut } from './urlLimits';

/** What a bucket's CORS rule does not take. */
export interface BucketFault {
  readonly fault: 'bucket-method' | 'bucket-wildcards';
  readonly text: string;
  readonly edits: readonly Edit[] | undefined;
  readonly node: YamlScalar;
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_CORSRule.html */
const BUCKET_METHODS: ReadonlySet<string> = new Set(['GET', 'PUT', 'HEAD', 'POST', 'DELETE']);

/** @param map one of the rules */
export function bucketFaults(reader: Reader, map: YamlMap): BucketFault[] {
  const methods = textsOf(reader, map, 'AllowedMethods').flatMap(({ node, text, edits }): BucketFault[] =>
    BUCKET_METHODS.has(text) ? [] : [{ fault: 'bucket-method', text, edits, node }],
  );
  const origins = textsOf(reader, map, 'AllowedOrigins').flatMap(({ node, text }): BucketFault[] =>
    text.split('*').length > 2 ? [{ fault: 'bucket-wildcards', text, edits: undefined, node }] : [],
  );
  return [...methods, ...origins];
}

export function bucketFaultMessage({ fault, text }: Pick<BucketFault, 'fault' | 'text'>): string {
  return fault === 'bucket-method'
    ? `S3 takes no \`${text}\` among the methods of a CORS rule, and the deployment fails. ${takeOut(text)}`
    : `S3 takes at most one \`*\` in an origin, and the deployment fails with \`${text}\`. Name the origins.`;
}

/** The items of a list that are plain texts. */
function textsOf(
  reader: Reader,
  map: YamlMap,
  key: string,
): { readonly node: YamlScalar; readonly text: string; readonly edits: readonly Edit[] | undefined }[] {
  const list = reader.at(map, key);
  if (list?.kind !== 'list') return [];
  return list.items.flatMap((item, index) => {
    const read = reader.read(item);
    const node = read.kind === 'node' ? read.node : undefined;
    if (node?.kind !== 'scalar' || node.tag !== undefined || typeof node.value !== 'string') return [];
    return [{ node, text: node.value, edits: node === item && !node.computed ? deleteItem(list, index) : undefined }];
  });
}
