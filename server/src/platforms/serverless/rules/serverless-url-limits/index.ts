import { type UrlFault, urlFaultMessage, urlFaults, urlFaultTitle } from '../../../../aws/cors/urlLimits';
import { platformRule } from '../../../../lint/defineRule';
import { placeOf } from '../../../../yaml/places';
import type { YamlValue } from '../../../../yaml/tree';
import type { ServerlessAnalysis } from '../../analysis';
import { corsBlocks } from '../../service/blocks';

type Data = Omit<UrlFault, 'node'>;

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
      const [methods, age] = ['allowedMethods', 'maxAge'].map((key) => certain(cors.settings.get(key)?.value));
      const found = urlFaults(methods, age, (node) => analysis.service?.resolver.certain(node));
      for (const { node, ...data } of found) report({ place: placeOf(node), data });
    }
  },
  message: (data) => urlFaultMessage(data, 'maxAge'),
  fixes: (data) =>
    data.edits === undefined ? [] : [{ title: urlFaultTitle(data), preferred: true, edits: data.edits }],
});

function certain(value: { readonly kind: string; readonly node?: YamlValue } | undefined): YamlValue | undefined {
  return value?.kind === 'node' ? value.node : undefined;
}
