import { type EndpointRepair, isOfPlace, repairHandler, repairPlace } from '../../../aws/edits/repair';
import type { Edit, Repair } from '../../../cors/repair';
import type { Host } from '../../../lint/types';
import type { ServerlessAnalysis } from '../analysis';
import { isOfFunction, type ServerlessEndpoint } from '../endpoints/endpoint';
import { answerPreflight, applyToErrors, exemptPreflight, ownEndpoint } from './endpoint';
import { findAt } from './find';
import { allowList, replaceWithList } from './origins';

/**
 * The edits that carry a repair out, in the configuration, in a file that it includes or in a handler; undefined when
 * it cannot be done here with certainty. Edits replace ranges: comments and layout around them stay.
 */
export function repair(analysis: ServerlessAnalysis, wanted: Repair, host: Host): readonly Edit[] | undefined {
  const endpoint = 'endpoint' in wanted ? ownEndpoint(analysis, wanted.endpoint) : undefined;
  if ('endpoint' in wanted && endpoint === undefined) return undefined;
  if (isOfPlace(wanted)) {
    const key = endpoint?.kind === 'rest' ? 'origin' : 'allowedOrigins';
    return repairPlace(
      {
        findAt: (place) => findAt(analysis, place),
        replaceWithList: (place, texts) => replaceWithList(analysis, findAt(analysis, place), texts),
        allowList: (place, origins) => allowList(analysis, findAt(analysis, place), origins, key),
      },
      wanted,
      host,
    );
  }
  // What stands under `resources` sends what its lists say: nothing can be put beside them.
  return endpoint !== undefined && isOfFunction(endpoint) ? repairFunction(analysis, endpoint, wanted) : undefined;
}

function repairFunction(
  analysis: ServerlessAnalysis,
  endpoint: ServerlessEndpoint,
  wanted: EndpointRepair,
): readonly Edit[] | undefined {
  switch (wanted.kind) {
    case 'apply-to-errors':
      return applyToErrors(analysis, endpoint, wanted);
    case 'answer-preflight':
      return answerPreflight(analysis, endpoint, wanted);
    case 'exempt-preflight':
      return exemptPreflight(endpoint);
    default:
      return repairHandler(endpoint, wanted);
  }
}
