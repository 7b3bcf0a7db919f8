import { gatewayResponseResources } from '../../../aws/cors/gatewayResponseResources';
import type { GatewayResponse } from '../../../aws/cors/gatewayResponses';
import { undecided } from '../../../aws/template/worlds';
import { entryOf } from '../../../yaml/tree';
import { pluginChanges } from '../service/plugins';
import type { ServiceResources } from '../service/resources';
import type { Service } from '../service/service';

/** What the REST API's gateway puts into the errors that it answers itself, as far as the service sets it up. */
export interface GatewayResponses {
  readonly resources: readonly GatewayResponse[];
  /** Set when there may be more of them: why, in words. */
  readonly open: string | undefined;
}

export function gatewayResponses(service: Service, stack: ServiceResources): GatewayResponses {
  return {
    resources: gatewayResponseResources(stack.resources, stack.reader(undecided), undefined),
    open: openReason(service) ?? stack.unread ?? conditional(stack),
  };
}

/** Other ways by which the API's error responses come to be. */
function openReason(service: Service): string | undefined {
  const { provider, resolver } = service;
  const gateway = resolver.certain(provider && entryOf(provider, 'apiGateway')?.value);
  if (entryOf(gateway, 'restApiId') !== undefined) return 'the API is made elsewhere';
  return pluginChanges(service).errors;
}

/** Whether a response that the resources set up is there in some circumstances only. */
function conditional({ resources }: ServiceResources): string | undefined {
  const isSome = resources.some(
    ({ type, condition }) => type === 'AWS::ApiGateway::GatewayResponse' && condition !== undefined,
  );
  return isSome ? 'a gateway response exists under a condition only' : undefined;
}
