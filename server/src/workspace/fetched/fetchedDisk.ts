import { basename, dirname, join } from 'node:path';
import { CONFIGURATION_FILE } from '../../config/loader';
import { builtInReason } from '../builtIn';
import {
  BINARY,
  type Content,
  contentOf,
  type Disk,
  GONE,
  MOST_BYTES,
  NOT_A_FILE,
  TOO_LARGE,
  versionOf,
} from '../disk';
import { isInside } from '../paths';
import type { Source, SourceText } from './source';
import { openTree, statusOf } from './tree';

/**
 * A disk in memory of files that somebody else has. Every name is fetched once, before anyone looks; a text when it
 * is asked for: who asks for one that is not there yet gets none, and has to ask again after `fetch`.
 */
export interface FetchedDisk extends Disk {
  /** Fetches the names of all files, those of dependencies and build output aside. */
  fill(): Promise<void>;
  /** Fetches what was asked for in vain. */
  fetch(): Promise<void>;
  /** Fetches texts that nobody has asked for yet; stops when it has as much as it takes. */
  prefetch(files: readonly string[], onProgress: (done: number) => void): Promise<void>;
  /** These files or folders have come, gone or changed. */
  refresh(paths: readonly string[]): Promise<void>;
  /** The text has changed, nobody knows how. */
  drop(file: string): void;
  /** Counts what was asked for in vain and then came: as long as it stays, nobody has been told less than there is. */
  arrivals(): number;
}

export interface FetchedDiskOptions {
  /** An absolute folder; nothing outside it is there. */
  readonly root: string;
  readonly source: Source;
  /** Told of each file or folder that was asked for in vain and has come. */
  readonly onArrival: (path: string) => void;
  /** Told once, in a sentence, when the workspace is larger than what is fetched of it. */
  readonly onLimit: (message: string) => void;
  readonly limits?: Limits;
}

export interface Limits {
  /** How many files and folders are known by name. */
  readonly files: number;
  /** How many texts are fetched before somebody asks for them. */
  readonly texts: number;
  /** How many characters are kept in all. */
  readonly characters: number;
}

const LIMITS: Limits = { files: 50_000, texts: 10_000, characters: 48 * 1024 * 1024 };

/** How many folders or files are asked for at once. */
const FOLDERS_AT_ONCE = 100;
const FILES_AT_ONCE = 50;

const UNSEEN = 'not looked into yet';
const UNREAD: Content = { kind: 'none', reason: 'not read yet' };
const TOO_MANY = { reason: 'not read, because the workspace is too large' };

export function openFetchedDisk(options: FetchedDiskOptions): FetchedDisk {
  const { root, source, onArrival, onLimit, limits = LIMITS } = options;
  const tree = openTree(root);
  const wanted = new Set<string>();
  let arrivals = 0;
  let isLimitTold = false;
  /** One at a time, so that nothing is fetched twice. */
  let last: Promise<void> = Promise.resolve();

  return {
    lstat: status,
    stat: status,
    realPath: (path) => (status(path) === undefined ? undefined : path),
    list(folder) {
      const node = lookUp(folder);
      if (node?.kind !== 'folder') return GONE;
      if (node.entries !== undefined) return [...node.entries.values()];
      wanted.add(folder);
      return UNSEEN;
    },
    read(file) {
      const node = lookUp(file);
      if (node === undefined) return { kind: 'none', reason: GONE };
      if (node.kind === 'folder') return { kind: 'none', reason: NOT_A_FILE };
      if (node.content !== undefined) return node.content;
      wanted.add(file);
      return UNREAD;
    },
    fill: () => next(() => fillFrom([root])),
    fetch: () => next(fetchWanted),
    async prefetch(all, onProgress) {
      const some = all.slice(0, limits.texts);
      for (let at = 0; at < some.length && tree.characters() < limits.characters; at += FILES_AT_ONCE) {
        await next(() => readFiles(some.slice(at, at + FILES_AT_ONCE)));
        onProgress(Math.min(at + FILES_AT_ONCE, some.length));
      }
      for (const file of all.slice(limits.texts)) setContent(file, TOO_MANY);
      if (all.length > limits.texts) tellLimit(`Of ${all.length} files, ${limits.texts} are read.`);
    },
    refresh: (paths) => next(() => refresh(paths)),
    drop: (file) => tree.dropContent(file),
    arrivals: () => arrivals,
  };

  function next(step: () => Promise<void>): Promise<void> {
    last = last.then(step, step);
    return last;
  }

  function status(path: string): ReturnType<typeof statusOf> | undefined {
    const node = lookUp(path);
    if (node !== undefined) return statusOf(node);
    // A virtual workspace is the tree of one repository, whether it shows its .git or not.
    return path === join(root, '.git') ? statusOf({ kind: 'folder', edition: 0 }) : undefined;
  }

  function lookUp(path: string): ReturnType<typeof tree.get> {
    const node = tree.get(path);
    if (node !== undefined || !isInside(root, path)) return node;
    const unseen = tree.unseenAbove(path);
    if (unseen !== undefined) wanted.add(unseen);
    return undefined;
  }

  async function fillFrom(start: readonly string[]): Promise<void> {
    let level = start;
    const rules: string[] = [];
    while (level.length > 0) {
      const below: string[] = [];
      for (const batch of batches(level, FOLDERS_AT_ONCE)) {
        if (tree.size() > limits.files) return tellLimit(`More than ${limits.files} files: the rest is not looked at.`);
        below.push(...(await listFolders(batch)));
      }
      for (const folder of level) {
        for (const name of ['.gitignore', CONFIGURATION_FILE]) {
          const file = join(folder, name);
          if (tree.get(file)?.kind === 'file') rules.push(file);
        }
      }
      level = below.filter((folder) => builtInReason(basename(folder), true) === undefined);
    }
    for (const batch of batches(rules, FILES_AT_ONCE)) await readFiles(batch);
  }

  /** Gives the folders that are new in them. */
  async function listFolders(folders: readonly string[]): Promise<string[]> {
    const lists = await source.list(folders);
    return folders.flatMap((folder, i) => {
      const fresh = tree.place(folder, lists[i] ?? []);
      arrived(folder);
      return fresh;
    });
  }

  async function readFiles(asked: readonly string[]): Promise<void> {
    const missing = asked.filter((file) => {
      const node = tree.get(file);
      return node?.kind === 'file' && node.content === undefined;
    });
    if (missing.length === 0) return;
    if (tree.characters() >= limits.characters) {
      for (const file of missing) setContent(file, TOO_MANY);
      return tellLimit('The texts of this workspace are too large together: not all of them are read.');
    }
    const texts = await source.read(missing);
    for (const [i, file] of missing.entries()) setContent(file, texts[i] ?? { reason: GONE });
  }

  function setContent(file: string, found: SourceText): void {
    const before = tree.get(file);
    if (before?.kind !== 'file' || before.content !== undefined) return;
    tree.setContent(file, (edition) => contentFrom(found, versionOf(statusOf({ kind: 'file', edition }))));
    arrived(file);
  }

  function arrived(path: string): void {
    if (!wanted.delete(path)) return;
    arrivals += 1;
    onArrival(path);
  }

  async function fetchWanted(): Promise<void> {
    const all = [...wanted];
    const folders = all.filter((path) => tree.get(path)?.kind === 'folder');
    for (const batch of batches(folders, FOLDERS_AT_ONCE)) await listFolders(batch);
    for (const batch of batches(all, FILES_AT_ONCE)) await readFiles(batch);
    // What is gone by now cannot come.
    for (const path of all) wanted.delete(path);
  }

  async function refresh(paths: readonly string[]): Promise<void> {
    const parents = new Set(paths.map(dirname).filter((folder) => isSeen(folder)));
    const fresh: string[] = [];
    for (const batch of batches([...parents], FOLDERS_AT_ONCE)) fresh.push(...(await listFolders(batch)));
    for (const path of paths) tree.dropContent(path);
    await fillFrom(fresh.filter((folder) => builtInReason(basename(folder), true) === undefined));
  }

  function isSeen(folder: string): boolean {
    const node = tree.get(folder);
    return node?.kind === 'folder' && node.entries !== undefined;
  }

  function tellLimit(message: string): void {
    if (isLimitTold) return;
    isLimitTold = true;
    onLimit(message);
  }
}

function contentFrom(found: SourceText, version: string): Content {
  if ('reason' in found) return { kind: 'none', reason: found.reason };
  if (found.text.length > MOST_BYTES) return { kind: 'none', reason: TOO_LARGE };
  if (found.text.includes('\0')) return { kind: 'none', reason: BINARY };
  return contentOf(found.text, version);
}

function batches<T>(all: readonly T[], size: number): T[][] {
  const count = Math.ceil(all.length / size);
  return Array.from({ length: count }, (_, i) => all.slice(i * size, (i + 1) * size));
}
