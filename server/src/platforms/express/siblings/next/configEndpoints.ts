import type { Endpoint } from '../../../../cors/endpoint';
import { opened, START } from '../../flow/flow';
import { configPolicies, configured, type Entry, type NextConfig } from './config';
import { toResponse } from './project';

/** One endpoint for each entry of `headers()` that sets a CORS header: what answers there is in other files. */
export function configEndpoints(config: NextConfig): readonly Endpoint[] {
  const entries = config.ways.flatMap(({ entries: all }) => all).filter(setsCors);
  const seen = new Set<number>();
  return entries.flatMap((entry): readonly Endpoint[] => {
    if (seen.has(entry.place.start)) return [];
    seen.add(entry.place.start);
    const path = entry.source.sample ?? '/';
    return [
      {
        platform: 'express',
        label: `the headers of ${entry.text}`,
        place: entry.place,
        path,
        methods: undefined,
        requestHeaders: [],
        partial: 'what answers there is in other files',
        matches: (asked) => entry.source.matches(asked),
        get policies() {
          return configPolicies(config, path);
        },
        respond(request) {
          const by = { kind: 'handler', what: 'what answers there', place: entry.place } as const;
          const isPreflight = request.method === 'OPTIONS';
          const status = isPreflight ? undefined : request.ending === 'success' ? 200 : request.ending;
          return configured(config, request, START).map((flow) =>
            toResponse(opened(flow, 'what answers there may set headers of its own'), status, by),
          );
        },
      },
    ];
  });
}

function setsCors({ headers }: Entry): boolean {
  return headers.some(({ name }) => /^access-control-allow-/i.test(name));
}
