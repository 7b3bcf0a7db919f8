import type { Endpoint } from './endpoint';

/**
 * Whether a server seems to hand out pages itself, which are then of its own origin: it has static files, or a route for
 * every path, as what serves the page of an app has.
 */
export function servesPages(endpoints: readonly Endpoint[]): boolean {
  return endpoints.some(({ label }) => /^mount |[*]/.test(label) || /^\w+ \/$/.test(label));
}
