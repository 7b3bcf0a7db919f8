import { gatewayResponseResources } from '../../../aws/cors/gatewayResponseResources';
import type { GatewayResponse } from '../../../aws/cors/gatewayResponses';
import { undecided } from '../../../aws/template/worlds';
import { deref, entryOf } from '../../../yaml/tree';
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
    open: openReason(service) ?? stack.unread,
  };
}

/** Other ways by which the API's error responses come to be. */
function openReason({ root, provider, resolver }: Service): string | undefined {
  const gateway = resolver.certain(provider && entryOf(provider, 'apiGateway')?.value);
  if (entryOf(gateway, 'restApiId') !== undefined) return 'the API is made elsewhere';
  const plugins = resolver.certain(entryOf(root, 'plugins')?.value);
  const names = plugins?.kind === 'list' ? plugins.items.map((item) => deref(item)) : [];
  const plugin = names.find((name) => name?.kind === 'scalar' && /cors|api-?g|gateway/i.test(String(name.value)));
  return plugin?.kind === 'scalar' ? `the plugin ${plugin.value} may add them` : undefined;
}
