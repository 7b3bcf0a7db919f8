import { takeOut, type UrlFault, urlFaultMessage, urlFaults, urlFaultTitle } from '../../../../aws/cors/urlLimits';
import { undecided } from '../../../../aws/template/worlds';
import type { Edit } from '../../../../cors/repair';
import { platformRule } from '../../../../lint/defineRule';
import { deleteEntry } from '../../../../yaml/edits/entry';
import { deleteItem } from '../../../../yaml/edits/list';
import { placeOf } from '../../../../yaml/places';
import { deref, entryOf, type YamlMap, type YamlScalar } from '../../../../yaml/tree';
import type { TemplateAnalysis } from '../../analysis';
import { type CorsBlock, corsBlocks, type Dialect } from '../../blocks';
import type { Template } from '../../template';

type Data = Omit<Fault, 'node'>;

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_CORSRule.html */
const BUCKET_METHODS: ReadonlySet<string> = new Set(['GET', 'PUT', 'HEAD', 'POST', 'DELETE']);

export const rule = platformRule<TemplateAnalysis, Data>({
  meta: {
    id: 'cloudformation-cors-limits',
    title: 'More than the CORS of a bucket, a function URL or a SAM API takes',
    severity: 'error',
    category: 'broken',
    tags: ['method', 'origin', 'max-age'],
    reference: 'https://docs.aws.amazon.com/AmazonS3/latest/API/API_CORSRule.html',
    replaces: ['wildcard-with-credentials'],
  },
  check({ analysis: { template } }, report) {
    if (template === undefined) return;
    for (const block of corsBlocks(template)) {
      const found = FAULTS[block.dialect](template, block);
      for (const { node, ...data } of found) report({ place: placeOf(node), data });
    }
  },
  message: (data) => {
    const { fault, text } = data;
    switch (fault) {
      case 'bucket-method':
        return `S3 takes no \`${text}\` among the methods of a CORS rule, and the deployment fails. ${takeOut(text)}`;
      case 'bucket-wildcards':
        return `S3 takes at most one \`*\` in an origin, and the deployment fails with \`${text}\`. Name the origins.`;
      case 'sam-credentials':
        return 'SAM takes no `AllowCredentials: true` where every origin is let in, and the deployment fails. Name the origin, or do not allow credentials.';
      default:
        return urlFaultMessage({ fault, text }, 'MaxAge');
    }
  },
  fixes: ({ fault, edits }) => {
    if (edits === undefined) return [];
    return [{ title: titleOf(fault), preferred: fault !== 'sam-credentials', edits }];
  },
});

type Kind = UrlFault['fault'] | 'bucket-method' | 'bucket-wildcards' | 'sam-credentials';
type Fault = Omit<UrlFault, 'fault'> & { readonly fault: Kind };

const FAULTS: Readonly<Record<Dialect, (template: Template, block: CorsBlock) => readonly Fault[]>> = {
  bucket: bucketFaults,
  url: ofUrl,
  rest: (template, block) => samFaults(template, block, 'AllowOrigin'),
  'http-api': (template, block) => samFaults(template, block, 'AllowOrigins'),
};

function titleOf(fault: Kind): string {
  switch (fault) {
    case 'sam-credentials':
      return 'Do not allow credentials';
    case 'bucket-method':
    case 'bucket-wildcards':
      return 'Take it out';
    default:
      return urlFaultTitle({ fault });
  }
}

/**
 * `_add_cors` of SAM's `api_generator.py` and `http_api_generator.py`: credentials with the wildcard stop the
 * translation; a REST API has the wildcard where it names no origin.
 */
function samFaults(template: Template, { isSam, map }: CorsBlock, key: 'AllowOrigin' | 'AllowOrigins'): Fault[] {
  if (!isSam || isLayered(template)) return [];
  const reader = template.reader(undecided);
  const entry = entryOf(map, 'AllowCredentials');
  const allows = reader.at(map, 'AllowCredentials');
  const origins = reader.at(map, key);
  const isImplied = key === 'AllowOrigin' && entryOf(map, key) === undefined;
  const [only, ...others] = origins?.kind === 'list' ? origins.items : [origins];
  const isWildcard =
    only?.kind === 'scalar' && others.length === 0 && only.value === (key === 'AllowOrigin' ? "'*'" : '*');
  if (entry === undefined || allows?.kind !== 'scalar' || allows.value !== true || !(isWildcard || isImplied))
    return [];
  const node = isWildcard ? only : allows;
  return [{ fault: 'sam-credentials', text: '', edits: deleteEntry(map, entry), node }];
}

/** What a block says may be put together from `Globals` and a resource. */
function isLayered(template: Template): boolean {
  return ['Api', 'HttpApi'].some((kind) => template.globals(kind) !== undefined);
}

function bucketFaults(template: Template, { map }: CorsBlock): Fault[] {
  const methods = textsOf(template, map, 'AllowedMethods').flatMap(({ node, text, edits }): Fault[] =>
    BUCKET_METHODS.has(text) ? [] : [{ fault: 'bucket-method', text, edits, node }],
  );
  const origins = textsOf(template, map, 'AllowedOrigins').flatMap(({ node, text }): Fault[] =>
    text.split('*').length > 2 ? [{ fault: 'bucket-wildcards', text, edits: undefined, node }] : [],
  );
  return [...methods, ...origins];
}

function ofUrl(template: Template, { map }: CorsBlock): UrlFault[] {
  const age = deref(entryOf(map, 'MaxAge')?.value);
  return urlFaults(template.reader(undecided).at(map, 'AllowMethods'), age);
}

/** The items of a list that are plain texts. */
function textsOf(
  template: Template,
  map: YamlMap,
  key: string,
): { readonly node: YamlScalar; readonly text: string; readonly edits: readonly Edit[] | undefined }[] {
  const list = template.reader(undecided).at(map, key);
  if (list?.kind !== 'list') return [];
  return list.items.flatMap((item, index) => {
    const node = deref(item);
    if (node?.kind !== 'scalar' || node.tag !== undefined || typeof node.value !== 'string') return [];
    return [{ node, text: node.value, edits: node === item && !node.computed ? deleteItem(list, index) : undefined }];
  });
}
