import { openBrowser } from '../cors/browser';
import { type EffectivePolicy, effectivePolicy } from '../cors/effectivePolicy';
import type { Endpoint } from '../cors/endpoint';

/** An analysis that is made anew has new endpoints, so what is known of the old ones goes with them. */
const known = new WeakMap<Endpoint, EffectivePolicy>();

/** What the endpoint does for front ends, worked out once: lenses and hovers of one text ask for the same again. */
export function policyOf(endpoint: Endpoint): EffectivePolicy {
  const policy = known.get(endpoint) ?? effectivePolicy(openBrowser(endpoint));
  known.set(endpoint, policy);
  return policy;
}
