import { join } from 'node:path';
import { CONFIGURATION_FILE } from '../../config/loader';
import type { Disk } from '../disk';
import type { AuditOptions, AuditResult, FileResult, Workspace } from '../types';
import { type FetchedDisk, type Limits, openFetchedDisk } from './fetchedDisk';
import type { Source } from './source';

export { NO_SOURCE } from './source';

export interface FetchedOptions {
  readonly root: string;
  readonly source: Source;
  /** Opens the workspace on this disk. It must not look for anything by itself: no `onStale`. */
  readonly open: (disk: Disk) => Promise<Workspace>;
  /** As `WorkspaceOptions.onStale`; left out for a folder that nobody wants searched. */
  readonly onStale?: ((files: readonly string[]) => void) | undefined;
  /** Told once, in a sentence, when the workspace is larger than what is fetched of it. */
  readonly onLimit: (message: string) => void;
  readonly limits?: Limits;
}

/** Texts name texts that name texts: longer chains than this are not followed to their end. */
const MOST_ROUNDS = 30;

/**
 * A workspace of files that somebody else has. The same answers as from a disk, only later: names are fetched first,
 * and an answer for which something was missing is worked out again once that has come. What no open file needs is
 * fetched in the background; then it is looked for files that include or import those that were asked about.
 */
export async function openFetched({ open, onStale, ...options }: FetchedOptions): Promise<Workspace> {
  const disk: FetchedDisk = openFetchedDisk({ ...options, onArrival: (path) => workspace.changed(path) });
  const workspace = await open(disk);
  let filled: Promise<void> | undefined;
  let all: Promise<void> | undefined;
  /** How many texts are there, for whoever shows how far it is. */
  let fetched = 0;
  let changed: string[] = [];
  let refreshed: Promise<void> = Promise.resolve();

  return {
    ...workspace,
    async lint(file, signal) {
      const result = await settle(() => workspace.lint(file, signal), signal);
      if (onStale !== undefined && result.skipped === undefined) void compare(file, result).catch(() => undefined);
      return result;
    },
    async lintWhole(file, signal) {
      await fetchAll();
      return settle(() => workspace.lintWhole(file, signal), signal);
    },
    audit,
    fixAll: (file, filter) => settle(() => workspace.fixAll(file, filter)),
    endpoints: (file) => settle(() => workspace.endpoints(file)),
    analyses: (file) => settle(() => workspace.analyses(file)),
    async files(signal) {
      await fetchAll();
      return settle(() => workspace.files(signal), signal);
    },
    setOverlay(file, text, version) {
      // While it was open nobody told what became of it.
      if (text === undefined) disk.drop(file);
      workspace.setOverlay(file, text, version);
    },
    changed(file) {
      workspace.changed(file);
      changed.push(file);
    },
  };

  /** An answer for which nothing was missing. */
  async function settle<T>(run: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    await ready();
    for (let round = 1; ; round++) {
      const before = disk.arrivals();
      const result = await run();
      if (signal?.aborted || round === MOST_ROUNDS) return result;
      await disk.fetch();
      if (disk.arrivals() === before) return result;
    }
  }

  async function ready(): Promise<void> {
    filled ??= disk.fill().then(() => workspace.changed(join(options.root, CONFIGURATION_FILE)));
    await filled;
    if (changed.length > 0) {
      const paths = changed;
      changed = [];
      refreshed = disk.refresh(paths).then(() => {
        for (const path of paths) workspace.changed(path);
      });
    }
    await refreshed;
  }

  /** Every text that may matter. */
  async function fetchAll(): Promise<void> {
    await ready();
    all ??= settle(() => workspace.candidates()).then((files) =>
      disk.prefetch(files, (done) => {
        fetched = done;
      }),
    );
    await all;
  }

  /** Whether other files, once all are there, put anything else into this one. */
  async function compare(file: string, shown: FileResult): Promise<void> {
    await fetchAll();
    const whole = await settle(() => workspace.lintWhole(file));
    if (keyOf(whole) !== keyOf(shown)) onStale?.([file]);
  }

  async function audit(auditOptions: AuditOptions = {}): Promise<AuditResult> {
    const { onFile, ...quiet } = auditOptions;
    const { signal, onProgress } = quiet;
    const ticking = setInterval(() => onProgress?.({ phase: 'walk', done: fetched, total: undefined }), TICK_MS);
    await Promise.race([fetchAll(), abortOf(signal)]).finally(() => clearInterval(ticking));
    // Only what is settled is told file by file.
    const result = await settle(() => workspace.audit(quiet), signal);
    return onFile === undefined || signal?.aborted ? result : workspace.audit({ ...auditOptions, onFile });
  }
}

const TICK_MS = 100;

/** Resolves when the signal says so, and never without one. */
function abortOf(signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) resolve();
    else signal?.addEventListener('abort', () => resolve(), { once: true });
  });
}

function keyOf({ findings }: FileResult): string {
  return JSON.stringify(findings.map(({ rule, place, message }) => [rule.id, place, message]));
}
