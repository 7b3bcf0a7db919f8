import { gatewayResponseResources } from '../../../../aws/cors/gatewayResponseResources';
import { isOfCors, missingQuotes, needlessQuotes, type QuoteFault, quoteProposals } from '../../../../aws/edits/quotes';
import { undecided } from '../../../../aws/template/worlds';
import { platformRule } from '../../../../lint/defineRule';
import { placeOf } from '../../../../yaml/places';
import { deref, entriesOf, entryOf, type YamlNode, type YamlScalar } from '../../../../yaml/tree';
import type { TemplateAnalysis } from '../../analysis';
import { corsBlocks } from '../../blocks';
import type { Template } from '../../template';

export const rule = platformRule<TemplateAnalysis, QuoteFault>({
  meta: {
    id: 'cloudformation-value-quotes',
    title: 'Quotes that a header value needs, or has too many of',
    severity: 'error',
    category: 'broken',
    tags: ['syntax', 'header'],
    reference: 'https://docs.aws.amazon.com/apigateway/latest/developerguide/request-response-data-mappings.html',
    replaces: ['invalid-origin'],
  },
  check({ analysis }, report) {
    const { template } = analysis;
    if (template === undefined) return;
    const told = new Set<YamlScalar>();
    for (const node of mappedScalars(analysis, template)) {
      // What AWS makes of a number is not documented: public templates have `MaxAge: 5`.
      const data = typeof node.value === 'string' && !told.has(node) ? missingQuotes(node) : undefined;
      if (data === undefined) continue;
      told.add(node);
      report({ place: placeOf(node), data });
    }
    for (const { dialect, map } of corsBlocks(template)) {
      if (dialect === 'rest') continue;
      for (const node of map.entries.flatMap(({ value }) => scalarsOf(value))) {
        const data = needlessQuotes(node);
        if (data !== undefined) report({ place: placeOf(node), data });
      }
    }
  },
  message: ({ text, fault }) =>
    fault === 'missing'
      ? `A REST API takes a fixed value in single quotes inside the string: AWS does not take \`${text}\` for one, and the deployment fails. Write \`"'${text}'"\`.`
      : `These quotes become a part of the value, and no browser sends \`${text}\`. Take the inner ones off.`,
  fixes: quoteProposals,
});

/** The scalars that API Gateway takes for mapping expressions. */
function mappedScalars({ restApis }: TemplateAnalysis, template: Template): YamlScalar[] {
  const reader = template.reader(undecided);
  const responses = [
    ...gatewayResponseResources(template.resources, reader, undefined),
    ...restApis.flatMap((api) => api.responses),
  ];
  const headers = responses.flatMap(({ parameters }) =>
    parameters.filter(({ name }) => isOfCors(name)).map(({ entry }) => entry.value),
  );
  const blocks = corsBlocks(template)
    .filter(({ dialect }) => dialect === 'rest')
    .flatMap(({ map }) => map.entries.filter(({ key }) => key.value !== 'AllowCredentials').map(({ value }) => value));
  const whole = template.resources
    .filter(({ type }) => type === 'AWS::Serverless::Api')
    .map(({ properties }) => entryOf(properties, 'Cors')?.value);
  return [...headers, ...blocks, ...whole, entryOf(template.globals('Api'), 'Cors')?.value, ...mocks(template)].flatMap(
    (node) => {
      const value = deref(node);
      return value?.kind === 'scalar' && value.tag === undefined ? [value] : [];
    },
  );
}

/** The headers of methods whose integration responses map them. */
function mocks(template: Template): YamlNode[] {
  const reader = template.reader(undecided);
  return template.resources.flatMap(({ type, properties }) => {
    if (type !== 'AWS::ApiGateway::Method') return [];
    const list = reader.at(properties, 'Integration', 'IntegrationResponses');
    return (list?.kind === 'list' ? list.items : []).flatMap((item) => {
      const parameters = reader.mapAt(item, 'ResponseParameters');
      return parameters === undefined
        ? []
        : [...entriesOf(parameters)].flatMap(([key, { value }]) =>
            isOfCors(key.replace(/^method\.response\.header\./, '')) ? [value] : [],
          );
    });
  });
}

function scalarsOf(node: YamlNode): YamlScalar[] {
  if (node.kind === 'scalar') return node.tag === undefined ? [node] : [];
  return node.kind === 'list' && node.tag === undefined ? node.items.flatMap(scalarsOf) : [];
}
