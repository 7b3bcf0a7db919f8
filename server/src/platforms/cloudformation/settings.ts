import { gatewayResponseResources } from '../../aws/cors/gatewayResponseResources';
import { gatewayResponseSettings } from '../../aws/cors/gatewayResponses';
import { undecided } from '../../aws/template/worlds';
import type { HeaderSetting } from '../../cors/endpoint';
import type { SamRestApi } from './sam/restApi';
import type { Template } from './template';

/** The places of a template that set headers by name: gateway responses. */
export function headerSettings(template: Template, apis: readonly SamRestApi[]): HeaderSetting[] {
  const all = [
    ...gatewayResponseResources(template.resources, template.reader(undecided), undefined),
    ...apis.flatMap(({ responses }) => responses),
  ];
  return gatewayResponseSettings([...new Map(all.map((response) => [response.id, response])).values()]);
}
