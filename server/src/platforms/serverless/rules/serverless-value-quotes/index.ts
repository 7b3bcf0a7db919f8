import { lacksQuotes } from '../../../../aws/cors/mapping';
import type { Edit } from '../../../../cors/repair';
import { platformRule } from '../../../../lint/defineRule';
import { replaceScalar } from '../../../../yaml/edits/scalar';
import { edit } from '../../../../yaml/edits/text';
import { placeOf } from '../../../../yaml/places';
import type { YamlNode, YamlScalar } from '../../../../yaml/tree';
import type { ServerlessAnalysis } from '../../analysis';
import { plainExchange } from '../../endpoints/play';
import { corsBlocks } from '../../service/blocks';

interface Data {
  readonly text: string;
  readonly fault: 'missing' | 'too-many';
  readonly edit: Edit | undefined;
}

export const rule = platformRule<ServerlessAnalysis, Data>({
  meta: {
    id: 'serverless-value-quotes',
    title: 'Quotes that a header value needs, or has too many of',
    severity: 'error',
    category: 'broken',
    tags: ['syntax', 'header'],
    reference: 'https://docs.aws.amazon.com/apigateway/latest/developerguide/request-response-data-mappings.html',
    replaces: ['invalid-origin'],
  },
  check({ analysis, browserFor }, report) {
    for (const { parameters } of analysis.gatewayResponses?.resources ?? []) {
      for (const { entry, name } of parameters) {
        const node = analysis.service?.resolver.certain(entry.value);
        if (node?.kind !== 'scalar' || node.tag !== undefined || node.value === null) continue;
        if (!lacksQuotes(String(node.value))) continue;
        if (!/^(?:access-control-|vary$)/i.test(name)) continue;
        report({ place: placeOf(node), data: { text: String(node.value), fault: 'missing', edit: withQuotes(node) } });
      }
    }
    for (const { cors, event } of corsBlocks(analysis)) {
      const endpoint = analysis.endpoints.find(
        (one) => event === undefined || (one.kind === 'rest' && one.event === event),
      );
      const exchange = endpoint && plainExchange(browserFor(endpoint));
      for (const { value } of cors.settings.values()) {
        if (value.kind !== 'node') continue;
        for (const node of scalarsOf(analysis, value.node)) {
          const inner = /^(['"])(.*)\1$/s.exec(String(node.value))?.[2];
          if (inner === undefined) continue;
          const data: Data = { text: String(node.value), fault: 'too-many', edit: replaceScalar(node, inner) };
          report({ place: placeOf(node), data, ...(exchange === undefined ? {} : { exchange }) });
        }
      }
    }
  },
  message: ({ text, fault }) =>
    fault === 'missing'
      ? `A gateway response takes a fixed value in single quotes inside the string: AWS does not take \`${text}\` for one, and the deployment fails. Write \`"'${text}'"\`.`
      : `The framework puts the quotes itself: with those of \`${text}\` the header is quoted twice, and browsers refuse it. Take them off.`,
  fixes: (data) =>
    data.edit === undefined
      ? []
      : [
          {
            title: data.fault === 'missing' ? 'Put single quotes inside' : 'Take the inner quotes off',
            preferred: true,
            edits: [data.edit],
          },
        ],
});

function withQuotes(node: YamlScalar): Edit | undefined {
  if (node.computed || node.style === 'block') return undefined;
  return edit(node.source, node.start, node.end, `"'${node.value}'"`);
}

function scalarsOf(analysis: ServerlessAnalysis, node: YamlNode): YamlScalar[] {
  if (node.kind === 'scalar') return [node];
  if (node.kind !== 'list') return [];
  return node.items.flatMap((item) => {
    const one = analysis.service?.resolver.certain(item);
    return one?.kind === 'scalar' ? [one] : [];
  });
}
