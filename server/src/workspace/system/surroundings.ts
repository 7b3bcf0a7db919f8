import type { Platform } from '../../lint/types';
import type { YamlLibrary } from '../../yaml/library';
import type { WorkspaceHost } from '../host';
import { type Project, readCompose } from './compose';
import type { Service } from './compose/settle';
import { type Asked, isUnchanged, type Links, openLinks } from './links';
import { type Listeners, openListeners } from './listeners';
import { recordingHost } from './recordingHost';
import { type Landscape, resolveAddress } from './resolve';

/** What there is to resolve addresses with, kept up to date. */
export interface Surroundings {
  readonly listeners: Omit<Listeners, 'all' | 'relink'>;
  /** As it is now: the same object for as long as every address is resolved the same. */
  now(): Landscape;
  /** Where the file's requests go: the same object for as long as what was asked has the same answers. */
  linksOf(file: string): Links;
  /** The file is read anew: what it asked before is forgotten. */
  unlink(file: string): void;
  /** Where the file passes requests on to: as it was read last, and where nobody reads it, as what listens in it does. */
  askedBy(file: string): Iterable<Asked>;
  /** Those are all the Compose files that there are. */
  composedBy(files: readonly string[], yaml: YamlLibrary | undefined): void;
}

export interface SurroundingsOptions {
  readonly host: Pick<WorkspaceHost, 'content' | 'read' | 'resolve' | 'glob' | 'version'>;
  readonly platforms: readonly Platform[];
  /** How a file is named for people. */
  readonly shown: (file: string) => string;
}

type Versions = Map<string, string | number | undefined>;

/** Reads nothing yet. Platforms have to be prepared when it is asked. */
export function openSurroundings({ host, platforms, shown }: SurroundingsOptions): Surroundings {
  const listeners = openListeners(host, platforms, shown, makeLinks);
  const projects = new Map<string, { readonly versions: Versions; readonly project: Project }>();
  const known = new Map<string, { readonly links: Links; checked: Landscape }>();
  let compose: readonly string[] = [];
  let yaml: YamlLibrary | undefined;
  let services: ReadonlyMap<string, readonly Service[]> | undefined;
  let current: { readonly landscape: Landscape; readonly versions: Versions } | undefined;

  return {
    listeners,
    now,
    linksOf,
    unlink: (file) => known.delete(file),
    askedBy,
    composedBy(files, library) {
      compose = files;
      yaml = library;
      services = undefined;
    },
  };

  function now(): Landscape {
    const found = { listeners: listeners.all(), compose: servicesNow() };
    if (current !== undefined && isSame(current.landscape, found) && isFresh(current.versions))
      return current.landscape;
    let made = landscapeOf(found);
    // What passes requests on may pass them on to another one now, and is another one then for those in front of it.
    while (
      listeners.relink((file, links) => isUnchanged(links, (address) => resolveAddress(made.landscape, file, address)))
    ) {
      made = landscapeOf({ ...found, listeners: listeners.all() });
    }
    current = made;
    return made.landscape;
  }

  function landscapeOf(found: Omit<Landscape, 'read'>): NonNullable<typeof current> {
    const versions: Versions = new Map();
    const recording = recordingHost(host, versions);
    return { landscape: { ...found, read: (file) => recording.read(file) }, versions };
  }

  function isFresh(versions: Versions): boolean {
    for (const [file, version] of versions) if (host.version(file) !== version) return false;
    return true;
  }

  function makeLinks(file: string): Links {
    return openLinks((address) => resolveAddress(now(), file, address), shown);
  }

  function linksOf(file: string): Links {
    const landscape = now();
    const before = known.get(file);
    if (before !== undefined) {
      if (before.checked === landscape) return before.links;
      before.checked = landscape;
      if (isUnchanged(before.links, (address) => resolveAddress(landscape, file, address))) return before.links;
    }
    const links = makeLinks(file);
    known.set(file, { links, checked: landscape });
    return links;
  }

  function askedBy(file: string): Iterable<Asked> {
    const { asked } = linksOf(file);
    if (asked.size > 0) return asked.values();
    const listening = now().listeners.filter((found) => found.file === file);
    for (const { listener } of listening) listener.endpoints();
    return listening.find(({ links }) => links !== undefined)?.links?.asked.values() ?? [];
  }

  /** The services of the Compose files, each read again when one that it is made of has changed. */
  function servicesNow(): ReadonlyMap<string, readonly Service[]> {
    if (yaml === undefined) return NO_SERVICES;
    for (const file of compose) {
      const before = projects.get(file);
      if (before !== undefined && isFresh(before.versions)) continue;
      projects.set(file, readProject(yaml, file));
      services = undefined;
    }
    if (services !== undefined) return services;
    const parts = new Set(compose.flatMap((file) => [...(projects.get(file)?.project.parts ?? [])]));
    const own = compose.filter((file) => !parts.has(file));
    services = new Map(own.map((file) => [file, projects.get(file)?.project.services ?? []]));
    return services;
  }

  function readProject(library: YamlLibrary, file: string): { versions: Versions; project: Project } {
    const versions: Versions = new Map();
    const recording = recordingHost(host, versions);
    return { versions, project: readCompose(library, file, (path) => recording.read(path)) };
  }
}

const NO_SERVICES: ReadonlyMap<string, readonly Service[]> = new Map();

function isSame(a: Omit<Landscape, 'read'>, b: Omit<Landscape, 'read'>): boolean {
  return a.listeners === b.listeners && a.compose === b.compose;
}
