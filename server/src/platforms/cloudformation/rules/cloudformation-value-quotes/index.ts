import { gatewayResponseResources } from '../../../../aws/cors/gatewayResponseResources';
import { lacksQuotes } from '../../../../aws/cors/mapping';
import { undecided } from '../../../../aws/template/worlds';
import type { Edit } from '../../../../cors/repair';
import { platformRule } from '../../../../lint/defineRule';
import { replaceScalar } from '../../../../yaml/edits/scalar';
import { edit } from '../../../../yaml/edits/text';
import { placeOf } from '../../../../yaml/places';
import { deref, entriesOf, entryOf, type YamlNode, type YamlScalar } from '../../../../yaml/tree';
import type { TemplateAnalysis } from '../../analysis';
import { corsBlocks } from '../../blocks';
import type { Template } from '../../template';

interface Data {
  readonly text: string;
  readonly fault: 'missing' | 'too-many';
  readonly edit: Edit | undefined;
}

export const rule = platformRule<TemplateAnalysis, Data>({
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
      const text = String(node.value);
      // What AWS makes of a number is not documented: public templates have `MaxAge: 5`.
      if (told.has(node) || typeof node.value !== 'string' || text === '' || !lacksQuotes(text)) continue;
      told.add(node);
      report({ place: placeOf(node), data: { text, fault: 'missing', edit: withQuotes(node) } });
    }
    for (const { dialect, map } of corsBlocks(template)) {
      if (dialect === 'rest') continue;
      for (const node of map.entries.flatMap(({ value }) => scalarsOf(value))) {
        const inner = /^(['"])(.+)\1$/s.exec(String(node.value))?.[2];
        if (inner === undefined) continue;
        const data: Data = { text: String(node.value), fault: 'too-many', edit: replaceScalar(node, inner) };
        report({ place: placeOf(node), data });
      }
    }
  },
  message: ({ text, fault }) =>
    fault === 'missing'
      ? `A REST API takes a fixed value in single quotes inside the string: AWS does not take \`${text}\` for one, and the deployment fails. Write \`"'${text}'"\`.`
      : `These quotes become a part of the value, and no browser sends \`${text}\`. Take the inner ones off.`,
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

/** The scalars that API Gateway takes for mapping expressions. */
function mappedScalars({ restApis }: TemplateAnalysis, template: Template): YamlScalar[] {
  const reader = template.reader(undecided);
  const responses = [
    ...gatewayResponseResources(template.resources, reader, undefined),
    ...restApis.flatMap((api) => api.responses),
  ];
  const headers = responses.flatMap(({ parameters }) =>
    parameters.filter(({ name }) => isOurs(name)).map(({ entry }) => entry.value),
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
            isOurs(key.replace(/^method\.response\.header\./, '')) ? [value] : [],
          );
    });
  });
}

function isOurs(name: string): boolean {
  return /^(?:access-control-|vary$)/i.test(name);
}

function withQuotes(node: YamlScalar): Edit | undefined {
  if (node.computed || node.style === 'block') return undefined;
  return edit(node.source, node.start, node.end, `"'${node.value}'"`);
}

function scalarsOf(node: YamlNode): YamlScalar[] {
  if (node.kind === 'scalar') return node.tag === undefined ? [node] : [];
  return node.kind === 'list' && node.tag === undefined ? node.items.flatMap(scalarsOf) : [];
}
