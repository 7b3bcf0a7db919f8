import type { ConfigurationProblem } from '../config/settings';
import type { Finding } from '../lint/types';
import type { Analyser } from './analyser';
import type { Disk } from './disk';
import type { Entry } from './entry';
import type { Finder } from './finder';
import { mergeFindings, type Told } from './merge';
import { byName, isInside, relativePath } from './paths';
import { openSlices, type Slices } from './slices';
import type { System } from './system/openSystem';
import type { AuditOptions, AuditResult, FileResult, Skipped } from './types';
import { type WalkOptions, walk, whySkipped } from './walk';

export interface AuditParts {
  readonly root: string;
  readonly disk: Disk;
  readonly analyser: Analyser;
  readonly finder: Finder;
  readonly system: System;
  readonly ignoreFor: WalkOptions['ignoreFor'];
  readonly problemsIn: (folder: string) => readonly ConfigurationProblem[];
  /** What to show for a file by its own analysis alone. */
  readonly resultOf: (entry: Entry) => FileResult;
}

/** See `Workspace.audit`. */
export async function audit(parts: AuditParts, options: AuditOptions = {}): Promise<AuditResult> {
  const { root, analyser } = parts;
  const { onProgress, onFile, signal } = options;
  const slices = openSlices(signal);
  const { folders, files: named } = sortOut(parts.disk, options.paths ?? [root]);
  const visited = new Set<string>();
  const walked = await walk({
    disk: parts.disk,
    folders,
    ignoreFor: (folder) => {
      visited.add(folder);
      return parts.ignoreFor(folder);
    },
    onFolder: (done) => onProgress?.({ phase: 'walk', done, total: undefined }),
    signal,
  });
  const files = [...new Set([...named, ...walked.files])].sort(byName);
  const skipped: Skipped[] = [...walked.skipped];
  const candidates = files.filter(analyser.concernsByName);
  const entries: Entry[] = [];
  let done = 0;
  for (const file of candidates) {
    await slices.breathe();
    if (slices.stopped()) break;
    onProgress?.({ phase: 'analyse', done, total: candidates.length, file });
    if (analyser.platformsOf(file).some(({ passesOn }) => passesOn !== undefined)) await parts.system.ready();
    const entry = await analyser.entry(file);
    done += 1;
    if (entry.skipped !== undefined) skipped.push({ file, reason: entry.skipped });
    if (entry.runs.length === 0) continue;
    entries.push(entry);
    onFile?.(parts.resultOf(entry));
  }
  onProgress?.({ phase: 'analyse', done, total: candidates.length });
  const partial = options.paths !== undefined && !folders.includes(root);
  const others = partial ? await namersOf(parts, entries, slices, signal) : [];
  const whole = await inContext(parts, [...entries, ...others], slices);
  const shown = new Set(files);
  const wanted = (file: string): boolean => {
    if (shown.has(file)) return true;
    return (
      folders.some((folder) => isInside(folder, file)) && !whySkipped(parts.disk, root, file, false, parts.ignoreFor)
    );
  };
  return {
    findings: byFile(whole, wanted, (file) => relativePath(root, file)),
    files: {
      seen: files.length,
      analysed: entries.length,
      skipped: skipped.sort((a, b) => byName(a.file, b.file)),
    },
    sources: [...entries, ...others].map(({ file }) => file),
    problems: [...new Set([...visited].flatMap(parts.problemsIn))],
    cancelled: slices.stopped(),
  };
}

/** The analyses of files that may include or import those looked at, so that these are seen in their context. */
async function namersOf(
  { analyser, finder, system }: AuditParts,
  entries: readonly Entry[],
  slices: Slices,
  signal: AbortSignal | undefined,
): Promise<Entry[]> {
  const known = new Set(entries.map(({ file }) => file));
  const others: Entry[] = [];
  await system.ready();
  for (const file of new Set([...(await finder.namers([...known], signal)), ...system.forwarders()])) {
    await slices.breathe();
    if (slices.stopped()) break;
    if (!known.has(file)) others.push(await analyser.entry(file));
  }
  return others;
}

/** Includers of includers: more rounds than this are not made. */
const MOST_ROUNDS = 5;

/** The entries with those again that were made before it was known that another file includes or calls them. */
async function inContext({ analyser }: AuditParts, entries: readonly Entry[], slices: Slices): Promise<Entry[]> {
  let current = [...entries];
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const stale = current.filter(analyser.isMisjudged);
    if (stale.length === 0) break;
    const fresh = new Map<Entry, Entry>();
    for (const entry of stale) {
      await slices.breathe();
      if (slices.stopped()) break;
      fresh.set(entry, await analyser.entry(entry.file));
    }
    current = current.map((entry) => fresh.get(entry) ?? entry);
  }
  return current;
}

function byFile(
  entries: readonly Entry[],
  wanted: (file: string) => boolean,
  show: (file: string) => string,
): Map<string, Finding[]> {
  const gathered = new Map<string, Told[]>();
  const includers = new Map<string, Entry[]>();
  for (const entry of entries) {
    for (const part of entry.parts?.keys() ?? []) push(includers, part, entry);
    for (const finding of entry.runs.flatMap(({ findings }) => findings)) {
      push(gathered, finding.place.file, { entry, finding });
    }
  }
  const files = [...gathered.keys()].filter(wanted).sort(byName);
  return new Map(
    files.map((file) => {
      const context = { file, includers: includers.get(file) ?? [], show };
      return [file, mergeFindings(gathered.get(file) ?? [], context)];
    }),
  );
}

function push<V>(map: Map<string, V[]>, key: string, value: V): void {
  const known = map.get(key);
  if (known === undefined) map.set(key, [value]);
  else known.push(value);
}

/** Folders inside other folders that are named too are walked once. */
function sortOut(disk: Disk, paths: readonly string[]): { readonly folders: string[]; readonly files: string[] } {
  const all = [...new Set(paths)].map((path) => ({ path, isFolder: isFolder(disk, path) }));
  const folders = all.filter(({ isFolder }) => isFolder).map(({ path }) => path);
  return {
    folders: folders.filter((path) => !folders.some((other) => other !== path && isInside(other, path))),
    files: all.filter(({ isFolder }) => !isFolder).map(({ path }) => path),
  };
}

function isFolder(disk: Disk, path: string): boolean {
  const status = disk.stat(path);
  if (status === undefined) throw new Error(`${path} is not there.`);
  return status.isDirectory();
}
