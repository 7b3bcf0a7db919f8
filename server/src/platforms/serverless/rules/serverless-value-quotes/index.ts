import { isOfCors, missingQuotes, needlessQuotes, type QuoteFault, quoteProposals } from '../../../../aws/edits/quotes';
import { platformRule } from '../../../../lint/defineRule';
import { placeOf } from '../../../../yaml/places';
import type { YamlNode, YamlScalar } from '../../../../yaml/tree';
import type { ServerlessAnalysis } from '../../analysis';
import { plainExchange } from '../../endpoints/play';
import { corsBlocks } from '../../service/blocks';
import { isTemplate } from '../../service/resourceBlocks';

export const rule = platformRule<ServerlessAnalysis, QuoteFault>({
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
        const data =
          node?.kind === 'scalar' && isOfCors(name) && !isTemplate(analysis, node.source.file)
            ? missingQuotes(node)
            : undefined;
        if (node !== undefined && data !== undefined) report({ place: placeOf(node), data });
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
          const data = needlessQuotes(node);
          if (data === undefined) continue;
          report({ place: placeOf(node), data, ...(exchange === undefined ? {} : { exchange }) });
        }
      }
    }
  },
  message: ({ text, fault }) =>
    fault === 'missing'
      ? `A gateway response takes a fixed value in single quotes inside the string: AWS does not take \`${text}\` for one, and the deployment fails. Write \`"'${text}'"\`.`
      : `The framework puts the quotes itself: with those of \`${text}\` the header is quoted twice, and browsers refuse it. Take them off.`,
  fixes: quoteProposals,
});

function scalarsOf(analysis: ServerlessAnalysis, node: YamlNode): YamlScalar[] {
  if (node.kind === 'scalar') return [node];
  if (node.kind !== 'list') return [];
  return node.items.flatMap((item) => {
    const one = analysis.service?.resolver.certain(item);
    return one?.kind === 'scalar' ? [one] : [];
  });
}
