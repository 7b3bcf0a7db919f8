import {
  addToResponses,
  isScript,
  removeProperty,
  renameProperty,
  replaceLiteral,
  replacePropertyValue,
} from '../../../aws/edits/script';
import type { Edit, Repair } from '../../../cors/repair';
import type { Host } from '../../../lint/types';
import type { ServerlessAnalysis } from '../analysis';
import { isOfFunction, type ServerlessEndpoint } from '../endpoints/endpoint';
import { answerPreflight, applyToErrors, exemptPreflight, ownEndpoint } from './endpoint';
import { allowList, remove, rename, replaceValue, replaceWithList } from './yaml';

/**
 * The edits that carry a repair out, in the configuration, in a file that it includes or in a handler; undefined when
 * it cannot be done here with certainty. Edits replace ranges: comments and layout around them stay.
 */
export function repair(analysis: ServerlessAnalysis, wanted: Repair, host: Host): readonly Edit[] | undefined {
  switch (wanted.kind) {
    case 'replace-value':
      return isScript(wanted.place)
        ? replaceLiteral(host, wanted.place, wanted.text)
        : replaceValue(analysis, wanted.place, wanted.text);
    case 'rename':
      return isScript(wanted.place)
        ? renameProperty(host, wanted.place, wanted.name)
        : rename(analysis, wanted.place, wanted.name);
    case 'remove':
      return isScript(wanted.place) ? removeProperty(host, wanted.place) : remove(analysis, wanted.place);
    case 'replace-with-list':
      return isScript(wanted.place) ? undefined : replaceWithList(analysis, wanted.place, wanted.texts);
    // A REST event matches globs, no regular expressions; an HTTP API matches neither.
    case 'replace-pattern':
      return undefined;
    default:
      return repairEndpoint(analysis, wanted, host);
  }
}

type EndpointRepair = Extract<Repair, { readonly endpoint: unknown }>;

function repairEndpoint(analysis: ServerlessAnalysis, wanted: EndpointRepair, host: Host): readonly Edit[] | undefined {
  const endpoint = ownEndpoint(analysis, wanted.endpoint);
  if (endpoint === undefined) return undefined;
  if (wanted.kind === 'allow-list') {
    const [origin] = wanted.origins;
    if (isScript(wanted.place)) {
      return origin === undefined || wanted.origins.length > 1
        ? undefined
        : replacePropertyValue(host, wanted.place, origin);
    }
    return allowList(analysis, wanted.place, wanted.origins, endpoint.kind === 'rest' ? 'origin' : 'allowedOrigins');
  }
  // What stands under `resources` sends what its lists say: nothing can be put beside them.
  return isOfFunction(endpoint) ? repairFunction(analysis, endpoint, wanted) : undefined;
}

function repairFunction(
  analysis: ServerlessAnalysis,
  endpoint: ServerlessEndpoint,
  wanted: Exclude<EndpointRepair, { readonly kind: 'allow-list' }>,
): readonly Edit[] | undefined {
  switch (wanted.kind) {
    case 'apply-to-errors':
      return applyToErrors(analysis, endpoint, wanted.headers);
    case 'set-header':
      return addToResponses(endpoint, [[wanted.name, wanted.value]], () => true);
    case 'vary-origin':
      return addToResponses(endpoint, [['Vary', 'Origin']], ({ headers }) =>
        headers.every(({ name }) => name.toLowerCase() !== 'vary'),
      );
    case 'answer-preflight':
      return answerPreflight(analysis, endpoint, wanted);
    case 'exempt-preflight':
      return exemptPreflight(endpoint);
    // The gateway's headers and the handler's never stand beside each other.
    case 'hide-header':
      return undefined;
  }
}
