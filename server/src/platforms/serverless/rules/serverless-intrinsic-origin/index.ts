import { platformRule } from '../../../../lint/defineRule';
import { placeOf } from '../../../../yaml/places';
import { textOf, type YamlValue } from '../../../../yaml/tree';
import type { ServerlessAnalysis } from '../../analysis';
import { corsBlocks } from '../../service/blocks';

interface Data {
  readonly text: string;
}

export const rule = platformRule<ServerlessAnalysis, Data>({
  meta: {
    id: 'serverless-intrinsic-origin',
    title: 'A CloudFormation function as the origin of a REST event',
    severity: 'error',
    category: 'broken',
    tags: ['origin', 'cloudformation'],
    reference: 'https://www.serverless.com/framework/docs/guides/parameters',
  },
  check({ analysis }, report) {
    for (const { cors, dialect } of corsBlocks(analysis)) {
      const value = dialect === 'rest' ? cors.settings.get('origin')?.value : undefined;
      const node = value?.kind === 'node' ? value.node : undefined;
      if (node === undefined || !isFunction(node)) continue;
      report({ place: placeOf(node), data: { text: words(node) } });
    }
  },
  message: ({ text }) =>
    `The framework reads \`origin\` while it packages, and CloudFormation works \`${text}\` out later: packaging stops. Use \`\${param:…}\` or \`\${env:…}\`.`,
});

function isFunction(node: YamlValue): boolean {
  if (node.tag !== undefined) return true;
  return node.kind === 'map' && node.entries.some(({ key }) => /^(?:Ref|Fn::\w+)$/.test(String(key.value)));
}

function words(node: YamlValue): string {
  const text = `${node.tag === undefined ? '' : `${node.tag} `}${textOf(node)}`.replace(/\s+/g, ' ');
  return text.length > 50 ? `${text.slice(0, 49)}…` : text;
}
