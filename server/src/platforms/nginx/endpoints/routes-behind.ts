import { locate } from '../evaluate/locate';
import { createEngine } from '../evaluate/serve';
import { outerPaths, routeSampler, upstreamOf } from '../routes';
import { reaches } from './behind';
import { partialReason } from './description';
import type { NginxEndpoint } from './endpoints';
import { makeEndpoint } from './make-endpoint';
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
    const path = outerPaths(level, behind.path).find((outer) => {
      const isHere = locate(probe(configuration, server, outer), outer).level === level;
      return isHere && reaches(parts, engine, outer, method, behind) === true;
    });
    if (path !== undefined) {
      sampler.take(behind);
      found.push(makeEndpoint({ ...parts, path, behind }));
    }
  }
  return found;
}
