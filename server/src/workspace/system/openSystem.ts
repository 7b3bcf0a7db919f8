import { basename } from 'node:path';
import type { Address, Arrival, OutgoingCall, Platform, Upstream } from '../../lint/types';
import { loadYaml, type YamlLibrary } from '../../yaml/library';
import type { WorkspaceHost } from '../host';
import { openSlices } from '../slices';
import { NO_ARRIVALS, openArrivals } from './arrivals';
import { openCallers } from './callers';
import { isCompose, type Project, readCompose } from './compose';
import type { Service } from './compose/settle';
import { type Listeners, openListeners, type PassOn } from './listeners';
import { recordingHost } from './recordingHost';
import { type Answer, type Landscape, resolveAddress } from './resolve';

/** Who answers whom in a workspace: what listens where, and what is passed on to it. */
export interface System {
  /** Whether a file of this name can tell how servers hang together, although no platform reads it. */
  concernsByName(file: string): boolean;
  /**
   * Looks once through the workspace. Without a file that passes requests on, that is all: nothing else is read.
   */
  ready(): Promise<void>;
  /** The files that pass requests on, as far as the workspace has been looked through. */
  forwarders(): readonly string[];
  /** Whether the file is one of those that something listening is made of. */
  serves(file: string): boolean;
  /**
   * Where a file's requests go: the same object for as long as nothing has changed that it rests on. Undefined before
   * the workspace has been looked through, and where nothing in it is known to listen.
   */
  linksOf(file: string): Links | undefined;
  /**
   * The calls of pages that endpoints of the file are known to answer: the same array for as long as nothing has changed
   * that it rests on. Empty before the workspace has been looked through, and of pages that have been read only.
   */
  arrivalsAt(file: string): readonly Arrival[];
  /** What a page calls, as it was read last. */
  learn(page: string, calls: readonly OutgoingCall[]): void;
  /** The file may have come, gone or changed. */
  touch(file: string): void;
  /** Files came or went: the workspace is looked through again when next needed. */
  forget(): void;
}

export interface Links {
  readonly upstream: (address: Address) => Upstream | undefined;
  /** All that was asked so far, each with its answer. */
  readonly asked: ReadonlyMap<string, Asked>;
  /** The files that the answers rest on. */
  files(): ReadonlySet<string>;
}

/** An address with what was found there. */
export interface Asked {
  readonly address: Address;
  readonly answer: Answer | undefined;
  readonly upstream: Upstream | undefined;
}

export interface SystemOptions {
  readonly host: Pick<WorkspaceHost, 'content' | 'read' | 'resolve' | 'glob' | 'version'>;
  readonly platforms: readonly Platform[];
  /** Every file of the workspace, those that are ignored aside. */
  readonly files: () => Promise<readonly string[]>;
  /** How a file is named for people. */
  readonly shown: (file: string) => string;
}

export function openSystem({ host, platforms, files, shown }: SystemOptions): System {
  const passing = platforms.filter((platform) => platform.passesOn !== undefined);
  let looking: Promise<void> | undefined;
  let known: Known | undefined;
  const callers = openCallers();
  const arrivals = openArrivals();
  const touched = new Set<string>();

  return {
    concernsByName: isCompose,
    ready: () => {
      looking ??= look();
      return looking;
    },
    forwarders: () => known?.forwarders ?? [],
    serves: (file) => known?.listeners.all().some(({ versions }) => versions.has(file)) === true,
    linksOf,
    arrivalsAt,
    learn: callers.learn,
    touch: (file) => touched.add(file),
    forget: () => {
      looking = undefined;
    },
  };

  /** The files that were touched since are read again when next needed. */
  function takeTouched(): void {
    for (const file of touched) {
      if (mayListen(file)) known?.listeners.touch(file);
      else if (settlesWays(file)) known?.listeners.reroute();
    }
    touched.clear();
  }

  /** Whether the file can tell who has which name and port. */
  function settlesWays(file: string): boolean {
    if (TELLS_PORTS.test(basename(file))) return true;
    return [...(known?.projects.values() ?? [])].some(({ versions }) => versions.has(file));
  }

  async function look(): Promise<void> {
    takeTouched();
    const all = await files();
    const slices = openSlices(undefined);
    const forwarders: string[] = [];
    for (const file of all) {
      await slices.breathe();
      if (passesOn(file)) forwarders.push(file);
    }
    callers.keepOnly(forwarders);
    if (forwarders.length === 0) {
      known = undefined;
      return;
    }
    const compose = all.filter(isCompose);
    const yaml = compose.length > 0 ? await loadYaml() : undefined;
    for (const platform of platforms) await platform.prepare?.();
    // What was read stays: most of it has not changed.
    const listeners = known?.listeners ?? openListeners(host, platforms, shown, passOn);
    for (const file of all) if (mayListen(file)) listeners.add(file);
    await listeners.settle(slices);
    known = {
      forwarders,
      compose,
      yaml,
      listeners,
      links: known?.links ?? new Map(),
      projects: known?.projects ?? new Map(),
    };
  }

  function passesOn(file: string): boolean {
    return passing.some((platform) => {
      if (!platform.claims(file, undefined)) return false;
      const content = host.content(file);
      return content.kind === 'text' && platform.passesOn?.(content.text) === true;
    });
  }

  function mayListen(file: string): boolean {
    return isScript(file) || passing.some((platform) => platform.claims(file, undefined));
  }

  /** What answers a listener that passes a request on. */
  function passOn(file: string, address: Address): ReturnType<PassOn> {
    const links = linksOf(file);
    const upstream = links?.upstream(address);
    const answer = links?.asked.get(addressKey(address))?.answer;
    return upstream && answer && { upstream, versions: answer.found.versions };
  }

  function landscapeOf(now: Known): Landscape {
    return { listeners: now.listeners.all(), compose: servicesOf(now), read: (path: string) => host.read(path) };
  }

  function arrivalsAt(file: string): readonly Arrival[] {
    if (known === undefined) return NO_ARRIVALS;
    takeTouched();
    return arrivals.at(file, callers.all(), landscapeOf(known));
  }

  function linksOf(file: string): Links | undefined {
    if (known === undefined) return undefined;
    takeTouched();
    const { links } = known;
    const landscape = landscapeOf(known);
    const answer = (address: Address) => resolveAddress(landscape, file, address);
    const before = links.get(file);
    const isSame = ({ address, answer: then }: Asked): boolean => sameAnswer(then, answer(address));
    if (before !== undefined && [...before.asked.values()].every(isSame)) return before;
    const made = openLinks(answer, shown);
    links.set(file, made);
    return made;
  }

  /** The services of the Compose files, each read again when one that it is made of has changed. */
  function servicesOf({ compose, yaml, projects }: Known): ReadonlyMap<string, readonly Service[]> {
    if (yaml === undefined) return NO_SERVICES;
    const parts = new Set<string>();
    for (const file of compose) {
      const before = projects.get(file);
      const isSame = before !== undefined && [...before.versions].every(([each, then]) => host.version(each) === then);
      const now = isSame ? before : readProject(yaml, file);
      projects.set(file, now);
      for (const part of now.project.parts) parts.add(part);
    }
    const own = compose.filter((file) => !parts.has(file));
    return new Map(own.map((file) => [file, projects.get(file)?.project.services ?? []]));
  }

  function readProject(yaml: YamlLibrary, file: string): ReadProject {
    const versions: ReadProject['versions'] = new Map();
    const recording = recordingHost(host, versions);
    return { versions, project: readCompose(yaml, file, (path) => recording.read(path)) };
  }
}

/** Files of variables, and of how images are built. */
const TELLS_PORTS = /^\.env(?:\.|$)|dockerfile/i;

const NO_SERVICES: ReadonlyMap<string, readonly Service[]> = new Map();

/** A project with the versions of the files that were read, or looked for, for it. */
interface ReadProject {
  readonly versions: Map<string, string | number | undefined>;
  readonly project: Project;
}

/** What is known once the workspace has been looked through. */
interface Known {
  readonly forwarders: readonly string[];
  readonly compose: readonly string[];
  readonly yaml: YamlLibrary | undefined;
  readonly listeners: Listeners;
  readonly links: Map<string, Links>;
  readonly projects: Map<string, ReadProject>;
}

function openLinks(resolve: (address: Address) => Answer | undefined, shown: (file: string) => string): Links {
  const asked = new Map<string, Asked>();
  return {
    asked,
    upstream(address) {
      const key = addressKey(address);
      const known = asked.get(key);
      if (known !== undefined) return known.upstream;
      const answer = resolve(address);
      const upstream = answer && upstreamOf(answer, shown);
      asked.set(key, { address, answer, upstream });
      return upstream;
    },
    files() {
      const all = [...asked.values()].flatMap(({ answer }) =>
        answer === undefined ? [] : [...answer.found.versions.keys(), ...answer.by],
      );
      return new Set(all);
    },
  };
}

function upstreamOf({ found, provided }: Answer, shown: (file: string) => string): Upstream {
  let endpoints: Upstream['endpoints'] | undefined;
  let isAsking = false;
  return {
    file: shown(found.file),
    get endpoints() {
      // Two that pass requests on to each other have no end.
      if (isAsking) return [];
      isAsking = true;
      endpoints ??= found.listener.endpoints();
      isAsking = false;
      return endpoints;
    },
    ...(provided === undefined ? {} : { provided }),
  };
}

function sameAnswer(a: Answer | undefined, b: Answer | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return a.found === b.found && a.provided?.holds === b.provided?.holds;
}

function addressKey({ host, port }: Address): string {
  return `${host}:${port}`;
}

function isScript(file: string): boolean {
  return /\.(?:[cm]?[jt]s|[jt]sx)$/i.test(file);
}
