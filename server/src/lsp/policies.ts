import { openBrowser } from '../cors/browser';
import type { Caller } from '../cors/caller';
import { type EffectivePolicy, effectivePolicy } from '../cors/effectivePolicy';
import type { Endpoint } from '../cors/endpoint';

/** An analysis that is made anew has new endpoints, so what is known of the old ones goes with them. */
const known = new WeakMap<Endpoint, EffectivePolicy>();

/**
 * What the endpoint does for front ends, worked out once: lenses and hovers of one text ask for the same again.
 * @param callers the calls of pages that are known to reach the endpoints; other ones come with other endpoints
 */
export function policyOf(endpoint: Endpoint, callers: ReadonlyMap<Endpoint, readonly Caller[]>): EffectivePolicy {
  const policy = known.get(endpoint) ?? effectivePolicy(openBrowser(endpoint, callers.get(endpoint)));
  known.set(endpoint, policy);
  return policy;
}
