import type { Edit } from '../../../../cors/repair';
import { platformRule } from '../../../../lint/defineRule';
import { deleteItem } from '../../../../yaml/edits/list';
import { replaceRaw } from '../../../../yaml/edits/scalar';
import { placeOf } from '../../../../yaml/places';
import type { YamlValue } from '../../../../yaml/tree';
import type { ServerlessAnalysis } from '../../analysis';
import { corsBlocks } from '../../service/blocks';

interface Data {
  readonly fault: 'method' | 'count' | 'max-age';
  readonly text: string;
  readonly edit: Edit | undefined;
}

/** https://docs.aws.amazon.com/lambda/latest/api/API_Cors.html */
const LONGEST_METHOD = 6;
const MOST_METHODS = 6;
const LONGEST_AGE = 86_400;

export const rule = platformRule<ServerlessAnalysis, Data>({
  meta: {
    id: 'serverless-url-limits',
    title: "More than a function URL's CORS takes",
    severity: 'error',
    category: 'broken',
    tags: ['method', 'max-age'],
    reference: 'https://docs.aws.amazon.com/lambda/latest/api/API_Cors.html',
  },
  check({ analysis }, report) {
    for (const { cors, dialect } of corsBlocks(analysis)) {
      if (dialect !== 'url') continue;
      const methods = certain(cors.settings.get('allowedMethods')?.value);
      const items = methods?.kind === 'list' ? methods.items : methods?.kind === 'scalar' ? [methods] : [];
      let tooLong = 0;
      for (const [index, item] of items.entries()) {
        const node = analysis.service?.resolver.certain(item);
        if (node?.kind !== 'scalar' || typeof node.value !== 'string' || node.value.length <= LONGEST_METHOD) continue;
        tooLong += 1;
        const edit = methods?.kind === 'list' ? deleteItem(methods, index) : undefined;
        report({ place: placeOf(node), data: { fault: 'method', text: node.value, edit } });
      }
      if (methods?.kind === 'list' && items.length - tooLong > MOST_METHODS) {
        report({ place: placeOf(methods), data: { fault: 'count', text: String(items.length), edit: undefined } });
      }
      const age = certain(cors.settings.get('maxAge')?.value);
      if (age?.kind !== 'scalar' || !(Number(age.value) > LONGEST_AGE)) continue;
      report({
        place: placeOf(age),
        data: { fault: 'max-age', text: String(age.value), edit: replaceRaw(age, String(LONGEST_AGE)) },
      });
    }
  },
  message: ({ fault, text }) => {
    switch (fault) {
      case 'method':
        return `A function URL takes method names of at most ${LONGEST_METHOD} letters, so the deployment fails with \`${text}\`. ${text === 'OPTIONS' ? 'Take it out: preflights are answered without it.' : 'Take it out.'}`;
      case 'count':
        return `A function URL takes at most ${MOST_METHODS} methods, and here are ${text}: the deployment fails. Write \`'*'\`, or fewer.`;
      case 'max-age':
        return `A function URL takes a \`maxAge\` of at most ${LONGEST_AGE} seconds: the deployment fails with ${text}. Browsers keep no longer anyway.`;
    }
  },
  fixes: ({ fault, edit }) =>
    edit === undefined
      ? []
      : [
          {
            title: fault === 'max-age' ? `Write \`${LONGEST_AGE}\`` : 'Take it out',
            preferred: true,
            edits: [edit],
          },
        ],
});

function certain(value: { readonly kind: string; readonly node?: YamlValue } | undefined): YamlValue | undefined {
  return value?.kind === 'node' ? value.node : undefined;
}
