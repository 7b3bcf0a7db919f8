import { type BucketFault, bucketFaultMessage, bucketFaults } from '../../../../aws/cors/bucketLimits';
import { type UrlFault, urlFaultMessage, urlFaults, urlFaultTitle } from '../../../../aws/cors/urlLimits';
import { platformRule } from '../../../../lint/defineRule';
import { placeOf } from '../../../../yaml/places';
import type { YamlValue } from '../../../../yaml/tree';
import type { ServerlessAnalysis } from '../../analysis';
import { corsBlocks } from '../../service/blocks';
import { resourceBlocks } from '../../service/resourceBlocks';

type Data =
  | (Omit<UrlFault, 'node'> & { readonly ageKey: string })
  | (Omit<BucketFault, 'node'> & { readonly ageKey?: undefined });

export const rule = platformRule<ServerlessAnalysis, Data>({
  meta: {
    id: 'serverless-url-limits',
    title: 'More than the CORS of a function URL or a bucket takes',
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
      for (const { node, ...data } of found) report({ place: placeOf(node), data: { ...data, ageKey: 'maxAge' } });
    }
    const own = resourceBlocks(analysis);
    if (own === undefined) return;
    const { blocks, reader } = own;
    for (const { dialect, map } of blocks) {
      if (dialect === 'bucket') {
        for (const { node, ...data } of bucketFaults(reader, map)) report({ place: placeOf(node), data });
      }
      if (dialect !== 'url') continue;
      const [methods, age] = ['AllowMethods', 'MaxAge'].map((key) => reader.at(map, key));
      const found = urlFaults(methods, age, (node) => {
        const item = reader.read(node);
        return item.kind === 'node' ? item.node : undefined;
      });
      for (const { node, ...data } of found) report({ place: placeOf(node), data: { ...data, ageKey: 'MaxAge' } });
    }
  },
  message: (data) => (data.ageKey === undefined ? bucketFaultMessage(data) : urlFaultMessage(data, data.ageKey)),
  fixes: (data) => {
    if (data.edits === undefined) return [];
    const title = data.ageKey === undefined ? 'Take it out' : urlFaultTitle(data);
    return [{ title, preferred: true, edits: data.edits }];
  },
});

function certain(value: { readonly kind: string; readonly node?: YamlValue } | undefined): YamlValue | undefined {
  return value?.kind === 'node' ? value.node : undefined;
}
