import { createEngine } from '../evaluate/serve';
import { outerPaths } from '../outer-paths';
import { routeSampler, upstreamOf } from '../routes';
import { reaches } from './behind';
import { partialReason } from './description';
import type { NginxEndpoint } from './endpoints';
import { makeEndpoint } from './make-endpoint';
import { matches } from './matches';
import { type Parts, probe } from './requests';

/** An endpoint for each route of the application that the location passes requests on to, as far as it is known. */
export function routesOf(parts: Parts): NginxEndpoint[] {
  const { level, options, configuration, server } = parts;
  if (options.upstream === undefined || partialReason(level, server, configuration) !== undefined) {
    return [];
  }
  const engine = createEngine(configuration, options);
  const found: NginxEndpoint[] = [];
  const sampler = routeSampler();
  for (const behind of upstreamOf(probe(configuration, server, parts.path), level, options)?.endpoints ?? []) {
    if (sampler.isEnough()) {
      break;
    }
    if (!sampler.wants(behind)) {
      continue;
    }
    const method = behind.methods?.[0] ?? 'GET';
    const path = outerPaths(server, level, behind.path).find(
      (outer) => matches(parts, outer, method) === true && reaches(parts, engine, outer, method, behind) === true,
    );
    if (path !== undefined) {
      sampler.take(behind);
      found.push(makeEndpoint({ ...parts, path, behind }));
    }
  }
  return found;
}
