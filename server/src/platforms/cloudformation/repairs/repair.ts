import {
  addToResponses,
  asNewHeaders,
  isScript,
  removeProperty,
  renameProperty,
  replaceLiteral,
  replacePropertyValue,
} from '../../../aws/edits/script';
import type { Edit, Repair } from '../../../cors/repair';
import type { Host } from '../../../lint/types';
import type { TemplateAnalysis, TemplateEndpoint } from '../analysis';
import { allowList, remove, rename, replaceValue, replaceWithList } from './yaml';

/**
 * The edits that carry a repair out, in the template or in a handler; undefined when it cannot be done here with
 * certainty. Edits replace ranges: comments and layout around them stay.
 */
export function repair(analysis: TemplateAnalysis, wanted: Repair, host: Host): readonly Edit[] | undefined {
  const { roots } = analysis.yaml;
  switch (wanted.kind) {
    case 'replace-value':
      return isScript(wanted.place)
        ? replaceLiteral(host, wanted.place, wanted.text)
        : replaceValue(roots, wanted.place, wanted.text);
    case 'rename':
      return isScript(wanted.place)
        ? renameProperty(host, wanted.place, wanted.name)
        : rename(roots, wanted.place, wanted.name);
    case 'remove':
      return isScript(wanted.place) ? removeProperty(host, wanted.place) : remove(roots, wanted.place);
    case 'replace-with-list':
      return isScript(wanted.place) ? undefined : replaceWithList(roots, wanted.place, wanted.texts);
    // No kind of template takes regular expressions.
    case 'replace-pattern':
      return undefined;
    case 'allow-list': {
      const [origin] = wanted.origins;
      if (!isScript(wanted.place)) return allowList(roots, wanted.place, wanted.origins);
      return origin === undefined || wanted.origins.length > 1
        ? undefined
        : replacePropertyValue(host, wanted.place, origin);
    }
    default:
      return repairHandler(analysis, wanted);
  }
}

type HandlerRepair = Exclude<Extract<Repair, { readonly endpoint: unknown }>, { readonly kind: 'allow-list' }>;

function repairHandler(analysis: TemplateAnalysis, wanted: HandlerRepair): readonly Edit[] | undefined {
  const endpoint = analysis.endpoints.find(({ label }) => label === wanted.endpoint.label);
  if (endpoint === undefined || !hasHandler(endpoint)) return undefined;
  switch (wanted.kind) {
    case 'apply-to-errors': {
      const added = asNewHeaders(wanted.headers);
      return added && addToResponses(endpoint, added, ({ status }) => status !== undefined && status >= 400);
    }
    case 'set-header':
      return addToResponses(endpoint, [[wanted.name, wanted.value]], () => true);
    case 'vary-origin':
      return addToResponses(endpoint, [['Vary', 'Origin']], ({ headers }) =>
        headers.every(({ name }) => name.toLowerCase() !== 'vary'),
      );
    // A preflight is answered by resources that would have to be made up; what the gateway sends hides nothing.
    case 'answer-preflight':
    case 'exempt-preflight':
    case 'hide-header':
      return undefined;
  }
}

function hasHandler(endpoint: TemplateEndpoint): endpoint is Extract<TemplateEndpoint, { handler(): unknown }> {
  return 'handler' in endpoint;
}
