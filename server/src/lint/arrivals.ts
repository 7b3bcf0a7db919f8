import type { Caller } from '../cors/caller';
import type { Endpoint } from '../cors/endpoint';
import type { Arrival } from './types';

/**
 * Which of the endpoints answer the calls that arrive. An edit moves endpoints: of those that are called the same, the
 * nearest one to where the call arrived before is meant.
 */
export function callersByEndpoint(
  endpoints: readonly Endpoint[],
  arrivals: readonly Arrival[],
): ReadonlyMap<Endpoint, readonly Caller[]> {
  const callers = new Map<Endpoint, Caller[]>();
  for (const { caller, at } of arrivals) {
    const alike = endpoints.filter(({ label, place }) => label === at.label && place.file === at.place.file);
    const away = ({ place }: Endpoint): number => Math.abs(place.start - at.place.start);
    const nearest = alike.reduce<Endpoint | undefined>(
      (best, each) => (best === undefined || away(each) < away(best) ? each : best),
      undefined,
    );
    if (nearest !== undefined) callers.set(nearest, [...(callers.get(nearest) ?? []), caller]);
  }
  return callers;
}
