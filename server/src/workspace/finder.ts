import type { IgnoreList } from '../config/settings';
import type { Analyser } from './analyser';
import type { Disk } from './disk';
import type { WorkspaceHost } from './host';
import { mayMention, namesOf } from './mentions';
import { openSlices } from './slices';
import { walk } from './walk';

export interface Finder {
  /**
   * The files of the workspace that may include or import one of these, directly or through others. Generous: only
   * analysing them tells. Reads files in slices; stops early when the signal says so.
   */
  namers(files: readonly string[], signal?: AbortSignal): Promise<readonly string[]>;
  /** The files of the workspace that some platform reads, by name and a look at the text. */
  files(signal?: AbortSignal): Promise<readonly string[]>;
  /** The files that some platform may read, by their names alone. */
  candidates(): Promise<readonly string[]>;
  /** Every file of the workspace that is not ignored. */
  all(): Promise<readonly string[]>;
  /** Files came, went or are ignored otherwise than before: the workspace is walked again when next needed. */
  forget(): void;
}

/** A file that names a file that names … : deeper chains than this are not followed. */
const MOST_HOPS = 5;

/** Larger workspaces are searched up to here: this goes on in the background of an editor. */
const MOST_FILES = 50_000;

export function openFinder(
  root: string,
  disk: Disk,
  host: WorkspaceHost,
  analyser: Analyser,
  ignoreFor: (folder: string) => readonly IgnoreList[],
): Finder {
  let walked: Promise<readonly string[]> | undefined;
  let candidates: Promise<readonly string[]> | undefined;

  return {
    async namers(files, signal) {
      if (files.length === 0) return [];
      const open = new Set(await findCandidates());
      for (const file of files) open.delete(file);
      const found: string[] = [];
      const slices = openSlices(signal);
      let wanted = files;
      for (let hop = 0; hop < MOST_HOPS && wanted.length > 0; hop++) {
        const named = namesOf(wanted);
        const next: string[] = [];
        for (const file of open) {
          await slices.breathe();
          if (slices.stopped()) return [...found, ...next];
          if (analyser.platformsOf(file).length === 0) continue;
          const content = host.content(file);
          if (content.kind === 'none' || !mayMention(file, content.text, named)) continue;
          open.delete(file);
          next.push(file);
        }
        found.push(...next);
        wanted = next;
      }
      return found.sort();
    },
    async files(signal) {
      const slices = openSlices(signal);
      const found: string[] = [];
      for (const file of await findCandidates()) {
        await slices.breathe();
        if (slices.stopped()) break;
        if (analyser.platformsOf(file).length > 0) found.push(file);
      }
      return found;
    },
    candidates: findCandidates,
    all,
    forget: () => {
      walked = undefined;
      candidates = undefined;
    },
  };

  function findCandidates(): Promise<readonly string[]> {
    candidates ??= all().then((files) => files.filter(analyser.concernsByName));
    return candidates;
  }

  function all(): Promise<readonly string[]> {
    walked ??= walk({ disk, folders: [root], ignoreFor, mostFiles: MOST_FILES }).then(({ files }) => files);
    return walked;
  }
}
