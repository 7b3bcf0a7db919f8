import { basename, dirname, join, sep } from 'node:path';
import type { IgnoreList } from '../config/settings';
import { builtInReason } from './builtIn';
import { A_LINK, type Disk, readThrough } from './disk';
import { compilePatterns, ignoresFolder, lastVerdict, type Matcher } from './ignoring';
import { byName, isInside } from './paths';
import { openSlices, type Slices } from './slices';
import type { Skipped } from './types';

export interface WalkOptions {
  readonly disk: Disk;
  /** Absolute folders, none inside another. */
  readonly folders: readonly string[];
  /** The configuration's `ignore` for what lies in a folder, weakest first. The same array for the same settings. */
  readonly ignoreFor: (folder: string) => readonly IgnoreList[];
  readonly onFolder?: (seen: number, folder: string) => void;
  readonly signal?: AbortSignal | undefined;
  /** Stops looking once this many files are found: somebody has opened his whole disk. */
  readonly mostFiles?: number;
}

export interface Walked {
  /** Absolute, in the order of their names. Nothing of their content is known. */
  readonly files: readonly string[];
  /** What was left out, and why; a folder stands for all in it. */
  readonly skipped: readonly Skipped[];
  readonly cancelled: boolean;
}

/**
 * Finds files. Left out are version control, dependencies, build output and minified files, what .gitignore files
 * (nested ones too) and the configuration's `ignore` name, and links: a link to a folder is never followed, and a
 * link to a file stands for a file that is met, or not, under its own name. A folder that cannot be read costs itself
 * only. A start folder is walked even when something would leave it out.
 */
export async function walk(options: WalkOptions): Promise<Walked> {
  const slices = openSlices(options.signal);
  const files: string[] = [];
  const skipped: Skipped[] = [];
  for (const start of [...options.folders].sort(byName)) {
    const walker = { options, start, slices, compiled: new Map(), files, skipped };
    await visit(walker, start, gitignoresAbove(options.disk, start));
  }
  return { files, skipped, cancelled: slices.stopped() };
}

/** Why a file or folder would be left out on a walk from `root`; undefined when it would not. */
export function whySkipped(
  disk: Disk,
  root: string,
  path: string,
  isFolder: boolean,
  ignoreFor: WalkOptions['ignoreFor'],
): string | undefined {
  if (!isInside(root, path) || path === root) return undefined;
  const parent = dirname(path);
  const above = whySkipped(disk, root, parent, true, ignoreFor);
  if (above !== undefined) return above;
  const git = [...gitignoresAbove(disk, parent), ...gitignoreOf(disk, parent)];
  return reasonFor(path, basename(path), isFolder, [git, ignoreFor(parent).map(compilePatterns)]);
}

interface Walker {
  readonly options: WalkOptions;
  readonly start: string;
  readonly slices: Slices;
  readonly compiled: Map<readonly IgnoreList[], readonly Matcher[]>;
  readonly files: string[];
  readonly skipped: Skipped[];
}

/** @param above the matchers of the .gitignore files above the folder, outermost first */
async function visit(walker: Walker, folder: string, above: readonly Matcher[]): Promise<void> {
  if (walker.slices.stopped() || walker.files.length >= (walker.options.mostFiles ?? Infinity)) return;
  await walker.slices.breathe();
  const { files, skipped, options } = walker;
  const found = options.disk.list(folder);
  if (typeof found === 'string') {
    skipped.push({ file: folder, reason: found });
    return;
  }
  const entries = found.toSorted((a, b) => byName(a.name, b.name));
  const git = entries.some(({ name }) => name === '.gitignore')
    ? [...above, ...gitignoreOf(options.disk, folder)]
    : above;
  const matchers: Matchers = [git, matchersFor(walker, folder)];
  const prefix = folder.endsWith(sep) ? folder : folder + sep;
  for (const entry of entries) {
    const path = prefix + entry.name;
    if (entry.isSymbolicLink()) {
      skipped.push({ file: path, reason: A_LINK });
      continue;
    }
    const isFolder = entry.isDirectory();
    if (!isFolder && !entry.isFile()) continue;
    const reason = reasonFor(path, entry.name, isFolder, matchers);
    if (reason !== undefined) skipped.push({ file: path, reason });
    else if (isFolder) await visit(walker, path, git);
    else files.push(path);
  }
  options.onFolder?.(files.length, folder);
}

/** Those of .gitignore files, and those of the configuration. */
type Matchers = readonly [git: readonly Matcher[], configured: readonly Matcher[]];

function reasonFor(path: string, name: string, isFolder: boolean, [git, configured]: Matchers): string | undefined {
  const verdict = lastVerdict(configured, path, isFolder);
  if (verdict === 'ignored') return 'ignored by the configuration';
  if (verdict === 'kept') return undefined;
  const builtIn = builtInReason(name, isFolder);
  if (builtIn !== undefined) return builtIn;
  return lastVerdict(git, path, isFolder) === 'ignored' ? 'listed in .gitignore' : undefined;
}

function matchersFor(walker: Walker, folder: string): readonly Matcher[] {
  const lists = walker.options.ignoreFor(folder);
  const known = walker.compiled.get(lists);
  if (known !== undefined) return known;
  const made = lists.map(compilePatterns).filter((matcher) => !ignoresFolder(matcher, walker.start));
  walker.compiled.set(lists, made);
  return made;
}

/**
 * The .gitignore files that hold for a folder from above it, up to the top of its repository, outermost first; none
 * outside a repository. Those that ignore the folder itself are left out: who starts there wants to see what is in it.
 */
function gitignoresAbove(disk: Disk, folder: string): Matcher[] {
  const found: Matcher[] = [];
  let at = folder;
  while (disk.stat(join(at, '.git')) === undefined) {
    const parent = dirname(at);
    if (parent === at) return [];
    at = parent;
    found.unshift(...gitignoreOf(disk, at));
  }
  return found.filter((matcher) => !ignoresFolder(matcher, folder));
}

function gitignoreOf(disk: Disk, folder: string): Matcher[] {
  const content = readThrough(disk, join(folder, '.gitignore'));
  return content?.kind === 'text' ? [compilePatterns({ folder, patterns: content.text.split(/\r?\n/) })] : [];
}
