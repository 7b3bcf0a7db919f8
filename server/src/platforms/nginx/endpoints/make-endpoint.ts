import type { SharedCache } from '../../../cors/endpoint';
import type { Response } from '../../../cors/http';
import type { OriginPolicy } from '../../../cors/policy';
import { sampleOrigins } from '../../../cors/sample';
import { cacheable, cacheOf } from '../cache';
import type { Engine } from '../evaluate/engine';
import { play, respond } from '../evaluate/play';
import { relevanceOf } from '../evaluate/relevance';
import { createEngine } from '../evaluate/serve';
import { pathBehind, reaches } from './behind';
import { labelOf, methodsOf, needsPassword, partialReason, placeOfLevel } from './description';
import type { NginxEndpoint } from './endpoints';
import { matches } from './matches';
import { begin, type Parts, requestFor, SOME_ORIGIN } from './requests';

/** What is asked of the endpoint is worked out when it is asked, once. */
export function makeEndpoint(parts: Parts): NginxEndpoint {
  const { level, server, path, file, configuration, options, behind } = parts;
  const partial = partialReason(level, server, configuration);
  let policies: readonly OriginPolicy[] | undefined;
  const responses = new Map<string, readonly Response[]>();
  const engine = createEngine(configuration, options);
  const methods = methodsOf(level, server, configuration) ?? behind?.methods;
  const isRead = behind !== undefined && methods?.includes('GET') !== false;
  const ask = (): readonly Response[] => {
    const named = behind?.policies.flatMap(({ entries }) => entries.flatMap(sampleOrigins)) ?? [];
    const [origin = SOME_ORIGIN] = named;
    return respond(engine, (decide) => begin(parts, cacheable(path, origin), decide));
  };
  let cache: SharedCache | undefined | 'unasked' = isRead ? 'unasked' : undefined;
  return {
    platform: 'nginx',
    role: 'proxy',
    label: labelOf(level, server, configuration) + (behind === undefined ? '' : ` (${behind.label})`),
    place: placeOfLevel(level, file),
    path,
    level,
    server,
    methods,
    requestHeaders: [
      ...new Set([...(needsPassword(level) ? ['Authorization'] : []), ...(behind?.requestHeaders ?? [])]),
    ],
    ...(partial === undefined ? {} : { partial }),
    ...(behind === undefined
      ? {}
      : { behind, pathBehind: (asked: string, method: string) => pathBehind(parts, engine, asked, method) }),
    matches: (asked, method, site) => {
      const found = matches(parts, asked, method, site);
      return behind === undefined || found === false ? found : found && reaches(parts, engine, asked, method, behind);
    },
    get cache() {
      if (cache === 'unasked') {
        cache = cacheOf(level, ask);
      }
      return cache;
    },
    get policies() {
      policies ??= findPolicies(parts, engine);
      return policies;
    },
    trace: (request) => play(engine, (decide) => begin(parts, request, decide)),
    respond(request) {
      // What an application looks at is not in the configuration.
      if (options.upstream !== undefined) {
        return respond(engine, (decide) => begin(parts, request, decide));
      }
      const key = relevanceOf(configuration).key(request);
      const known = responses.get(key);
      if (known !== undefined) {
        return known;
      }
      const made = respond(engine, (decide) => begin(parts, request, decide));
      responses.set(key, made);
      return made;
    },
  };
}

/** The checks on the origin that a GET and a preflight meet on their way. */
function findPolicies(parts: Parts, engine: Engine): readonly OriginPolicy[] {
  const found = new Map<string, OriginPolicy>();
  for (const method of ['GET', 'OPTIONS']) {
    const request = requestFor(parts.path, method, SOME_ORIGIN);
    const played = play(engine, (decide) => begin(parts, request, decide));
    for (const { run } of played) {
      for (const [key, policy] of run.policies) {
        found.set(key, policy);
      }
    }
  }
  return [...found.values()];
}
