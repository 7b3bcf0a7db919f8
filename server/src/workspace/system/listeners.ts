import type { Analysis, Host, Listener, Platform } from '../../lint/types';
import type { WorkspaceHost } from '../host';
import type { Slices } from '../slices';
import type { Links } from './links';
import { recordingHost } from './recordingHost';

/** A listener. The same object for as long as nothing changes of what it rests on, or of what answers behind it. */
export interface Found {
  readonly file: string;
  readonly listener: Listener;
  /** The files that it is made of, and those looked for; with their versions. Grows as its endpoints are worked out. */
  readonly versions: Versions;
  /** Where it passes requests on to, as far as its endpoints have been worked out; undefined where it passes none on. */
  readonly links: Links | undefined;
}

type Versions = ReadonlyMap<string, string | number | undefined>;

export interface Listeners {
  /**
   * Every listener of the files that were added, as they are now: the same array for as long as all are the same.
   * Platforms have to be prepared.
   */
  all(): readonly Found[];
  /** From now on the file is looked at, if it may make something listen. Does nothing for one that was added before. */
  add(file: string): void;
  /** The file may have come, gone or changed. Of files that say nothing of listening nobody asks again without this. */
  touch(file: string): void;
  /** Has those that are linked otherwise now work their endpoints out anew. Says whether there are any. */
  relink(isUnchanged: (file: string, links: Links) => boolean): boolean;
  /** Reads what was added, and lets others have the thread in between. */
  settle(slices: Slices): Promise<void>;
}

interface Read {
  readonly versions: Versions;
  readonly found: readonly Found[];
  readonly links: Links | undefined;
  /** The files that say where it listens; undefined where any that was read may. */
  readonly own: readonly string[] | undefined;
}

const SIGNS: readonly [name: RegExp, text: RegExp][] = [
  [/\.(?:[cm]?[jt]s|[jt]sx)$/i, /\b(?:listen|serve)\s*\(/],
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
 * @param linksOf new links for a file that passes requests on; asked when endpoints are, not before
 */
export function openListeners(
  host: Host & Pick<WorkspaceHost, 'content'>,
  platforms: readonly Platform[],
  shown: (file: string) => string,
  linksOf: (file: string) => Links,
): Listeners {
  const added = new Set<string>();
  const unread = new Set<string>();
  /** Those with a sign of listening only: asking all others for their versions would cost as much as reading them. */
  const reads = new Map<string, Read>();
  let current: readonly Found[] | undefined;
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
    relink(isUnchanged) {
      const before = current;
      for (const [file, known] of reads) {
        if (known.links !== undefined && !isUnchanged(file, known.links)) keep(file, withOtherEndpoints(file, known));
      }
      return current !== before;
    },
    async settle(slices) {
      for (const file of [...unread]) {
        await slices.breathe();
        take(file);
      }
    },
    all() {
      for (const file of unread) take(file);
      const isFresh = freshness();
      for (const [file, known] of reads) if (!isFresh(known.versions.keys(), known)) takeAgain(file, known, isFresh);
      current ??= [...reads.values()].flatMap(({ found }) => found);
      return current;
    },
  };

  function take(file: string): void {
    unread.delete(file);
    keep(file, read(file));
  }

  function keep(file: string, now: Read | undefined): void {
    if ((reads.get(file)?.found.length ?? 0) + (now?.found.length ?? 0) > 0) current = undefined;
    if (now === undefined) reads.delete(file);
    else reads.set(file, now);
  }

  /** Where only what stands around the files changed that say where it listens, it still listens there. */
  function takeAgain(file: string, known: Read, isFresh: ReturnType<typeof freshness>): void {
    if (known.own !== undefined && isFresh(known.own, known)) keep(file, withOtherEndpoints(file, known));
    else take(file);
  }

  /** The same listeners, whose endpoints are read anew when they are asked for. */
  function withOtherEndpoints(file: string, known: Read): Read {
    const versions = new Map([...known.versions.keys()].map((name) => [name, host.version(name)]));
    const links = known.links && linksOf(file);
    let again: Read | undefined;
    const found = known.found.map(({ listener }, i): Found => {
      const endpoints = once(() => {
        again ??= read(file, versions, links);
        return again?.found[i]?.listener.endpoints() ?? [];
      });
      return { file, versions, links, listener: { ...listener, endpoints } };
    });
    return { ...known, versions, links, found };
  }

  /** Many listeners rest on the same files, as all sites of one server do: each is asked for its version once. */
  function freshness(): (files: Iterable<string>, read: Pick<Read, 'versions'>) => boolean {
    const now = new Map<string, string | number | undefined>();
    return (files, { versions }) => {
      for (const file of files) {
        if (!now.has(file)) now.set(file, host.version(file));
        if (now.get(file) !== versions.get(file)) return false;
      }
      return true;
    };
  }

  /** @param versions filled with what is read */
  function read(
    file: string,
    versions = new Map<string, string | number | undefined>(),
    links?: Links,
  ): Read | undefined {
    const content = host.content(file);
    if (content.kind === 'none' || !signIn(file).test(content.text)) return undefined;
    versions.set(file, host.version(file));
    const recording = recordingHost(host, versions);
    const { text } = content;
    const reading = platforms.filter((platform) => platform.claims(file, undefined));
    const passes = reading.some((platform) => platform.passesOn?.(text) === true);
    const made = passes ? (links ?? linksOf(file)) : undefined;
    const options = made === undefined ? {} : { upstream: made.upstream };
    const analyses = reading.map((platform) =>
      platform.analyse(file, text, recording, platform.passesOn ? options : {}),
    );
    const found = analyses.flatMap(({ listeners = [] }) =>
      listeners.map((listener): Found => {
        const endpoints = once(() => listener.endpoints());
        return { file, versions, links: made, listener: { ...listener, endpoints } };
      }),
    );
    return { versions, found, links: made, own: ownFiles(file, analyses) };
  }
}

/** The file and its parts, where the platform tells which they are. */
function ownFiles(file: string, analyses: readonly Analysis[]): readonly string[] | undefined {
  const parts = analyses.flatMap((analysis) => (analysis.parts === undefined ? [] : [[...analysis.parts.keys()]]));
  return parts.length === analyses.length ? [file, ...parts.flat()] : undefined;
}

/** Worked out once. Two that pass requests on to each other have no end: who is asked while working it out knows none. */
function once(endpoints: Listener['endpoints']): Listener['endpoints'] {
  let made: ReturnType<Listener['endpoints']> | undefined;
  let isAsked = false;
  return () => {
    if (made !== undefined) return made;
    if (isAsked) return [];
    isAsked = true;
    try {
      made = endpoints();
      return made;
    } finally {
      isAsked = false;
    }
  };
}
