import { placeKey } from '../cors/place';
import { byName } from './paths';
import { openSlices } from './slices';
import type { FoundEndpoint, Workspace } from './types';

export interface CatalogueOptions {
  /** Files to look at; all that concern CORS when left out. */
  readonly files?: readonly string[];
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, total: number) => void;
}

/**
 * The endpoints of the workspace, each once, in the order of files and places. A file that another one includes is
 * seen in that one's context only, and so is a route whose router an app of another file mounts. When stopped, those that
 * are known by then.
 */
export async function catalogue(workspace: Workspace, options: CatalogueOptions = {}): Promise<FoundEndpoint[]> {
  const { signal, onProgress } = options;
  const files = options.files ?? (await workspace.files(signal));
  const slices = openSlices(signal);
  const found = new Map<string, FoundEndpoint>();
  const parts = new Set<string>();
  let done = 0;
  for (const file of files) {
    await slices.breathe();
    if (slices.stopped()) break;
    onProgress?.(done++, files.length);
    for (const { platform, analysis, callers } of await workspace.analyses(file)) {
      for (const part of analysis.parts?.keys() ?? []) if (part !== file) parts.add(part);
      for (const endpoint of analysis.endpoints) {
        const key = `${platform.id}\0${endpoint.label}\0${placeKey(endpoint.place)}`;
        const known = found.get(key);
        // Who sees it whole knows it better than who sees a part.
        if (known === undefined || (known.endpoint.partial !== undefined && endpoint.partial === undefined)) {
          found.set(key, { platform, endpoint, callers: callers.get(endpoint) ?? [] });
        }
      }
    }
  }
  const placeOf = ({ platform, endpoint }: FoundEndpoint): string => `${platform.id}\0${placeKey(endpoint.place)}`;
  const all = [...found.values()];
  const whole = new Set(all.filter(({ endpoint }) => endpoint.partial === undefined).map(placeOf));
  return all
    .filter((one) => {
      const { partial, place } = one.endpoint;
      return partial === undefined || (!parts.has(place.file) && !whole.has(placeOf(one)));
    })
    .sort(
      (a, b) => byName(a.endpoint.place.file, b.endpoint.place.file) || a.endpoint.place.start - b.endpoint.place.start,
    );
}
