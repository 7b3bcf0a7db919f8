import { type KeyFault, keyFaults, keyMessage, keyProposals } from '../../../../aws/cors/keys';
import { platformRule } from '../../../../lint/defineRule';
import { placeOf } from '../../../../yaml/places';
import type { TemplateAnalysis } from '../../analysis';
import { corsBlocks } from '../../blocks';

export const rule = platformRule<TemplateAnalysis, Omit<KeyFault, 'entry'>>({
  meta: {
    id: 'cloudformation-cors-key',
    title: 'A key of a CORS block that AWS does not know',
    severity: 'error',
    category: 'broken',
    tags: ['option', 'spelling'],
    reference:
      'https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-property-api-corsconfiguration.html',
  },
  check({ analysis: { template } }, report) {
    if (template === undefined) return;
    for (const { entry, ...data } of keyFaults(corsBlocks(template), template.resources)) {
      report({ place: placeOf(entry.key), data });
    }
  },
  message: keyMessage,
  fixes: keyProposals,
});
