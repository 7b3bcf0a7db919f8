import { mergeNetworks } from './networks';
import type { Ports } from './ports';
import type { ServiceParts } from './service';

/** Lists that are added to again and again are kept up to this length. */
const LONGEST = 500;

/**
 * A service with another one over it, as an override file or the one that extends it writes it: single values and
 * those of maps are replaced, lists are added to, and what is mounted at the same place is mounted instead.
 * https://docs.docker.com/reference/compose-file/merge/
 */
export function mergeParts(below: ServiceParts | undefined, above: ServiceParts): ServiceParts {
  if (below === undefined) return above;
  const isReplaced = (key: string): boolean => above.replaced.has(key);
  const added = <T>(key: string, before: readonly T[], after: readonly T[]): readonly T[] =>
    isReplaced(key) ? after : [...before, ...after].slice(0, LONGEST);
  const merged = <T>(key: string, before: ReadonlyMap<string, T>, after: ReadonlyMap<string, T>) =>
    isReplaced(key) ? after : new Map([...before, ...after].slice(0, LONGEST));
  return {
    provided: below.provided,
    texts: new Map([...below.texts, ...above.texts]),
    networks: isReplaced('networks') ? above.networks : mergeNetworks(below.networks, above.networks),
    links: added('links', below.links, above.links),
    build:
      isReplaced('build') || below.build === undefined
        ? above.build
        : new Map([...below.build, ...(above.build ?? [])]),
    mounts: merged('volumes', below.mounts, above.mounts),
    environment: merged('environment', below.environment, above.environment),
    environmentFiles: added('env_file', below.environmentFiles, above.environmentFiles),
    ports: mergePorts(below.ports, above.ports, added),
    profiles: added('profiles', below.profiles, above.profiles),
    isPartial: below.isPartial || above.isPartial,
    replaced: above.replaced,
  };
}

function mergePorts(
  below: Ports,
  above: Ports,
  added: <T>(key: string, before: readonly T[], after: readonly T[]) => readonly T[],
): Ports {
  return {
    published: added('ports', below.published, above.published),
    inside: added('ports', below.inside, above.inside),
  };
}
