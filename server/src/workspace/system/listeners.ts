import type { Host, Listener, Platform } from '../../lint/types';
import type { WorkspaceHost } from '../host';
import type { Slices } from '../slices';
import { recordingHost } from './recordingHost';

/** A listener with what it rests on. The same object for as long as none of that changes. */
export interface Found {
  readonly file: string;
  readonly listener: Listener;
  /** The file, and all that was read with it, with their versions; grows as its endpoints are worked out. */
  readonly versions: ReadonlyMap<string, string | number | undefined>;
}

export interface Listeners {
  /** Every listener of the files that were added, as they are now. Platforms have to be prepared. */
  all(): readonly Found[];
  /** From now on the file is looked at, if it may make something listen. Does nothing for one that was added before. */
  add(file: string): void;
  /** The file may have come, gone or changed. Of files that say nothing of listening nobody asks again without this. */
  touch(file: string): void;
  /** Reads what was added, and lets others have the thread in between. */
  settle(slices: Slices): Promise<void>;
}

interface Read {
  readonly versions: ReadonlyMap<string, string | number | undefined>;
  readonly found: readonly Found[];
}

const SIGN = /\blisten\s*\(/;

/** Servers that tests start are no part of the system. */
const TRIAL =
  /(?:^|[\\/])(?:__tests__|__mocks__|tests?|specs?|e2e|mocks?|fixtures|cypress)[\\/]|\.(?:test|spec|stories)\.[cm]?[jt]sx?$/i;

/**
 * Finds what listens in the files that are added. A file is parsed only when its text has a sign of it.
 * @param shown how a file is named from the workspace's root
 */
export function openListeners(
  host: Host & Pick<WorkspaceHost, 'content'>,
  platforms: readonly Platform[],
  shown: (file: string) => string,
): Listeners {
  const added = new Set<string>();
  const unread = new Set<string>();
  /** Those with a sign of listening only: asking all others for their versions would cost as much as reading them. */
  const reads = new Map<string, Read>();
  const touch = (file: string): void => {
    if (TRIAL.test(shown(file))) return;
    added.add(file);
    unread.add(file);
  };

  return {
    add: (file) => {
      if (!added.has(file)) touch(file);
    },
    touch,
    async settle(slices) {
      for (const file of [...unread]) {
        await slices.breathe();
        take(file);
      }
    },
    all() {
      for (const file of unread) take(file);
      for (const [file, known] of reads) if (!isFresh(known)) take(file);
      return [...reads.values()].flatMap(({ found }) => found);
    },
  };

  function take(file: string): void {
    unread.delete(file);
    const now = read(file);
    if (now === undefined) reads.delete(file);
    else reads.set(file, now);
  }

  function isFresh({ versions }: Read): boolean {
    for (const [file, version] of versions) if (host.version(file) !== version) return false;
    return true;
  }

  function read(file: string): Read | undefined {
    const content = host.content(file);
    if (content.kind === 'none' || !SIGN.test(content.text)) return undefined;
    const versions = new Map([[file, host.version(file)]]);
    const recording = recordingHost(host, versions);
    const { text } = content;
    const listeners = platforms
      .filter((platform) => platform.claims(file, undefined))
      .flatMap((platform) => platform.analyse(file, text, recording, {}).listeners ?? []);
    return { versions, found: listeners.map((listener) => ({ file, listener, versions })) };
  }
}
