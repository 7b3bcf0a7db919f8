import type { Arrival, OutgoingCall } from '../../lint/types';
import { loadYaml } from '../../yaml/library';
import { openSlices } from '../slices';
import { NO_ARRIVALS, openArrivals } from './arrivals';
import { openCallers } from './callers';
import { isCompose } from './compose';
import type { Asked, Links } from './links';
import type { Landscape } from './resolve';
import { openSurroundings, type Surroundings, type SurroundingsOptions } from './surroundings';

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
  /** The file is read anew: what it asked before is forgotten. */
  unlink(file: string): void;
  /** Where the file is known to pass requests on to. */
  askedBy(file: string): Iterable<Asked>;
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

export interface SystemOptions extends SurroundingsOptions {
  /** Every file of the workspace, those that are ignored aside. */
  readonly files: () => Promise<readonly string[]>;
}

export function openSystem(options: SystemOptions): System {
  const { host, platforms, files } = options;
  const passing = platforms.filter((platform) => platform.passesOn !== undefined);
  const surroundings = openSurroundings(options);
  const callers = openCallers();
  const arrivals = openArrivals();
  const touched = new Set<string>();
  let looking: Promise<void> | undefined;
  /** The files that pass requests on; undefined as long as none is known to. */
  let forwarders: readonly string[] | undefined;

  return {
    concernsByName: isCompose,
    ready: () => {
      looking ??= look();
      return looking;
    },
    forwarders: () => forwarders ?? [],
    serves: (file) => forwarders !== undefined && now().listeners.some(({ versions }) => versions.has(file)),
    linksOf: (file) => (forwarders === undefined ? undefined : surroundingsNow().linksOf(file)),
    unlink: surroundings.unlink,
    askedBy: (file) => (forwarders === undefined ? [] : surroundingsNow().askedBy(file)),
    arrivalsAt: (file) => (forwarders === undefined ? NO_ARRIVALS : arrivals.at(file, callers.all(), now())),
    learn: callers.learn,
    touch: (file) => touched.add(file),
    forget: () => {
      looking = undefined;
    },
  };

  function now(): Landscape {
    return surroundingsNow().now();
  }

  /** The files that were touched since are read again now. */
  function surroundingsNow(): Surroundings {
    for (const file of touched) if (mayListen(file)) surroundings.listeners.touch(file);
    touched.clear();
    return surroundings;
  }

  async function look(): Promise<void> {
    const { listeners } = surroundingsNow();
    const all = await files();
    const slices = openSlices(undefined);
    const found: string[] = [];
    for (const file of all) {
      await slices.breathe();
      if (passesOn(file)) found.push(file);
    }
    callers.keepOnly(found);
    if (found.length === 0) {
      forwarders = undefined;
      return;
    }
    const compose = all.filter(isCompose);
    surroundings.composedBy(compose, compose.length > 0 ? await loadYaml() : undefined);
    for (const platform of platforms) await platform.prepare?.();
    // What was read before stays: most of it has not changed.
    for (const file of all) if (mayListen(file)) listeners.add(file);
    await listeners.settle(slices);
    forwarders = found;
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
}

function isScript(file: string): boolean {
  return /\.(?:[cm]?[jt]s|[jt]sx)$/i.test(file);
}
