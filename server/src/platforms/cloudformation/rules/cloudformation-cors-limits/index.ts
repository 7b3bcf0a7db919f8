import { undecided } from '../../../../aws/template/worlds';
import type { Edit } from '../../../../cors/repair';
import { platformRule } from '../../../../lint/defineRule';
import { deleteItem } from '../../../../yaml/edits/list';
import { replaceRaw } from '../../../../yaml/edits/scalar';
import { placeOf } from '../../../../yaml/places';
import { deref, entryOf, type YamlList, type YamlMap, type YamlScalar } from '../../../../yaml/tree';
import type { TemplateAnalysis } from '../../analysis';
import { corsBlocks } from '../../blocks';
import type { Template } from '../../template';

interface Data {
  readonly fault: 'bucket-method' | 'bucket-wildcards' | 'url-method' | 'url-count' | 'url-age';
  readonly text: string;
  readonly edit: Edit | undefined;
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_CORSRule.html */
const BUCKET_METHODS: ReadonlySet<string> = new Set(['GET', 'PUT', 'HEAD', 'POST', 'DELETE']);
/** https://docs.aws.amazon.com/lambda/latest/api/API_Cors.html */
const LONGEST_METHOD = 6;
const MOST_METHODS = 6;
const LONGEST_AGE = 86_400;

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
      const found =
        dialect === 'bucket' ? bucketFaults(template, map) : dialect === 'url' ? urlFaults(template, map) : [];
      for (const { node, ...data } of found) report({ place: placeOf(node), data });
    }
  },
  message: ({ fault, text }) => {
    switch (fault) {
      case 'bucket-method':
        return `S3 takes no \`${text}\` among the methods of a CORS rule, and the deployment fails. ${text === 'OPTIONS' ? 'Take it out: preflights are answered without it.' : 'Take it out.'}`;
      case 'bucket-wildcards':
        return `S3 takes at most one \`*\` in an origin, and the deployment fails with \`${text}\`. Name the origins.`;
      case 'url-method':
        return `A function URL takes method names of at most ${LONGEST_METHOD} letters, so the deployment fails with \`${text}\`. ${text === 'OPTIONS' ? 'Take it out: preflights are answered without it.' : 'Take it out.'}`;
      case 'url-count':
        return `A function URL takes at most ${MOST_METHODS} methods, and here are ${text}: the deployment fails. Write \`'*'\`, or fewer.`;
      case 'url-age':
        return `A function URL takes a \`MaxAge\` of at most ${LONGEST_AGE} seconds: the deployment fails with ${text}. Browsers keep no longer anyway.`;
    }
  },
  fixes: ({ fault, edit }) =>
    edit === undefined
      ? []
      : [{ title: fault === 'url-age' ? `Write \`${LONGEST_AGE}\`` : 'Take it out', preferred: true, edits: [edit] }],
});

type Fault = Data & { readonly node: YamlScalar | YamlList };

function bucketFaults(template: Template, map: YamlMap): Fault[] {
  const methods = textsOf(template, map, 'AllowedMethods').flatMap(({ node, text, edit }): Fault[] =>
    BUCKET_METHODS.has(text) ? [] : [{ fault: 'bucket-method', text, edit, node }],
  );
  const origins = textsOf(template, map, 'AllowedOrigins').flatMap(({ node, text }): Fault[] =>
    text.split('*').length > 2 ? [{ fault: 'bucket-wildcards', text, edit: undefined, node }] : [],
  );
  return [...methods, ...origins];
}

function urlFaults(template: Template, map: YamlMap): Fault[] {
  const methods = textsOf(template, map, 'AllowMethods');
  const tooLong = methods.filter(({ text }) => text.length > LONGEST_METHOD);
  const list = deref(entryOf(map, 'AllowMethods')?.value);
  const faults = tooLong.map(({ node, text, edit }): Fault => ({ fault: 'url-method', text, edit, node }));
  if (list?.kind === 'list' && methods.length - tooLong.length > MOST_METHODS) {
    faults.push({ fault: 'url-count', text: String(methods.length), edit: undefined, node: list });
  }
  const age = deref(entryOf(map, 'MaxAge')?.value);
  if (age?.kind === 'scalar' && age.tag === undefined && Number(age.value) > LONGEST_AGE) {
    faults.push({
      fault: 'url-age',
      text: String(age.value),
      edit: replaceRaw(age, String(LONGEST_AGE)),
      node: age,
    });
  }
  return faults;
}

/** The items of a list that are plain texts. */
function textsOf(
  template: Template,
  map: YamlMap,
  key: string,
): { readonly node: YamlScalar; readonly text: string; readonly edit: Edit | undefined }[] {
  const list = template.reader(undecided).at(map, key);
  if (list?.kind !== 'list') return [];
  return list.items.flatMap((item, index) => {
    const node = deref(item);
    if (node?.kind !== 'scalar' || node.tag !== undefined || typeof node.value !== 'string') return [];
    return [{ node, text: node.value, edit: node === item && !node.computed ? deleteItem(list, index) : undefined }];
  });
}
