import { type EndpointRepair, isOfPlace, repairHandler, repairPlace } from '../../../aws/edits/repair';
import type { Edit, Repair } from '../../../cors/repair';
import type { Host } from '../../../lint/types';
import { findAt } from '../../../yaml/edits/find';
import type { TemplateAnalysis, TemplateEndpoint } from '../analysis';
import { allowList, replaceWithList } from './origins';
import { answerPreflight, switchOff } from './preflight';

/**
 * The edits that carry a repair out, in the template or in a handler; undefined when it cannot be done here with
 * certainty. Edits replace ranges: comments and layout around them stay.
 */
export function repair(analysis: TemplateAnalysis, wanted: Repair, host: Host): readonly Edit[] | undefined {
  const { roots } = analysis.yaml;
  if (!isOfPlace(wanted)) return repairEndpoint(analysis, wanted);
  return repairPlace(
    {
      findAt: (place) => findAt(roots, place),
      replaceWithList: (place, texts) => replaceWithList(findAt(roots, place), texts),
      allowList: (place, origins) => allowList(findAt(roots, place), place, origins),
    },
    wanted,
    host,
  );
}

function repairEndpoint(analysis: TemplateAnalysis, wanted: EndpointRepair): readonly Edit[] | undefined {
  const endpoint = analysis.endpoints.find(({ label }) => label === wanted.endpoint.label);
  if (endpoint === undefined || !hasHandler(endpoint)) return undefined;
  switch (wanted.kind) {
    case 'answer-preflight':
      return answerPreflight(analysis, endpoint, wanted);
    case 'exempt-preflight': {
      const guard = endpoint.kind === 'rest' ? endpoint.api.preflightGuard : undefined;
      return guard && switchOff(analysis, guard);
    }
    default:
      return repairHandler(endpoint, wanted);
  }
}

function hasHandler(endpoint: TemplateEndpoint): endpoint is Extract<TemplateEndpoint, { handler(): unknown }> {
  return 'handler' in endpoint;
}
