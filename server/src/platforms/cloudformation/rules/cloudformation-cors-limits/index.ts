import { takeOut, type UrlFault, urlFaultMessage, urlFaults, urlFaultTitle } from '../../../../aws/cors/urlLimits';
import { undecided } from '../../../../aws/template/worlds';
import type { Edit } from '../../../../cors/repair';
import { platformRule } from '../../../../lint/defineRule';
import { deleteItem } from '../../../../yaml/edits/list';
import { placeOf } from '../../../../yaml/places';
import { deref, entryOf, type YamlMap, type YamlScalar } from '../../../../yaml/tree';
import type { TemplateAnalysis } from '../../analysis';
import { corsBlocks } from '../../blocks';
import type { Template } from '../../template';

type Data = Omit<Fault, 'node'>;

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_CORSRule.html */
const BUCKET_METHODS: ReadonlySet<string> = new Set(['GET', 'PUT', 'HEAD', 'POST', 'DELETE']);

export const rule = platformRule<TemplateAnalysis, Data>({
  meta: {
    id: 'cloudformation-cors-limits',
    title: "More than a bucket's or a function URL's CORS takes",
    severity: 'error',
    category: 'broken',
    tags: ['method', 'origin', 'max-age'],
    reference: 'https://docs.aws.amazon.com/AmazonS3/latest/API/API_CORSRule.html',
  },
  check({ analysis: { template } }, report) {
    if (template === undefined) return;
    for (const { dialect, map } of corsBlocks(template)) {
      const found = dialect === 'bucket' ? bucketFaults(template, map) : dialect === 'url' ? ofUrl(template, map) : [];
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
      default:
        return urlFaultMessage({ fault, text }, 'MaxAge');
    }
  },
  fixes: ({ fault, edits }) => {
    if (edits === undefined) return [];
    const title = fault === 'bucket-method' || fault === 'bucket-wildcards' ? 'Take it out' : urlFaultTitle({ fault });
    return [{ title, preferred: true, edits }];
  },
});

type Fault = Omit<UrlFault, 'fault'> & { readonly fault: UrlFault['fault'] | 'bucket-method' | 'bucket-wildcards' };

function bucketFaults(template: Template, map: YamlMap): Fault[] {
  const methods = textsOf(template, map, 'AllowedMethods').flatMap(({ node, text, edits }): Fault[] =>
    BUCKET_METHODS.has(text) ? [] : [{ fault: 'bucket-method', text, edits, node }],
  );
  const origins = textsOf(template, map, 'AllowedOrigins').flatMap(({ node, text }): Fault[] =>
    text.split('*').length > 2 ? [{ fault: 'bucket-wildcards', text, edits: undefined, node }] : [],
  );
  return [...methods, ...origins];
}

function ofUrl(template: Template, map: YamlMap): UrlFault[] {
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
