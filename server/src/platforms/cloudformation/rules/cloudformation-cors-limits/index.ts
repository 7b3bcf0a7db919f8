import type { CorsBlock, Dialect } from '../../../../aws/cors/blocks';
import { type BucketFault, bucketFaultMessage, bucketFaults } from '../../../../aws/cors/bucketLimits';
import { type UrlFault, urlFaultMessage, urlFaults, urlFaultTitle } from '../../../../aws/cors/urlLimits';
import { undecided } from '../../../../aws/template/worlds';
import { platformRule } from '../../../../lint/defineRule';
import { deleteEntry } from '../../../../yaml/edits/entry';
import { placeOf } from '../../../../yaml/places';
import { deref, entryOf } from '../../../../yaml/tree';
import type { TemplateAnalysis } from '../../analysis';
import { corsBlocks } from '../../blocks';
import type { Template } from '../../template';

type Data = Omit<Fault, 'node'>;

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
      case 'bucket-wildcards':
        return bucketFaultMessage({ fault, text });
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

type Kind = UrlFault['fault'] | BucketFault['fault'] | 'sam-credentials';
type Fault = Omit<UrlFault, 'fault'> & { readonly fault: Kind };

const FAULTS: Readonly<Record<Dialect, (template: Template, block: CorsBlock) => readonly Fault[]>> = {
  bucket: (template, { map }) => bucketFaults(template.reader(undecided), map),
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

function ofUrl(template: Template, { map }: CorsBlock): UrlFault[] {
  const age = deref(entryOf(map, 'MaxAge')?.value);
  return urlFaults(template.reader(undecided).at(map, 'AllowMethods'), age);
}
