import { deref, entryOf, type YamlNode } from '../../../yaml/tree';
import type { Written } from './interpolate';
import { entriesIn, isReset, itemsIn, rawText, type TextReader } from './texts';

/** The networks that a file lists for a service, by their names in it; undefined where one is not known. */
export type ListedNetworks = ReadonlyMap<string, readonly Written[]> | undefined;

/** What a service shares with others. https://docs.docker.com/reference/compose-file/services/#network_mode */
export type Network =
  /** Its own address in networks; undefined where these are not known. */
  | { readonly kind: 'own'; readonly networks: ReadonlySet<string> | undefined }
  /** The machine's. */
  | { readonly kind: 'host' }
  /** All that another service has. */
  | { readonly kind: 'of'; readonly service: string }
  | { readonly kind: 'none' };

/** Where a service is, in its project. */
export interface Attached {
  readonly name: string;
  readonly network: Network;
  /** The same set for all services of a project. */
  readonly files: ReadonlySet<string>;
}

const NO_NETWORKS: ListedNetworks = new Map();
/** The network of every service that names none. https://docs.docker.com/compose/how-tos/networking/ */
const DEFAULT = new Set(['default']);

/** The `networks` of a service, with the names that it has in each: a list, or a map. */
export function listedNetworks(service: YamlNode, text: TextReader): ListedNetworks {
  const node = deref(entryOf(service, 'networks')?.value);
  if (node === undefined || isReset(node) || (node.kind === 'scalar' && node.value === null)) return NO_NETWORKS;
  if (node.kind === 'list') {
    const names = itemsIn(node).map(text);
    const known = names.flatMap((name) => (name === undefined || name.provided !== undefined ? [] : [name.text]));
    return known.length < names.length ? undefined : new Map(known.map((name) => [name, []]));
  }
  const entries = entriesIn(node);
  // What only an override file lists is listed only where that is used.
  if (entries.length === 0 || text(entries[0]?.key)?.provided !== undefined) return undefined;
  return new Map(
    entries.map(({ key, value }) => [
      rawText(key) ?? '',
      itemsIn(deref(entryOf(value, 'aliases')?.value)).flatMap((item) => text(item) ?? []),
    ]),
  );
}

/** One list over another one, as they are merged: names are added, and to each its aliases. */
export function mergeNetworks(below: ListedNetworks, above: ListedNetworks): ListedNetworks {
  if (below === undefined || above === undefined) return undefined;
  const merged = new Map(below);
  for (const [name, aliases] of above) merged.set(name, [...(merged.get(name) ?? []), ...aliases]);
  return merged;
}

/**
 * What a service shares.
 *
 * @param mode its `network_mode`; undefined where none is written
 * @param isModeKnown false where one is written that is not known
 */
export function networkOf(listed: ListedNetworks, mode: Written | undefined, isModeKnown: boolean): Network {
  if (!isModeKnown || mode?.provided !== undefined) return { kind: 'own', networks: undefined };
  const [, service] = /^service:(.+)$/.exec(mode?.text ?? '') ?? [];
  if (service !== undefined) return { kind: 'of', service };
  switch (mode?.text) {
    case undefined:
      return { kind: 'own', networks: listed?.size === 0 ? DEFAULT : listed && new Set(listed.keys()) };
    case 'host':
    case 'none':
      return { kind: mode.text };
    case 'bridge':
      // Docker's default network has no names. https://docs.docker.com/engine/network/drivers/bridge/
      return { kind: 'own', networks: new Set() };
    default:
      return { kind: 'own', networks: undefined };
  }
}

/** One that shares what another one shares is followed this far. */
const DEEPEST = 5;

/** The service whose network a service is in: itself, unless it shares another one's; undefined where that is not there. */
export function homeOf<S extends Attached>(service: S, services: readonly S[], depth = 0): S | undefined {
  const { network, files } = service;
  if (network.kind !== 'of') return service;
  const other = services.find((each) => each.files === files && each.name === network.service);
  return other === undefined || depth > DEEPEST ? undefined : homeOf(other, services, depth + 1);
}

/** Whether two services of a project can be reached from each other by their names. */
export function areConnected<S extends Attached>(one: S, other: S, services: readonly S[]): boolean {
  const [a, b] = [homeOf(one, services), homeOf(other, services)];
  if (a === undefined || b === undefined) return false;
  if (a === b) return true;
  if (a.network.kind !== 'own' || b.network.kind !== 'own') return false;
  const [first, second] = [a.network.networks, b.network.networks];
  return first === undefined || second === undefined || [...first].some((name) => second.has(name));
}

/** Whether a service is in a network of its project. */
export function isIn<S extends Attached>(service: S, network: string, services: readonly S[]): boolean {
  const home = homeOf(service, services);
  return home?.network.kind === 'own' && (home.network.networks?.has(network) ?? true);
}
