import type { Address, Analysis, Host, Listener, Platform, Upstream } from '../../lint/types';
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
  /** What passes requests on may pass them on to another one, although nothing that listens has changed. */
  reroute(): void;
  /** Reads what was added, and lets others have the thread in between. */
  settle(slices: Slices): Promise<void>;
}

interface Read {
  readonly versions: ReadonlyMap<string, string | number | undefined>;
  readonly found: readonly Found[];
  /** For one that passes requests on: how often listeners, or the ways to them, had changed when it was read. */
  readonly changes: number | undefined;
  /** The files that say where it listens; undefined where any that was read may. */
  readonly own: readonly string[] | undefined;
}

/** Where a file's requests go, and the versions of the files that this rests on. */
export type PassOn = (
  file: string,
  address: Address,
) => { readonly upstream: Upstream; readonly versions: Read['versions'] } | undefined;

const SIGNS: readonly [name: RegExp, text: RegExp][] = [
  [/\.(?:[cm]?[jt]s|[jt]sx)$/i, /\blisten\s*\(/],
  [/^/, /(?:^|[\s;{}])server\s*\{/],
];

/** What a file's text has where it makes something listen. */
function signIn(file: string): RegExp {
  return SIGNS.find(([name]) => name.test(file))?.[1] ?? /^/;
}

/** Servers that tests start are no part of the system. */
const TRIAL =
  /(?:^|[\\/])(?:__tests__|__mocks__|tests?|specs?|e2e|mocks?|fixtures|cypress)[\\/]|\.(?:test|spec|stories)\.[cm]?[jt]sx?$/i;

/**
 * Finds what listens in the files that are added. A file is parsed only when its text has a sign of it.
 * @param shown how a file is named from the workspace's root
 * @param passOn asked when a listener that passes requests on is asked for its endpoints, not before
 */
export function openListeners(
  host: Host & Pick<WorkspaceHost, 'content'>,
  platforms: readonly Platform[],
  shown: (file: string) => string,
  passOn: PassOn = () => undefined,
): Listeners {
  const added = new Set<string>();
  const unread = new Set<string>();
  /** Those with a sign of listening only: asking all others for their versions would cost as much as reading them. */
  const reads = new Map<string, Read>();
  let changes = 0;
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
    reroute() {
      changes += 1;
    },
    async settle(slices) {
      for (const file of [...unread]) {
        await slices.breathe();
        take(file);
      }
    },
    all() {
      for (const file of unread) take(file);
      for (const [file, known] of reads) if (!isFresh(known)) takeAgain(file, known);
      // What passes requests on may now pass them on to another one.
      for (const [file, known] of reads) if ((known.changes ?? changes) !== changes) takeAgain(file, known);
      return [...reads.values()].flatMap(({ found }) => found);
    },
  };

  function take(file: string): void {
    unread.delete(file);
    const before = reads.get(file);
    const now = read(file);
    if (now === undefined) reads.delete(file);
    else reads.set(file, now);
    const passes = (now ?? before)?.changes !== undefined;
    if (!passes && (before?.found.length ?? 0) + (now?.found.length ?? 0) > 0) changes += 1;
  }

  /** Where only what stands around the files changed that say where it listens, it still listens there. */
  function takeAgain(file: string, known: Read): void {
    const isSame = known.own?.every((name) => host.version(name) === known.versions.get(name));
    if (isSame) reads.set(file, withOtherEndpoints(file, known));
    else take(file);
  }

  /** The same listeners, whose endpoints are read anew when they are asked for. */
  function withOtherEndpoints(file: string, known: Read): Read {
    const versions = new Map([...known.versions.keys()].map((name) => [name, host.version(name)]));
    let again: Read | undefined;
    const found = known.found.map(({ listener }, i): Found => {
      const endpoints: Listener['endpoints'] = () => {
        again ??= read(file, versions);
        return again?.found[i]?.listener.endpoints() ?? [];
      };
      return { file, versions, listener: { ...listener, endpoints } };
    });
    return { ...known, versions, found, changes: known.changes === undefined ? undefined : changes };
  }

  function isFresh({ versions }: Read): boolean {
    for (const [file, version] of versions) if (host.version(file) !== version) return false;
    return true;
  }

  /** @param versions filled with what is read */
  function read(file: string, versions = new Map<string, string | number | undefined>()): Read | undefined {
    const content = host.content(file);
    if (content.kind === 'none' || !signIn(file).test(content.text)) return undefined;
    versions.set(file, host.version(file));
    const recording = recordingHost(host, versions);
    const { text } = content;
    const reading = platforms.filter((platform) => platform.claims(file, undefined));
    const known = new Map<string, Upstream | undefined>();
    const upstream = (address: Address): Upstream | undefined => {
      const key = `${address.host}:${address.port}`;
      if (!known.has(key)) {
        const passed = passOn(file, address);
        known.set(key, passed && noting(file, passed, versions));
      }
      return known.get(key);
    };
    const analyses = reading.map((platform) =>
      platform.analyse(file, text, recording, platform.passesOn ? { upstream } : {}),
    );
    const listeners = analyses.flatMap((analysis) => analysis.listeners ?? []);
    const passes = reading.some((platform) => platform.passesOn?.(text) === true);
    const found = listeners.map((listener) => ({ file, listener, versions }));
    return { versions, found, changes: passes ? changes : undefined, own: ownFiles(file, analyses) };
  }
}

/** The file and its parts, where the platform tells which they are. */
function ownFiles(file: string, analyses: readonly Analysis[]): readonly string[] | undefined {
  const parts = analyses.flatMap((analysis) => (analysis.parts === undefined ? [] : [[...analysis.parts.keys()]]));
  return parts.length === analyses.length ? [file, ...parts.flat()] : undefined;
}

/** Files that wait for the endpoints of another one. */
const waiting = new Set<string>();

/** What the upstream's endpoints rest on is what those in front of it rest on. */
function noting(
  asking: string,
  { upstream, versions }: NonNullable<ReturnType<PassOn>>,
  into: Map<string, string | number | undefined>,
): Upstream {
  const { file, provided } = upstream;
  return {
    file,
    get endpoints() {
      // Two that pass requests on to each other have no end: who is asked while waiting knows none.
      if (waiting.has(asking)) return [];
      waiting.add(asking);
      try {
        const { endpoints } = upstream;
        for (const [name, version] of versions) into.set(name, version);
        return endpoints;
      } finally {
        waiting.delete(asking);
      }
    },
    ...(provided === undefined ? {} : { provided }),
  };
}
