import type { Host } from '../../../lint/types';
import type { NginxAnalysis } from '../analysis';
import type { Source } from './source';
import { sourceOf } from './source';

/** What a repair is worked out with. */
export interface Workshop {
  readonly analysis: NginxAnalysis;
  /** The file that a place is in; undefined when it cannot be written into. */
  source(place: { readonly file: string }): Source | undefined;
  /** The texts of the configuration files in the same folder. */
  neighbours(): readonly string[];
}

export function openWorkshop(analysis: NginxAnalysis, host: Host): Workshop {
  const sources = new Map<string, Source | undefined>();
  return {
    analysis,
    neighbours: () =>
      host.glob(analysis.file, '*.conf').flatMap((file) => (file === analysis.file ? [] : (host.read(file) ?? []))),
    source({ file }) {
      if (!sources.has(file)) {
        sources.set(file, sourceOf(analysis, file, host));
      }
      return sources.get(file);
    },
  };
}
