import type { Host, Listener, Platform } from '../../lint/types';
import type { WorkspaceHost } from '../host';

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
  /** From now on the file is looked at, if it may make something listen. */
  add(file: string): void;
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
  const reads = new Map<string, Read | undefined>();

  return {
    add: (file) => {
      if (!reads.has(file) && !TRIAL.test(shown(file))) reads.set(file, undefined);
    },
    all() {
      const all: Found[] = [];
      for (const [file, known] of reads) {
        const now = known !== undefined && isFresh(known) ? known : read(file);
        reads.set(file, now);
        all.push(...now.found);
      }
      return all;
    },
  };

  function isFresh({ versions }: Read): boolean {
    for (const [file, version] of versions) if (host.version(file) !== version) return false;
    return true;
  }

  function read(file: string): Read {
    const versions = new Map([[file, host.version(file)]]);
    const content = host.content(file);
    if (content.kind === 'none' || !SIGN.test(content.text)) return { versions, found: [] };
    const recording = recordingHost(host, versions);
    const { text } = content;
    const listeners = platforms
      .filter((platform) => platform.claims(file, undefined))
      .flatMap((platform) => platform.analyse(file, text, recording, {}).listeners ?? []);
    return { versions, found: listeners.map((listener) => ({ file, listener, versions })) };
  }
}

function recordingHost(host: Host, versions: Map<string, string | number | undefined>): Host {
  return {
    read(file) {
      versions.set(file, host.version(file));
      return host.read(file);
    },
    resolve: (from, relative) => host.resolve(from, relative),
    glob: (from, pattern) => host.glob(from, pattern),
    version: (file) => host.version(file),
  };
}
