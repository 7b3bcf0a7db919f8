import type { Host, OutgoingCall, Platform } from '../../lint/types';
import type { WorkspaceHost } from '../host';
import type { Slices } from '../slices';
import { recordingHost } from './recordingHost';

/** A call with the page that makes it. The same object for as long as nothing changes that the page rests on. */
export interface PageCall {
  readonly page: string;
  readonly call: OutgoingCall;
}

export interface Callers {
  /** The calls of every page that was added, as they are now: the same array while nothing was touched. */
  all(): readonly PageCall[];
  /** The file may have come, gone or changed. */
  touch(file: string): void;
  /** From now on these are the pages. Reads those that are new, and lets others have the thread in between. */
  settle(pages: readonly string[], slices: Slices): Promise<void>;
}

interface Read {
  readonly files: ReadonlySet<string>;
  readonly calls: readonly PageCall[];
}

/** Remembers what the pages of a workspace call. Platforms have to be prepared. */
export function openCallers(host: Host & Pick<WorkspaceHost, 'content'>, platforms: readonly Platform[]): Callers {
  const reads = new Map<string, Read>();
  const stale = new Set<string>();
  let current: readonly PageCall[] | undefined;

  return {
    all() {
      for (const page of stale) take(page);
      current ??= [...reads.values()].flatMap(({ calls }) => calls);
      return current;
    },
    touch(file) {
      for (const [page, { files }] of reads) if (page === file || files.has(file)) stale.add(page);
    },
    async settle(pages, slices) {
      const wanted = new Set(pages);
      for (const page of [...reads.keys()]) {
        if (wanted.has(page)) continue;
        reads.delete(page);
        stale.delete(page);
        current = undefined;
      }
      for (const page of wanted) {
        if (reads.has(page) && !stale.has(page)) continue;
        await slices.breathe();
        take(page);
      }
    },
  };

  function take(page: string): void {
    stale.delete(page);
    const before = reads.get(page)?.calls ?? [];
    const now = read(page);
    reads.set(page, now);
    if (before.length > 0 || now.calls.length > 0) current = undefined;
  }

  function read(page: string): Read {
    const content = host.content(page);
    if (content.kind === 'none') return { files: new Set(), calls: [] };
    const versions = new Map<string, string | number | undefined>();
    const recording = recordingHost(host, versions);
    const calls = platforms
      .filter((platform) => platform.claims(page, content.text))
      .flatMap((platform) => platform.analyse(page, content.text, recording, {}).outgoing ?? []);
    return { files: new Set(versions.keys()), calls: calls.map((call) => ({ page, call })) };
  }
}
